//! The labels of the buttons beside the form, and which of them can be pressed. Pure. Leaves out: what a press does (`update`).

use crate::config::{Networks, RunConfig};
use crate::run::Phase;

/// All that the buttons depend on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Situation<'a> {
    /// The settings of the next run.
    pub config: &'a RunConfig,
    /// The settings of the present run, or of the last one; `None` before the first.
    pub last: Option<&'a RunConfig>,
    /// Whether engine and dataset are there, so that a run could start.
    pub ready: bool,
    /// The networks of the present run, or of the last one; empty before the first.
    pub phases: &'a [Phase],
    /// Whether that run, once it has ended, can go on from its last epoch.
    pub extends: bool,
}

/// What the buttons say, and which can be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buttons {
    /// The label of the button that starts a run.
    pub start_label: &'static str,
    /// Start a run.
    pub start: bool,
    /// Whether the button in the second place says "Resume" instead of "Pause". It can then be pressed.
    pub resume: bool,
    /// Pause.
    pub pause: bool,
    /// Train one epoch, then pause.
    pub step: bool,
    /// End training now.
    pub stop: bool,
    /// Lengthen the run by an epoch, or go on from the end of a run that has ended.
    pub one_more: bool,
    /// Change the learning rate of what trains.
    pub rate: bool,
    /// Download the report of the networks that are finished.
    pub export: bool,
}

/// The buttons of a situation.
pub fn buttons(situation: &Situation) -> Buttons {
    let phases = situation.phases;
    let active = phases.iter().any(|phase| phase.is_active());
    let paused = phases.contains(&Phase::Paused);
    let trains = phases.iter().any(|phase| phase.is_active() && *phase != Phase::Scoring);
    let start = situation.ready && !active && situation.config.validate().is_ok();
    Buttons {
        start_label: start_label(situation.config, situation.last),
        start,
        resume: paused,
        pause: trains && !paused,
        step: start || paused,
        stop: trains,
        one_more: trains || situation.ready && !active && situation.extends,
        rate: phases.iter().any(|phase| matches!(phase, Phase::Training | Phase::Paused)),
        // One network's failure does not take the other's result with it.
        export: !active && phases.contains(&Phase::Done),
    }
}

/// What the start button says: which networks the next run trains, and "again" where the last run had the same ones.
pub fn start_label(config: &RunConfig, last: Option<&RunConfig>) -> &'static str {
    let again = last.is_some_and(|last| last.networks == config.networks);
    match (config.networks, again) {
        (Networks::Both, false) => "Train both networks",
        (Networks::Ann, false) => "Train the ANN",
        (Networks::Cnn, false) => "Train the CNN",
        (Networks::Both, true) => "Train both networks again",
        (Networks::Ann, true) => "Train the ANN again",
        (Networks::Cnn, true) => "Train the CNN again",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(networks: Networks) -> RunConfig {
        RunConfig { networks, ..RunConfig::default() }
    }

    fn of(ready: bool, phases: &[Phase]) -> Buttons {
        buttons(&Situation { config: &RunConfig::default(), last: None, ready, phases, extends: false })
    }

    /// start, resume, pause, step, stop, export.
    fn on(buttons: Buttons) -> [bool; 6] {
        [buttons.start, buttons.resume, buttons.pause, buttons.step, buttons.stop, buttons.export]
    }

    #[test]
    fn the_start_button_names_the_networks_that_it_trains() {
        let labels = [Networks::Both, Networks::Ann, Networks::Cnn].map(|n| start_label(&config(n), None));
        assert_eq!(labels, ["Train both networks", "Train the ANN", "Train the CNN"]);
        let (both, ann) = (config(Networks::Both), config(Networks::Ann));
        assert_eq!(start_label(&both, Some(&both)), "Train both networks again");
        assert_eq!(start_label(&ann, Some(&ann)), "Train the ANN again");
        assert_eq!(start_label(&ann, Some(&both)), "Train the ANN", "the last run had other networks");
        let faster = RunConfig { learning_rate: 0.01, ..both.clone() };
        assert_eq!(start_label(&faster, Some(&both)), "Train both networks again");
    }

    #[test]
    fn nothing_can_start_before_everything_is_there() {
        assert_eq!(on(of(false, &[])), [false; 6]);
        assert_eq!(on(of(true, &[])), [true, false, false, true, false, false]);
        let wrong = RunConfig { train: 100, batch: 512, ..RunConfig::default() };
        let buttons = buttons(&Situation { config: &wrong, last: None, ready: true, phases: &[], extends: true });
        assert_eq!(on(buttons), [false; 6]);
    }

    #[test]
    fn a_run_can_be_paused_resumed_and_stopped() {
        let running = [Phase::Training, Phase::Training];
        assert_eq!(on(of(true, &running)), [false, false, true, false, true, false]);
        let paused = [Phase::Paused, Phase::Training];
        assert_eq!(on(of(true, &paused)), [false, true, false, true, true, false]);
        let second = [Phase::Done, Phase::Training];
        assert_eq!(on(of(true, &second)), [false, false, true, false, true, false], "no export while one still trains");
    }

    #[test]
    fn scoring_can_be_neither_paused_nor_stopped() {
        assert_eq!(on(of(true, &[Phase::Scoring])), [false; 6]);
        assert_eq!(on(of(true, &[Phase::Done, Phase::Scoring])), [false; 6]);
        assert_eq!(on(of(true, &[Phase::Scoring, Phase::Training])), [false, false, true, false, true, false]);
    }

    #[test]
    fn an_epoch_can_be_added_while_something_trains_or_from_a_kept_checkpoint_of_the_end() {
        let on = |ready, phases: &[Phase], extends| {
            let config = RunConfig::default();
            let on = buttons(&Situation { config: &config, last: None, ready, phases, extends });
            (on.one_more, on.rate)
        };
        assert_eq!(on(false, &[Phase::Training, Phase::Waiting], false), (true, true));
        assert_eq!(on(false, &[Phase::Paused], false), (true, true));
        assert_eq!(on(false, &[Phase::Scoring, Phase::Waiting], false), (true, false), "only what waits is longer");
        assert_eq!(on(false, &[Phase::WarmingUp], false), (true, false));
        assert_eq!(on(true, &[Phase::Scoring], true), (false, false));
        assert_eq!(on(true, &[Phase::Done, Phase::Failed], true), (true, false));
        assert_eq!(on(true, &[Phase::Done], false), (false, false), "no checkpoint is kept");
        assert_eq!(on(false, &[Phase::Done], true), (false, false), "the engine is not there");
        assert_eq!(on(true, &[], false), (false, false));
    }

    #[test]
    fn what_is_finished_can_be_exported_although_the_other_network_failed() {
        let ended = [true, false, false, true, false, true];
        assert_eq!(on(of(true, &[Phase::Done, Phase::Done])), ended);
        assert_eq!(on(of(true, &[Phase::Failed, Phase::Done])), ended);
        assert_eq!(on(of(true, &[Phase::Failed, Phase::Failed])), [true, false, false, true, false, false]);
        // The engine broke down after the run: nothing can start, but the result is still there.
        assert_eq!(on(of(false, &[Phase::Done])), [false, false, false, false, false, true]);
    }
}

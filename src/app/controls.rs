//! The buttons that start, pause and stop a run, and how far each network is. Leaves out: which buttons can be pressed and the
//! label of the first one (`page::controls`), and what a press does (`page::update`).

use crate::config::RunConfig;
use crate::evaluate::format::{count, duration, percent};
use crate::page::controls::{Buttons, Situation, buttons};
use crate::run::{NetworkProgress, Phase, RunRecord};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    pub run: Option<Rc<RunRecord>>,
    /// The settings of the next run.
    pub config: RunConfig,
    /// Whether engine and dataset are there.
    pub can_start: bool,
    /// What is still missing for a start, in words.
    pub waiting_for: Option<String>,
    pub act: Callback<&'static str>,
}

fn state_of(props: &ControlsProps) -> Buttons {
    let phases: Vec<Phase> = props.run.iter().flat_map(|run| &run.networks).map(|network| network.phase).collect();
    let last = props.run.as_ref().map(|run| &run.config);
    buttons(&Situation { config: &props.config, last, ready: props.can_start, phases: &phases })
}

/// The buttons and the progress of each network.
#[function_component]
pub fn Controls(props: &ControlsProps) -> Html {
    let on = state_of(props);
    let button = |action: &'static str, label: &'static str, on: bool, class: &'static str, title: &'static str| {
        let onclick = props.act.reform(move |_: MouseEvent| action);
        html! { <button type="button" class={class} data-action={action} disabled={!on} {title} {onclick}>{ label }</button> }
    };
    html! {
        <section class="card controls" aria-labelledby="train-title">
            <h2 id="train-title">{ "Train" }</h2>
            <div class="buttons">
                { button("start", on.start_label, on.start, "primary", "Starts a run with the present settings") }
                if on.resume {
                    { button("resume", "Resume", true, "", "Continues the run") }
                } else {
                    { button("pause", "Pause", on.pause, "", "Pauses between two steps") }
                }
                { button("step", "Step an epoch", on.step, "", "Trains one epoch, then pauses") }
                { button("stop", "Stop", on.stop, "", "Ends training now and scores the present weights on the test set") }
                { button("export", "Export run", on.export, "", "Downloads the run report of the finished networks as JSON") }
            </div>
            <div aria-live="polite">
                if let Some(waiting) = &props.waiting_for {
                    <p class="note">{ waiting }</p>
                }
            </div>
            if let Some(run) = &props.run {
                { for run.networks.iter().map(|n| progress(n, &run.config)) }
            }
        </section>
    }
}

fn progress(network: &NetworkProgress, config: &RunConfig) -> Html {
    let share = network.share_done(config);
    let step = network.step_losses.len();
    let said = match network.phase {
        Phase::Waiting => "waits for its turn".to_owned(),
        Phase::WarmingUp => "warms up: prepares the device and calibrates".to_owned(),
        Phase::Scoring => "is being scored on the test set".to_owned(),
        Phase::Failed => "ended without a result".to_owned(),
        Phase::Done => network.report.as_ref().map_or_else(String::new, |r| {
            format!("{} on the test set, trained in {}", percent(r.test.accuracy), duration(r.training_seconds))
        }),
        Phase::Training | Phase::Paused => {
            let left =
                network.seconds_left(config).map(|s| format!(", about {} left", duration(s))).unwrap_or_default();
            let held = if network.phase == Phase::Paused { "paused at " } else { "" };
            format!("{held}epoch {} of {}, step {}{left}", network.epoch, config.epochs, count(step as u64))
        }
    };
    let shares = if network.workers > 1 { format!(" on {} CPU workers", network.workers) } else { String::new() };
    html! {
        <div class={classes!("progress", network.kind.key())} data-network={network.kind.key()} data-phase={network.phase.word()}>
            <div class="row"><b>{ network.kind.label() }</b><span>{ said }</span></div>
            <div class="bar" role="progressbar" aria-label={format!("{} progress", network.kind.label())}
                aria-valuemin="0" aria-valuemax="100" aria-valuenow={format!("{:.0}", share * 100.0)}>
                <span style={format!("width:{:.1}%", share * 100.0)} />
            </div>
            if step > 0 {
                <dl class="figures">
                    <div><dt>{ "images/s" }</dt><dd>{ count(network.images_per_s.round() as u64) }</dd></div>
                    <div><dt>{ "training time" }</dt><dd>{ duration(network.seconds) }</dd></div>
                    <div><dt>{ "loss" }</dt><dd>{ network.step_losses.last().map_or_else(String::new, |l| format!("{l:.3}")) }</dd></div>
                    <div><dt>{ "accuracy, this epoch" }</dt><dd>{ percent(network.running_accuracy) }</dd></div>
                    <div><dt>{ "device" }</dt><dd>{ network.device.as_ref().map(|d| d.backend.key()).unwrap_or_default() }{ shares }</dd></div>
                </dl>
            }
        </div>
    }
}

//! How long a run will take on this device, judged by runs that were made here. Pure. Where no run tells it, nothing is said. Leaves out:
//! validation, warm-up and scoring, which are no training time.

use crate::config::{NetworkKind, RunConfig};
use crate::run::{NetworkProgress, RunRecord};

/// Training seconds of a run with this config, its networks one after the other; `None` if no run has measured one of them.
pub fn seconds(config: &RunConfig, runs: &[RunRecord]) -> Option<f64> {
    let images = (config.steps_per_epoch() * config.batch * config.epochs) as f64;
    let each = config.kinds().iter().map(|&kind| {
        let speeds = runs.iter().rev().filter(|run| takes_the_same(kind, config, &run.config));
        speeds.filter_map(|run| speed(run.get(kind)?, &run.config)).next().map(|speed| images / speed)
    });
    each.sum()
}

/// Training images a second over everything that a network has trained, once that is a second or more.
fn speed(network: &NetworkProgress, config: &RunConfig) -> Option<f64> {
    let images = (network.step_losses.len() * config.batch) as f64;
    (network.seconds >= 1.0).then(|| images / network.seconds)
}

/// Whether a step of this network takes the same time with both configs.
fn takes_the_same(kind: NetworkKind, a: &RunConfig, b: &RunConfig) -> bool {
    let general = a.order == b.order
        && a.backend == b.backend
        && a.workers == b.workers
        && a.batch == b.batch
        && a.optimizer == b.optimizer
        && a.flip == b.flip
        && a.shift == b.shift
        && (a.erase > 0.0) == (b.erase > 0.0);
    let own = match kind {
        NetworkKind::Ann => {
            a.ann_hidden == b.ann_hidden
                && a.ann_activation == b.ann_activation
                && (a.ann_dropout > 0.0) == (b.ann_dropout > 0.0)
                && a.ann_batch_norm == b.ann_batch_norm
        }
        NetworkKind::Cnn => {
            a.cnn_channels == b.cnn_channels
                && a.cnn_kernel == b.cnn_kernel
                && a.cnn_padding == b.cnn_padding
                && a.cnn_activation == b.cnn_activation
                && a.cnn_batch_norm == b.cnn_batch_norm
                && a.cnn_head == b.cnn_head
                && a.cnn_dense == b.cnn_dense
                && (a.cnn_dropout > 0.0) == (b.cnn_dropout > 0.0)
        }
    };
    general && own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::report::DatasetInfo;
    use std::rc::Rc;

    /// A run whose networks took so many milliseconds a step.
    fn run(config: RunConfig, ann: f64, cnn: f64) -> RunRecord {
        let mut run = RunRecord::begin(1, config, DatasetInfo::default(), None, String::new());
        for (network, ms) in run.networks.iter_mut().zip([ann, cnn]) {
            network.step_losses = Rc::new(vec![1.0; 1000]);
            network.seconds = ms;
        }
        run
    }

    #[test]
    fn a_run_tells_how_long_another_size_of_the_same_networks_takes() {
        let quick = RunConfig { train: 6_000, epochs: 3, ..RunConfig::default() };
        let runs = [run(quick, 1.0, 4.0)];
        let standard = RunConfig::default();
        let steps = (standard.steps_per_epoch() * standard.epochs) as f64;
        let said = seconds(&standard, &runs).expect("both networks were measured");
        assert!((said - steps * 0.005).abs() < 1e-6, "{said}");
    }

    #[test]
    fn nothing_is_said_of_what_nobody_measured() {
        let standard = RunConfig::default();
        assert_eq!(seconds(&standard, &[]), None);
        let runs = [run(standard.clone(), 1.0, 4.0)];
        let wider = RunConfig { cnn_channels: vec![64, 128], ..standard.clone() };
        assert_eq!(seconds(&wider, &runs), None, "this CNN was never trained");
        let larger = RunConfig { batch: 128, ..standard.clone() };
        assert_eq!(seconds(&larger, &runs), None, "a larger batch has another speed");
        assert_eq!(seconds(&standard, &[run(standard.clone(), 0.5, 4.0)]), None, "half a second is no measurement");
    }

    #[test]
    fn the_newest_measurement_counts() {
        let standard = RunConfig::default();
        let old_and_new = [run(standard.clone(), 8.0, 8.0), run(standard.clone(), 2.0, 2.0)];
        assert_eq!(seconds(&standard, &old_and_new), seconds(&standard, &old_and_new[1..]));
    }
}

//! Whole runs on a tiny dataset: what all tests share, and the loop itself.

mod backends;
mod controls;
mod resume;
mod times;
mod workers;

use super::*;
use crate::config::{NetworkKind, RunConfig, Schedule};
use crate::data::Dataset;
use crate::fashion_mnist::PIXELS;
use crate::run::report::{Backend, DeviceInfo, Ended, NetworkReport};
use crate::run::{Control, RunEvent};
use burn::tensor::Device;
use std::rc::Rc;

/// A dataset of `count` images whose class shows as a bright bar at its own height, with some noise.
fn bars(count: usize) -> Rc<Dataset> {
    let image = |i: usize| -> Vec<u8> {
        let class = i % 10;
        (0..PIXELS)
            .map(|p| {
                let noise = ((p * 31 + i * 17) % 23) as u8;
                if p / 28 / 2 == class + 2 { 200 + noise } else { noise }
            })
            .collect()
    };
    let labels: Vec<u8> = (0..count).map(|i| (i % 10) as u8).collect();
    let images: Vec<u8> = (0..count).flat_map(image).collect();
    Rc::new(Dataset {
        train_images: images.clone(),
        train_labels: labels.clone(),
        test_images: images,
        test_labels: labels,
    })
}

fn tiny() -> RunConfig {
    RunConfig {
        train: 200,
        epochs: 4,
        batch: 20,
        validation: 0.1,
        learning_rate: 3e-3,
        ann_hidden: vec![32],
        cnn_channels: vec![8],
        cnn_dense: 32,
        ..RunConfig::default()
    }
}

fn info(backend: Backend) -> DeviceInfo {
    DeviceInfo { backend, adapter: "test".to_owned(), why: "test".to_owned() }
}

/// A host that counts its time in looks at its clock and ends the run where it is told to.
struct Script {
    looks: std::cell::Cell<usize>,
    events: Vec<RunEvent>,
    /// After so many epochs.
    end: Option<(usize, Control)>,
    /// After so many steps.
    stop_after: Option<usize>,
    steps: usize,
    /// What the host asks for after so many steps.
    requests: Vec<(usize, Control)>,
    /// What the run gave it to keep.
    kept: Vec<Checkpoint>,
    pool: NoWorkers,
}

impl Script {
    fn new(end: Option<(usize, Control)>) -> Self {
        Self {
            looks: 0.into(),
            events: Vec::new(),
            end,
            stop_after: None,
            steps: 0,
            requests: Vec::new(),
            kept: Vec::new(),
            pool: NoWorkers,
        }
    }
}

impl Host for Script {
    type Pool = NoWorkers;

    fn pool(&mut self) -> &mut NoWorkers {
        &mut self.pool
    }

    fn now(&self) -> f64 {
        // Every look at the clock is a quarter of a second: each group is then one step, and each step is told.
        self.looks.set(self.looks.get() + 1);
        self.looks.get() as f64 * 0.25
    }

    fn emit(&mut self, event: RunEvent) {
        self.events.push(event);
    }

    fn keep(&mut self, checkpoint: &Checkpoint) {
        self.kept.push(checkpoint.clone());
    }

    async fn poll_control(&mut self, point: YieldPoint) -> Control {
        if point == YieldPoint::Step
            && let Some(at) = self.requests.iter().position(|(steps, _)| *steps == self.steps + 1)
        {
            return self.requests.remove(at).1;
        }
        let epochs = self.events.iter().filter(|e| matches!(e, RunEvent::Epoch { .. })).count();
        if point == YieldPoint::Step {
            self.steps += 1;
            if self.stop_after.is_some_and(|steps| self.steps >= steps) {
                return Control::Stop;
            }
        }
        match self.end {
            Some((epoch, control)) if epochs >= epoch && point != YieldPoint::Scoring => control,
            _ => Control::Go,
        }
    }
}

fn train(kind: NetworkKind, config: &RunConfig, host: &mut Script) -> Result<NetworkReport, TrainError> {
    train_on(bars(config.train), kind, config, host)
}

fn train_on(
    data: Rc<Dataset>,
    kind: NetworkKind,
    config: &RunConfig,
    host: &mut Script,
) -> Result<NetworkReport, TrainError> {
    assert_eq!(config.validate(), Ok(()));
    let device = (Device::flex(), info(Backend::Flex));
    let plan =
        Plan { network: kind, config: config.clone(), data, device, fallback: None, from: None, extra_epochs: 0 };
    pollster::block_on(run(plan, host)).map(|trained| {
        assert_eq!(trained.probabilities.len(), 10 * config.train);
        trained.report
    })
}

#[test]
fn both_networks_learn_a_tiny_set_by_heart() {
    for kind in NetworkKind::ALL {
        let config = RunConfig { epochs: 12, cnn_dropout: 0.0, ..tiny() };
        let report = train(kind, &config, &mut Script::new(None)).unwrap();
        assert_eq!(report.ended, Ended::Completed);
        assert_eq!(report.test.accuracy, 1.0, "{kind:?}");
        assert!(report.history.last().unwrap().train.loss < 0.1, "{kind:?}");
        assert_eq!(report.history.len(), 12);
        assert_eq!(report.step_losses.len(), 12 * 9);
        assert_eq!(report.test.predictions.len(), 200);
    }
}

#[test]
fn a_seed_repeats_its_run_and_another_seed_does_not() {
    for kind in NetworkKind::ALL {
        let config = RunConfig { flip: true, shift: 1, erase: 0.3, ann_dropout: 0.2, epochs: 2, ..tiny() };
        let losses =
            |seed| train(kind, &RunConfig { seed, ..config.clone() }, &mut Script::new(None)).unwrap().step_losses;
        assert_eq!(losses(1), losses(1), "{kind:?}");
        assert_ne!(losses(1), losses(2), "{kind:?}");
    }
}

#[test]
fn every_step_is_told_once_and_every_epoch_has_its_record() {
    let mut host = Script::new(None);
    let report = train(NetworkKind::Ann, &tiny(), &mut host).unwrap();
    assert!(matches!(host.events[0], RunEvent::Started { steps_per_epoch: 9, .. }));
    let told: Vec<f32> = host
        .events
        .iter()
        .flat_map(|e| if let RunEvent::Progress { losses, .. } = e { losses.clone() } else { Vec::new() })
        .collect();
    assert_eq!(told, report.step_losses);
    assert!(report.step_seconds.windows(2).all(|w| w[0] < w[1]));
    let epochs: Vec<usize> = host
        .events
        .iter()
        .filter_map(|e| if let RunEvent::Epoch { record, .. } = e { Some(record.epoch) } else { None })
        .collect();
    assert_eq!(epochs, [1, 2, 3, 4]);
    assert_eq!(host.events.last(), Some(&RunEvent::Scoring { epoch: 4 }));
}

#[test]
fn a_stopped_run_is_scored_as_it_is() {
    let mut host = Script::new(Some((2, Control::Stop)));
    let report = train(NetworkKind::Ann, &tiny(), &mut host).unwrap();
    assert_eq!((report.ended, report.history.len()), (Ended::Stopped, 2));
}

#[test]
fn early_stopping_waits_for_patience_and_returns_to_the_best_epoch() {
    // Labels that have nothing to do with the images can only be learnt by heart: the validation loss soon rises.
    let mut data = (*bars(200)).clone();
    data.train_labels.iter_mut().enumerate().for_each(|(i, label)| *label = (i * i / 7 % 10) as u8);
    let config = RunConfig { epochs: 60, patience: 2, schedule: Schedule::Constant, ..tiny() };
    let report = train_on(Rc::new(data), NetworkKind::Ann, &config, &mut Script::new(None)).unwrap();
    assert_eq!(report.ended, Ended::EarlyStopping);
    let losses: Vec<f64> = report.history.iter().map(|r| r.validation.unwrap().loss).collect();
    let best = (0..losses.len()).min_by(|&a, &b| losses[a].total_cmp(&losses[b])).unwrap();
    assert_eq!(losses.len(), best + 3, "{losses:?}");
}

#[test]
fn divergence_is_named_with_its_step() {
    let config = RunConfig {
        optimizer: crate::config::Optimizer::Sgd,
        learning_rate: 10.0,
        // Decay times rate is ten: each step turns the weights round and makes them nine times as large.
        weight_decay: 1.0,
        epochs: 20,
        ..tiny()
    };
    let error = train(NetworkKind::Ann, &config, &mut Script::new(None)).unwrap_err();
    assert!(matches!(error, TrainError::Diverged { step } if step > 1), "{error}");
    assert!(error.to_string().contains("smaller learning rate"));
}

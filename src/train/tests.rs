use super::parity::parity_of;
use super::*;
use crate::config::{NetworkKind, RunConfig, Schedule};
use crate::data::Dataset;
use crate::fashion_mnist::PIXELS;
use crate::model::Half;
use crate::report::{Backend, DeviceInfo, Ended, NetworkReport};
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

/// A host that counts its time in breaths and ends the run where it is told to.
struct Script {
    breaths: std::cell::Cell<usize>,
    events: Vec<Event>,
    end: Option<(usize, Control)>,
    crew: Solo,
}

impl Script {
    fn new(end: Option<(usize, Control)>) -> Self {
        Self { breaths: std::cell::Cell::new(0), events: Vec::new(), end, crew: Solo }
    }
}

impl Host for Script {
    type Crew = Solo;

    fn crew(&mut self) -> &mut Solo {
        &mut self.crew
    }

    fn now(&self) -> f64 {
        // Every look at the clock is a quarter of a second: each group is then one step, and each step is told.
        self.breaths.set(self.breaths.get() + 1);
        self.breaths.get() as f64 * 0.25
    }

    fn tell(&mut self, event: Event) {
        self.events.push(event);
    }

    async fn breathe(&mut self, moment: Moment) -> Control {
        let epochs = self.events.iter().filter(|e| matches!(e, Event::Epoch { .. })).count();
        match self.end {
            Some((epoch, control)) if epochs >= epoch && moment != Moment::Scoring => control,
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
    let plan = Plan { network: kind, config: config.clone(), data, device, fallback: None };
    pollster::block_on(run(plan, host)).map(|(report, probabilities)| {
        assert_eq!(probabilities.len(), 10 * config.train);
        report
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
    assert!(matches!(host.events[0], Event::Started { steps_per_epoch: 9, .. }));
    let told: Vec<f32> = host
        .events
        .iter()
        .flat_map(|e| if let Event::Progress { losses, .. } = e { losses.clone() } else { Vec::new() })
        .collect();
    assert_eq!(told, report.step_losses);
    assert!(report.step_seconds.windows(2).all(|w| w[0] < w[1]));
    let epochs: Vec<usize> = host
        .events
        .iter()
        .filter_map(|e| if let Event::Epoch { record, .. } = e { Some(record.epoch) } else { None })
        .collect();
    assert_eq!(epochs, [1, 2, 3, 4]);
    assert_eq!(host.events.last(), Some(&Event::Scoring));
}

#[test]
fn a_stopped_run_is_scored_as_it_is_and_a_dropped_one_is_not() {
    let mut host = Script::new(Some((2, Control::Stop)));
    let report = train(NetworkKind::Ann, &tiny(), &mut host).unwrap();
    assert_eq!((report.ended, report.history.len()), (Ended::Stopped, 2));
    let mut host = Script::new(Some((1, Control::Discard)));
    assert_eq!(train(NetworkKind::Ann, &tiny(), &mut host), Err(TrainError::Discarded));
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

#[test]
fn two_correct_backends_pass_the_parity_check() {
    let largest = pollster::block_on(parity_of(&tiny(), &reference_cpu(), &Device::flex(), bars(200))).unwrap();
    assert!(largest < PARITY_TOLERANCE, "{largest}");
}

#[test]
fn logits_of_a_kernel_that_did_not_run_are_a_disagreement() {
    use super::run::agree;
    assert!(agree(&[1.0, -4.0], &[1.0001, -4.0]).is_ok());
    assert!(matches!(agree(&[0.0, 0.0], &[1.0, -4.0]), Err(TrainError::Disagreement(_))));
    assert!(agree(&[f32::NAN, -4.0], &[1.0, -4.0]).is_err());
    assert!(agree(&[], &[1.0]).is_err());
}

#[test]
fn a_device_that_agrees_is_kept_to_the_end() {
    let config = tiny();
    let plan = Plan {
        network: NetworkKind::Ann,
        config: config.clone(),
        data: bars(config.train),
        // Another correct backend stands in for a GPU: each checkpoint compares it with Flex.
        device: (reference_cpu(), info(Backend::WebGpu)),
        fallback: Some((Device::flex(), info(Backend::Flex))),
    };
    let (report, _) = pollster::block_on(run(plan, &mut Script::new(None))).unwrap();
    assert_eq!(report.device.backend, Backend::WebGpu);
    assert!(report.notes.is_empty());
}

/// A crew of threads, one of whose helpers never answers from some step on.
struct Dying {
    threads: Threads,
    threads_that_die: usize,
    left: usize,
}

impl Crew for Dying {
    fn most(&self) -> usize {
        3
    }

    fn spare(&self) -> usize {
        3
    }

    fn replaced(&self) -> u32 {
        0
    }

    async fn grow(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig) {
        self.threads.grow(helpers, kind, config).await;
    }

    fn forget(&mut self) {
        self.threads.forget();
    }

    fn is_new(&self, helper: usize) -> bool {
        self.threads.is_new(helper)
    }

    fn bring_up(&mut self, helper: usize, state: &State) {
        self.threads.bring_up(helper, state);
    }

    fn send(&mut self, helper: usize, job: Job) {
        self.threads.send(helper, job);
    }

    async fn receive(&mut self, helper: usize, half: Half, sum: &mut [f32]) -> Option<Outcome> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 && helper == self.threads_that_die {
            // Its answer is lost.
            self.threads.receive(helper, half, &mut vec![0.0; sum.len()]).await;
            return None;
        }
        self.threads.receive(helper, half, sum).await
    }

    fn conclude(&mut self, helper: usize, half: Half, gradients: &[f32], whole: bool) {
        self.threads.conclude(helper, half, gradients, whole);
    }
}

#[test]
fn helpers_train_as_one_worker_does_and_a_dead_one_changes_nothing() {
    for kind in NetworkKind::ALL {
        for norm in [false, true] {
            let config = RunConfig {
                ann_dropout: 0.2,
                ann_batch_norm: norm,
                cnn_batch_norm: norm,
                weight_decay: 0.01,
                flip: true,
                shift: 1,
                ..tiny()
            };
            let data = bars(config.train);
            let batches: Vec<Vec<u32>> = (0..6).map(|b| (b * 20..b * 20 + 20).collect()).collect();
            let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
            let train = |helpers: usize, left: usize| {
                let mut crew = Dying { threads: Threads::default(), threads_that_die: helpers.saturating_sub(1), left };
                let mut trainer = Trainer::new(kind, &config, data.clone(), &Device::flex());
                pollster::block_on(async {
                    crew.grow(helpers, kind, &config).await;
                    // Steps before a restore, whose replicas are stale afterwards, and groups of several steps.
                    trainer.train(1, &batches[..2], helpers, &mut crew).await.unwrap();
                    trainer.reset();
                    let mut outcomes = trainer.train(1, &batches[..4], helpers, &mut crew).await.unwrap();
                    outcomes.extend(trainer.train(1, &batches[4..], helpers, &mut crew).await.unwrap());
                    (outcomes, trainer.weights().await.unwrap())
                })
            };
            let alone = train(0, 99);
            for helpers in [1, 2] {
                let together = train(helpers, 99);
                for (a, b) in alone.0.iter().zip(&together.0) {
                    // The same sums in another order; with batch norm each share has its own statistics.
                    let close = if norm {
                        (a.loss - b.loss).abs() < 0.5
                    } else {
                        (a.loss - b.loss).abs() < 1e-4 && a.right == b.right
                    };
                    assert!(close, "{kind:?}, {helpers} helpers, norm {norm}: {a:?} {b:?}");
                }
                assert!(together == train(helpers, 99), "{kind:?}: the same from run to run");
                // Its upper half's gradients are lost, or its lower half's.
                for answers in [5 * helpers, 6 * helpers] {
                    let with_a_death = train(helpers, answers);
                    // The leader's running statistics also see the share that it does again.
                    assert!(
                        together.0 == with_a_death.0 && (norm || together.1 == with_a_death.1),
                        "{kind:?}: the same share"
                    );
                }
            }
        }
    }
}

#[test]
fn custom_kernels_train_as_plain_flex_does() {
    use crate::config::{BackendChoice, Optimizer};
    for kind in NetworkKind::ALL {
        for (norm, optimizer) in [(false, Optimizer::Adam), (true, Optimizer::AdamW), (false, Optimizer::Sgd)] {
            let config = RunConfig {
                optimizer,
                weight_decay: 1e-3,
                label_smoothing: 0.1,
                learning_rate: if optimizer == Optimizer::Sgd { 0.02 } else { 1e-3 },
                momentum: 0.9,
                ann_batch_norm: norm,
                cnn_batch_norm: norm,
                ann_dropout: 0.2,
                cnn_channels: vec![4, 5],
                ..tiny()
            };
            let own = train(kind, &config, &mut Script::new(None)).unwrap();
            let plain = RunConfig { backend: BackendChoice::PlainFlex, ..config };
            let plain = train(kind, &plain, &mut Script::new(None)).unwrap();
            let curves = own.step_losses.iter().zip(&plain.step_losses);
            // 36 steps of 32-bit sums in another order: rounding grows along a run, and Adam's first steps are signs of gradients.
            let largest = curves.fold(0f32, |m, (a, b)| m.max((a - b).abs() / b.abs().max(0.1)));
            assert!(largest < 0.02, "{kind:?} {optimizer:?} norm {norm}: curves differ by {largest}");
            assert!((own.test.accuracy - plain.test.accuracy).abs() <= 0.02, "{kind:?} {optimizer:?}");
        }
    }
}

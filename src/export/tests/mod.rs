//! Everything that goes out comes back as it was, and nothing that is wrong comes in.

mod import;
mod out;
mod whole_run;

use super::*;
use crate::config::{Head, NetworkKind, Networks, RunConfig};
use crate::evaluate::confusion;
use crate::fashion_mnist::{CLASSES, TEST_IMAGES};
use crate::run::report::{Backend, DeviceInfo, Ended, EpochRecord, NetworkReport, Score, TestResult};
use crate::run::stored::StoredError;
use crate::run::{KeptCheckpoint, Phase, RunRecord, Watched};
use crate::weights::{TensorShape, TrainedNetwork, WeightsError, layout};
use std::rc::Rc;

const ANN: &[u8] = include_bytes!("../../../public/models/ann.safetensors");
const CNN: &[u8] = include_bytes!("../../../public/models/cnn.safetensors");

/// A config of small networks, with 3 steps an epoch.
fn config() -> RunConfig {
    RunConfig {
        train: 330,
        batch: 90,
        epochs: 2,
        ann_hidden: vec![2],
        ann_batch_norm: true,
        cnn_channels: vec![2, 3],
        cnn_head: Head::Average,
        ..RunConfig::default()
    }
}

fn network(kind: NetworkKind, config: &RunConfig) -> TrainedNetwork {
    let count: usize = layout(kind, config).iter().map(TensorShape::values).sum();
    let weights = (0..count).map(|at| at as f32 * 0.5 - 7.0).collect();
    TrainedNetwork { kind, config: config.clone(), dataset: "Fashion-MNIST".to_owned(), test: [0.1, 2.3], weights }
}

/// A report of a network that answers class 3 to everything, and its probabilities.
fn report() -> (NetworkReport, Vec<f32>) {
    let labels: Vec<u8> = (0..TEST_IMAGES).map(|at| (at % CLASSES) as u8).collect();
    let predictions = vec![3; TEST_IMAGES];
    let test = TestResult {
        accuracy: 0.1,
        interval: [0.094, 0.106],
        loss: 2.3,
        confusion: confusion(&labels, &predictions),
        predictions,
    };
    let device = DeviceInfo { backend: Backend::Flex, adapter: "wasm".to_owned(), why: "it is there".to_owned() };
    let report = NetworkReport {
        device,
        parameters: 1,
        macs: 1,
        weight_bytes: 4,
        workers: 1,
        ended: Ended::Completed,
        training_seconds: 1.25,
        warmup_seconds: 0.5,
        images_per_s: 100.0,
        step_times: None,
        history: epochs(),
        scored_epoch: 2,
        step_losses: vec![2.3; 6],
        step_seconds: vec![0.1; 6],
        latency: Vec::new(),
        test,
        notes: Vec::new(),
        rate_changes: Vec::new(),
        extra_epochs: 0,
    };
    let row = [0.05, 0.05, 0.05, 0.55, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05];
    (report, row.repeat(TEST_IMAGES))
}

fn epochs() -> Vec<EpochRecord> {
    let epoch = |epoch: usize| EpochRecord {
        epoch,
        train: Score { loss: 0.1 + 0.2, accuracy: 1.0 / 3.0 },
        validation: (epoch == 2).then_some(Score { loss: 1e-9, accuracy: 1.0 }),
        seconds: 0.5 * epoch as f64,
        learning_rate: 1e-3 / epoch as f64,
        dead_units: None,
    };
    vec![epoch(1), epoch(2)]
}

/// A run whose ANN is done, with two checkpoints, and whose CNN was left in its middle.
fn run() -> RunFile {
    let mut record = RunRecord::begin(7, config(), Default::default(), None, "browser, \"quoted\"".into());
    let (report, probabilities) = report();
    let ann = &mut record.networks[0];
    (ann.phase, ann.steps_per_epoch, ann.epoch, ann.scored_epoch) = (Phase::Done, 3, 2, Some(2));
    ann.step_losses = Rc::new(report.step_losses.clone());
    ann.step_seconds = Rc::new(report.step_seconds.clone());
    ann.epochs = Rc::new(epochs());
    ann.confusions = Rc::new(vec![None, Some([[6; CLASSES]; CLASSES])]);
    ann.watched = Rc::new(vec![None, Some(Watched { images: vec![59_999], probabilities: vec![0.1; 10] })]);
    ann.checkpoints =
        vec![KeptCheckpoint { epoch: 1, step: 3, bytes: 4 }, KeptCheckpoint { epoch: 2, step: 6, bytes: 2 }];
    ann.report = Some(Rc::new(report));
    ann.probabilities = Some(Rc::new(probabilities));
    record.networks[1].phase = Phase::Interrupted;
    let checkpoint = |step, bytes: &[u8]| CheckpointFile { kind: NetworkKind::Ann, step, bytes: bytes.to_vec() };
    RunFile {
        record,
        weights: vec![(NetworkKind::Ann, network(NetworkKind::Ann, &config()).to_bytes().unwrap())],
        checkpoints: vec![checkpoint(3, &[1, 2, 3, 4]), checkpoint(6, &[5, 6])],
    }
}

/// The files of an archive.
fn files(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    zip::read(bytes).unwrap().iter().map(|entry| (entry.name.to_owned(), entry.data.to_vec())).collect()
}

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let entries: Vec<_> = files.iter().map(|(name, data)| zip::Entry { name, data }).collect();
    zip::write(&entries).unwrap()
}

//! The run report: config, device, data and results of a run, as plain data. "Export run" downloads it, `lab` prints it, and the page
//! makes its comparison from it. Leaves out: how the numbers are made (`train`, `evaluate`) and how they are drawn (`plot`).

pub use super::note::Note;
pub use super::step_times::{LayerTime, OtherTime, StepTimes};

use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::{CLASSES, DatasetFile};
use serde::{Deserialize, Serialize};

/// The version of the report's form; a reader refuses what it does not know.
pub const REPORT_VERSION: u32 = 1;

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Backend {
    /// burn-wgpu.
    #[serde(rename = "webgpu")]
    WebGpu,
    /// burn-flex with this project's custom kernels.
    #[serde(rename = "flex")]
    Flex,
    /// burn-flex without the custom kernels.
    #[serde(rename = "flex-plain")]
    PlainFlex,
    /// burn-ndarray.
    #[serde(rename = "ndarray")]
    NdArray,
}

impl Backend {
    /// The key in JSON: `webgpu`, `flex`, `flex-plain` or `ndarray`.
    pub fn key(self) -> &'static str {
        match self {
            Backend::WebGpu => "webgpu",
            Backend::Flex => "flex",
            Backend::PlainFlex => "flex-plain",
            Backend::NdArray => "ndarray",
        }
    }
}

impl std::fmt::Display for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// Which device computed, and why that one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// What computes.
    pub backend: Backend,
    /// The GPU adapter's name, or the CPU's features: `wasm, 1 thread, SIMD128`.
    pub adapter: String,
    /// One sentence: why this backend was taken.
    pub why: String,
}

/// Mean loss and share of correct answers over some images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Mean cross-entropy, in nats; without label smoothing outside training.
    pub loss: f64,
    /// Share of correct answers, 0 to 1.
    pub accuracy: f64,
}

/// One finished epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// From 1.
    pub epoch: usize,
    /// Running mean over the epoch's training batches, as they were trained on (with dropout and augmentation).
    pub train: Score,
    /// On the validation images after the epoch; `None` where the validation share is 0.
    pub validation: Option<Score>,
    /// Training seconds since the start of the run, pauses, validation and warm-up left out.
    pub seconds: f64,
    /// The learning rate of the epoch's last step.
    pub learning_rate: f64,
    /// Hidden units that were never active on the validation images, and all hidden units; `None` where it was not counted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dead_units: Option<[usize; 2]>,
}

/// A change of the learning rate in the middle of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// The first step, from 0, that is taken with the new rate.
    pub step: usize,
    /// The epoch of that step, from 1.
    pub epoch: usize,
    /// From this step on the rate is the schedule's times this factor. It replaces the factor of an earlier change.
    pub factor: f64,
    /// The rate of that step.
    pub learning_rate: f64,
}

/// Counts of images, `[true class][predicted class]`.
pub type ConfusionCounts = [[u32; CLASSES]; CLASSES];

/// How the network did on the test set, scored once at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// Share of correct answers, 0 to 1.
    pub accuracy: f64,
    /// 95 % interval of the accuracy (Wilson).
    pub interval: [f64; 2],
    /// Mean cross-entropy, in nats.
    pub loss: f64,
    /// Counts, `[true class][predicted class]`.
    pub confusion: ConfusionCounts,
    /// Predicted class of each test image, in the set's order.
    pub predictions: Vec<u8>,
}

/// Seconds that one forward pass took, over some repetitions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Images a pass.
    pub batch: usize,
    /// Measurements.
    pub repetitions: usize,
    /// Passes in each measurement. Its value is their mean, because a browser's clock is too coarse for one short pass.
    #[serde(default = "one")]
    pub passes: usize,
    /// Median, in milliseconds.
    pub p50_ms: f64,
    /// 95th percentile, in milliseconds.
    pub p95_ms: f64,
}

fn one() -> usize {
    1
}

/// Why a network's training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// All epochs are done.
    Completed,
    /// The validation loss had not fallen for `patience` epochs; the weights are those of the best epoch.
    EarlyStopping,
    /// Somebody stopped it.
    Stopped,
}

/// One network's run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkReport {
    /// The device that finished the run.
    pub device: DeviceInfo,
    /// Trained values.
    pub parameters: usize,
    /// Multiply-accumulates of one image's forward pass.
    pub macs: usize,
    /// Bytes of the weights as 32-bit floats.
    pub weight_bytes: usize,
    /// CPU workers that shared each batch.
    pub workers: usize,
    /// Why training ended.
    pub ended: Ended,
    /// Seconds of training steps alone.
    pub training_seconds: f64,
    /// Seconds of compilation and warm-up before the first step, not part of `training_seconds`.
    pub warmup_seconds: f64,
    /// Training images a second, over `training_seconds`.
    pub images_per_s: f64,
    /// Where a step's time goes; only on the CPU with the custom kernels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step_times: Option<StepTimes>,
    /// Each epoch.
    pub history: Vec<EpochRecord>,
    /// The scored epoch, from 1: the weights at its end are scored. 0 if they are from the middle of an epoch, or if the report is too old
    /// to say.
    #[serde(default)]
    pub scored_epoch: usize,
    /// Training loss of each step, as trained (with label smoothing).
    pub step_losses: Vec<f32>,
    /// Training seconds at the end of each step, as in [`EpochRecord::seconds`].
    pub step_seconds: Vec<f32>,
    /// Forward passes of one batch, at batch 1 and 256.
    pub latency: Vec<Latency>,
    /// The test set.
    pub test: TestResult,
    /// What happened on the way.
    pub notes: Vec<Note>,
    /// Changes of the learning rate on the way, in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rate_changes: Vec<RateChange>,
    /// Epochs beyond the config's.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub extra_epochs: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The networks of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkReports {
    /// The ANN, if it was trained.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ann: Option<NetworkReport>,
    /// The CNN, if it was trained.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cnn: Option<NetworkReport>,
}

impl NetworkReports {
    /// One network's report.
    pub fn get(&self, kind: NetworkKind) -> Option<&NetworkReport> {
        match kind {
            NetworkKind::Ann => self.ann.as_ref(),
            NetworkKind::Cnn => self.cnn.as_ref(),
        }
    }

    /// Whether there is no report.
    pub fn is_empty(&self) -> bool {
        self.ann.is_none() && self.cnn.is_none()
    }

    /// Puts one network's report in its place.
    pub fn set(&mut self, kind: NetworkKind, report: NetworkReport) {
        match kind {
            NetworkKind::Ann => self.ann = Some(report),
            NetworkKind::Cnn => self.cnn = Some(report),
        }
    }
}

/// Which data a run was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetInfo {
    /// `Fashion-MNIST`, or what somebody called their own data.
    pub name: String,
    /// SHA-256 of the uncompressed IDX files in hexadecimal, in the order of [`DatasetFile::ALL`].
    pub sha256: [String; 4],
}

impl Default for DatasetInfo {
    /// Fashion-MNIST as published.
    fn default() -> Self {
        Self { name: "Fashion-MNIST".to_owned(), sha256: DatasetFile::ALL.map(|file| file.sha256().to_owned()) }
    }
}

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// [`REPORT_VERSION`].
    pub version: u32,
    /// The versions that made it: this project's and burn's.
    pub software: Software,
    /// The config.
    pub config: RunConfig,
    /// The data that was trained on.
    #[serde(default)]
    pub dataset: DatasetInfo,
    /// The device that the run began on.
    pub device: DeviceInfo,
    /// Each network.
    pub networks: NetworkReports,
}

/// The versions that made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Software {
    /// This project's version.
    pub fashion_lab: String,
    /// burn's version.
    pub burn: String,
    /// The browser's user agent, or `native`.
    pub host: String,
}

impl Software {
    /// The versions of this build, run by `host` (the browser's user agent, or `native`).
    pub fn of_this_build(host: impl Into<String>) -> Self {
        Self { fashion_lab: env!("CARGO_PKG_VERSION").to_owned(), burn: "0.22.1".to_owned(), host: host.into() }
    }
}

//! The events in the run of one network, and what its host may ask for. The training loop, the messages between engine and page, and
//! the page all use this one definition.

use super::report::{ConfusionCounts, DeviceInfo, EpochRecord, NetworkReport, RateChange};
use crate::config::NetworkKind;
use serde::{Deserialize, Serialize};

/// Names a network of a run: while it trains, and the trained network afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelId {
    /// The run.
    pub run: u64,
    /// Which of its networks.
    pub network: NetworkKind,
}

/// What the host of a run wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Control {
    /// Go on.
    Go,
    /// End training and score the test set.
    Stop,
    /// Hand the present state to the host as a checkpoint, then go on.
    Checkpoint,
    /// Multiply the learning rate of all further steps by this factor, then go on.
    ScaleLearningRate(f64),
    /// Train one epoch more than planned, then go on.
    OneMoreEpoch,
}

/// What a network in training answers to some validation images, so that one can watch it learn. The test set stays unseen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// Indices into the training set: at most two of each class, class by class, which the run never trains on.
    pub images: Vec<u32>,
    /// Ten probabilities of each.
    pub probabilities: Vec<f32>,
}

/// What happens in the run of one network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // One is made a few times a second and dropped at once.
pub enum RunEvent {
    /// The device is warm and training begins.
    Started {
        /// Steps of each epoch.
        steps_per_epoch: usize,
        /// CPU workers that share each batch.
        workers: usize,
        /// Seconds of compilation, warm-up and calibration.
        warmup_seconds: f64,
        /// Steps that the checkpoint already had from which the run goes on; 0 where it begins.
        step: usize,
    },
    /// Some steps are done. Sent about twice a second.
    Progress {
        /// The epoch that runs, from 1.
        epoch: usize,
        /// Steps since the start of the run.
        step: usize,
        /// Training seconds since the start of the run.
        seconds: f64,
        /// Training images a second since the last progress.
        images_per_s: f64,
        /// Loss of each step since the last progress.
        losses: Vec<f32>,
        /// Training seconds at the end of each of those steps.
        times: Vec<f32>,
        /// Share of correct answers since the start of the epoch, on training batches.
        accuracy: f64,
    },
    /// An epoch is done.
    Epoch {
        /// Its figures.
        record: EpochRecord,
        /// Counts on the validation images; `None` where there are none.
        confusion: Option<Box<ConfusionCounts>>,
        /// Answers to a few validation images; `None` where there are none.
        watched: Option<Box<Watched>>,
    },
    /// The learning rate was changed.
    RateChanged {
        /// From which step on, and how.
        change: RateChange,
    },
    /// The run is longer than its config says.
    Extended {
        /// Epochs beyond the config's, in all.
        extra_epochs: usize,
    },
    /// The run is held.
    Paused,
    /// The machine slept or stood still in the middle of a step. The time is not training time.
    Interrupted {
        /// The epoch, from 1.
        epoch: usize,
        /// Seconds that are not counted.
        seconds: f64,
    },
    /// The run moved to another device, from the last good weights.
    FellBack {
        /// The new device, and why.
        device: DeviceInfo,
    },
    /// Training is done and the test set is being scored.
    Scoring {
        /// The epoch, from 1, with the weights that are scored, as they were at its end; 0 if they are from the middle of an epoch.
        epoch: usize,
    },
    /// The network is trained and scored. Beside it travel 10,000 x 10 probabilities of the test images.
    Finished {
        /// What came of it.
        report: Box<NetworkReport>,
    },
    /// The network has no result.
    Failed {
        /// What happened and the next step, in a sentence.
        message: String,
    },
}

//! The messages between the page and an engine worker, one enum a direction.
//!
//! They travel as JSON text, `{"train":{...}}`: with the name outside, because reading an enum whose name is among its fields would cost the
//! page's program 20 KB in brotli. Bulk bytes travel beside it as transferred buffers; each message's documentation says which. A browser's
//! cache can hold an engine of another release than the page's, so the page's first message asks for the engine's
//! [`PROTOCOL_VERSION`], and a mismatch is shown.
//!
//! An engine holds one device, one dataset and the networks that it trained, and trains one network at a time. What happens in a run
//! is a [`RunEvent`] under the id of run and network.

use crate::config::{BackendChoice, RunConfig};
use crate::fashion_mnist::ImageSet;
use crate::run::report::{DatasetInfo, DeviceInfo};
use crate::run::{ModelId, RunEvent};
use serde::{Deserialize, Serialize};

/// Changed with every change of these enums.
pub const PROTOCOL_VERSION: u32 = 4;

/// What the page asks of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToEngine {
    /// First message. Answers [`FromEngine::Opened`].
    Open,
    /// Fetches the dataset: Cache Storage, then `base`, then the mirrors. Answers [`FromEngine::DataProgress`], then
    /// [`FromEngine::DataReady`] or [`FromEngine::DataFailed`].
    LoadData {
        /// Absolute address of the folder with the four files, ending in `/`.
        base: String,
    },
    /// Takes the dataset from somebody's own files. They are posted beside the text as an array of `File`s instead of bytes. Any
    /// subset may be given; what was given before is kept. Answers as [`ToEngine::LoadData`] does.
    UseFiles,
    /// Chooses a device. WebGPU is opened once and then kept. Needs the dataset, on which the parity check trains. Answers
    /// [`FromEngine::DeviceReady`].
    ChooseDevice {
        /// The user's wish.
        backend: BackendChoice,
    },
    /// Trains one network. Needs a device. Beside it: the bytes of the checkpoint to go on from, or none. Answers [`FromEngine::Run`]
    /// with each event and [`FromEngine::Checkpoint`] after each epoch; the last event is `Finished` or `Failed`.
    Train {
        /// Names run and network.
        model: ModelId,
        /// The whole config; valid. Of the checkpoint's config it has the data, the split, the batch size and the network; all else may
        /// differ (a branch).
        config: RunConfig,
        /// Epochs beyond the config's.
        #[serde(default)]
        extra_epochs: usize,
    },
    /// Multiplies the learning rate of a run's further steps. Answers `RateChanged`.
    ScaleLearningRate {
        /// Which run.
        run: u64,
        /// With what; more than 0.
        factor: f64,
    },
    /// Lengthens a run by an epoch. Answers `Extended`.
    OneMoreEpoch {
        /// Which run.
        run: u64,
    },
    /// Asks for the state of a run's network as it is now. Answers [`FromEngine::Checkpoint`].
    SaveCheckpoint {
        /// Which run.
        run: u64,
    },
    /// Asks what a network answers to the validation images of its run. Beside it: the bytes of its checkpoint. It is computed on the CPU,
    /// also while a run trains. Answers [`FromEngine::Answers`].
    Answer {
        /// Names the question, for its answer.
        request: u64,
    },
    /// Holds a run between two steps. Answers `Paused`.
    Pause {
        /// Which run.
        run: u64,
    },
    /// Goes on with a run that is held.
    Resume {
        /// Which run.
        run: u64,
    },
    /// Goes on with a run to the end of its epoch, and holds it then.
    StepEpoch {
        /// Which run.
        run: u64,
    },
    /// Ends a run's training now. The present weights are scored on the test set, as at the end of a whole run.
    Stop {
        /// Which run.
        run: u64,
    },
    /// Asks for a trained network. Answers [`FromEngine::Model`].
    TakeModel {
        /// Which.
        model: ModelId,
    },
    /// Keeps a network that another worker trained. Beside it: the bytes of its checkpoint.
    KeepModel {
        /// Which.
        model: ModelId,
    },
    /// Asks for images. Answers [`FromEngine::Images`].
    Images {
        /// Names the question, for its answer.
        request: u64,
        /// Whose numbering.
        set: ImageSet,
        /// Which, at most a few hundred.
        indices: Vec<u32>,
    },
}

/// What an engine tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // One is made a few times a second and dropped at once.
pub enum FromEngine {
    /// The engine is there.
    Opened {
        /// The engine's [`PROTOCOL_VERSION`].
        protocol: u32,
    },
    /// Bytes of the dataset have come.
    DataProgress {
        /// The file, or "" for the sum of all.
        file: String,
        /// Bytes of all four files so far, as they travel (compressed).
        received: u64,
        /// Bytes of all four files, as far as the answers said; 0 where unknown.
        total: u64,
        /// Where from: `cache`, `this site`, a mirror's host, or `your files`.
        source: String,
    },
    /// All four files are there and their digests are right. Beside it: 60,000 training labels, then 10,000 test labels, a byte each.
    DataReady {
        /// Where from: `cache`, `this site`, a mirror's host, or `your files`.
        source: String,
        /// Seconds from the request.
        seconds: f64,
        /// Which data they are.
        #[serde(default)]
        dataset: DatasetInfo,
        /// Files that were given and not used, each with the reason.
        #[serde(default)]
        ignored: Vec<FileFailure>,
    },
    /// The dataset could not be had. What was there before stays.
    DataFailed {
        /// Each file that failed, with its address and the reason.
        failures: Vec<FileFailure>,
    },
    /// A device is ready.
    DeviceReady {
        /// Which, and why.
        device: DeviceInfo,
    },
    /// Something happened in a run. Beside `Finished`: 10,000 x 10 probabilities of the test images, little-endian 32-bit floats.
    Run {
        /// Which run and network.
        model: ModelId,
        /// What.
        event: RunEvent,
    },
    /// The state of a network in training, after an epoch or as asked for. Beside it: the bytes of its checkpoint.
    Checkpoint {
        /// Which run and network.
        model: ModelId,
        /// Finished epochs.
        epoch: usize,
        /// Steps so far.
        step: usize,
    },
    /// What a network answers to the validation images of its run. Beside it: ten probabilities of each, little-endian 32-bit floats.
    Answers {
        /// The question.
        request: u64,
        /// Indices into the training set.
        images: Vec<u32>,
    },
    /// A trained network. Beside it: the bytes of its checkpoint; none where the engine does not have it.
    Model {
        /// Which.
        model: ModelId,
    },
    /// Images that were asked for. Beside it: 784 bytes an image, row by row, 0 black to 255 white, in the order of `indices`.
    Images {
        /// The question.
        request: u64,
        /// Whose numbering.
        set: ImageSet,
        /// Which.
        indices: Vec<u32>,
    },
    /// The engine broke down and answers no more; the page opens a new one.
    Crashed {
        /// What it said last.
        message: String,
    },
    /// What was asked cannot be done.
    Failed {
        /// What and the next step, in a sentence.
        message: String,
    },
}

/// Why one file of the dataset could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFailure {
    /// The file's name.
    pub file: String,
    /// Where it was looked for last.
    pub address: String,
    /// The reason, in a sentence.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NetworkKind;

    #[test]
    fn messages_survive_the_way_there_and_back() {
        let model = ModelId { run: 3, network: NetworkKind::Cnn };
        let asked = ToEngine::Train { model, config: RunConfig::default(), extra_epochs: 0 };
        let text = serde_json::to_string(&asked).unwrap();
        assert!(text.starts_with(r#"{"train":{"model":{"run":3,"network":"cnn"}"#), "{text}");
        assert_eq!(serde_json::from_str::<ToEngine>(&text).unwrap(), asked);

        let event = RunEvent::Progress {
            epoch: 1,
            step: 20,
            seconds: 0.25,
            images_per_s: 24_000.0,
            losses: vec![2.5, 1.25],
            times: vec![0.125, 0.25],
            accuracy: 0.5,
        };
        let told = FromEngine::Run { model, event };
        let text = serde_json::to_string(&told).unwrap();
        assert!(text.contains(r#""event":{"progress":{"epoch":1"#), "{text}");
        assert_eq!(serde_json::from_str::<FromEngine>(&text).unwrap(), told);
    }

    #[test]
    fn a_message_of_an_unknown_type_is_refused() {
        assert!(serde_json::from_str::<ToEngine>(r#"{"dance":{}}"#).is_err());
    }
}

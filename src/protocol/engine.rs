//! The messages between the page and an engine worker, one enum a direction. They travel as JSON text; bulk bytes (images,
//! probabilities) travel beside it as one transferred `Uint8Array`, in the order that the message's documentation gives.
//!
//! Each message is posted as a JavaScript array `[json, bytes?]`. Worker files keep their name from release to release, so a new
//! page can meet an old cached worker: the first message of each side carries [`PROTOCOL_VERSION`], and a mismatch is shown.
//!
//! An engine holds one device and one dataset, and trains one network at a time. Every message of a run carries its run id; the
//! page drops what belongs to another run.

use crate::fashion_mnist::ImageSet;

use crate::config::{BackendChoice, NetworkKind, RunConfig};
use crate::report::{ConfusionCounts, DatasetInfo, DeviceInfo, EpochRecord, NetworkReport};
use serde::{Deserialize, Serialize};

/// Changed with every change of these enums.
pub const PROTOCOL_VERSION: u32 = 1;

/// What the page asks of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToEngine {
    /// First message. The engine answers [`FromEngine::Opened`], or [`FromEngine::Failed`] where the versions differ.
    Open {
        /// The page's [`PROTOCOL_VERSION`].
        protocol: u32,
    },
    /// Fetches the dataset: Cache Storage, then `base`, then the mirrors. Answers with [`FromEngine::DataProgress`], then
    /// [`FromEngine::DataReady`] or [`FromEngine::DataFailed`].
    LoadData {
        /// Absolute address of the folder with the four files, ending in `/`.
        base: String,
    },
    /// Takes the dataset from somebody's own files. They are posted beside the text as an array of `File`s instead of bytes. Any
    /// subset may be given; what was given before is kept. Answers as [`ToEngine::LoadData`] does.
    UseFiles,
    /// Chooses a device (once WebGPU was opened it is kept). Needs the dataset, on which the parity check trains. Answers
    /// [`FromEngine::DeviceReady`].
    ChooseDevice {
        /// The user's wish.
        backend: BackendChoice,
    },
    /// Trains one network. Needs a device. Answers [`FromEngine::Started`], then progress, and [`FromEngine::Finished`].
    Train {
        /// Names the run.
        run: u64,
        /// Which network.
        network: NetworkKind,
        /// The whole config; valid.
        config: RunConfig,
    },
    /// Holds a run between two steps. Answers [`FromEngine::Paused`].
    Pause {
        /// Which run.
        run: u64,
    },
    /// Goes on with a run that is held.
    Resume {
        /// Which run.
        run: u64,
    },
    /// Goes on with a run that is held until the end of its epoch, and holds it again.
    StepEpoch {
        /// Which run.
        run: u64,
    },
    /// Ends a run's training now; the weights as they are are scored on the test set, as at the end of a whole run.
    Stop {
        /// Which run.
        run: u64,
    },
    /// Drops a run: no scoring, no further message of it.
    Discard {
        /// Which run.
        run: u64,
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
#[serde(tag = "type", rename_all = "snake_case")]
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
        /// What the data is.
        #[serde(default)]
        dataset: DatasetInfo,
        /// Files that were given but not used, each with the reason.
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
    /// Training begins: the device is warm.
    Started {
        /// Which run.
        run: u64,
        /// Which network.
        network: NetworkKind,
        /// Steps of each epoch.
        steps_per_epoch: usize,
        /// CPU workers that share each batch.
        workers: usize,
        /// Seconds of compilation and warm-up.
        warmup_seconds: f64,
    },
    /// Some steps are done. Sent about twice a second.
    Progress {
        /// Which run.
        run: u64,
        /// Which network.
        network: NetworkKind,
        /// The epoch that runs, from 1.
        epoch: usize,
        /// Steps done since the start of the run.
        step: usize,
        /// Training seconds since the start of the run.
        seconds: f64,
        /// Training images a second since the last message.
        images_per_s: f64,
        /// Loss of each step since the last message.
        losses: Vec<f32>,
        /// Training seconds at the end of each of those steps.
        times: Vec<f32>,
        /// Share of right answers since the epoch's begin, on training batches.
        accuracy: f64,
    },
    /// An epoch is done.
    Epoch {
        /// Which run.
        run: u64,
        /// Which network.
        network: NetworkKind,
        /// Its figures.
        record: EpochRecord,
        /// Counts on the validation images, `None` where there are none.
        confusion: Option<ConfusionCounts>,
    },
    /// The run is held.
    Paused {
        /// Which run.
        run: u64,
        /// Which network.
        network: NetworkKind,
    },
    /// The run moved to another device in its middle, from the last good weights.
    FellBack {
        /// Which run.
        run: u64,
        /// Which network.
        network: NetworkKind,
        /// The new device, and why.
        device: DeviceInfo,
    },
    /// Training is done and the test set is being scored.
    Scoring {
        /// Which run.
        run: u64,
        /// Which network.
        network: NetworkKind,
    },
    /// The run is done. Beside it: 10,000 x 10 probabilities of the test images, little-endian 32-bit floats.
    Finished {
        /// Which run.
        run: u64,
        /// Which network.
        network: NetworkKind,
        /// What came of it.
        report: Box<NetworkReport>,
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
    /// What was asked cannot be done. Nothing false is kept: a run that this names is over.
    Failed {
        /// Which run, if one.
        run: Option<u64>,
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

    #[test]
    fn messages_survive_the_way_there_and_back() {
        let asked = ToEngine::Train { run: 3, network: NetworkKind::Cnn, config: RunConfig::default() };
        let text = serde_json::to_string(&asked).unwrap();
        assert!(text.starts_with(r#"{"type":"train","run":3,"network":"cnn""#), "{text}");
        assert_eq!(serde_json::from_str::<ToEngine>(&text).unwrap(), asked);

        let told = FromEngine::Progress {
            run: 3,
            network: NetworkKind::Ann,
            epoch: 1,
            step: 20,
            seconds: 0.25,
            images_per_s: 24_000.0,
            losses: vec![2.5, 1.25],
            times: vec![0.125, 0.25],
            accuracy: 0.5,
        };
        let text = serde_json::to_string(&told).unwrap();
        assert_eq!(serde_json::from_str::<FromEngine>(&text).unwrap(), told);
    }

    #[test]
    fn a_message_of_an_unknown_type_is_refused() {
        assert!(serde_json::from_str::<ToEngine>(r#"{"type":"dance"}"#).is_err());
    }
}

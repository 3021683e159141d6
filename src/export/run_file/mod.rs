//! A whole run as one file, which another person's page opens: a zip archive of stored files, so any tool unpacks it.
//!
//! The files, in this order; those of a network are there only where it has them:
//!
//! | file | content |
//! |---|---|
//! | `fashion-lab-run.json` | `{"version":1}`: what the archive is |
//! | `run.json` | the record, in the form of `run::stored` |
//! | `ann.safetensors`, `cnn.safetensors` | the trained weights |
//! | `ann-test.npy`, `cnn-test.npy` | ten probabilities of each test image, float32 `[10000, 10]` |
//! | `ann-checkpoint-STEP.bin`, `cnn-...` | checkpoints, in the form of `train::checkpoint` |

mod contradiction;
mod error;
mod fit;

pub use error::RunFileError;

use super::npy;
use super::zip::{self, Entry};
use crate::config::NetworkKind;
use crate::fashion_mnist::CLASSES;
use crate::run::stored::{self, StoredError};
use crate::run::{NetworkProgress, RunRecord};
use contradiction::contradiction;
use fit::{answers, check_answers, check_weights};
use std::borrow::Cow;
use std::rc::Rc;

/// The version of the form; a reader refuses what it does not know.
pub const RUN_FILE_VERSION: u32 = 1;

/// The first file of the archive.
pub(super) const MANIFEST: &str = "fashion-lab-run.json";
/// A record is not longer than this, in bytes. A run of the longest kind (54,000 steps in each of 200 epochs) has 300 MB.
const MOST_RECORD: usize = 512 << 20;
/// A run with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFile {
    /// The record. The probabilities of the test images stand in its networks.
    pub record: RunRecord,
    /// Trained weights: the network and the content of its safetensors file.
    pub weights: Vec<(NetworkKind, Vec<u8>)>,
    /// Checkpoints. Those that are not here are taken out of the record when the file is written.
    pub checkpoints: Vec<CheckpointFile>,
}

/// A checkpoint of one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointFile {
    /// Of which network.
    pub kind: NetworkKind,
    /// Its step.
    pub step: usize,
    /// What the engine goes on from. Only the engine reads it, and it checks it before.
    pub bytes: Vec<u8>,
}

impl RunFile {
    /// The content of the file. Its record has no other checkpoints than those that are given, and a network that is in its middle is
    /// interrupted in it.
    ///
    /// # Errors
    /// What [`RunFile::read`] would refuse is not written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, RunFileError> {
        let mut record = self.record.clone();
        record.interrupt();
        for network in &mut record.networks {
            let given = |step: usize| self.checkpoints.iter().any(|c| c.kind == network.kind && c.step == step);
            network.checkpoints.retain(|kept| given(kept.step));
        }
        check(&record, &self.weights, &self.checkpoints)?;
        let manifest = format!("{{\"version\":{RUN_FILE_VERSION}}}").into_bytes();
        let mut files = vec![(MANIFEST.to_owned(), Cow::Owned(manifest))];
        files.push(("run.json".to_owned(), Cow::Owned(stored::to_json(&record)?.into_bytes())));
        for network in &record.networks {
            let kind = network.kind;
            let weights = self.weights.iter().filter(|(of, _)| *of == kind);
            files.extend(weights.map(|(_, bytes)| (weights_name(kind), Cow::Borrowed(bytes.as_slice()))));
            if let Some(probabilities) = answers(network) {
                let shape = [probabilities.len() / CLASSES, CLASSES];
                files.push((answers_name(kind), Cow::Owned(npy::floats(&shape, probabilities))));
            }
            for kept in &network.checkpoints {
                let given = self.checkpoints.iter().filter(|c| c.kind == kind && c.step == kept.step);
                files.extend(given.map(|c| (checkpoint_name(kind, c.step), Cow::Borrowed(c.bytes.as_slice()))));
            }
        }
        let entries: Vec<_> = files.iter().map(|(name, data)| Entry { name, data }).collect();
        zip::write(&entries).ok_or(RunFileError::TooLarge)
    }

    /// Reads such a file, and checks everything of it but the inside of the checkpoints.
    ///
    /// # Errors
    /// [`RunFileError`]: the first thing that is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, RunFileError> {
        let entries = zip::read(bytes)?;
        let mut entries = entries.into_iter().peekable();
        let mut next = |name: &str| entries.next_if(|entry| entry.name == name).map(|entry| entry.data);
        version(next(MANIFEST).ok_or_else(|| RunFileError::Missing(MANIFEST.to_owned()))?)?;
        let text = next("run.json").ok_or_else(|| RunFileError::Missing("run.json".to_owned()))?;
        let mut record = record(text)?;
        let (mut weights, mut checkpoints) = (Vec::new(), Vec::new());
        for network in &mut record.networks {
            let kind = network.kind;
            weights.extend(next(&weights_name(kind)).map(|bytes| (kind, bytes.to_vec())));
            if let Some(bytes) = next(&answers_name(kind)) {
                let reason = "it is no table of ten 32-bit floats a row";
                let probabilities = npy::read_rows(bytes, CLASSES).ok_or(RunFileError::Answers { kind, reason })?;
                network.probabilities = Some(Rc::new(probabilities));
            }
            for step in network.checkpoints.iter().map(|kept| kept.step) {
                let bytes = next(&checkpoint_name(kind, step)).ok_or(RunFileError::Checkpoint { kind, step })?;
                checkpoints.push(CheckpointFile { kind, step, bytes: bytes.to_vec() });
            }
        }
        if let Some(entry) = entries.next() {
            return Err(RunFileError::Unexpected(entry.name.to_owned()));
        }
        record.interrupt();
        check(&record, &weights, &checkpoints)?;
        Ok(Self { record, weights, checkpoints })
    }
}

/// Whether everything fits together.
fn check(
    record: &RunRecord,
    weights: &[(NetworkKind, Vec<u8>)],
    checkpoints: &[CheckpointFile],
) -> Result<(), RunFileError> {
    contradiction(record).map_err(RunFileError::Contradiction)?;
    for (at, (kind, bytes)) in weights.iter().enumerate() {
        let network = record.get(*kind).filter(|_| weights[..at].iter().all(|(of, _)| of != kind));
        let network = network.ok_or_else(|| RunFileError::Unexpected(weights_name(*kind)))?;
        check_weights(&record.config, network, bytes)?;
    }
    for network in &record.networks {
        check_answers(network)?;
        for kept in &network.checkpoints {
            let (kind, step) = (network.kind, kept.step);
            let mut given = checkpoints.iter().filter(|c| c.kind == kind && c.step == step);
            let size = given.next().map(|c| c.bytes.len() as u64);
            if size != Some(kept.bytes) || given.next().is_some() {
                return Err(RunFileError::Checkpoint { kind, step });
            }
        }
    }
    for CheckpointFile { kind, step, .. } in checkpoints {
        let known = |network: &NetworkProgress| network.checkpoints.iter().any(|kept| kept.step == *step);
        if !record.get(*kind).is_some_and(known) {
            return Err(RunFileError::Checkpoint { kind: *kind, step: *step });
        }
    }
    Ok(())
}

fn weights_name(kind: NetworkKind) -> String {
    format!("{}.safetensors", kind.key())
}

fn answers_name(kind: NetworkKind) -> String {
    format!("{}-test.npy", kind.key())
}

fn checkpoint_name(kind: NetworkKind, step: usize) -> String {
    format!("{}-checkpoint-{step}.bin", kind.key())
}

fn version(manifest: &[u8]) -> Result<(), RunFileError> {
    let text = std::str::from_utf8(manifest).unwrap_or_default();
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    match value["version"].as_u64() {
        Some(version) if version == u64::from(RUN_FILE_VERSION) => Ok(()),
        Some(version) => Err(RunFileError::Version(version.to_string())),
        None => Err(RunFileError::Version("unknown".to_owned())),
    }
}

fn record(bytes: &[u8]) -> Result<RunRecord, RunFileError> {
    let damaged = |what: &str| RunFileError::Record(StoredError::Damaged(what.to_owned()));
    if bytes.len() > MOST_RECORD {
        return Err(damaged("it is longer than any run's"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text in UTF-8"))?;
    // Its reader ends at a depth of 128.
    Ok(stored::from_json(text)?)
}

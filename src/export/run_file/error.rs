//! Why bytes are no run file, or a run cannot become one, each with a next step.

use super::super::zip::ArchiveError;
use super::RUN_FILE_VERSION;
use crate::config::NetworkKind;
use crate::run::stored::StoredError;
use crate::weights::WeightsError;

/// Why bytes are no run file, or a run cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunFileError {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The file is of another version, or does not say of which.
    #[error(
        "the run file has version {0}, but this page reads version {RUN_FILE_VERSION}; open it with the page that saved it"
    )]
    Version(String),
    /// A file is not there.
    #[error("`{0}` is not in the run file; give the file as Fashion Lab saved it")]
    Missing(String),
    /// A file does not belong there.
    #[error("`{0}` does not belong into the run file; give the file as Fashion Lab saved it")]
    Unexpected(String),
    /// The record cannot be read.
    #[error("the record `run.json` cannot be used: {0}; ask for the file to be saved again")]
    Record(#[from] StoredError),
    /// The record says two things that cannot both be true.
    #[error("the record `run.json` contradicts itself: {0}; ask for the file to be saved again")]
    Contradiction(String),
    /// Trained weights.
    #[error("`{}.safetensors`: {error}", kind.key())]
    Weights {
        /// Of which network.
        kind: NetworkKind,
        /// What is wrong.
        error: WeightsError,
    },
    /// The weights are of another network than the record says.
    #[error("`{}.safetensors` is of another network than the record: {what}; ask for the file to be saved again", kind.key())]
    OtherNetwork {
        /// Of which network.
        kind: NetworkKind,
        /// What differs.
        what: &'static str,
    },
    /// The answers to the test images.
    #[error("`{}-test.npy` cannot be used ({reason}); ask for the file to be saved again", kind.key())]
    Answers {
        /// Of which network.
        kind: NetworkKind,
        /// What is wrong.
        reason: &'static str,
    },
    /// The checkpoints of the record and those of the file are not the same ones.
    #[error("the checkpoint of step {step} of the {} is not as the record says; ask for the file to be saved again", kind.label())]
    Checkpoint {
        /// Of which network.
        kind: NetworkKind,
        /// Its step.
        step: usize,
    },
    /// The run is too large for one file.
    #[error("the run is larger than 4 GB; save it without its checkpoints")]
    TooLarge,
}

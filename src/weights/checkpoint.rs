//! The weights inside a checkpoint of a run, read without the engine. Leaves out: everything else of it (`train::checkpoint`, which writes
//! it and checks its digest before a run goes on from it).

use super::{TensorShape, TrainedNetwork, finite, layout};
use crate::config::{NetworkKind, RunConfig};

/// How a checkpoint begins.
pub const CHECKPOINT_MAGIC: &[u8; 4] = b"FLCP";
/// The version of the form, raised with each change of it.
pub const CHECKPOINT_VERSION: u32 = 2;
/// 64-bit floats of the run, which stand before the weights.
pub const RUN_FLOATS: usize = 4;
/// 64-bit floats of a finished epoch, which stand before the weights.
pub const EPOCH_FLOATS: usize = 6;
/// 64-bit floats of a change of the learning rate, which stand before the weights.
pub const CHANGE_FLOATS: usize = 2;

/// Bytes before the header: beginning, version, length of the header.
const START: usize = 12;

/// Why bytes are not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The bytes are none of a checkpoint.
    #[error("this is not a checkpoint of Fashion Lab")]
    Magic,
    /// It is of another version.
    #[error("the checkpoint is of version {0}, but this program reads version {CHECKPOINT_VERSION}")]
    Version(u32),
    /// Bytes are missing or were changed.
    #[error("the checkpoint is damaged: {0}")]
    Damaged(String),
}

/// The header of a checkpoint, which is JSON, and what stands behind it: the floats, and the digest.
///
/// # Errors
/// [`CheckpointError`]: another file, another version, or cut off.
pub fn split_checkpoint(bytes: &[u8]) -> Result<(&[u8], &[u8]), CheckpointError> {
    let cut = || CheckpointError::Damaged("it is cut off".to_owned());
    let word = |at: usize| bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes);
    if !bytes.starts_with(CHECKPOINT_MAGIC) {
        return Err(CheckpointError::Magic);
    }
    match word(4).ok_or_else(cut)? {
        CHECKPOINT_VERSION => {}
        other => return Err(CheckpointError::Version(other)),
    }
    let length = word(8).ok_or_else(cut)? as usize;
    bytes[START..].split_at_checked(length).ok_or_else(cut)
}

/// The network of a checkpoint, as it was then. Its test figures are not known.
///
/// # Errors
/// [`CheckpointError`]: another file, another version, or damaged.
pub fn of_checkpoint(bytes: &[u8]) -> Result<TrainedNetwork, CheckpointError> {
    let damaged = |what: &str| CheckpointError::Damaged(what.to_owned());
    let cut = || damaged("it is cut off");
    let (header, floats) = split_checkpoint(bytes)?;
    let text = std::str::from_utf8(header).map_err(|e| damaged(&e.to_string()))?;
    let mut header: serde_json::Value = serde_json::from_str(text).map_err(|e| damaged(&e.to_string()))?;
    let number = |key: &str| header[key].as_u64().and_then(|n| usize::try_from(n).ok());
    let (epochs, count) =
        number("epochs").zip(number("weights")).ok_or_else(|| damaged("its header has no numbers"))?;
    let changes = header["rate_changes"].as_array().map_or(0, Vec::len);
    let name = header["network"].as_str().unwrap_or_default();
    let kind = NetworkKind::ALL.into_iter().find(|kind| kind.key() == name).ok_or_else(|| damaged("no network"))?;
    let config: RunConfig = serde_json::from_value(header["config"].take()).map_err(|e| damaged(&e.to_string()))?;
    if let Err(errors) = config.validate() {
        return Err(damaged(&errors.first().map(ToString::to_string).unwrap_or_default()));
    }
    if count != layout(kind, &config).iter().map(TensorShape::values).sum::<usize>() {
        return Err(damaged("it has not as many weights as its network"));
    }
    let before = epochs.checked_mul(EPOCH_FLOATS).map(|floats| 8 * (RUN_FLOATS + CHANGE_FLOATS * changes + floats));
    let weights =
        before.and_then(|start| floats.get(start..)).and_then(|rest| rest.get(..4 * count)).ok_or_else(cut)?;
    let weights: Vec<f32> = weights.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)).collect();
    finite("weights", &weights).map_err(|e| damaged(&e.to_string()))?;
    Ok(TrainedNetwork { kind, config, dataset: "Fashion-MNIST".to_owned(), test: None, weights })
}

//! Reads a file that somebody gives: trained weights, a whole run, or a config. What it is, its content says, not its name.

use super::run_file::{MANIFEST, RunFile, RunFileError};
use super::zip;
use crate::config::{ConfigError, RunConfig, config_of_value};
use crate::weights::{TrainedNetwork, WeightsError};
use serde_json::Value;

/// A config or report is not longer than this, in bytes. The report of ten epochs of both networks has about 1 MB.
const MOST_TEXT: usize = 64 << 20;
/// Characters of a file's name that a message repeats.
const SHOWN: usize = 60;

/// What a file held. It was checked whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// A trained network.
    Weights(Box<TrainedNetwork>),
    /// A whole run.
    Run(Box<RunFile>),
    /// A config, or that of an exported report.
    Config(Box<RunConfig>),
}

/// Why a file was refused, with its name: one sentence with the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {refusal}")]
pub struct ImportError {
    /// The file's name, at most 60 characters of it.
    pub name: String,
    /// What is wrong.
    pub refusal: Refusal,
}

/// Why a file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing in it.
    #[error("the file is empty; give weights (.safetensors), a run, or a config (.json)")]
    Empty,
    /// It is none of the three.
    #[error("this is no file of Fashion Lab; give weights (.safetensors), a run, or a config (.json)")]
    Unknown,
    /// Weights for NumPy.
    #[error("these are weights for NumPy, which are only exported; give the same network as a .safetensors file")]
    Npz,
    /// A text that is too long for a config.
    #[error("the text is too long for a config; give a config such as {{\"epochs\": 5}}, or an exported report")]
    TooLong,
    /// A text that is no JSON.
    #[error("the config cannot be read ({0}); correct it there")]
    Json(String),
    /// Weights.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A run.
    #[error(transparent)]
    Run(#[from] RunFileError),
    /// A config: the first thing that is wrong with it, and how many more there are.
    #[error("{first}{}", more(*.others))]
    Config {
        /// The first.
        first: ConfigError,
        /// Further ones.
        others: usize,
    },
}

fn more(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => " (and one more setting is wrong)".to_owned(),
        _ => format!(" (and {others} more settings are wrong)"),
    }
}

/// Reads a file of any of the three kinds.
///
/// # Errors
/// [`ImportError`]: the first thing that is wrong. Nothing panics, and no number of the file decides how much memory is used.
pub fn read_any(name: &str, bytes: &[u8]) -> Result<Imported, ImportError> {
    read(bytes).map_err(|refusal| {
        let visible = name.chars().filter(|c| !c.is_control());
        ImportError { name: visible.take(SHOWN).collect(), refusal }
    })
}

fn read(bytes: &[u8]) -> Result<Imported, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.starts_with(zip::MAGIC) {
        return match zip::first_name(bytes) {
            Some(name) if name != MANIFEST && name.ends_with(".npy") => Err(Refusal::Npz),
            Some(name) if name != MANIFEST && zip::read(bytes).is_ok() => Err(Refusal::Unknown),
            _ => Ok(Imported::Run(Box::new(RunFile::read(bytes)?))),
        };
    }
    // The header of safetensors is JSON behind eight bytes of length. No text has a `{` there and a zero before it.
    if bytes.get(8) == Some(&b'{') && bytes[..8].contains(&0) {
        return Ok(Imported::Weights(Box::new(TrainedNetwork::read(bytes)?)));
    }
    // Editors on Windows write this mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim_start().starts_with('{') => config(text),
        _ => Err(Refusal::Unknown),
    }
}

/// A config object, or an exported report, which holds one.
fn config(text: &str) -> Result<Imported, Refusal> {
    if text.len() > MOST_TEXT {
        return Err(Refusal::TooLong);
    }
    // The reader of JSON ends at a depth of 128.
    let value: Value = serde_json::from_str(text).map_err(|e| Refusal::Json(e.to_string()))?;
    let config = config_of_value(value.get("config").unwrap_or(&value)).map_err(|errors| {
        let others = errors.len().saturating_sub(1);
        let first = errors.into_iter().next().unwrap_or_else(|| ConfigError::Json("it is not valid".to_owned()));
        Refusal::Config { first, others }
    })?;
    Ok(Imported::Config(Box::new(config)))
}

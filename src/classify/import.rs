//! Opens a file that somebody gives: trained weights, settings, or a whole run, which is made ready for the page. The file is checked whole
//! before (`export::read_any`), so one that is refused changes nothing. Leaves out: reading it from the disk (`classifier`), and keeping
//! the run (`page::import`).

use super::networks::{Network, Origin};
use crate::config::RunConfig;
use crate::export::{Imported, RunFile, read_any};
use crate::protocol::classifier::{RunBytes, RunPart};
use crate::run::{NetworkProgress, stored};

/// Characters of a note.
const NOTE: usize = 200;

/// What a file held.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A network that is ready to answer.
    Weights(Box<Network>),
    /// Settings.
    Config(Box<RunConfig>),
    /// A run.
    Run(OpenedRun),
}

/// A run of a file, ready for the page.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedRun {
    /// The record, in the form of `run::stored`.
    pub record: String,
    /// What the bytes are.
    pub parts: Vec<RunPart>,
    /// The bytes of each part.
    pub bytes: Vec<Vec<u8>>,
}

/// Opens a file.
///
/// # Errors
/// One sentence: what is wrong with it, and the next step.
pub fn open(name: &str, bytes: &[u8]) -> Result<Opened, String> {
    match read_any(name, bytes).map_err(|e| e.to_string())? {
        Imported::Weights(trained) => {
            let network = Network::new(Origin::File(name.to_owned()), *trained).map_err(|e| format!("{name}: {e}"))?;
            Ok(Opened::Weights(Box::new(network)))
        }
        Imported::Config(config) => Ok(Opened::Config(config)),
        Imported::Run(run) => opened(name, *run).map(Opened::Run).map_err(|e| format!("{name}: {e}")),
    }
}

fn opened(name: &str, RunFile { mut record, weights, checkpoints }: RunFile) -> Result<OpenedRun, stored::StoredError> {
    let (mut parts, mut bytes) = (Vec::new(), Vec::new());
    let mut put = |network: &NetworkProgress, what, content| {
        parts.push(RunPart { network: network.kind, what });
        bytes.push(content);
    };
    for network in &mut record.networks {
        // As if they came one by one: of those from the middle of an epoch only the newest one is kept.
        for kept in std::mem::take(&mut network.checkpoints) {
            network.add_checkpoint(kept);
        }
        network.has_weights = false;
    }
    for file in checkpoints {
        let network = record.get(file.kind);
        let named = network.filter(|network| network.checkpoints.iter().any(|kept| kept.step == file.step));
        if let Some(network) = named {
            put(network, RunBytes::Checkpoint(file.step), file.bytes);
        }
    }
    for (kind, content) in weights {
        // With its scored checkpoint there, the weights would be kept twice.
        if let Some(network) = record.get_mut(kind).filter(|network| network.scored_checkpoint().is_none()) {
            network.has_weights = true;
            put(network, RunBytes::Weights, content);
        }
    }
    for network in &record.networks {
        if let Some(probabilities) = &network.probabilities {
            put(network, RunBytes::TestAnswers, probabilities.iter().flat_map(|p| p.to_le_bytes()).collect());
        }
    }
    record.marks.note = note(&record.marks.note, name);
    Ok(OpenedRun { record: stored::to_json(&record)?, parts, bytes })
}

/// The note of a run that came from a file says so.
fn note(own: &str, file: &str) -> String {
    let file: String = file.chars().filter(|c| !c.is_control()).take(NOTE / 3).collect();
    let from = format!("from the file {file}");
    let note = if own.is_empty() || own == from { from } else { format!("{from}: {own}") };
    note.chars().take(NOTE).collect()
}

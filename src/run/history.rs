//! All runs of this visit, the newest last, and which of them is shown.

use super::event::RunEvent;
use super::record::RunRecord;
use crate::config::NetworkKind;

/// The runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    runs: Vec<RunRecord>,
    /// The run that is shown, by its id.
    selected: Option<u64>,
}

impl History {
    /// A number that no run has.
    pub fn next_id(&self) -> u64 {
        self.runs.iter().map(|run| run.id).max().unwrap_or(0) + 1
    }

    /// Adds a run and shows it.
    pub fn push(&mut self, run: RunRecord) {
        self.selected = Some(run.id);
        self.runs.push(run);
    }

    /// All runs, the newest last.
    pub fn runs(&self) -> &[RunRecord] {
        &self.runs
    }

    /// The run of that id.
    pub fn get(&self, id: u64) -> Option<&RunRecord> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// The run that is shown.
    pub fn selected(&self) -> Option<&RunRecord> {
        self.get(self.selected?)
    }

    /// The run that still computes or is held.
    pub fn active(&self) -> Option<&RunRecord> {
        self.runs.iter().find(|run| run.is_active())
    }

    /// The run that still computes or is held.
    pub fn active_mut(&mut self) -> Option<&mut RunRecord> {
        self.runs.iter_mut().find(|run| run.is_active())
    }

    /// Applies an event to the run of that id. Returns whether it counted: an event of an unknown run or of a network that has ended
    /// does not.
    pub fn apply(&mut self, id: u64, kind: NetworkKind, event: RunEvent, probabilities: Vec<f32>) -> bool {
        let run = self.runs.iter_mut().find(|run| run.id == id);
        run.is_some_and(|run| run.apply(kind, event, probabilities))
    }
}

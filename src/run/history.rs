//! All runs, in the order in which they began, and which of them is shown.

use super::event::RunEvent;
use super::record::RunRecord;
use crate::config::NetworkKind;

/// The runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The oldest first.
    runs: Vec<RunRecord>,
    /// The run that is shown, by its id.
    selected: Option<u64>,
}

impl History {
    /// Adds a run and shows it.
    pub fn push(&mut self, run: RunRecord) {
        self.selected = Some(run.id);
        self.insert_loaded(run);
    }

    /// Adds a run in its place and leaves what is shown. A run whose id is there already is not added.
    pub fn insert_loaded(&mut self, run: RunRecord) {
        if self.get(run.id).is_none() {
            let begun = |run: &RunRecord| (run.started_ms, run.id);
            let place = self.runs.partition_point(|other| begun(other) < begun(&run));
            self.runs.insert(place, run);
        }
    }

    /// Takes a run out. If it was shown, the newest one is shown then.
    pub fn remove(&mut self, id: u64) -> Option<RunRecord> {
        let place = self.runs.iter().position(|run| run.id == id)?;
        let run = self.runs.remove(place);
        if self.selected == Some(id) {
            self.selected = self.runs.last().map(|run| run.id);
        }
        Some(run)
    }

    /// Shows this run. Returns whether it is there.
    pub fn select(&mut self, id: u64) -> bool {
        let known = self.get(id).is_some();
        if known {
            self.selected = Some(id);
        }
        known
    }

    /// All runs, the newest last.
    pub fn runs(&self) -> &[RunRecord] {
        &self.runs
    }

    /// The number of a run for a person: its place in the order of the beginnings, from 1.
    pub fn number(&self, id: u64) -> Option<usize> {
        Some(self.runs.iter().position(|run| run.id == id)? + 1)
    }

    /// The run of that id.
    pub fn get(&self, id: u64) -> Option<&RunRecord> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// The run of that id.
    pub fn get_mut(&mut self, id: u64) -> Option<&mut RunRecord> {
        self.runs.iter_mut().find(|run| run.id == id)
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
        self.get_mut(id).is_some_and(|run| run.apply(kind, event, probabilities))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;

    fn run(id: u64, started_ms: u64) -> RunRecord {
        let mut run = RunRecord::begin(id, RunConfig::default(), Default::default(), None, String::new());
        run.started_ms = started_ms;
        run
    }

    #[test]
    fn runs_stand_in_the_order_of_their_beginnings_and_have_numbers() {
        let mut history = History::default();
        history.push(run(30, 3));
        history.insert_loaded(run(10, 1));
        history.insert_loaded(run(20, 2));
        history.insert_loaded(run(20, 9));
        assert_eq!(history.runs().iter().map(|run| run.id).collect::<Vec<_>>(), [10, 20, 30]);
        assert_eq!([10, 20, 30, 40].map(|id| history.number(id)), [Some(1), Some(2), Some(3), None]);
        assert_eq!(history.selected().map(|run| run.id), Some(30), "what is loaded is not shown by itself");
    }

    #[test]
    fn if_the_shown_run_is_taken_out_the_newest_one_is_shown() {
        let mut history = History::default();
        [run(10, 1), run(20, 2), run(30, 3)].into_iter().for_each(|run| history.push(run));
        assert!(history.select(10) && !history.select(99));
        assert_eq!(history.remove(20).map(|run| run.id), Some(20));
        assert_eq!(history.selected().map(|run| run.id), Some(10));
        history.remove(10);
        assert_eq!((history.selected().map(|run| run.id), history.number(30)), (Some(30), Some(1)));
        history.remove(30);
        assert!(history.selected().is_none() && history.remove(30).is_none());
    }
}

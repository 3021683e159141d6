//! How a run is named on the page: its number, its colour, and what is new in it.

use crate::page::state::State;
use crate::run::{self, RunRecord};

/// Its number, from 1; 0 where it is not known any more.
pub fn number(state: &State, id: u64) -> usize {
    state.history.number(id).unwrap_or(0)
}

/// The place of its colour.
pub fn colour(state: &State, id: u64) -> usize {
    state.history.get(id).map_or(0, |run| run.colour)
}

/// What is new in a run, against the one before it.
pub fn label(state: &State, run: &RunRecord) -> String {
    run::label(run, &state.history)
}

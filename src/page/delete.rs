//! Deletes runs as a person asks, and brings the last one back. Leaves out: what is deleted because room is short (`room`).

use super::effect::Effect;
use super::keep::{forget, is_elsewhere, keep};
use super::loaded::load_answers;
use super::state::State;

/// Takes a run out of the history. It can be brought back until it is forgotten.
pub(super) fn delete(state: &mut State, id: u64) -> Vec<Effect> {
    if state.history.active().is_some_and(|run| run.id == id) {
        let name = state.name_of(id);
        state.notice(format!("Nothing was deleted: {name} is not over. Stop it first."));
        return Vec::new();
    }
    if is_elsewhere(state, id) {
        return Vec::new();
    }
    let Some(run) = state.history.remove(id) else { return Vec::new() };
    let mut effects = forget(state);
    state.deleted = Some(run);
    state.unfinished.retain(|&other| other != id);
    state.overlaid.retain(|&other| other != id);
    for side in &mut state.compared {
        side.take_if(|other| *other == id);
    }
    state.opened.take_if(|opened| opened.run == id);
    state.going_on.take_if(|other| *other == id);
    if let Some(shown) = state.run().map(|run| run.id) {
        effects.extend(load_answers(state, shown));
    }
    effects
}

/// Brings the run back that was deleted last.
pub(super) fn undo(state: &mut State) -> Vec<Effect> {
    let Some(run) = state.deleted.take() else { return Vec::new() };
    let id = run.id;
    if run.is_interrupted() {
        state.unfinished.push(id);
    }
    state.history.insert_loaded(run);
    if !state.is_running() {
        state.history.select(id);
    }
    keep(state, id).into_iter().collect()
}

//! What goes where the browser has no room left: checkpoints of the oldest runs without a star first, then older epochs of the run that is
//! kept. Curves and results stay.

use super::effect::Effect;
use super::keep::{forget, keep};
use super::loaded::to_memory;
use super::state::State;
use super::storage::{BlobKey, StoreError};
use crate::run::{KeptCheckpoint, NetworkProgress};

/// Something of a run could not be kept; `None` for its record.
pub(super) fn not_kept(state: &mut State, run: u64, key: Option<BlobKey>, error: StoreError) -> Vec<Effect> {
    if error != StoreError::Full {
        to_memory(state, error);
        return Vec::new();
    }
    if state.history.get(run).is_none() {
        return Vec::new(); // It was deleted meanwhile.
    }
    let mut effects = forget(state);
    if effects.is_empty() {
        effects = match free_run(state, run).or_else(|| free_epoch(state, run, key)) {
            Some(effects) => effects,
            None => return nothing_left(state, run, key),
        };
    }
    effects.extend(match key {
        Some(key) => Some(Effect::KeepBlob(key)),
        None => keep(state, run),
    });
    effects
}

/// Deletes the checkpoints of the oldest run that may lose them. A run that could still go on comes last.
fn free_run(state: &mut State, keeps: u64) -> Option<Vec<Effect>> {
    let (active, shown) = (state.history.active().map(|run| run.id), state.run().map(|run| run.id));
    let is_needed = |id| id == keeps || active == Some(id) || shown == Some(id) || state.elsewhere.contains(&id);
    let victims = state.history.runs().iter().filter(|run| {
        !is_needed(run.id) && !run.marks.starred && run.networks.iter().any(|n| !n.checkpoints.is_empty())
    });
    let id = victims.min_by_key(|run| run.is_interrupted())?.id;
    let run = state.history.get_mut(id)?;
    let mut keys = Vec::new();
    for network in &mut run.networks {
        let kept = std::mem::take(&mut network.checkpoints);
        keys.extend(kept.into_iter().map(|kept| BlobKey::of(id, network, kept)));
    }
    let name = state.name_of(id);
    state.notice(format!(
        "The browser has no room left: the checkpoints of {name} were deleted; its curves and results stay."
    ));
    Some([Effect::DeleteBlobs(keys)].into_iter().chain(keep(state, id)).collect())
}

/// Deletes the oldest checkpoint of the run that is kept. The newest one of each network that is in the store stays: from it the run can
/// go on.
fn free_epoch(state: &mut State, id: u64, key: Option<BlobKey>) -> Option<Vec<Effect>> {
    let older = |network: &NetworkProgress| {
        let held: Vec<KeptCheckpoint> =
            network.checkpoints.iter().copied().filter(|&kept| Some(BlobKey::of(id, network, kept)) != key).collect();
        match held.as_slice() {
            [oldest, _, ..] => Some((*oldest, network.kind)),
            _ => None,
        }
    };
    let networks = &state.history.get(id)?.networks;
    let (oldest, kind) = networks.iter().filter_map(older).min_by_key(|(kept, _)| kept.epoch)?;
    let network = state.history.get_mut(id)?.get_mut(kind)?;
    network.checkpoints.retain(|kept| *kept != oldest);
    let deleted = BlobKey::of(id, network, oldest);
    let name = state.name_of(id);
    state.notice(format!(
        "The browser has no room left: checkpoints of older epochs of {name} were deleted; its newest ones, its curves and results stay."
    ));
    Some([Effect::DeleteBlobs(vec![deleted])].into_iter().chain(keep(state, id)).collect())
}

/// What could not be kept is given up.
fn nothing_left(state: &mut State, id: u64, key: Option<BlobKey>) -> Vec<Effect> {
    if !std::mem::replace(&mut state.told_full, true) {
        let name = state.name_of(id);
        state.notice(format!(
            "The browser has no room left, and nothing can be deleted by itself: not all of {name} is kept. Delete runs that you do not need."
        ));
    }
    let Some(key) = key else { return Vec::new() };
    let Some(network) = state.history.get_mut(id).and_then(|run| run.get_mut(key.network)) else { return Vec::new() };
    let kept: Vec<_> =
        network.checkpoints.iter().copied().filter(|&kept| BlobKey::of(id, network, kept) != key).collect();
    if kept.len() == network.checkpoints.len() {
        return Vec::new(); // It was no checkpoint.
    }
    network.checkpoints = kept;
    keep(state, id).into_iter().collect()
}

//! What of a run is kept, and when: its record whenever something is added that may not be lost, and its checkpoints. Leaves out: what
//! goes where there is no room (`room`), and what earlier visits kept (`loaded`).

use super::effect::Effect;
use super::state::State;
use super::storage::{BlobKey, Part};
use super::workers::{place_of, tell_all};
use crate::protocol::ToEngine;
use crate::run::{KeptCheckpoint, Marks, ModelId, NetworkProgress, RunRecord, stored};

/// What the active run has that its kept record must not lack.
#[derive(PartialEq)]
pub(super) struct Snapshot {
    run: Option<u64>,
    networks: Vec<Had>,
}

#[derive(PartialEq)]
struct Had {
    ended: bool,
    /// The last epoch, and its seconds: an epoch that is repeated after a fallback has other ones.
    epoch: Option<(usize, f64)>,
    checkpoints: Vec<KeptCheckpoint>,
    /// From here it could go on. A checkpoint from the middle of an epoch comes before the losses of its last steps.
    resumable: Option<KeptCheckpoint>,
    rate_changes: usize,
    extra_epochs: usize,
}

impl Had {
    fn of(network: &NetworkProgress) -> Self {
        Self {
            ended: !network.phase.is_active(),
            epoch: network.epochs.last().map(|record| (record.epoch, record.seconds)),
            checkpoints: network.checkpoints.clone(),
            resumable: network.resumable(),
            rate_changes: network.rate_changes.len(),
            extra_epochs: network.extra_epochs,
        }
    }
}

impl Snapshot {
    pub(super) fn of(state: &State) -> Self {
        let active = state.history.active();
        let networks = active.iter().flat_map(|run| &run.networks).map(Had::of).collect();
        Self { run: active.map(|run| run.id), networks }
    }

    /// Adds what follows from what changed since: the record is kept, other tabs hear which run is held, and the browser asks before the
    /// page is left while a run is active.
    pub(super) fn follow(self, state: &State, effects: &mut Vec<Effect>) {
        let now = Self::of(state);
        if now == self {
            return;
        }
        if now.run != self.run {
            if let Some(ended) = self.run {
                keep_once(state, ended, effects);
            }
            effects.push(Effect::Hold(now.run));
        }
        if now.run.is_some() != self.run.is_some() {
            effects.push(Effect::AskBeforeLeaving(now.run.is_some()));
        }
        if let Some(active) = now.run {
            keep_once(state, active, effects);
        }
    }
}

/// Keeps a record as it is now; an order to keep it as it was before falls away.
fn keep_once(state: &State, run: u64, effects: &mut Vec<Effect>) {
    effects.retain(|effect| !matches!(effect, Effect::KeepRecord(other, _) if *other == run));
    effects.extend(keep(state, run));
}

/// Keeps the record of a run.
pub(super) fn keep(state: &State, run: u64) -> Option<Effect> {
    let text = stored::to_json(state.history.get(run)?).ok()?; // Plain values are always written.
    Some(Effect::KeepRecord(run, text))
}

/// A worker sent a checkpoint. It is kept, and the record names it.
pub(super) fn checkpoint_came(state: &mut State, worker: u64, model: ModelId, kept: KeptCheckpoint) -> Vec<Effect> {
    if place_of(state, worker).is_none() {
        return Vec::new();
    }
    let Some(network) = state.history.get_mut(model.run).and_then(|run| run.get_mut(model.network)) else {
        return Vec::new();
    };
    if !network.phase.is_active() {
        return Vec::new();
    }
    let key = BlobKey::of(model.run, network, kept);
    let useless = network.add_checkpoint(kept);
    let mut effects = vec![Effect::KeepBlob(key)];
    if useless {
        effects.push(Effect::DeleteBlobs(vec![BlobKey { part: Part::Latest, ..key }]));
    }
    // `Snapshot::follow` keeps the record after the bytes, so that no record names a checkpoint that is not there.
    effects
}

/// The page may never be seen again: what trains is kept as it is, and what was deleted is gone for good.
pub(super) fn hidden(state: &mut State) -> Vec<Effect> {
    let mut effects = forget(state);
    effects.extend(tell_all(state, |run| ToEngine::SaveCheckpoint { run }));
    effects.extend(state.history.active().and_then(|run| keep(state, run.id)));
    effects
}

/// Changes what a person added to a run.
pub(super) fn mark(state: &mut State, run: u64, change: impl FnOnce(&mut Marks)) -> Vec<Effect> {
    if is_elsewhere(state, run) {
        return Vec::new();
    }
    let Some(RunRecord { marks, .. }) = state.history.get_mut(run) else { return Vec::new() };
    let before = marks.clone();
    change(marks);
    if *marks == before {
        return Vec::new();
    }
    keep(state, run).into_iter().collect()
}

/// Whether another tab trains the run and writes its record; then it is said.
pub(super) fn is_elsewhere(state: &mut State, run: u64) -> bool {
    let elsewhere = state.elsewhere.contains(&run);
    if elsewhere {
        let name = state.name_of(run);
        state.notice(format!("Another tab trains {name}: change it there, or reload this page when it has ended."));
    }
    elsewhere
}

/// The run that was deleted last cannot be brought back any more.
pub(super) fn forget(state: &mut State) -> Vec<Effect> {
    state.deleted.take().map(|run| Effect::DeleteRun(run.id)).into_iter().collect()
}

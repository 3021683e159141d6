//! Runs that were left in their middle: goes on with one from its checkpoints, or ends it as it is. Leaves out: finding them (`loaded`).

use super::effect::Effect;
use super::keep::keep;
use super::phase::{DataPhase, EnginePhase, Task};
use super::runs::set_off;
use super::state::{Hold, State};
use super::storage::BlobKey;
use super::workers::{place_of, train};
use crate::run::{ModelId, NetworkProgress, Phase, Queue};

/// Goes on with a run as soon as everything is there that it needs.
pub(super) fn go_on(state: &mut State, run: u64) -> Vec<Effect> {
    if !state.unfinished.contains(&run) {
        return Vec::new();
    }
    if state.is_running() {
        state.notice("One run trains at a time: this one can go on when the other one has ended.");
        return Vec::new();
    }
    state.going_on = Some(run);
    state.autostart = false; // It would be a second run.
    Vec::new() // `update` proceeds.
}

/// If a run waits to go on, and engine, dataset and device are there, it goes on.
pub(super) fn proceed(state: &mut State) -> Vec<Effect> {
    let ready = state.engine == EnginePhase::Ready
        && matches!(state.data, DataPhase::Ready(..))
        && state.device.is_some()
        && !state.is_running();
    let Some(id) = state.going_on.take_if(|_| ready) else { return Vec::new() };
    let dataset = state.dataset.clone();
    let Some(run) = state.history.get_mut(id) else { return Vec::new() };
    if run.dataset != dataset {
        let name = state.name_of(id);
        state.notice(format!("Nothing goes on: {name} was trained on other data than those that are here."));
        return Vec::new();
    }
    let kinds = run.go_on();
    let queue = Queue::of_these(run.config.order, kinds);
    state.unfinished.retain(|&other| other != id);
    state.history.select(id);
    state.opened = None;
    set_off(state, id, queue, Hold::No)
}

/// A run does not go on: its unfinished networks end as they are.
pub(super) fn leave(state: &mut State, id: u64) -> Vec<Effect> {
    if !state.unfinished.contains(&id) {
        return Vec::new();
    }
    state.unfinished.retain(|&other| other != id);
    state.going_on.take_if(|other| *other == id);
    let Some(run) = state.history.get_mut(id) else { return Vec::new() };
    for network in run.networks.iter_mut().filter(|network| network.phase == Phase::Interrupted) {
        network.phase = Phase::Failed;
        network.failure = Some(match (network.epochs.len(), network.step_losses.len()) {
            (0, 0) => "It was interrupted before its training began, and did not go on.".to_owned(),
            (0, _) => "It was interrupted in epoch 1, and did not go on.".to_owned(),
            (epochs, _) => format!("It was interrupted after epoch {epochs}, and did not go on."),
        });
    }
    keep(state, id).into_iter().collect()
}

/// Kept bytes are not there. If a worker waits for them to go on, it takes an older checkpoint, or begins anew.
pub(super) fn blob_missing(state: &mut State, key: BlobKey, worker: Option<u64>) -> Vec<Effect> {
    let Some(run) = state.history.get_mut(key.run) else { return Vec::new() };
    let Some(network) = run.get_mut(key.network) else { return Vec::new() };
    let waits = network.phase == Phase::WarmingUp
        && network.resumable().is_some_and(|kept| BlobKey::of(key.run, network, kept) == key);
    let named = network.checkpoints.len();
    let missing = |network: &NetworkProgress, kept| BlobKey::of(key.run, network, kept) == key;
    let kept: Vec<_> = network.checkpoints.iter().copied().filter(|&kept| !missing(network, kept)).collect();
    if kept.len() == named {
        return Vec::new(); // Answers to the test images, or a checkpoint that went before.
    }
    network.checkpoints = kept;
    let label = network.kind.label();
    let mut effects = Vec::new();
    let model = ModelId { run: key.run, network: key.network };
    let waiting = worker.and_then(|id| place_of(state, id)).map(|place| state.workers[place]);
    match waiting.filter(|worker| waits && worker.task == Task::Training(model)) {
        Some(worker) => {
            let from = begin_from_older(state, model);
            state.notice(format!("{label}: its newest checkpoint is not there or cannot be read. It {from}."));
            effects.extend(train(state, worker.id, model));
        }
        None => {
            let name = state.name_of(key.run);
            state.notice(format!("{label}: a checkpoint of {name} is not there or cannot be read."));
        }
    }
    effects.extend(keep(state, key.run));
    effects
}

/// Returns what the network does then.
fn begin_from_older(state: &mut State, model: ModelId) -> String {
    let network = state.history.get_mut(model.run).and_then(|run| run.get_mut(model.network));
    let Some(network) = network else { return String::new() };
    match network.resumable() {
        Some(kept) => format!("goes on after epoch {}", kept.epoch),
        None => {
            *network = NetworkProgress { phase: Phase::WarmingUp, ..NetworkProgress::new(model.network) };
            "begins anew".to_owned()
        }
    }
}

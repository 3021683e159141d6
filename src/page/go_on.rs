//! Runs that were left in their middle: goes on with one from its checkpoints, or ends it as it is. Leaves out: finding them (`loaded`).

use super::effect::Effect;
use super::epochs;
use super::finish::{fail, finish_run};
use super::keep::keep;
use super::phase::{DataPhase, EnginePhase, Task};
use super::runs::set_off;
use super::state::{Hold, State};
use super::storage::{BlobKey, Part};
use super::workers::{advance, place_of, source, train};
use crate::run::{ModelId, Phase, Queue};

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
    let order = run.config.order;
    state.unfinished.retain(|&other| other != id);
    state.history.select(id);
    set_off(state, id, Queue::of_these(order, kinds), Hold::No)
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

/// Kept bytes are not there, or cannot be read. A network that waits for them takes an older checkpoint, or begins anew; a branch that waits
/// for its parent's cannot begin.
pub(super) fn blob_missing(state: &mut State, key: BlobKey, worker: Option<u64>) -> Vec<Effect> {
    let mut effects = epochs::missing(state, key);
    let place = worker.and_then(|id| place_of(state, id));
    let waits = place.and_then(|place| match state.workers[place].task {
        Task::Training(model) if warms_up(state, model) && source(state, model) == Some(key) => Some((place, model)),
        _ => None,
    });
    let was_named = unname(state, key);
    match waits {
        Some((place, model)) if model.run == key.run => {
            let from = begin_from_older(state, model);
            let label = model.network.label();
            state.notice(format!("{label}: its newest checkpoint is not there or cannot be read. It {from}."));
            effects.extend(train(state, state.workers[place].id, model));
        }
        Some((place, model)) => {
            let label = model.network.label();
            let message = format!("{label}: the checkpoint that it should go on from is not there any more.");
            fail(state, model, &message);
            state.notice(message);
            state.workers[place].task = Task::Idle;
            effects.extend(advance(state, place));
            effects.extend(finish_run(state));
        }
        None if was_named => {
            let (label, name) = (key.network.label(), state.name_of(key.run));
            state.notice(format!("{label}: a checkpoint of {name} is not there or cannot be read."));
        }
        None => {}
    }
    effects.extend(keep(state, key.run).filter(|_| was_named));
    effects
}

fn warms_up(state: &State, model: ModelId) -> bool {
    let network = state.history.get(model.run).and_then(|run| run.get(model.network));
    network.is_some_and(|network| network.phase == Phase::WarmingUp)
}

/// Takes a checkpoint out of its record. Returns whether it stood there.
fn unname(state: &mut State, key: BlobKey) -> bool {
    let network = state.history.get_mut(key.run).and_then(|run| run.get_mut(key.network));
    let Some(network) = network else { return false };
    if key.part == Part::Weights {
        return std::mem::take(&mut network.has_weights);
    }
    let before = network.checkpoints.len();
    let rest = network.checkpoints.iter().copied().filter(|&kept| BlobKey::of(key.run, network, kept) != key);
    network.checkpoints = rest.collect();
    network.checkpoints.len() < before
}

/// Returns what the network does then.
fn begin_from_older(state: &mut State, model: ModelId) -> String {
    let own = state.history.get(model.run).and_then(|run| run.get(model.network)?.resumable());
    if let Some(kept) = own {
        return format!("goes on after epoch {}", kept.epoch);
    }
    if let Some(run) = state.history.get_mut(model.run) {
        run.begin_anew(model.network);
    }
    match source(state, model) {
        Some(_) => "goes on from the run from which it branched".to_owned(),
        None => "begins anew".to_owned(),
    }
}

//! Opens workers, gives them work, and handles the loss of one. Leaves out: their messages (`heard`).

use super::effect::Effect;
use super::finish::{fail, finish_run};
use super::outer;
use super::phase::{EnginePhase, Task, Worker};
use super::state::{Hold, State};
use super::storage::BlobKey;
use crate::config::{BackendChoice, NetworkKind};
use crate::protocol::ToEngine;
use crate::run::ModelId;
use crate::run::report::Backend;

/// Starts one more worker.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    open_at(state, state.workers.len())
}

/// Starts a worker in this place. Those behind it move on.
fn open_at(state: &mut State, place: usize) -> Vec<Effect> {
    state.workers_opened += 1;
    state.workers.insert(place, Worker::new(state.workers_opened));
    vec![Effect::OpenWorker(state.workers_opened), Effect::Send(state.workers_opened, ToEngine::Open)]
}

/// Opens a worker in the first place.
fn open_first(state: &mut State) -> Vec<Effect> {
    state.engine = EnginePhase::Waiting;
    open_at(state, 0)
}

/// The place of the worker with this id.
pub(super) fn place_of(state: &State, id: u64) -> Option<usize> {
    state.workers.iter().position(|worker| worker.id == id)
}

/// Asks a worker for the next thing that it has to do.
pub(super) fn advance(state: &mut State, place: usize) -> Vec<Effect> {
    let active = state.history.active();
    let backend = active.map_or(state.config.backend, |run| run.config.backend);
    let Some(worker) = state.workers.get_mut(place).filter(|w| w.has_data && w.task == Task::Idle) else {
        return Vec::new();
    };
    let id = worker.id;
    if worker.device_for != Some(backend) {
        worker.device_for = Some(backend);
        worker.task = Task::ChoosingDevice;
        return vec![Effect::Send(id, ToEngine::ChooseDevice { backend })];
    }
    let Some(run) = active.map(|run| run.id) else { return Vec::new() };
    let Some(network) = state.queue.next(place) else { return Vec::new() };
    let model = ModelId { run, network };
    worker.task = Task::Training(model);
    train(state, id, model)
}

/// The checkpoint that a network goes on from: its own newest usable one, or that of the run from which it branched; `None` where it begins.
pub(super) fn source(state: &State, model: ModelId) -> Option<BlobKey> {
    let run = state.history.get(model.run)?;
    let network = run.get(model.network)?;
    let own = network.resumable().map(|kept| BlobKey::of(model.run, network, kept));
    own.or_else(|| BlobKey::origin(run, model.network))
}

/// Lets a worker train a network: from its checkpoint, if it has one, else from the beginning.
pub(super) fn train(state: &State, id: u64, model: ModelId) -> Vec<Effect> {
    let Some(run) = state.history.get(model.run) else { return Vec::new() };
    let Some(network) = run.get(model.network) else { return Vec::new() };
    let message = ToEngine::Train { model, config: run.config.clone(), extra_epochs: network.extra_epochs };
    let mut effects = vec![match source(state, model) {
        Some(key) => Effect::SendBlob(id, message, key),
        None => Effect::Send(id, message),
    }];
    match state.hold {
        Hold::No => {}
        Hold::Now => effects.push(Effect::Send(id, ToEngine::Pause { run: model.run })),
        Hold::AfterEpoch => effects.push(Effect::Send(id, ToEngine::StepEpoch { run: model.run })),
    }
    effects
}

/// Tells every worker that trains something about the active run.
pub(super) fn tell_all(state: &State, message: impl Fn(u64) -> ToEngine) -> Vec<Effect> {
    let Some(run) = state.history.active() else { return Vec::new() };
    let training = state.workers.iter().filter(|worker| matches!(worker.task, Task::Training(_)));
    training.map(|worker| Effect::Send(worker.id, message(run.id))).collect()
}

/// A worker broke down or could not be started. Its network ends, and the others go on. If the cause may be a GPU, the network begins
/// again on the CPU.
pub(super) fn lost(state: &mut State, id: u64, message: String) -> Vec<Effect> {
    let Some(place) = place_of(state, id) else { return Vec::new() };
    let worker = state.workers.remove(place);
    let mut effects = vec![Effect::CloseWorker(id), Effect::Announce(outer::error(&message))];
    let said = message.lines().next().unwrap_or_default().to_owned();
    if place == 0 && blames_gpu(state, &worker) {
        effects.extend(to_cpu(state, &worker, &said));
        return effects;
    }
    let (network, waiting) = (training(&worker), state.queue.take(place));
    if let Some(model) = network {
        fail(state, model, &message);
    }
    // The first worker is replaced, so that its waiting networks are trained. If it never had the dataset, a new one would fail too.
    let go_on = place == 0 && worker.has_data && !waiting.is_empty();
    if go_on {
        state.notice(message);
        state.queue.put(place, waiting);
        effects.extend(open_first(state));
        return effects;
    }
    if let Some(run) = state.history.active().map(|run| run.id) {
        waiting.into_iter().for_each(|network| fail(state, ModelId { run, network }, &message));
    }
    state.queue.remove(place);
    if state.workers.iter().any(|worker| worker.has_data) {
        // Another worker takes its place.
        state.notice(message);
    } else {
        effects.extend(state.workers.drain(..).map(|worker| Effect::CloseWorker(worker.id)));
        state.engine = EnginePhase::Failed(message);
    }
    effects.extend(finish_run(state));
    effects
}

fn training(worker: &Worker) -> Option<ModelId> {
    match worker.task {
        Task::Training(model) => Some(model),
        _ => None,
    }
}

fn blames_gpu(state: &State, worker: &Worker) -> bool {
    let choice = worker.device_for;
    let may_be_gpu = matches!(choice, Some(BackendChoice::Auto | BackendChoice::WebGpu));
    let is_gpu = state.device.as_ref().is_some_and(|device| device.backend == Backend::WebGpu);
    may_be_gpu && (is_gpu || worker.is_choosing())
}

/// What the worker trained, and what waited for it, begins again on the CPU. What is finished stays finished.
fn to_cpu(state: &mut State, worker: &Worker, said: &str) -> Vec<Effect> {
    state.config.backend = BackendChoice::Flex;
    state.device = None;
    let again: Vec<NetworkKind> =
        training(worker).map(|model| model.network).into_iter().chain(state.queue.take(0)).collect();
    let then = match state.history.active_mut() {
        Some(run) => {
            run.config.backend = BackendChoice::Flex;
            run.begin_again(&again);
            let first = again.first().and_then(|&kind| run.get(kind));
            match first.and_then(|network| network.resumable()) {
                Some(kept) => {
                    format!(", and the network that was in training goes on there after its epoch {}", kept.epoch)
                }
                None => ", and the network that was in training begins again on it".to_owned(),
            }
        }
        None => String::new(),
    };
    state.queue.put(0, again);
    state.notice(format!("WebGPU broke down ({said}). The backend is now the CPU{then}."));
    let mut effects = vec![Effect::ShowFragment(state.config.clone().into())];
    effects.extend(open_first(state));
    effects
}

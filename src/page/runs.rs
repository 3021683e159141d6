//! What a person does with a run: start, hold, go on, stop; and what follows when it is over.

use super::effect::Effect;
use super::phase::Task;
use super::state::{Hold, State};
use super::workers::{advance, fail, open};
use crate::protocol::ToEngine;
use crate::protocol::embed::{Message, Outgoing};
use crate::run::{ModelId, Phase, Queue, RunRecord};

/// Starts a run with the form's settings.
pub(super) fn start(state: &mut State, hold: Hold) -> Vec<Effect> {
    if !state.can_start() {
        return Vec::new();
    }
    (state.hold, state.told) = (hold, false);
    let (id, config) = (state.history.next_id(), state.config.clone());
    state.queue = Queue::of(&config);
    let (dataset, device, host) = (state.dataset.clone(), state.device.clone(), state.environment.host.clone());
    state.history.push(RunRecord::begin(id, config, dataset, device, host));
    let mut effects = Vec::new();
    while state.workers.len() < state.queue.workers() {
        effects.extend(open(state));
    }
    for place in 0..state.workers.len() {
        effects.extend(advance(state, place));
    }
    effects
}

/// Holds the run between two steps.
pub(super) fn pause(state: &mut State) -> Vec<Effect> {
    state.hold = Hold::Now;
    tell_all(state, |run| ToEngine::Pause { run })
}

/// Goes on.
pub(super) fn resume(state: &mut State) -> Vec<Effect> {
    state.hold = Hold::No;
    tell_all(state, |run| ToEngine::Resume { run })
}

/// Goes on to the end of the epoch.
pub(super) fn step(state: &mut State) -> Vec<Effect> {
    state.hold = Hold::AfterEpoch;
    tell_all(state, |run| ToEngine::StepEpoch { run })
}

/// Ends what trains, and scores it. What has not begun is left out.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let mut effects = tell_all(state, |run| ToEngine::Stop { run });
    let waiting: Vec<_> = (0..state.queue.workers()).flat_map(|place| state.queue.take(place)).collect();
    if let Some(run) = state.history.active_mut() {
        let id = run.id;
        run.drop_waiting();
        // What is left of these still waits for its worker or for a device: nothing was trained, so there is nothing to score.
        for network in waiting {
            fail(state, ModelId { run: id, network }, "it was stopped before its training began");
        }
    }
    effects.extend(finish_run(state));
    effects
}

fn tell_all(state: &State, message: impl Fn(u64) -> ToEngine) -> Vec<Effect> {
    let Some(run) = state.history.active() else { return Vec::new() };
    let training = state.workers.iter().filter(|worker| matches!(worker.task, Task::Training(_)));
    training.map(|worker| Effect::Send(worker.id, message(run.id))).collect()
}

/// Where no network is left in training: tells what is finished, and gives the memory of a second worker back once its network is
/// kept by the first one.
pub(super) fn finish_run(state: &mut State) -> Vec<Effect> {
    if state.is_running() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    let report = state.run().filter(|_| !state.told).and_then(|run| run.report());
    if let Some(report) = report {
        state.told = true;
        effects.push(Effect::Announce(Outgoing::new(Message::Result { report: Box::new(report) })));
    }
    for place in (1..state.workers.len()).rev() {
        effects.extend(hand_over(state, place));
    }
    effects
}

/// Asks a worker that is not needed any more for its network, or closes it where it has none.
fn hand_over(state: &mut State, place: usize) -> Vec<Effect> {
    let Some(worker) = state.workers.get_mut(place) else { return Vec::new() };
    let id = worker.id;
    match (worker.task, worker.trained) {
        (Task::HandingOver(_), _) => Vec::new(),
        (_, Some(model)) if finished(&state.history, model) => {
            worker.task = Task::HandingOver(model);
            vec![Effect::Send(id, ToEngine::TakeModel { model })]
        }
        _ => {
            state.workers.remove(place);
            vec![Effect::CloseWorker(id)]
        }
    }
}

fn finished(history: &crate::run::History, model: ModelId) -> bool {
    let network = history.get(model.run).and_then(|run| run.get(model.network));
    network.is_some_and(|network| network.phase == Phase::Done)
}

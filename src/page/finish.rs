//! How networks and runs end: a failure, the result for the page around this one, the memory of a second worker.

use super::effect::Effect;
use super::phase::Task;
use super::state::State;
use crate::protocol::ToEngine;
use crate::protocol::embed::{Message, Outgoing};
use crate::run::{History, ModelId, Phase, RunEvent};

/// One network has no result.
pub(super) fn fail(state: &mut State, model: ModelId, message: &str) {
    state.history.apply(model.run, model.network, RunEvent::Failed { message: message.to_owned() }, Vec::new());
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

fn finished(history: &History, model: ModelId) -> bool {
    let network = history.get(model.run).and_then(|run| run.get(model.network));
    network.is_some_and(|network| network.phase == Phase::Done)
}

//! The end of networks and runs: a failed network, the result for a page around this one, closing a second worker. Leaves out: what
//! ends them (`runs`, `heard`, `workers`).

use super::effect::Effect;
use super::phase::Task;
use super::state::State;
use crate::protocol::ToEngine;
use crate::protocol::embed::{Message, Outgoing};
use crate::run::{History, ModelId, Phase, RunEvent};

/// Ends one network without a result.
pub(super) fn fail(state: &mut State, model: ModelId, message: &str) {
    state.history.apply(model.run, model.network, RunEvent::Failed { message: message.to_owned() }, Vec::new());
}

/// If no network is in training any more: announces the result, and closes a second worker as soon as the first one has its network.
pub(super) fn finish_run(state: &mut State) -> Vec<Effect> {
    if state.is_running() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    let report = state.present().filter(|_| !state.told).and_then(|run| run.report());
    if let Some(report) = report {
        state.told = true;
        effects.push(Effect::Announce(Outgoing::new(Message::Result { report: Box::new(report) })));
    }
    for place in (1..state.workers.len()).rev() {
        effects.extend(hand_over(state, place));
    }
    effects
}

/// Asks a worker that is not needed any more for its network, or closes it if it has none.
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

//! Handles the messages of workers. Leaves out: what a person does (`runs`).

use super::effect::Effect;
use super::epochs;
use super::finish::finish_run;
use super::outer;
use super::phase::{DataPhase, EnginePhase, Task};
use super::state::State;
use super::storage::BlobKey;
use super::workers::{advance, lost, place_of};
use crate::protocol::{FileFailure, FromEngine, PROTOCOL_VERSION, ToEngine, floats};
use crate::run::report::DeviceInfo;
use crate::run::{ModelId, RunEvent};
use std::rc::Rc;

/// Handles a message of the worker with this id. A message of a worker that was closed is ignored.
pub(super) fn heard(state: &mut State, id: u64, message: FromEngine, mut beside: Vec<Vec<u8>>) -> Vec<Effect> {
    let Some(place) = place_of(state, id) else { return Vec::new() };
    let bytes = if beside.is_empty() { Vec::new() } else { beside.swap_remove(0) };
    let first = place == 0;
    let mut effects = match message {
        FromEngine::Opened { protocol } => return opened(state, place, id, protocol),
        FromEngine::Crashed { message } => return lost(state, id, message),
        FromEngine::DataProgress { received, total, source, .. } => {
            if first && !matches!(state.data, DataPhase::Ready(..)) {
                state.data = DataPhase::Loading(received, total, source);
            }
            Vec::new()
        }
        FromEngine::DataReady { source, seconds, dataset, ignored } => {
            state.workers[place].has_data = true;
            if first {
                state.dataset = dataset;
                data_ready(state, source, seconds, &ignored, bytes);
            }
            Vec::new()
        }
        FromEngine::DataFailed { failures } if first => {
            let told = outer::error(&said_of(&failures));
            state.data = DataPhase::Failed(failures);
            vec![Effect::Announce(told)]
        }
        // Its networks end; the first worker goes on.
        FromEngine::DataFailed { failures } => {
            let message = format!("A second worker could not load the dataset: {}.", said_of(&failures));
            return lost(state, id, message);
        }
        FromEngine::DeviceReady { device } => device_ready(state, place, device),
        FromEngine::Run { model, event } => run_event(state, place, model, event, &bytes),
        FromEngine::Model { model } => handed_over(state, place, model, bytes),
        FromEngine::Failed { message } => {
            let worker = &mut state.workers[place];
            if worker.is_choosing() {
                worker.task = Task::Idle;
            }
            epochs::refused(state, id);
            let told = outer::error(&message);
            state.notice(message);
            vec![Effect::Announce(told)]
        }
        FromEngine::Images { .. } => Vec::new(), // `app` keeps pixels.
        FromEngine::Answers { request, images } => {
            epochs::answered(state, request, images, &bytes);
            Vec::new()
        }
        FromEngine::Checkpoint { .. } => Vec::new(), // It comes as `Msg::CheckpointCame`.
    };
    if place < state.workers.len() {
        effects.extend(advance(state, place));
    }
    effects.extend(epochs::ask(state));
    effects
}

fn opened(state: &mut State, place: usize, id: u64, protocol: u32) -> Vec<Effect> {
    if protocol != PROTOCOL_VERSION {
        let message = "The page and its engine are of different versions. Reload the page without its cache.";
        return lost(state, id, message.to_owned());
    }
    if place == 0 {
        state.engine = EnginePhase::Ready;
        if !matches!(state.data, DataPhase::Ready(..)) {
            state.data = DataPhase::Loading(0, 0, String::new());
        }
    }
    vec![Effect::Send(id, ToEngine::LoadData { base: state.environment.data_base.clone() })]
}

fn data_ready(state: &mut State, source: String, seconds: f64, ignored: &[FileFailure], labels: Vec<u8>) {
    if !ignored.is_empty() {
        state.notice(format!("Not used: {}.", said_of(ignored)));
    }
    // A worker that replaces another one has the same dataset.
    if !matches!(state.data, DataPhase::Ready(..)) {
        state.data = DataPhase::Ready(source, seconds);
        state.labels = Rc::new(labels);
    }
}

fn said_of(failures: &[FileFailure]) -> String {
    let said: Vec<String> = failures.iter().map(|f| format!("{} ({}): {}", f.file, f.address, f.reason)).collect();
    said.join("; ")
}

fn device_ready(state: &mut State, place: usize, device: DeviceInfo) -> Vec<Effect> {
    state.workers[place].task = Task::Idle;
    if place > 0 {
        return Vec::new();
    }
    if let Some(run) = state.history.active_mut() {
        run.device.get_or_insert_with(|| device.clone());
    }
    let told = outer::ready(&device);
    state.device = Some(device);
    vec![Effect::Announce(told)]
}

fn run_event(state: &mut State, place: usize, model: ModelId, event: RunEvent, bytes: &[u8]) -> Vec<Effect> {
    let ends = matches!(event, RunEvent::Finished { .. } | RunEvent::Failed { .. });
    if ends {
        let worker = &mut state.workers[place];
        worker.task = Task::Idle;
        worker.trained = matches!(event, RunEvent::Finished { .. }).then_some(model).or(worker.trained);
    }
    let finished = matches!(event, RunEvent::Finished { .. });
    let told = outer::announcement(model, &event);
    let notice = notice_of(model, &event);
    let probabilities = floats(bytes);
    let mut effects = Vec::new();
    if state.history.apply(model.run, model.network, event, probabilities) {
        effects.extend(told.map(Effect::Announce));
        notice.into_iter().for_each(|text| state.notice(text));
        if finished && !bytes.is_empty() {
            effects.push(Effect::KeepBlob(BlobKey::test_answers(model)));
        }
    }
    if ends {
        effects.extend(finish_run(state));
    }
    effects
}

/// What somebody should know of an event.
fn notice_of(model: ModelId, event: &RunEvent) -> Option<String> {
    let label = model.network.label();
    match event {
        RunEvent::FellBack { device } => Some(format!("{label}: {}", device.why)),
        RunEvent::Interrupted { seconds, .. } => Some(format!(
            "{label}: the machine stood still for {seconds:.0} s (sleep, perhaps). This is not counted as training time."
        )),
        RunEvent::Failed { message } => Some(message.clone()),
        _ => None,
    }
}

/// The first worker keeps what a second one trained, and the second one is closed.
fn handed_over(state: &mut State, place: usize, model: ModelId, checkpoint: Vec<u8>) -> Vec<Effect> {
    if place == 0 || state.workers[place].task != Task::HandingOver(model) {
        return Vec::new();
    }
    let second = state.workers.remove(place);
    let keeper = state.workers[0].id;
    vec![Effect::SendBytes(keeper, ToEngine::KeepModel { model }, checkpoint), Effect::CloseWorker(second.id)]
}

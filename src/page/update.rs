//! Every decision of the page: how its state changes when something happens, and what has to be done then.
//!
//! Pure. Messages of workers are handled in [`super::heard`], runs in [`super::runs`].

use super::capability::{Capability, sentence, stray_drop};
use super::effect::{Effect, Msg};
use super::heard::heard;
use super::keep::{self, Snapshot};
use super::phase::{DataPhase, EnginePhase, Worker};
use super::shipped::ShippedPhase;
use super::state::{Hold, State};
use super::workers::{lost, open};
use super::{asked, branch, classifier, delete, epochs, export, go_on, import, loaded, outer, rate, room, runs};
use crate::config::{PRESETS, RunConfig};
use crate::protocol::ToEngine;
use crate::protocol::classifier::FromClassifier;
use crate::run::KeptCheckpoint;
use std::rc::Rc;

/// Changes the state by a message, and returns what has to be done then.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let before = Snapshot::of(state);
    let mut effects = match msg {
        Msg::EngineLoading(received, total) => {
            state.engine = EnginePhase::Loading(received, total);
            Vec::new()
        }
        Msg::Compiled(Ok(())) => {
            state.compiled = true;
            open(state)
        }
        Msg::Compiled(Err(message)) => {
            let told = outer::error(&message);
            state.engine = EnginePhase::Failed(message);
            vec![Effect::Announce(told)]
        }
        Msg::Heard(worker, message, beside) => heard(state, worker, message, beside),
        Msg::WorkerLost(worker, message) => lost(state, worker, message),
        Msg::Set(key, value) => set(state, key, &value),
        Msg::Preset(key) => preset(state, key),
        Msg::Fragment(fragment) => {
            let read = RunConfig::from_fragment(&fragment);
            read.messages().into_iter().for_each(|message| state.notice(message));
            state.config = read.config;
            state.look_at(&read.view);
            Vec::new()
        }
        Msg::Start => runs::start(state, Hold::No),
        Msg::Step if state.is_running() => runs::step(state),
        Msg::Step => runs::start(state, Hold::AfterEpoch),
        Msg::Pause => runs::pause(state),
        Msg::Resume => runs::resume(state),
        Msg::Stop => runs::stop(state),
        Msg::Retry => retry(state),
        Msg::Files => match state.workers.first() {
            Some(&Worker { id, .. }) => {
                state.data = DataPhase::Loading(0, 0, String::new());
                vec![Effect::SendFiles(id)]
            }
            None => Vec::new(),
        },
        Msg::StrayDrop => {
            let box_is_shown = !matches!(state.data, DataPhase::Ready(..));
            state.notice(stray_drop(box_is_shown));
            Vec::new()
        }
        Msg::Theme => {
            state.dark = !state.dark;
            vec![Effect::ShowTheme(state.dark)]
        }
        Msg::Export => export::export(state),
        Msg::ExportAs(run, form) => export::export_as(state, run, form),
        Msg::Import => import::open(state),
        Msg::FromClassifier(FromClassifier::UseConfig(config)) => import::configure(state, *config),
        Msg::FromClassifier(FromClassifier::Imported(record, parts)) => import::imported(state, &record, &parts),
        Msg::Copied(outcome, field, said) => match sentence(Capability::Clipboard, &outcome) {
            None => {
                state.notice(said);
                Vec::new()
            }
            Some(refused) => {
                state.notice(refused);
                vec![Effect::Select(field)]
            }
        },
        Msg::Saved(outcome) => {
            if let Some(refused) = sentence(Capability::Download, &outcome) {
                state.notice(refused);
            }
            Vec::new()
        }
        Msg::Dismiss(at) => {
            if at < state.notices.len() {
                state.notices.remove(at);
            }
            Vec::new()
        }
        Msg::Notice(text) => {
            state.notice(text);
            Vec::new()
        }
        Msg::Show(view) => {
            state.view = view;
            Vec::new()
        }
        Msg::Pick(place) => {
            state.picked = place;
            Vec::new()
        }
        Msg::Stored(records, live) => loaded::stored(state, records, &live),
        Msg::CheckpointCame { worker, model, epoch, step, bytes } => {
            keep::checkpoint_came(state, worker, model, KeptCheckpoint { epoch, step, bytes })
        }
        Msg::NotKept(run, key, error) => room::not_kept(state, run, key, error),
        Msg::BlobMissing(key, worker) => go_on::blob_missing(state, key, worker),
        Msg::BlobLoaded(key, bytes) => loaded::blob_loaded(state, key, &bytes),
        Msg::Hidden => keep::hidden(state),
        Msg::FromClassifier(message) => classifier::heard(state, message),
        Msg::NoClassifier(message) => {
            classifier::failed(state, message);
            Vec::new()
        }
        Msg::RetryClassifier => {
            classifier::retry(state);
            Vec::new()
        }
        Msg::Asked(incoming) => asked::asked(state, incoming),
        Msg::Inspect(set, index) => classifier::inspect(state, set, index),
        Msg::SelectRun(run) => loaded::select(state, run),
        Msg::CompareRun(side, run) => loaded::compare(state, side, run),
        Msg::GoOn(run) => go_on::go_on(state, run),
        Msg::LeaveUnfinished(run) => go_on::leave(state, run),
        Msg::NoteRun(run, note) => keep::mark(state, run, |marks| marks.note = note),
        Msg::StarRun(run, on) => keep::mark(state, run, |marks| marks.starred = on),
        Msg::DeleteRun(run) => delete::delete(state, run),
        Msg::UndoDelete => delete::undo(state),
        Msg::Branch(epoch) => branch::branch(state, epoch),
        Msg::OneMoreEpoch => rate::one_more_epoch(state),
        Msg::ScaleLearningRate(factor) => rate::scale(state, factor),
        Msg::OpenEpoch(epoch) => epochs::open(state, epoch),
        Msg::Overlay(run, on) => {
            epochs::overlay(state, run, on);
            Vec::new()
        }
        Msg::Shipped(done) => {
            state.shipped = done.map_or_else(ShippedPhase::Failed, |answers| ShippedPhase::Ready(Rc::new(answers)));
            Vec::new()
        }
    };
    effects.extend(go_on::proceed(state));
    effects.extend(runs::autostart(state));
    before.follow(state, &mut effects);
    classifier::follow(state, &mut effects);
    effects
}

fn set(state: &mut State, key: &str, value: &str) -> Vec<Effect> {
    let mut config = state.config.clone();
    match config.set(key, value) {
        Ok(()) => runs::configure(state, config),
        Err(_) => Vec::new(), // The field itself shows what is wrong.
    }
}

/// A preset keeps the backend, because that depends on the machine.
fn preset(state: &mut State, key: &str) -> Vec<Effect> {
    match PRESETS.iter().find(|preset| preset.key == key) {
        Some(preset) => {
            let backend = state.config.backend;
            runs::configure(state, RunConfig { backend, ..preset.config() })
        }
        None => Vec::new(),
    }
}

fn retry(state: &mut State) -> Vec<Effect> {
    if !matches!(state.engine, EnginePhase::Failed(_)) {
        let Some(worker) = state.workers.first() else { return Vec::new() };
        state.data = DataPhase::Loading(0, 0, String::new());
        return vec![Effect::Send(worker.id, ToEngine::LoadData { base: state.environment.data_base.clone() })];
    }
    let mut effects: Vec<_> = state.workers.drain(..).map(|worker| Effect::CloseWorker(worker.id)).collect();
    state.engine = EnginePhase::Waiting;
    effects.extend(if state.compiled { open(state) } else { vec![Effect::Compile] });
    effects
}

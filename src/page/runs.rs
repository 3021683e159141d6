//! Handles what a person does with a run: settings, start, hold, go on, stop. Leaves out: what follows the end of a run (`finish`).

use super::effect::Effect;
use super::finish::{fail, finish_run};
use super::keep::forget;
use super::state::{Hold, State};
use super::workers::{advance, open, tell_all};
use crate::config::RunConfig;
use crate::protocol::ToEngine;
use crate::run::{ModelId, Queue, RUN_COLOURS, RunRecord};
use std::rc::Rc;

/// Sets the form.
pub(super) fn configure(state: &mut State, config: RunConfig) -> Vec<Effect> {
    state.config = config.clone();
    vec![Effect::ShowFragment(Rc::new(config))]
}

/// If a run shall start by itself, it starts once engine, dataset and device are there.
pub(super) fn autostart(state: &mut State) -> Vec<Effect> {
    if state.autostart && state.device.is_some() && state.can_start() { start(state, Hold::No) } else { Vec::new() }
}

/// Starts a run with the form's settings.
pub(super) fn start(state: &mut State, hold: Hold) -> Vec<Effect> {
    if !state.can_start() {
        return Vec::new();
    }
    let (id, config) = (new_id(state), state.config.clone());
    let (dataset, device, host) = (state.dataset.clone(), state.device.clone(), state.environment.host.clone());
    begin(state, RunRecord::begin(id, config, dataset, device, host), hold)
}

/// An id that no run has, here or in another tab: milliseconds since 1970 x 1000 + the tab's number.
pub(super) fn new_id(state: &State) -> u64 {
    let mut id = state.now_ms * 1000 + state.environment.tab;
    while state.history.get(id).is_some() || state.deleted.as_ref().is_some_and(|run| run.id == id) {
        id += 1000;
    }
    id
}

/// Begins a run that was made.
pub(super) fn begin(state: &mut State, mut run: RunRecord, hold: Hold) -> Vec<Effect> {
    (run.started_ms, run.colour) = (state.now_ms, state.history.runs().len() % RUN_COLOURS);
    let mut effects = forget(state);
    // A person who starts something else does not wait for it any more. It is still offered.
    state.going_on = None;
    let (id, queue) = (run.id, Queue::of(&run.config));
    state.history.push(run);
    effects.extend(set_off(state, id, queue, hold));
    effects
}

/// Lets the workers begin with a run that is in the history.
pub(super) fn set_off(state: &mut State, id: u64, queue: Queue, hold: Hold) -> Vec<Effect> {
    (state.queue, state.hold, state.told, state.opened) = (queue, hold, false, None);
    state.autostart = false; // It would be a second run.
    state.visit.retain(|&other| other != id);
    state.visit.push(id);
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
        // Networks that are still here wait for a worker or a device. Nothing was trained, so there is nothing to score.
        for network in waiting {
            fail(state, ModelId { run: id, network }, "it was stopped before its training began");
        }
    }
    effects.extend(finish_run(state));
    effects
}

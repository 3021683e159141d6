//! Changes of a run in its middle: its learning rate and its length. Leaves out: the engine's part (`train`), and a run that has ended
//! (`branch`).

use super::branch;
use super::effect::Effect;
use super::phase::Task;
use super::state::State;
use crate::protocol::ToEngine;
use crate::run::{ModelId, Phase, RunRecord};

/// Multiplies the learning rate of what trains from its next step on. What has not begun keeps its settings.
pub(super) fn scale(state: &State, factor: f64) -> Vec<Effect> {
    if !(factor.is_finite() && factor > 0.0) {
        return Vec::new();
    }
    tell_trained(state, |run| ToEngine::ScaleLearningRate { run, factor })
}

/// Lengthens the present run by an epoch: what trains is told, and what has not begun is longer from its start. A run that has ended goes on
/// as a new one.
pub(super) fn one_more_epoch(state: &mut State) -> Vec<Effect> {
    if !state.is_running() {
        return branch::longer(state);
    }
    let begun: Vec<ModelId> = trained(state).map(|(_, model)| model).collect();
    let effects = tell_trained(state, |run| ToEngine::OneMoreEpoch { run });
    if let Some(run) = state.history.active_mut() {
        let id = run.id;
        let waits = |kind| !begun.contains(&ModelId { run: id, network: kind });
        let waiting = |phase| matches!(phase, Phase::Waiting | Phase::WarmingUp);
        let later = run.networks.iter_mut().filter(|network| waiting(network.phase) && waits(network.kind));
        later.for_each(|network| network.extra_epochs += 1);
    }
    effects
}

/// The workers that train, each with its network.
fn trained(state: &State) -> impl Iterator<Item = (u64, ModelId)> {
    state.workers.iter().filter_map(|worker| match worker.task {
        Task::Training(model) => Some((worker.id, model)),
        _ => None,
    })
}

/// Tells something to the workers whose training has not ended: one that scores cannot change any more.
fn tell_trained(state: &State, message: impl Fn(u64) -> ToEngine) -> Vec<Effect> {
    let Some(run) = state.history.active() else { return Vec::new() };
    let trains = |model: ModelId| run.get(model.network).is_some_and(|network| network.phase != Phase::Scoring);
    let workers = trained(state).filter(|(_, model)| model.run == run.id && trains(*model));
    workers.map(|(worker, _)| Effect::Send(worker, message(run.id))).collect()
}

/// The learning rate of a run now: that of its network in training after its last change or its last epoch, whichever is later; before both
/// the config's.
pub fn present_rate(run: &RunRecord) -> f64 {
    let now =
        run.networks.iter().find(|network| network.phase.is_active()).or(run.networks.last()).and_then(|network| {
            let epoch = network.epochs.last();
            let change =
                network.rate_changes.last().filter(|change| epoch.is_none_or(|epoch| change.epoch > epoch.epoch));
            change.map(|change| change.learning_rate).or(epoch.map(|epoch| epoch.learning_rate))
        });
    now.unwrap_or(run.config.learning_rate)
}

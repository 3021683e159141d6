//! New runs that go on from an epoch of the shown run: a branch with the form's settings, and a run that has ended and shall be longer.
//! Leaves out: what a branch takes from its parent (`run::branch`).

use super::effect::Effect;
use super::phase::{DataPhase, EnginePhase};
use super::runs;
use super::state::{Hold, State};
use crate::config::{NetworkKind, RunConfig};
use crate::run::{RunRecord, branch_config, networks_of};

/// Begins a new run from this epoch (from 1) of the shown run, with the form's settings where they may differ. Only networks with a
/// checkpoint of that epoch go on.
pub(super) fn branch(state: &mut State, epoch: usize) -> Vec<Effect> {
    let Some(parent) = state.run().cloned() else { return Vec::new() };
    let config = branch_config(&parent.config, &state.config, epoch);
    let from = parent.checkpoints_of(epoch);
    begin(state, &parent, config, &from, 0)
}

/// Begins a new run that is the shown run, which has ended, and one epoch more.
pub(super) fn longer(state: &mut State) -> Vec<Effect> {
    let Some(parent) = state.run().cloned() else { return Vec::new() };
    let from = parent.last_checkpoints();
    // A run that was stopped early is one epoch longer too, and does not go on to its planned end: the new one ends where the parent
    // ended, and has extra epochs from there on.
    let epochs = from.iter().map(|&(_, epoch)| epoch.min(parent.config.epochs)).min().unwrap_or(parent.config.epochs);
    let config = RunConfig { epochs, ..parent.config.clone() };
    begin(state, &parent, config, &from, 1)
}

/// `more`: extra epochs of each network beyond the epoch that it goes on from; 0 for none beyond the config's.
fn begin(
    state: &mut State,
    parent: &RunRecord,
    mut config: RunConfig,
    from: &[(NetworkKind, usize)],
    more: usize,
) -> Vec<Effect> {
    let kinds: Vec<NetworkKind> = from.iter().map(|&(kind, _)| kind).collect();
    let Some(networks) = networks_of(&kinds) else {
        state.notice("No checkpoint of this epoch is kept, so no run can go on from there. Choose another epoch.");
        return Vec::new();
    };
    if state.is_running() {
        state.notice("A run is in training. Stop it before another one begins from an epoch.");
        return Vec::new();
    }
    if state.engine != EnginePhase::Ready || !matches!(state.data, DataPhase::Ready(..)) {
        state.notice("The engine and the dataset are not ready yet, so no run can begin.");
        return Vec::new();
    }
    config.networks = networks;
    if let Some(wrong) = config.validate().err().and_then(|errors| errors.into_iter().next()) {
        state.notice(format!("A run from this epoch cannot have these settings: {wrong}."));
        return Vec::new();
    }
    let epochs = config.epochs;
    let (dataset, device, host) = (state.dataset.clone(), state.device.clone(), state.environment.host.clone());
    let id = runs::new_id(state);
    let mut run = RunRecord::branch(id, config, parent, from, dataset, device, host);
    for network in run.networks.iter_mut().filter(|_| more > 0) {
        network.extra_epochs = (network.epoch + more).saturating_sub(epochs);
    }
    runs::begin(state, run, Hold::No)
}

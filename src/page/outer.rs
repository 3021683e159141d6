//! Makes the messages for a page around this one ([`crate::protocol::embed`]) from the page's state and the events of its runs.
//!
//! Pure. Leaves out: posting them (`app::embed`).

use super::state::State;
use crate::protocol::embed::{Evaluated, Message, NetworkNow, Outgoing, Progress, Ready, StateNow};
use crate::run::report::DeviceInfo;
use crate::run::{ModelId, NetworkProgress, RunEvent};
use serde_json::Value;

/// The present state, as the answer to a message with this `id`.
pub fn state_message(state: &State, id: Option<Value>) -> Outgoing {
    let run = state.present();
    let now = StateNow {
        phase: state.phase(),
        config: run.map_or(&state.config, |run| &run.config).clone(),
        next: state.config.clone(),
        ready: run.and_then(|run| run.device.as_ref()).or(state.device.as_ref()).map(Ready::from),
        networks: run.iter().flat_map(|run| &run.networks).map(|n| (n.kind.key(), network_now(n))).collect(),
        report: run.filter(|run| !run.is_active()).and_then(|run| run.report()).map(Box::new),
    };
    Outgoing::answering(id, Message::State(Box::new(now)))
}

fn network_now(network: &NetworkProgress) -> NetworkNow {
    let progress = network.step_losses.last().map(|&loss| Progress {
        network: network.kind,
        epoch: network.epoch,
        step: network.step_losses.len(),
        images_per_s: network.images_per_s,
        loss: Some(loss),
        accuracy: network.running_accuracy,
    });
    let evaluated = network.epochs.last().map(|record| Evaluated {
        network: network.kind,
        epoch: record.epoch,
        validation: record.validation,
    });
    NetworkNow { phase: network.phase.word(), progress, evaluated }
}

/// A device is there.
pub(super) fn ready(device: &DeviceInfo) -> Outgoing {
    Outgoing::new(Message::Ready(device.into()))
}

/// Something failed.
pub(super) fn error(message: &str) -> Outgoing {
    Outgoing::new(Message::Error { message: message.to_owned() })
}

/// What a page around this one hears of an event, if anything.
pub(super) fn announcement(model: ModelId, event: &RunEvent) -> Option<Outgoing> {
    let network = model.network;
    match event {
        RunEvent::Progress { epoch, step, images_per_s, losses, accuracy, .. } => {
            Some(Outgoing::new(Message::Progress(Progress {
                network,
                epoch: *epoch,
                step: *step,
                images_per_s: *images_per_s,
                loss: losses.last().copied(),
                accuracy: *accuracy,
            })))
        }
        RunEvent::Epoch { record, .. } => Some(Outgoing::new(Message::Evaluated(Evaluated {
            network,
            epoch: record.epoch,
            validation: record.validation,
        }))),
        RunEvent::Failed { message } => Some(error(message)),
        _ => None,
    }
}

//! What a page around this one hears: the page's state and its engine's messages as messages of [`crate::protocol::embed`].
//!
//! Pure. Leaves out: posting them (`app::embed`).

use super::state::{NetworkRun, State};
use crate::protocol::FromEngine;
use crate::protocol::embed::{Evaluated, Message, NetworkNow, Outgoing, Progress, Ready, StateNow};
use serde_json::Value;

/// The present state, as the answer to a `hello` with this `id`.
pub fn state_message(state: &State, id: Option<Value>) -> Outgoing {
    let run = state.run.as_ref();
    let now = StateNow {
        phase: state.phase(),
        config: run.map_or(&state.config, |run| &run.config).clone(),
        ready: run.and_then(|run| run.device.as_ref()).or(state.device.as_ref()).map(Ready::from),
        networks: run.iter().flat_map(|run| &run.networks).map(|n| (n.kind.key(), network_now(n))).collect(),
        report: run.and_then(|run| run.report()).map(Box::new),
    };
    Outgoing::answering(id, Message::State(Box::new(now)))
}

fn network_now(network: &NetworkRun) -> NetworkNow {
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

/// What a page around this one hears of an engine's message, if anything. Messages of another run are not told.
pub fn announcement(state: &State, message: &FromEngine) -> Option<Outgoing> {
    let of_run = |run: u64| state.run.as_ref().is_some_and(|r| r.id == run);
    let message = match message {
        FromEngine::DeviceReady { device } => Message::Ready(device.into()),
        FromEngine::Progress { run, network, epoch, step, images_per_s, losses, accuracy, .. } if of_run(*run) => {
            Message::Progress(Progress {
                network: *network,
                epoch: *epoch,
                step: *step,
                images_per_s: *images_per_s,
                loss: losses.last().copied(),
                accuracy: *accuracy,
            })
        }
        FromEngine::Epoch { run, network, record, .. } if of_run(*run) => {
            Message::Evaluated(Evaluated { network: *network, epoch: record.epoch, validation: record.validation })
        }
        FromEngine::Failed { message, .. } => Message::Error { message: message.clone() },
        FromEngine::DataFailed { failures } => {
            let said: Vec<String> =
                failures.iter().map(|f| format!("{} ({}): {}", f.file, f.address, f.reason)).collect();
            Message::Error { message: said.join("; ") }
        }
        _ => return None,
    };
    Some(Outgoing::new(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NetworkKind;
    use crate::page::state::{Action, DataPhase, EnginePhase};
    use crate::report::{Backend, DeviceInfo};
    use serde_json::json;

    fn value(message: &Outgoing) -> Value {
        serde_json::from_str(&message.to_json()).unwrap()
    }

    fn progress(run: u64) -> FromEngine {
        FromEngine::Progress {
            run,
            network: NetworkKind::Ann,
            epoch: 1,
            step: 2,
            seconds: 0.5,
            images_per_s: 100.0,
            losses: vec![1.5, 0.5],
            times: vec![0.25, 0.5],
            accuracy: 0.75,
        }
    }

    fn ready() -> State {
        let device = DeviceInfo { backend: Backend::Flex, adapter: "a".to_owned(), why: "w".to_owned() };
        State { engine: EnginePhase::Ready, data: DataPhase::Ready("cache".to_owned(), 0.5), ..State::default() }
            .after(Action::Told(FromEngine::DeviceReady { device }, Vec::new()))
    }

    #[test]
    fn a_hello_before_anything_happened_hears_that_the_page_loads() {
        let told = value(&state_message(&State::default(), None));
        assert_eq!(told["type"], "state");
        assert_eq!(told["phase"], "loading");
        assert_eq!(told["config"]["epochs"], 10);
        assert_eq!(told["networks"], json!({}));
        for absent in ["ready", "report", "id"] {
            assert!(told.get(absent).is_none(), "{absent} in {told}");
        }
    }

    #[test]
    fn a_late_listener_hears_the_device_and_the_last_progress_of_each_network() {
        let state = ready().after(Action::Start(1, "browser".to_owned())).after(Action::Told(progress(1), Vec::new()));
        let told = value(&state_message(&state, Some(json!("q1"))));
        assert_eq!(told["id"], "q1");
        assert_eq!(told["phase"], "training");
        assert_eq!(told["ready"], json!({"backend": "flex", "adapter": "a", "why": "w"}));
        let ann = &told["networks"]["ann"];
        assert_eq!(ann["phase"], "training");
        let expected =
            json!({"network": "ann", "epoch": 1, "step": 2, "images_per_s": 100.0, "loss": 0.5, "accuracy": 0.75});
        assert_eq!(ann["progress"], expected);
        assert_eq!(told["networks"]["cnn"], json!({"phase": "waiting"}));
        assert!(told.get("report").is_none());
    }

    #[test]
    fn messages_of_another_run_are_not_told() {
        let state = ready().after(Action::Start(2, "browser".to_owned()));
        assert_eq!(announcement(&state, &progress(1)), None);
        let told = value(&announcement(&state, &progress(2)).unwrap());
        assert_eq!((told["type"].as_str(), told["loss"].as_f64()), (Some("progress"), Some(0.5)));
    }
}

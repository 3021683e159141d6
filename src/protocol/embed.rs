//! The messages between this page and a page around it (a course page that holds it in a frame). Plain JSON objects.
//!
//! Outgoing: `{source: "fashion-lab", version: 1, type, ...}`. Incoming: `{target: "fashion-lab", version: 1, id?, type}`. Pure; leaves
//! out posting and listening (`app::embed`) and which of the page's events become messages (`page::outer`).

use crate::config::{NetworkKind, RunConfig};
use crate::run::report::{Backend, DeviceInfo, RunReport, Score};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What marks a message as this page's, in `source` and in `target`.
pub const NAME: &str = "fashion-lab";

/// The version of these messages. New fields do not change it; a field that goes or changes its meaning does.
pub const VERSION: u32 = 1;

/// A message to the page around this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outgoing {
    source: &'static str,
    version: u32,
    /// The `id` of the message that this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(flatten)]
    message: Message,
}

/// What a message says; its `type` is the variant's name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// A device was chosen: a run can start.
    Ready(Ready),
    /// Some steps are done.
    Progress(Progress),
    /// An epoch is done.
    Evaluated(Evaluated),
    /// A run is over.
    Result {
        /// As "Export run" downloads it.
        report: Box<RunReport>,
    },
    /// Something failed.
    Error {
        /// What, and the next step.
        message: String,
    },
    /// The present state, as the answer to `hello`.
    State(Box<StateNow>),
}

/// What computes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ready {
    /// The backend's key.
    pub backend: Backend,
    /// The GPU adapter's name, or the CPU's features.
    pub adapter: String,
    /// Why this backend was taken.
    pub why: String,
}

impl From<&DeviceInfo> for Ready {
    fn from(device: &DeviceInfo) -> Self {
        Self { backend: device.backend, adapter: device.adapter.clone(), why: device.why.clone() }
    }
}

/// How far a network's training is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// Which network.
    pub network: NetworkKind,
    /// The epoch that runs, from 1.
    pub epoch: usize,
    /// Steps so far.
    pub step: usize,
    /// Training images a second, just now.
    pub images_per_s: f64,
    /// Training loss of the last step.
    pub loss: Option<f32>,
    /// Share of correct answers on this epoch's training batches.
    pub accuracy: f64,
}

/// What an epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluated {
    /// Which network.
    pub network: NetworkKind,
    /// The epoch that ended, from 1.
    pub epoch: usize,
    /// On the validation images; null where there are none.
    pub validation: Option<Score>,
}

/// One network in [`StateNow`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetworkNow {
    /// The word for what it does: `waiting`, `training`, `done`, ...
    pub phase: &'static str,
    /// The last `progress`, without its envelope; left out before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The last `evaluated`, without its envelope; left out before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluated: Option<Evaluated>,
}

/// Everything that a listener has missed if it comes late.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateNow {
    /// The word for what the page does: `loading`, `ready`, `training`, `paused`, `done`, ...
    pub phase: &'static str,
    /// The run's config; before a run, the form's.
    pub config: RunConfig,
    /// The device; left out before one is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// The networks of the present or last run by their keys (`ann`, `cnn`); empty before the first run.
    pub networks: BTreeMap<&'static str, NetworkNow>,
    /// The report of a run that is over; left out before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Box<RunReport>>,
}

impl Outgoing {
    /// A message that nobody asked for.
    pub fn new(message: Message) -> Self {
        Self { source: NAME, version: VERSION, id: None, message }
    }

    /// The answer to a message with this `id`.
    pub fn answering(id: Option<Value>, message: Message) -> Self {
        Self { id, ..Self::new(message) }
    }

    /// The message as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() // Plain values are always written.
    }
}

/// A message of the page around this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Whatever the asker put into `id`: it comes back with the answer.
    pub id: Option<Value>,
    /// The question, or a sentence for the asker that says why it was not understood.
    pub asked: Result<Asked, String>,
}

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// `hello`: the present state.
    State,
}

/// Reads a message. `None` where it is not for this page: other scripts and extensions post to the same window.
pub fn read(json: &str) -> Option<Incoming> {
    #[derive(Deserialize)]
    struct Envelope {
        target: String,
        #[serde(default)]
        version: Value,
        #[serde(default)]
        id: Option<Value>,
        #[serde(default, rename = "type")]
        kind: Value,
    }
    let envelope: Envelope = serde_json::from_value(serde_json::from_str(json).ok()?).ok()?;
    if envelope.target != NAME {
        return None;
    }
    let asked = if envelope.version != VERSION {
        Err(format!("this page understands messages of version {VERSION}, not {}", cut(&envelope.version)))
    } else if envelope.kind == "hello" {
        Ok(Asked::State)
    } else {
        Err(format!("this page understands messages of the type \"hello\", not {}", cut(&envelope.kind)))
    };
    Some(Incoming { id: envelope.id, asked })
}

/// A value of the asker, cut to a length that can be repeated in a message.
fn cut(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string();
    let short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value(message: Outgoing) -> Value {
        serde_json::from_str(&message.to_json()).unwrap()
    }

    #[test]
    fn messages_keep_the_names_that_course_pages_rely_on() {
        let ready = Ready { backend: Backend::Flex, adapter: "a".to_owned(), why: "w".to_owned() };
        assert_eq!(
            value(Outgoing::new(Message::Ready(ready))),
            json!({"source": "fashion-lab", "version": 1, "type": "ready", "backend": "flex", "adapter": "a", "why": "w"})
        );
        let progress = Progress {
            network: NetworkKind::Ann,
            epoch: 2,
            step: 7,
            images_per_s: 10.5,
            loss: Some(0.5),
            accuracy: 0.25,
        };
        assert_eq!(
            value(Outgoing::new(Message::Progress(progress))),
            json!({"source": "fashion-lab", "version": 1, "type": "progress", "network": "ann", "epoch": 2, "step": 7,
                "images_per_s": 10.5, "loss": 0.5, "accuracy": 0.25})
        );
        let evaluated =
            Evaluated { network: NetworkKind::Cnn, epoch: 1, validation: Some(Score { loss: 0.5, accuracy: 0.75 }) };
        assert_eq!(
            value(Outgoing::new(Message::Evaluated(evaluated))),
            json!({"source": "fashion-lab", "version": 1, "type": "evaluated", "network": "cnn", "epoch": 1,
                "validation": {"loss": 0.5, "accuracy": 0.75}})
        );
        assert_eq!(
            value(Outgoing::new(Message::Error { message: "m".to_owned() })),
            json!({"source": "fashion-lab", "version": 1, "type": "error", "message": "m"})
        );
    }

    #[test]
    fn an_answer_carries_the_askers_id_of_whatever_kind() {
        for id in [json!(7), json!("seven"), json!({"n": 7})] {
            let text =
                json!({"target": "fashion-lab", "version": 1, "id": id, "type": "hello", "more": [1]}).to_string();
            let incoming = read(&text).unwrap();
            assert_eq!(incoming.asked, Ok(Asked::State));
            let answer = value(Outgoing::answering(incoming.id, Message::Error { message: String::new() }));
            assert_eq!(answer["id"], id);
        }
        let without = read(r#"{"target":"fashion-lab","version":1,"type":"hello"}"#).unwrap();
        let answer = value(Outgoing::answering(without.id, Message::Error { message: String::new() }));
        assert!(answer.get("id").is_none(), "{answer}");
    }

    #[test]
    fn what_is_not_for_this_page_is_not_read() {
        for other in [
            "",
            "7",
            "null",
            "[]",
            r#""hello""#,
            r#"{"type":"hello"}"#,
            r#"{"target":"other","type":"hello"}"#,
            r#"{"target":7}"#,
        ] {
            assert_eq!(read(other), None, "{other}");
        }
        // The page's own messages come back to it where it is not framed.
        assert_eq!(read(&Outgoing::new(Message::Error { message: String::new() }).to_json()), None);
    }

    #[test]
    fn what_is_for_this_page_but_not_understood_is_answered() {
        let said = |text: &str| read(text).unwrap().asked.unwrap_err();
        assert!(said(r#"{"target":"fashion-lab","version":2,"type":"hello"}"#).contains("version 1, not 2"));
        assert!(said(r#"{"target":"fashion-lab","type":"hello"}"#).contains("version 1, not null"));
        assert!(said(r#"{"target":"fashion-lab","version":1,"type":"dance"}"#).contains("\"dance\""));
        assert!(said(r#"{"target":"fashion-lab","version":1}"#).contains("not null"));
        let long = json!({"target": "fashion-lab", "version": 1, "type": "é".repeat(10_000)}).to_string();
        assert!(said(&long).chars().count() < 200);
    }
}

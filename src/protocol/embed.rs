//! The messages between this page and a page around it (a course page that holds it in a frame): what goes out.
//! Plain JSON objects.
//!
//! Outgoing: `{source: "fashion-lab", version: 1, type, ...}`. Pure; leaves out what comes in ([`super::asked`]), posting and listening
//! (`app::embed`) and which of the page's events become messages (`page::outer`).

use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::CLASS_NAMES;
use crate::run::report::{Backend, DeviceInfo, RunReport, Score};
use serde::Serialize;
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
    /// The present state, as the answer to `hello` and to everything else that was done.
    State(Box<StateNow>),
    /// What both networks say to a picture, as the answer to `classify`.
    Classified(Classified),
    /// The height of the page's document.
    Height {
        /// CSS pixels.
        height: u32,
    },
}

/// What both networks say to a picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classified {
    /// The ANN.
    pub ann: Answer,
    /// The CNN.
    pub cnn: Answer,
}

/// What a network says to a picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The class with the highest probability, 0 to 9.
    pub class: usize,
    /// What the class is called.
    pub name: &'static str,
    /// Ten probabilities.
    pub probabilities: Vec<f32>,
}

impl Answer {
    /// The answer that ten probabilities give. Of equal ones the first counts.
    pub fn of(probabilities: Vec<f32>) -> Self {
        let mut class = 0;
        for (at, p) in probabilities.iter().enumerate() {
            if *p > probabilities[class] {
                class = at;
            }
        }
        Self { class, name: CLASS_NAMES.get(class).copied().unwrap_or_default(), probabilities }
    }
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
    /// The config of the present or last run; before the first, the form's.
    pub config: RunConfig,
    /// The form's config, with which the next run starts.
    pub next: RunConfig,
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
            let answer = value(Outgoing::answering(Some(id.clone()), Message::Error { message: String::new() }));
            assert_eq!(answer["id"], id);
        }
        let answer = value(Outgoing::answering(None, Message::Error { message: String::new() }));
        assert!(answer.get("id").is_none(), "{answer}");
    }

    #[test]
    fn an_answer_names_the_class_with_the_highest_probability() {
        let of = |values: [f32; 10]| Answer::of(values.to_vec());
        let ann = of([0.0, 0.25, 0.5, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let cnn = of([0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]);
        assert_eq!((ann.class, cnn.class, of([f32::NAN; 10]).class), (2, 1, 0));
        assert_eq!(Answer::of(Vec::new()).class, 0);
        let told = value(Outgoing::answering(Some(json!(1)), Message::Classified(Classified { ann, cnn })));
        assert_eq!((&told["type"], &told["id"]), (&json!("classified"), &json!(1)));
        assert_eq!((&told["ann"]["name"], &told["ann"]["class"]), (&json!("Pullover"), &json!(2)));
        assert_eq!(told["cnn"]["probabilities"], json!([0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]));
    }

    #[test]
    fn the_height_is_told_in_pixels() {
        let told = value(Outgoing::new(Message::Height { height: 900 }));
        assert_eq!(told, json!({"source": "fashion-lab", "version": 1, "type": "height", "height": 900}));
    }
}

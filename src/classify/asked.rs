//! Pictures that another page asks about: they are prepared as one's own pictures are, and both networks answer. What is looked at stays
//! as it is, but alone the picture is shown. Leaves out: decoding pictures (`classifier`) and reading messages (`protocol::asked`).

use super::effect::Effect;
use super::images::ImageName;
use super::state::State;
use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::PIXELS;
use crate::prepare::{Preparation, prepare};
use crate::protocol::asked::{Asked, Incoming, Picture};
use crate::protocol::embed::{Answer, Classified, Message, Outgoing, StateNow};
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A question that waits for its picture or for the networks.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    ticket: u64,
    /// The asker's own id of it.
    id: Option<Value>,
    /// 784 bytes, once they are here.
    pixels: Option<Rc<[u8]>>,
}

/// A message of a page around this program, which is alone.
pub(super) fn asked(state: &mut State, ticket: u64, Incoming { id, asked }: Incoming) -> Vec<Effect> {
    let message = match asked {
        Ok(Asked::Classify(picture)) => return ask(state, ticket, id, picture),
        Ok(Asked::State) => {
            let phase = if state.shipped_left > 0 { "loading" } else { "ready" };
            let config = RunConfig::default();
            let next = config.clone();
            Message::State(Box::new(StateNow {
                phase,
                config,
                next,
                ready: None,
                networks: BTreeMap::new(),
                report: None,
            }))
        }
        Ok(_) => Message::Error {
            message: "The classifier alone has no runs and no settings. Show another view of Fashion Lab for that."
                .to_owned(),
        },
        Err(message) => Message::Error { message },
    };
    vec![Effect::Answer(ticket, Outgoing::answering(id, message))]
}

/// Takes a question about a picture.
pub(super) fn ask(state: &mut State, ticket: u64, id: Option<Value>, picture: Picture) -> Vec<Effect> {
    let (pixels, effects) = match picture {
        Picture::Pixels(pixels) => (Some(pixels), Vec::new()),
        Picture::Address(address) => (None, vec![Effect::Decode(ticket, address)]),
    };
    state.questions.push(Question { ticket, id, pixels });
    effects
}

/// A picture that was asked for is decoded, or cannot be.
pub(super) fn decoded(
    state: &mut State,
    ticket: u64,
    picture: Result<Rc<crate::prepare::Picture>, String>,
) -> Vec<Effect> {
    let prepared =
        picture.and_then(|picture| prepare(&picture, &Preparation::default()).map_err(|error| error.to_string()));
    match prepared {
        Ok(prepared) => {
            if let Some(question) = state.questions.iter_mut().find(|question| question.ticket == ticket) {
                question.pixels = Some(prepared.pixels.into());
            }
            Vec::new()
        }
        Err(reason) => {
            let Some(place) = state.questions.iter().position(|question| question.ticket == ticket) else {
                return Vec::new();
            };
            let id = state.questions.remove(place).id;
            let message = format!(
                "The image cannot be read ({reason}). One of another host needs the header Access-Control-Allow-Origin there."
            );
            vec![Effect::Answer(ticket, Outgoing::answering(id, Message::Error { message }))]
        }
    }
}

/// Answers all questions that can be answered now.
pub(super) fn answer(state: &mut State) -> Vec<Effect> {
    // The files that ship are still coming: the networks that are here may not be all.
    if state.shipped_left > 0 || state.questions.iter().all(|question| question.pixels.is_none()) {
        return Vec::new();
    }
    let (ready, waiting) = std::mem::take(&mut state.questions).into_iter().partition(|q| q.pixels.is_some());
    state.questions = waiting;
    let ready: Vec<Question> = ready;
    let mut effects = Vec::new();
    for Question { ticket, id, pixels } in ready {
        let pixels = pixels.filter(|pixels| pixels.len() == PIXELS);
        let says = |kind: NetworkKind| {
            let network = state.networks.get(kind).ok_or_else(|| {
                format!("There is no {} that could answer: its file could not be loaded.", kind.label())
            })?;
            let pixels = pixels.as_deref().ok_or("A picture has 784 numbers.")?;
            Ok::<_, String>(Answer::of(network.answer(pixels)))
        };
        let both = says(NetworkKind::Ann).and_then(|ann| Ok(Classified { ann, cnn: says(NetworkKind::Cnn)? }));
        if !state.in_page && both.is_ok() {
            state.own.clone_from(&pixels);
            state.looked_at = Some(ImageName::Own);
        }
        let message = both.map_or_else(|message| Message::Error { message }, Message::Classified);
        effects.push(Effect::Answer(ticket, Outgoing::answering(id, message)));
    }
    effects
}

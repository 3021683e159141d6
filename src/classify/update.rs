//! Every decision of the classifier.

use super::asked;
use super::effect::{Effect, Msg};
use super::export::export;
use super::images::{Image, ImageName};
use super::import::{Opened, OpenedRun, open};
use super::networks::NetworkAnswer;
use super::networks::{Network, Origin, Source};
use super::plane::{self, Plane};
use super::state::{Asked, State, View};
use super::tried;
use crate::fashion_mnist::{ImageSet, PIXELS};
use crate::protocol::classifier::{FromClassifier, ToClassifier};
use crate::shipped::Garments;
use crate::weights::{CHECKPOINT_MAGIC, TrainedNetwork, of_checkpoint};
use std::rc::Rc;

/// Changes the state by a message, and returns what has to be done then.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Page(message, bytes) => heard(state, message, &bytes),
        Msg::Asked(ticket, incoming) => asked::asked(state, ticket, incoming),
        Msg::Decoded(ticket, picture) => asked::decoded(state, ticket, picture),
        Msg::Shipped(name, file) => {
            state.shipped_left = state.shipped_left.saturating_sub(1);
            if let Err(reason) = file.and_then(|bytes| take_shipped(state, name, &bytes)) {
                state
                    .notices
                    .push(format!("A file that ships with the page, models/{name}, cannot be used: {reason}."));
            }
            Vec::new()
        }
        Msg::Weights(name, file) => {
            let network = file.and_then(|bytes| {
                let trained = TrainedNetwork::read(&bytes).map_err(|e| e.to_string())?;
                Network::new(Origin::File(name.clone()), trained).map_err(|e| e.to_string())
            });
            match network {
                Ok(network) => {
                    state.networks.put(network);
                    state.networks.choose(Source::Files);
                }
                Err(reason) => state.notices.push(format!("{name} cannot be used: {reason}. Nothing was changed.")),
            }
            Vec::new()
        }
        Msg::Export(order, bytes) => {
            let made = export(&order, &bytes);
            let mut effects: Vec<_> = made.files.into_iter().map(Effect::Save).collect();
            effects.extend(made.failures.into_iter().flat_map(|failure| say(state, failure)));
            effects
        }
        Msg::Import(name, file) => match file.and_then(|bytes| open(&name, &bytes)) {
            Ok(opened) => take_opened(state, name, opened),
            Err(reason) => say(state, format!("{reason}. Nothing was changed.")),
        },
        Msg::NotSaved(name, reason) => say(state, format!("{name} was not saved: {reason}.")),
        Msg::Choose(source) => {
            state.networks.choose(source);
            Vec::new()
        }
        Msg::Look(name) => look(state, name),
        Msg::Next(places) => match state.looked_at {
            Some(name) => look(state, name.further(places)),
            None => Vec::new(),
        },
        Msg::Try(message) => tried::hear(state, message),
        Msg::Explain(class) => {
            state.inside.explain(class);
            Vec::new()
        }
        Msg::Point(_) if state.inside.kept => return Vec::new(),
        Msg::Point(cell) => {
            state.inside.cell = Some(cell);
            return Vec::new();
        }
        Msg::Keep(cell) => {
            (state.inside.cell, state.inside.kept) = (Some(cell), true);
            return Vec::new();
        }
        Msg::Release => {
            (state.inside.cell, state.inside.kept) = (None, false);
            return Vec::new();
        }
        Msg::Work => {
            state.working = false;
            work(state);
            Vec::new()
        }
        Msg::Dismiss(place) => {
            if place < state.notices.len() {
                state.notices.remove(place);
            }
            Vec::new()
        }
        Msg::Notice(text) => {
            state.notices.push(text);
            Vec::new()
        }
        Msg::OpenEpoch(epoch) => vec![Effect::Tell(FromClassifier::OpenEpoch(epoch))],
    };
    effects.extend(asked::answer(state));
    answer(state);
    tried::refresh(state);
    effects.extend(inside(state));
    effects
}

/// What a file held goes to where it belongs.
fn take_opened(state: &mut State, file: String, opened: Opened) -> Vec<Effect> {
    match opened {
        Opened::Weights(network) => {
            let label = network.kind().label();
            state.networks.put(*network);
            state.networks.choose(Source::Files);
            let mut effects = say(state, format!("The {label} of {file} answers here now."));
            effects.push(Effect::Tell(FromClassifier::Show(View::Inside.key().to_owned())));
            effects
        }
        Opened::Config(config) => {
            let mut effects = vec![Effect::Tell(FromClassifier::UseConfig(config))];
            effects.extend(say(state, format!("The settings of {file} are in the form now.")));
            effects
        }
        Opened::Run(OpenedRun { record, parts, bytes }) => {
            let mut effects = vec![Effect::TellBytes(FromClassifier::Imported(record, parts), bytes)];
            effects.extend(say(state, format!("The run of {file} is in the list now.")));
            effects
        }
    }
}

/// Says something where it is seen whatever view is shown: on the page, if there is one.
fn say(state: &mut State, text: String) -> Vec<Effect> {
    if state.in_page {
        return vec![Effect::Tell(FromClassifier::Notice(text))];
    }
    state.notices.push(text);
    Vec::new()
}

/// Brings the view Inside up to date.
fn inside(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.view != View::Inside {
        return effects;
    }
    let image = state.looked_at.and_then(|name| state.image(name));
    let networks: Vec<&Network> = state.networks.answering().collect();
    state.inside.look(image.as_ref().map(|image| &*image.pixels), &networks);
    let same = state.planes.len() == networks.len()
        && state.planes.iter().zip(&networks).all(|(plane, network)| plane.network == **network);
    if !same {
        state.planes = networks.into_iter().map(Plane::new).collect();
    }
    if state.in_page && !std::mem::replace(&mut state.asked_for_plane, true) {
        let indices = (0..plane::IMAGES).collect();
        effects.push(Effect::Tell(FromClassifier::Want(ImageSet::Test, indices)));
    }
    if !state.working && has_work(state) {
        state.working = true;
        effects.push(Effect::Later);
    }
    effects
}

fn has_work(state: &State) -> bool {
    state.inside.has_work() || state.planes.iter().any(|plane| plane.has_work(&state.images))
}

/// What can be seen first comes first.
fn work(state: &mut State) {
    if !state.inside.work() {
        state.planes.iter_mut().any(|plane| plane.work(&state.images));
    }
}

fn take_shipped(state: &mut State, name: &str, bytes: &[u8]) -> Result<(), String> {
    if name == "garments.bin" {
        state.garments = Some(Garments::read(bytes).map_err(|e| e.to_string())?);
        state.looked_at.get_or_insert(ImageName::Garment(0));
        return Ok(());
    }
    let trained = TrainedNetwork::read(bytes).map_err(|e| e.to_string())?;
    state.networks.put(Network::new(Origin::Shipped, trained).map_err(|e| e.to_string())?);
    Ok(())
}

/// Shows an image, which is asked for if it is not here.
fn look(state: &mut State, name: ImageName) -> Vec<Effect> {
    state.looked_at = Some(name);
    tried::want(state, name)
}

/// The page says something.
fn heard(state: &mut State, message: ToClassifier, bytes: &[u8]) -> Vec<Effect> {
    match message {
        ToClassifier::Show { view, dark } => {
            state.view = View::of(&view).unwrap_or(state.view);
            state.dark = dark;
        }
        ToClassifier::Run { run } => {
            if run.as_ref().map(|run| run.id) != state.run.as_ref().map(|run| run.id) {
                state.networks.clear(Source::Run);
            }
            state.run = run;
        }
        ToClassifier::Network { network, run, epoch } => {
            // One of another run comes late.
            if state.run.as_ref().is_none_or(|shown| shown.id != run) {
                return Vec::new();
            }
            if bytes.is_empty() {
                return Vec::new(); // They are gone.
            }
            // A run that came from a file may have its weights as a file of their own.
            let trained = match bytes.starts_with(CHECKPOINT_MAGIC) {
                true => of_checkpoint(bytes).map_err(|e| e.to_string()),
                false => TrainedNetwork::read(bytes).map_err(|e| e.to_string()),
            };
            let read = trained
                .and_then(|trained| Network::new(Origin::Run { run, epoch }, trained).map_err(|e| e.to_string()));
            match read {
                Ok(network) => state.networks.put(network),
                Err(reason) => {
                    let label = network.label();
                    state.notices.push(format!("The checkpoint of the {label} cannot be shown: {reason}."));
                }
            }
        }
        ToClassifier::Images { set, indices, labels } => {
            let images = Rc::make_mut(&mut state.images);
            for ((index, label), pixels) in indices.into_iter().zip(labels).zip(bytes.chunks_exact(PIXELS)) {
                images.insert(ImageName::of(set, index), Image { pixels: pixels.into(), label: Some(label) });
            }
        }
        ToClassifier::Classify { ticket, id, picture } => return asked::ask(state, ticket, id, picture),
        ToClassifier::Look { set, index } => return look(state, ImageName::of(set, index)),
        // They come with more than one array beside them, as messages of their own.
        ToClassifier::Export(_) | ToClassifier::Import => {}
    }
    Vec::new()
}

/// Lets the networks answer to the image that is looked at.
fn answer(state: &mut State) {
    let image = state.looked_at.and_then(|name| state.image(name));
    let networks: Vec<Network> = state.networks.answering().cloned().collect();
    let asked = Asked { pixels: image.map(|image| image.pixels), networks };
    if state.asked.as_ref() == Some(&asked) {
        return;
    }
    let answer = |network: &Network| {
        let probabilities = network.answer(asked.pixels.as_deref()?).into();
        Some(NetworkAnswer { kind: network.kind(), probabilities })
    };
    state.answers = Rc::new(asked.networks.iter().filter_map(answer).collect());
    state.asked = Some(asked);
}

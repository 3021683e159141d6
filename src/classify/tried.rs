//! What the view Try it asks of the rest, and what of the rest it follows.

use super::effect::Effect;
use super::images::ImageName;
use super::networks::Network;
use super::state::{State, View};
use super::try_it::{PictureFrom, Try};
use crate::fashion_mnist::ImageSet;
use crate::protocol::classifier::FromClassifier;

/// Something happens to the view.
pub(super) fn hear(state: &mut State, message: Try) -> Vec<Effect> {
    if message == Try::Inside {
        return show_inside(state);
    }
    let chooses = matches!(message, Try::Test(_) | Try::Next(_));
    state.try_it.hear(message);
    if chooses { want(state, state.try_it.test) } else { Vec::new() }
}

/// Asks the page for an image of the dataset that is not here yet.
pub(super) fn want(state: &State, name: ImageName) -> Vec<Effect> {
    let (set, index) = match name {
        ImageName::Garment(_) | ImageName::Own => return Vec::new(),
        ImageName::Train(index) => (ImageSet::Train, index),
        ImageName::Test(index) => (ImageSet::Test, index),
    };
    if state.images.contains_key(&name) {
        return Vec::new();
    }
    vec![Effect::Tell(FromClassifier::Want(set, vec![index]))]
}

/// Looks inside with what is seen. A test image without changes keeps its name and its class.
fn show_inside(state: &mut State) -> Vec<Effect> {
    let Some(seen) = &state.try_it.seen else { return Vec::new() };
    let unchanged = state.try_it.from == PictureFrom::Test && state.try_it.sliders.changes_nothing();
    if unchanged {
        state.looked_at = Some(state.try_it.test);
    } else {
        state.own = Some(seen.pixels.clone());
        state.looked_at = Some(ImageName::Own);
    }
    if state.in_page {
        return vec![Effect::Tell(FromClassifier::Show(View::Inside.key().to_owned()))];
    }
    state.view = View::Inside;
    Vec::new()
}

/// Brings the view up to date while it is shown.
pub(super) fn refresh(state: &mut State) {
    if state.view == View::TryIt {
        let networks: Vec<Network> = state.networks.answering().cloned().collect();
        let test = state.image(state.try_it.test);
        state.try_it.refresh(networks, test);
    }
}

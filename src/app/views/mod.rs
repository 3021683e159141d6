//! The views, and the switch between them. Leaves out: what stands around them (`shell`).

mod answered;
mod compare;
mod curves;
mod mistakes;
mod runs;
mod told;
mod train;

use super::images::ImageStore;
use super::parts::{Act, button, takes_files};
use super::texts::t;
use super::{App, Msg};
use crate::page::effect;
use crate::page::phase::ClassifierPhase as Phase;
use crate::page::state::State;
use crate::page::view::View;
use std::rc::Rc;
use yew::html::Scope;
use yew::prelude::*;

/// The view that is shown. Only this one is in the page, so that nothing hidden is drawn during training.
pub fn view(link: &Scope<App>, act: &Act, state: &Rc<State>, images: &ImageStore) -> Html {
    let key = state.view.key();
    let (state, act) = (state.clone(), act.clone());
    match state.view {
        View::Train => html! { <train::Train {key} {state} images={images.clone()} {act} /> },
        View::Mistakes => html! { <mistakes::Mistakes {key} {state} images={images.clone()} {act} /> },
        View::Compare => html! { <compare::Compare {key} {state} {act} /> },
        View::Runs => html! { <runs::Runs {key} {state} {act} open={takes_files(link, Msg::Import)} /> },
        View::Inside | View::TryIt => classifier(&act, &state),
    }
}

/// What stands in the place of a view of the program `classifier` until that draws it.
fn classifier(act: &Act, state: &State) -> Html {
    match &state.classifier.phase {
        Phase::Ready => html!(),
        Phase::Absent | Phase::Loading => html! { <p class="note" role="status">{ t::CLASSIFIER_LOADS }</p> },
        Phase::Failed(message) => html! {
            <div class="card failed" role="alert">
                <p>{ t::no_classifier(message) }</p>
                { button(act, "retry-classifier", "primary", t::RETRY_CLASSIFIER.into(), "", effect::Msg::RetryClassifier) }
            </div>
        },
    }
}

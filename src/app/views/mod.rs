//! The views, and the switch between them. Leaves out: what stands around them (`shell`).

mod answered;
mod compare;
mod curves;
mod mistakes;
mod runs;
mod told;
mod train;

use super::images::ImageStore;
use super::parts::Act;
use crate::page::state::State;
use crate::page::view::View;
use std::rc::Rc;
use yew::prelude::*;

/// The view that is shown. Only this one is in the page, so that nothing hidden is drawn during training.
pub fn view(act: &Act, state: &Rc<State>, images: &ImageStore) -> Html {
    let key = state.view.key();
    let (state, act) = (state.clone(), act.clone());
    match state.view {
        View::Train => html! { <train::Train {key} {state} images={images.clone()} {act} /> },
        View::Mistakes => html! { <mistakes::Mistakes {key} {state} images={images.clone()} {act} /> },
        View::Compare => html! { <compare::Compare {key} {state} {act} /> },
        View::Runs => html! { <runs::Runs {key} {state} {act} /> },
    }
}

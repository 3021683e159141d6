//! The views, and the switch between them. Leaves out: what stands around them (`shell`).

mod train;

use super::images::ImageStore;
use super::parts::Act;
use super::results::Results;
use crate::page::state::State;
use crate::page::view::View;
use std::rc::Rc;
use yew::prelude::*;

/// The view that is shown. Only this one is in the page, so that nothing hidden is drawn during training.
pub fn view(act: &Act, state: &Rc<State>, images: &ImageStore) -> Html {
    let key = state.view.key();
    match state.view {
        View::Train => html! { <train::Train {key} state={state.clone()} images={images.clone()} act={act.clone()} /> },
        // SKELETON: the views Mistakes, Compare and Runs.
        _ => html! {
            <div class="view" data-view={key} {key}>
                <Results state={state.clone()} images={images.clone()} dark={state.dark} />
            </div>
        },
    }
}

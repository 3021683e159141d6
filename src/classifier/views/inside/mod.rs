//! The view Inside: one image's way through both networks.

mod arithmetic;
mod grid;
mod network;
mod plane;
mod subject;

use crate::classifier::parts::Act;
use crate::classifier::texts::inside as t;
use crate::classify::state::State;
use yew::prelude::*;

/// The view.
pub fn view(act: &Act, state: &State) -> Html {
    let inside = &state.inside;
    let ready = !inside.has_work() && !inside.looks.is_empty();
    html! {
        <div class="view inside" data-view="inside" data-ready={ready.to_string()}>
            { subject::subject(act, state) }
            if inside.looks.is_empty() {
                <p class="note" role="status">{ t::LOADS }</p>
            }
            // The CNN first: its pictures are easier to read.
            { for inside.looks.iter().rev().map(|look| network::network(act, inside, look)) }
            if !inside.looks.is_empty() {
                { plane::planes(act, state) }
            }
        </div>
    }
}

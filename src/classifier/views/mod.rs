//! The views, and the switch between them.

mod alone;
mod file_button;
mod inside;
mod source;
mod try_it;

use super::parts::{Act, button};
use super::texts::t;
use crate::classify::effect::Msg;
use crate::classify::state::{State, View};
use std::rc::Rc;
use yew::prelude::*;

/// The view that is shown, below the notices.
pub fn view(act: &Act, state: &Rc<State>) -> Html {
    if state.in_page {
        return shown(act, state);
    }
    // Alone it is the whole page, whose parts have these names for scripts and for those who do not see it.
    let phase = if state.answers.is_empty() { "loading" } else { "ready" };
    html! { <main class="program" data-phase={phase}><h1 class="unseen">{ t::NAME }</h1>{ shown(act, state) }</main> }
}

fn shown(act: &Act, state: &Rc<State>) -> Html {
    html! {
        <>
            { notices(act, state) }
            { match state.view {
                View::Alone => alone::view(act, state),
                View::TryIt => try_it::view(act, state),
                View::Inside => inside::view(act, state),
            } }
        </>
    }
}

fn notices(act: &Act, state: &State) -> Html {
    html! {
        <div class="notices" aria-live="polite">
            { for state.notices.iter().enumerate().map(|(place, notice)| html! {
                <div class="notice">
                    <span>{ notice }</span>
                    { button(act, "dismiss", "quiet", html! { <span role="img" aria-label={t::DISMISS}>{ "×" }</span> }, t::DISMISS, Msg::Dismiss(place)) }
                </div>
            }) }
        </div>
    }
}

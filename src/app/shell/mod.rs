//! The page's layout: the bar at the top, the bar of the run, the view between them, and what opens over it (settings on a phone,
//! engine and device, sharing). Leaves out: the views (`views`) and every decision (`page`).

mod form;
mod lanes;
mod rail;
mod run_bar;
mod setup;
mod sharing;
mod top;

use super::images::ImageStore;
use super::parts::{Act, button};
use super::texts::t;
use super::{App, views};
use crate::page::effect::Msg;
use crate::page::phase::{DataPhase, EnginePhase};
use crate::page::state::State;
use crate::page::view::View;
use std::rc::Rc;
use yew::html::Scope;
use yew::prelude::*;

/// The whole page.
pub fn page(link: &Scope<App>, act: &Act, state: &Rc<State>, images: &ImageStore) -> Html {
    html! {
        <>
            { top::bar(act, state) }
            { run_bar::bar(act, state) }
            <main data-phase={state.phase()} class={state.view.key()}>
                if state.view == View::Train {
                    <rail::Rail config={state.config.clone()} running={state.is_running()} times={rail::times(state)} act={act.clone()} />
                }
                <div class="work">
                    { notices(act, state) }
                    { setup::setup(link, act, state) }
                    <p class="waiting" aria-live="polite">{ waiting_for(state) }</p>
                    { views::view(link, act, state, images) }
                    // The program `classifier` draws into it; here nothing ever changes inside.
                    <div id="classifier" hidden={!state.view.is_of_classifier()}></div>
                </div>
            </main>
            { sharing::sharing(link, state) }
            <footer><p>{ t::LOCAL }<a href="NOTICE.txt">{ t::LICENCE }</a>{ "." }</p></footer>
        </>
    }
}

fn notices(act: &Act, state: &State) -> Html {
    html! {
        <div id="notices" aria-live="polite">
            { for state.unfinished.iter().filter_map(|id| state.history.get(*id)).map(|run| {
                let far = run.networks.iter().find(|n| n.phase.is_active() && n.epoch > 0);
                let far = far.map_or_else(String::new, |n| t::unfinished_at(n.epoch, n.planned_epochs(&run.config)));
                html! {
                    <div class="notice unfinished" key={run.id}>
                        <span>{ t::unfinished(&far) }</span>
                        { button(act, "go-on", "primary", t::GO_ON.into(), "", Msg::GoOn(run.id)) }
                        { button(act, "leave-unfinished", "", t::LEAVE_IT.into(), "", Msg::LeaveUnfinished(run.id)) }
                    </div>
                }
            }) }
            { for state.notices.iter().enumerate().map(|(place, notice)| html! {
                <div class="notice">
                    <span>{ notice }</span>
                    { button(act, "dismiss", "quiet", html! { <span role="img" aria-label={t::DISMISS}>{ "×" }</span> }, t::DISMISS, Msg::Dismiss(place)) }
                </div>
            }) }
        </div>
    }
}

/// What is still missing for a start, in words.
fn waiting_for(state: &State) -> &'static str {
    if state.is_running() {
        return "";
    }
    match (&state.engine, &state.data) {
        (EnginePhase::Failed(_), _) => t::WAITS_FOR_ENGINE,
        (EnginePhase::Ready, DataPhase::Failed(_)) => t::WAITS_FOR_DATA,
        (EnginePhase::Ready, DataPhase::Ready(..)) if state.config.validate().is_err() => t::WAITS_FOR_SETTINGS,
        (EnginePhase::Ready, DataPhase::Ready(..)) => "",
        _ => t::WAITS_FOR_ALL,
    }
}

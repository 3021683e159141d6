//! The bar of the run, which stays: the buttons, the learning rate, and a lane for each network. Leaves out: which buttons can be pressed
//! and the label of the first one (`page::controls`), and what a press does (`page::update`).

use super::lanes;
use crate::app::parts::Act;
use crate::app::texts::t;
use crate::evaluate::format;
use crate::page::controls::{Situation, buttons};
use crate::page::effect::Msg;
use crate::page::rate::present_rate;
use crate::page::state::State;
use crate::run::{Phase, RunRecord};
use yew::prelude::*;

/// By how much the learning rate is changed in one press.
const RATE_STEP: f64 = 3.0;

/// The bar.
pub fn bar(act: &Act, state: &State) -> Html {
    let run = run_of(state);
    let phases: Vec<Phase> = run.iter().flat_map(|run| &run.networks).map(|network| network.phase).collect();
    let last = run.map(|run| &run.config);
    let extends = run.is_some_and(|run| !run.last_checkpoints().is_empty());
    let on = buttons(&Situation { config: &state.config, last, ready: state.can_start(), phases: &phases, extends });
    let active = run.filter(|run| run.is_active());
    let press = |action, label: &'static str, on: bool, class: &'static str, help: &'static str, msg: Msg| {
        let act = act.clone();
        let onclick = Callback::from(move |_: MouseEvent| act.emit(msg.clone()));
        html! { <button type="button" {class} data-action={action} disabled={!on} title={help} {onclick}>{ label }</button> }
    };
    html! {
        <section class="run-bar" aria-label={t::RUN}>
            <div class="buttons">
                if active.is_none() {
                    { press("start", on.start_label, on.start, "primary", t::START_HELP, Msg::Start) }
                } else if on.resume {
                    { press("resume", t::RESUME, true, "primary", t::RESUME_HELP, Msg::Resume) }
                } else {
                    { press("pause", t::PAUSE, on.pause, "primary", t::PAUSE_HELP, Msg::Pause) }
                }
                { press("step", t::STEP, on.step, "", t::STEP_HELP, Msg::Step) }
                if active.is_some() {
                    { press("stop", t::STOP, on.stop, "", t::STOP_HELP, Msg::Stop) }
                }
                if run.is_some() {
                    { press("one-more-epoch", t::MORE, on.one_more, "", t::MORE_HELP, Msg::OneMoreEpoch) }
                }
                if let Some(run) = active {
                    { rate(act, run, on.rate) }
                } else if run.is_some() {
                    { press("export", t::EXPORT, on.export, "", t::EXPORT_HELP, Msg::Export) }
                }
                <button type="button" class="opens-settings" data-action="settings" popovertarget="settings">{ t::SETTINGS }</button>
            </div>
            { lanes::lanes(state, run) }
        </section>
    }
}

/// The run that the bar is about: the one that trains, whichever is shown in the views; else the shown one.
pub fn run_of(state: &State) -> Option<&RunRecord> {
    state.history.active().or_else(|| state.run())
}

/// The learning rate and the buttons that change it.
fn rate(act: &Act, run: &RunRecord, on: bool) -> Html {
    let change = |action, label: &'static str, help: &'static str, factor: f64| {
        let act = act.clone();
        let onclick = Callback::from(move |_: MouseEvent| act.emit(Msg::ScaleLearningRate(factor)));
        html! { <button type="button" data-action={action} disabled={!on} aria-label={help} title={help} {onclick}>{ label }</button> }
    };
    html! {
        <div class="rate" role="group" aria-label={t::RATE}>
            { change("rate-down", t::RATE_DOWN, t::RATE_DOWN_HELP, 1.0 / RATE_STEP) }
            <span><small>{ t::RATE }</small><b>{ format::rate(present_rate(run)) }</b></span>
            { change("rate-up", t::RATE_UP, t::RATE_UP_HELP, RATE_STEP) }
        </div>
    }
}

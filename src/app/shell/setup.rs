//! Engine, dataset and device: a card while they come or where they failed; afterwards it opens from the bar at the top.

use crate::app::parts::{Act, button, takes_files};
use crate::app::texts::t;
use crate::app::{App, Msg};
use crate::evaluate::format::{duration, megabytes};
use crate::page::effect;
use crate::page::phase::{DataPhase, EnginePhase};
use crate::page::state::State;
use web_sys::DragEvent;
use yew::html::Scope;
use yew::prelude::*;

/// Whether engine and dataset are here, so that nobody has to see how they come.
pub fn is_ready(state: &State) -> bool {
    state.engine == EnginePhase::Ready && matches!(state.data, DataPhase::Ready(..))
}

fn row(what: &'static str, said: &str) -> Html {
    html! { <p class="row"><b>{ what }</b><span>{ said }</span></p> }
}

fn transfer(what: String, received: u64, total: u64) -> Html {
    let share = if total > 0 { (received as f64 / total as f64 * 100.0).min(100.0) } else { 0.0 };
    let said = if total > 0 { t::of_total(&megabytes(received), &megabytes(total)) } else { megabytes(received) };
    html! {
        <div class="transfer">
            <div class="row"><b>{ what.clone() }</b><span>{ said }</span></div>
            <div class={classes!("bar", (total == 0).then_some("unknown"))} role="progressbar" aria-label={what}
                aria-valuemin="0" aria-valuemax="100" aria-valuenow={format!("{share:.0}")}>
                <span style={format!("width:{share:.0}%")} />
            </div>
        </div>
    }
}

/// Engine, dataset and device.
pub fn setup(link: &Scope<App>, act: &Act, state: &State) -> Html {
    let retry = |action| button(act, action, "", t::TRY_AGAIN.into(), "", effect::Msg::Retry);
    let ready = is_ready(state);
    html! {
        <section class="card setup" id="setup" aria-labelledby="setup-title" popover={ready.then_some("auto")}>
            <h2 id="setup-title">{ t::SETUP }</h2>
            { match &state.engine {
                EnginePhase::Waiting => transfer(t::ENGINE.to_owned(), 0, 0),
                EnginePhase::Loading(received, total) => transfer(t::ENGINE.to_owned(), *received, *total),
                EnginePhase::Ready => row(t::ENGINE, t::READY),
                EnginePhase::Failed(message) => html! {
                    <div class="failure" role="alert"><p>{ message }</p>{ retry("retry-engine") }</div>
                },
            } }
            { match &state.data {
                DataPhase::Waiting => row(t::DATASET, t::AFTER_ENGINE),
                DataPhase::Loading(received, total, source) => transfer(t::dataset_from(source), *received, *total),
                DataPhase::Ready(source, seconds) => row(t::DATASET, &t::dataset_ready(source, &duration(*seconds))),
                DataPhase::Failed(failures) => html! {
                    <div class="failure" role="alert">
                        <p>{ t::DATA_INCOMPLETE }</p>
                        <ul>{ for failures.iter().map(|f| html! { <li><b>{ &f.file }</b>{ " " }<code>{ &f.address }</code>{ ": " }{ &f.reason }</li> }) }</ul>
                        { retry("retry-data") }
                        { own_files(link) }
                    </div>
                },
            } }
            { match &state.device {
                Some(device) => html! {
                    <p class="row"><b>{ t::DEVICE }</b><span data-backend={device.backend.key()}>{ format!("{} ({}): {}", device.backend, device.adapter, device.why) }</span></p>
                },
                None if state.is_choosing() => row(t::DEVICE, t::CHOOSING),
                None => html!(),
            } }
            if !ready && !matches!(state.data, DataPhase::Failed(_)) {
                <details class="group"><summary>{ t::OWN_DATA }</summary>{ own_files(link) }</details>
            }
        </section>
    }
}

fn own_files(link: &Scope<App>) -> Html {
    let (onchange, ondrop) = takes_files(link, Msg::Files);
    html! {
        <label class="drop" {ondrop} ondragover={|e: DragEvent| e.prevent_default()}>
            { t::OWN_FILES }
            <input type="file" id="own-files" multiple={true} {onchange} />
        </label>
    }
}

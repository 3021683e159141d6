//! The bar at the top: the name, the views, the device, sharing, the theme.

use crate::app::browser;
use crate::app::parts::{Act, button};
use crate::app::texts::t;
use crate::page::effect::Msg;
use crate::page::phase::{DataPhase, EnginePhase};
use crate::page::state::State;
use crate::page::view::View;
use crate::run::report::Backend;
use yew::prelude::*;

/// The bar.
pub fn bar(act: &Act, state: &State) -> Html {
    let (theme, sign) = if state.dark { (t::LIGHT_THEME, "☀") } else { (t::DARK_THEME, "☾") };
    html! {
        <header class="top">
            <h1>{ mark() }{ t::NAME }</h1>
            <nav aria-label={t::VIEWS}>
                { for View::ALL.into_iter().map(|view| {
                    let current = (state.view == view).then_some("page");
                    html! {
                        <a href={browser::fragment_of(&state.config, view)} data-action={format!("show-{}", view.key())} aria-current={current}>
                            { t::view(view) }
                            if view == View::Runs && !state.history.runs().is_empty() {
                                <small>{ state.history.runs().len() }</small>
                            }
                        </a>
                    }
                }) }
            </nav>
            { device(state) }
            <button type="button" class="bare" data-action="share" popovertarget="share">{ t::SHARE }</button>
            { button(act, "theme", "bare", html! { <><span aria-hidden="true">{ sign }</span><span class="unseen">{ theme }</span></> }, theme, Msg::Theme) }
        </header>
    }
}

/// A shirt.
fn mark() -> Html {
    html! {
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round">
            <path d="M8 3 3 6l2 5 2-1v11h10V10l2 1 2-5-5-3a4 4 0 0 1-8 0Z" />
        </svg>
    }
}

/// What computes. It opens what is known of engine, dataset and device, as soon as these are here.
fn device(state: &State) -> Html {
    let failed = matches!(state.engine, EnginePhase::Failed(_)) || matches!(state.data, DataPhase::Failed(_));
    let run = super::run_bar::run_of(state).into_iter().flat_map(|run| &run.networks);
    let workers = run.map(|network| network.workers).max().unwrap_or(0);
    let text = match &state.device {
        _ if failed => t::DEVICE_FAILED.to_owned(),
        None => t::NO_DEVICE.to_owned(),
        Some(device) if device.backend == Backend::WebGpu => t::WEBGPU.to_owned(),
        Some(_) => t::CPU.to_owned(),
    };
    let shares = state.device.as_ref().filter(|device| device.backend != Backend::WebGpu && workers > 0 && !failed);
    html! {
        <button type="button" class="bare chip" data-action="device" popovertarget="setup" title={t::DEVICE_OPENS} disabled={!super::setup::is_ready(state)}>
            { text }
            if shares.is_some() {
                <span class="shares">{ format!(" · {}", t::workers(workers)) }</span>
            }
        </button>
    }
}

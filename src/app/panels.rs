//! The page's layout, and the panels for what surrounds a run: notices, engine, dataset, device, sharing.

use super::controls::Controls;
use super::form::Form;
use super::images::ImageStore;
use super::layers::Layers;
use super::{App, Msg, browser, results};
use crate::page::effect;
use crate::page::phase::{DataPhase, EnginePhase};
use crate::page::state::State;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, FileList, HtmlInputElement};
use yew::html::Scope;
use yew::prelude::*;

/// Callbacks that stay the same between renderings. So a panel with unchanged data is not rendered again.
pub struct Calls {
    button: Callback<&'static str>,
    set: super::form::Set,
    preset: Callback<&'static str>,
}

impl Calls {
    /// The callbacks of this page.
    pub fn new(link: &Scope<App>) -> Self {
        Self {
            button: link.callback(pressed),
            set: link.callback(|(key, value)| effect::Msg::Set(key, value)),
            preset: link.callback(effect::Msg::Preset),
        }
    }
}

/// What a button of the controls means, by its name.
fn pressed(name: &'static str) -> effect::Msg {
    match name {
        "step" => effect::Msg::Step,
        "pause" => effect::Msg::Pause,
        "resume" => effect::Msg::Resume,
        "stop" => effect::Msg::Stop,
        "export" => effect::Msg::Export,
        _ => effect::Msg::Start,
    }
}

/// The whole page.
pub fn page(link: &Scope<App>, calls: &Calls, state: &Rc<State>, images: &ImageStore) -> Html {
    let dark = state.dark;
    let run = state.run().cloned().map(Rc::new);
    html! {
        <>
            { header(link, dark) }
            <main data-phase={state.phase()}>
                { notices(link, state) }
                <div class="columns">
                    <div class="side">
                        <Controls {run} config={state.config.clone()} can_start={state.can_start()} waiting_for={waiting_for(state)} act={calls.button.clone()} />
                        { setup(link, state) }
                        <Form config={state.config.clone()} running={state.is_running()}
                            set={calls.set.clone()} preset={calls.preset.clone()} />
                    </div>
                    <div class={classes!("main", state.run().is_none().then_some("before"))}>
                        // The networks come first until there are results. The style sheet moves them, so that they are not mounted again.
                        <results::Results state={state.clone()} images={images.clone()} {dark} />
                        <Layers config={state.config.clone()} />
                        { sharing(link, state) }
                    </div>
                </div>
            </main>
            <footer>
                <p>{ "Everything runs in this browser; no image and no result leaves it. Data: Fashion-MNIST by Zalando Research (Xiao, Rasul, Vollgraf 2017), under the " }<a href="NOTICE.txt">{ "MIT licence" }</a>{ "." }</p>
            </footer>
        </>
    }
}

fn header(link: &Scope<App>, dark: bool) -> Html {
    html! {
        <header>
            <div>
                <h1>{ "Fashion Lab" }</h1>
                <p>{ "Train a plain neural network and a convolutional one on 70,000 pictures of clothes, here in your browser, and see how they differ and why." }</p>
            </div>
            <button type="button" class="quiet" data-action="theme" onclick={link.callback(|_| effect::Msg::Theme)}>
                { if dark { "Light theme" } else { "Dark theme" } }
            </button>
        </header>
    }
}

fn notices(link: &Scope<App>, state: &State) -> Html {
    html! {
        <div id="notices" aria-live="polite">
            { for state.notices.iter().enumerate().map(|(i, notice)| html! {
                <div class="notice">
                    <span>{ notice }</span>
                    <button type="button" class="quiet" aria-label="Dismiss" onclick={link.callback(move |_| effect::Msg::Dismiss(i))}>{ "×" }</button>
                </div>
            }) }
        </div>
    }
}

fn waiting_for(state: &State) -> Option<String> {
    if state.is_running() {
        return None;
    }
    match (&state.engine, &state.data) {
        (EnginePhase::Failed(_), _) => Some("Training waits for the engine; see below.".to_owned()),
        (EnginePhase::Ready, DataPhase::Failed(_)) => Some("Training waits for the dataset; see below.".to_owned()),
        (EnginePhase::Ready, DataPhase::Ready(..)) if state.config.validate().is_err() => {
            Some("Training waits for settings that fit together.".to_owned())
        }
        (EnginePhase::Ready, DataPhase::Ready(..)) => None,
        _ => Some("Training can start as soon as engine and dataset are here.".to_owned()),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn transfer(what: &str, received: u64, total: u64) -> Html {
    let share = if total > 0 { (received as f64 / total as f64 * 100.0).min(100.0) } else { 0.0 };
    let said = if total > 0 { format!("{} of {}", megabytes(received), megabytes(total)) } else { megabytes(received) };
    html! {
        <div class="transfer">
            <div class="row"><b>{ what }</b><span>{ said }</span></div>
            <div class={classes!("bar", (total == 0).then_some("unknown"))} role="progressbar" aria-label={what.to_owned()}
                aria-valuemin="0" aria-valuemax="100" aria-valuenow={format!("{share:.0}")}>
                <span style={format!("width:{share:.0}%")} />
            </div>
        </div>
    }
}

/// Engine, dataset and device.
fn setup(link: &Scope<App>, state: &State) -> Html {
    let retry = link.callback(|_: MouseEvent| effect::Msg::Retry);
    html! {
        <section class="card setup" aria-labelledby="setup-title">
            <h2 id="setup-title">{ "Engine, data and device" }</h2>
            { match &state.engine {
                EnginePhase::Waiting => transfer("Engine", 0, 0),
                EnginePhase::Loading(received, total) => transfer("Engine", *received, *total),
                EnginePhase::Ready => html! { <p class="row"><b>{ "Engine" }</b><span>{ "ready" }</span></p> },
                EnginePhase::Failed(message) => html! {
                    <div class="failure" role="alert">
                        <p>{ message }</p>
                        <button type="button" data-action="retry-engine" onclick={retry.clone()}>{ "Try again" }</button>
                    </div>
                },
            } }
            { match &state.data {
                DataPhase::Waiting => html! { <p class="row"><b>{ "Dataset" }</b><span>{ "comes after the engine" }</span></p> },
                DataPhase::Loading(received, total, source) => transfer(&format!("Dataset {}", if source.is_empty() { String::new() } else { format!("from {source}") }), *received, *total),
                DataPhase::Ready(source, seconds) => html! {
                    <p class="row"><b>{ "Dataset" }</b><span>{ format!("60,000 + 10,000 images from {source}, digests checked ({seconds:.1} s)") }</span></p>
                },
                DataPhase::Failed(failures) => html! {
                    <div class="failure" role="alert">
                        <p>{ "The dataset is not complete, so nothing can be trained yet:" }</p>
                        <ul>{ for failures.iter().map(|f| html! { <li><b>{ &f.file }</b>{ " " }<code>{ &f.address }</code>{ ": " }{ &f.reason }</li> }) }</ul>
                        <button type="button" data-action="retry-data" onclick={retry}>{ "Try again" }</button>
                        { own_files(link) }
                    </div>
                },
            } }
            { match &state.device {
                Some(device) => html! {
                    <p class="row"><b>{ "Device" }</b><span data-backend={device.backend.key()}>{ format!("{} ({}): {}", device.backend, device.adapter, device.why) }</span></p>
                },
                None if state.is_choosing() => html! { <p class="row"><b>{ "Device" }</b><span>{ "being chosen: WebGPU has to train as the CPU does" }</span></p> },
                None => html!(),
            } }
            if !matches!(state.data, DataPhase::Failed(_)) && !matches!(state.data, DataPhase::Ready(..)) {
                <details class="group"><summary>{ "Use my own copy of the dataset" }</summary>{ own_files(link) }</details>
            }
        </section>
    }
}

fn own_files(link: &Scope<App>) -> Html {
    let take = |files: Option<FileList>| files.map(|f| Msg::Files(js_sys::Array::from(&f)));
    let onchange = link.batch_callback(move |e: Event| {
        take(e.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()).and_then(|i| i.files()))
    });
    let ondrop = link.batch_callback(move |e: DragEvent| {
        e.prevent_default();
        take(e.data_transfer().and_then(|d| d.files()))
    });
    html! {
        <label class="drop" {ondrop} ondragover={|e: DragEvent| e.prevent_default()}>
            { "Use my own files: drop or pick the four files of Fashion-MNIST (.gz or uncompressed), a zip of them, or the two CSV tables." }
            <input type="file" id="own-files" multiple={true} {onchange} />
        </label>
    }
}

fn sharing(link: &Scope<App>, state: &State) -> Html {
    let address = browser::link_to(&state.config);
    let frame = format!(
        r#"<iframe src="{}" width="100%" height="900" title="Fashion Lab"></iframe>"#,
        address.replace('&', "&amp;")
    );
    let copy = |text: &str, field: &'static str, said: &'static str| {
        let text = text.to_owned();
        link.callback(move |_: MouseEvent| Msg::Copy(text.clone(), field, said))
    };
    html! {
        <section class="card sharing" aria-labelledby="share-title">
            <h2 id="share-title">{ "Share these settings" }</h2>
            <p>{ "The address names every setting and the seed, so whoever opens it can repeat your run. Add " }<code>{ "&autostart" }</code>{ " to start it at once." }</p>
            <div class="buttons">
                <button type="button" data-action="copy-link" onclick={copy(&address, "share-link", "The link is on the clipboard.")}>{ "Copy link" }</button>
                <button type="button" data-action="copy-embed" onclick={copy(&frame, "share-frame", "The frame for your course page is on the clipboard.")}>{ "Copy frame for a course page" }</button>
                <a href={address.clone()} target="_blank" rel="noopener" data-action="open-tab">{ "Open in a new tab" }</a>
            </div>
            // Fields, not plain text: if the clipboard is refused, their text is selected for the person to copy.
            <input class="snippet" id="share-link" readonly={true} aria-label="The link" value={address} />
            <textarea class="snippet" id="share-frame" readonly={true} rows="3" aria-label="The frame for a course page" value={frame} />
        </section>
    }
}

//! The one place where the page uses features that a browser may lack or refuse. Nothing here throws. Each function returns an
//! [`Outcome`], and [`crate::page::capability::sentence`] makes a sentence of it for people.
//!
//! A frame in a sandbox has no storage and no clipboard. Over plain http from another machine there is no clipboard. A policy may forbid
//! workers. Leaves out: the messages to a page around this one (`embed`), and what is asked for inside an engine worker (WebGPU, caches).

use crate::config::RunConfig;
use crate::page::capability::Outcome;
use crate::page::view::View;
use crate::web::says;
use gloo::events::{EventListener, EventListenerOptions};
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, Event, HtmlAnchorElement, HtmlInputElement, Url, Window, Worker};

/// The key of the theme in the storage.
const THEME: &str = "fashion-lab-theme";

fn window() -> Option<Window> {
    web_sys::window()
}

fn outcome<T>(result: Result<T, JsValue>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(error) => Outcome::Refused(says(&error)),
    }
}

/// A time in milliseconds since 1970, as day and time where the reader is; empty for 0, which is no time.
pub fn moment(ms: u64) -> String {
    if ms == 0 {
        return String::new();
    }
    let date = js_sys::Date::new(&JsValue::from_f64(ms as f64));
    crate::evaluate::format::moment(date.get_date(), date.get_month(), date.get_hours(), date.get_minutes())
}

/// The address' fragment.
pub fn fragment() -> String {
    window().and_then(|w| w.location().hash().ok()).unwrap_or_default()
}

/// The fragment of a view with a config. Train, which is shown where no view is named, is not named.
pub fn fragment_of(config: &RunConfig, view: View) -> String {
    let fragment = config.to_fragment();
    let and = if fragment.is_empty() { "" } else { "&" };
    if view == View::default() { format!("#{fragment}") } else { format!("#{fragment}{and}view={}", view.key()) }
}

/// Mirrors config and view in the address without adding to the history.
pub fn show_fragment(config: &RunConfig, view: View) -> Outcome {
    let fragment = fragment_of(config, view);
    match window().map(|w| w.history()) {
        None => Outcome::Absent,
        Some(history) => outcome(history.and_then(|h| h.replace_state_with_url(&JsValue::NULL, "", Some(&fragment)))),
    }
}

/// The address of this page with a config.
pub fn link_to(config: &RunConfig) -> String {
    let here = window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default().to_owned();
    format!("{page}#{}", config.to_fragment())
}

/// The browser's name.
pub fn user_agent() -> String {
    window().and_then(|w| w.navigator().user_agent().ok()).unwrap_or_else(|| "unknown browser".to_owned())
}

/// Saves a text as a JSON file.
pub fn download(name: &str, text: &str) -> Outcome {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options);
    let address = match blob.and_then(|b| Url::create_object_url_with_blob(&b)) {
        Ok(address) => address,
        Err(error) => return Outcome::Refused(says(&error)),
    };
    let anchor = window().and_then(|w| w.document()).and_then(|d| d.create_element("a").ok());
    let Some(anchor) = anchor else { return Outcome::Absent };
    let anchor: HtmlAnchorElement = anchor.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // Once it has begun, the download does not need the address any more.
    outcome(Url::revoke_object_url(&address))
}

/// Puts a text on the clipboard and calls `then` when the browser has done or refused it, which takes a while.
pub fn copy(text: String, then: impl FnOnce(Outcome) + 'static) {
    wasm_bindgen_futures::spawn_local(async move { then(write_clipboard(&text).await) });
}

async fn write_clipboard(text: &str) -> Outcome {
    // By hand: where the page is not secure there is no `navigator.clipboard`, and the typed one would throw.
    let Some(navigator) = window().map(|w| w.navigator()) else { return Outcome::Absent };
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).unwrap_or_default();
    let write = match clipboard.is_object() {
        true => Reflect::get(&clipboard, &"writeText".into()).unwrap_or_default(),
        false => return Outcome::Absent,
    };
    let Some(write) = write.dyn_ref::<Function>() else { return Outcome::Absent };
    match write.call1(&clipboard, &text.into()) {
        Ok(promise) => outcome(JsFuture::from(Promise::resolve(&promise)).await),
        Err(error) => Outcome::Refused(says(&error)),
    }
}

/// Puts the focus on a text field and selects its text, so that a person can copy it.
pub fn select(id: &str) -> Outcome {
    let Some(field) = window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id)) else {
        return Outcome::Absent;
    };
    // A text area has the same method; the type is only used to call it.
    let field: HtmlInputElement = field.unchecked_into();
    let focused = outcome(field.focus());
    field.select();
    focused
}

/// Whether the page begins dark: as at the last visit, else as the system.
pub fn prefers_dark() -> bool {
    let Some(window) = window() else { return false };
    let kept = window.local_storage().ok().flatten().and_then(|s| s.get_item(THEME).ok().flatten());
    let system = || window.match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|m| m.matches());
    kept.map_or_else(system, |k| k == "dark")
}

/// Keeps the theme for the next visit.
pub fn keep_theme(dark: bool) -> Outcome {
    match window().map(|w| w.local_storage()) {
        Some(Ok(Some(storage))) => outcome(storage.set_item(THEME, if dark { "dark" } else { "light" })),
        Some(Err(error)) => Outcome::Refused(says(&error)),
        Some(Ok(None)) | None => Outcome::Absent,
    }
}

/// Shows a theme.
pub fn show_theme(dark: bool) {
    if let Some(root) = window().and_then(|w| w.document()).and_then(|d| d.document_element()) {
        let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" }); // The name is valid.
    }
}

/// Starts a worker from the absolute addresses of its loader and of the engine's script.
///
/// # Errors
/// The [`Outcome`] where neither way is allowed.
pub fn start_worker(loader: &str, engine: &str) -> Result<Worker, Outcome> {
    // The loader's own address carries the engine's, so that a worker that it starts in turn finds it (public/engine-loader.js).
    let plain = format!("{loader}#{}", String::from(js_sys::encode_uri_component(engine)));
    match Worker::new(&plain) {
        Ok(worker) => Ok(worker),
        // A page without an origin may not start a worker from a file of the host, but it may start one from its own blob, and the blob
        // may import that file. The plain way comes first, because a policy of script-src 'self' allows no blob.
        Err(refused) => blob_worker(loader, engine)
            .map_err(|e| Outcome::Refused(format!("{}; from a blob: {}", says(&refused), says(&e)))),
    }
}

fn blob_worker(loader: &str, engine: &str) -> Result<Worker, JsValue> {
    // Addresses as JSON are JavaScript strings.
    let text = |address: &str| serde_json::Value::from(address).to_string();
    let code = format!("self.engineScript = {}; importScripts({});", text(engine), text(loader));
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&code.into()), &options)?;
    // Never revoked: helper workers are started from it as long as the page lives.
    Worker::new(&Url::create_object_url_with_blob(&blob)?)
}

thread_local! {
    static LEAVING: RefCell<Option<EventListener>> = const { RefCell::new(None) };
}

/// Switches on or off that the browser asks before the page is left or loaded again.
pub fn ask_before_leaving(on: bool) -> Outcome {
    let Some(window) = window() else { return Outcome::Absent };
    LEAVING.with_borrow_mut(|listener| match on {
        true if listener.is_none() => {
            let options = EventListenerOptions::enable_prevent_default();
            *listener = Some(EventListener::new_with_options(&window, "beforeunload", options, |event| {
                event.prevent_default();
                // Older browsers need this value in place of the call above. They show their own text.
                let _ = Reflect::set(event, &"returnValue".into(), &"A run is under way.".into());
            }));
        }
        true => {}
        false => *listener = None,
    });
    Outcome::Done
}

/// If files are dropped beside the box that takes them, the browser would open them in place of the page. This prevents it and calls
/// `dropped`. The listeners live as long as the returned values.
pub fn refuse_stray_files(dropped: impl Fn() + 'static) -> Vec<EventListener> {
    let Some(window) = window() else { return Vec::new() };
    let listen = |kind: &'static str, heard: Box<dyn FnMut(&Event)>| {
        EventListener::new_with_options(&window, kind, EventListenerOptions::enable_prevent_default(), heard)
    };
    // What the box has taken is prevented already when it arrives at the window. Text is let through to the fields.
    let stray = |event: &Event| {
        let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
        !event.default_prevented() && transfer.is_some_and(|t| t.types().includes(&"Files".into(), 0))
    };
    let over = move |event: &Event| {
        if stray(event) {
            event.prevent_default();
        }
    };
    let drop = move |event: &Event| {
        if stray(event) {
            event.prevent_default();
            dropped();
        }
    };
    vec![listen("dragover", Box::new(over)), listen("drop", Box::new(drop))]
}

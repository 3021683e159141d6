//! The page and its window: the address' fragment, the messages for embedders, theme, clipboard and download.

use crate::config::RunConfig;
use crate::page::state::State;
use crate::protocol::FromEngine;
use crate::run::report::RunReport;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url, Window};

const THEME: &str = "fashion-lab-theme";

fn window() -> Option<Window> {
    web_sys::window()
}

/// The address' fragment.
pub fn fragment() -> String {
    window().and_then(|w| w.location().hash().ok()).unwrap_or_default()
}

/// Mirrors the config in the address without adding to the history.
pub fn show_fragment(config: &RunConfig) {
    let fragment = format!("#{}", config.to_fragment());
    if let Some(history) = window().and_then(|w| w.history().ok()) {
        // Refused in some frames; the page works without.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&fragment));
    }
}

/// The address of this page with a config.
pub fn link_to(config: &RunConfig) -> String {
    let here = window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default().to_owned();
    format!("{page}#{}", config.to_fragment())
}

/// The absolute address of one of this site's files.
pub fn absolute(file: &str) -> String {
    let base = window().and_then(|w| w.document()).and_then(|d| d.base_uri().ok().flatten()).unwrap_or_default();
    Url::new_with_base(file, &base).map_or_else(|_| file.to_owned(), |u| u.href())
}

/// The browser's name.
pub fn browser() -> String {
    window().and_then(|w| w.navigator().user_agent().ok()).unwrap_or_else(|| "unknown browser".to_owned())
}

fn post(kind: &str, fields: Value) {
    let mut message = json!({ "source": "fashion-lab", "version": 1, "type": kind });
    if let (Value::Object(message), Value::Object(fields)) = (&mut message, fields) {
        message.extend(fields);
    }
    // The page's own window where it is not framed.
    let target = window().and_then(|w| w.parent().ok().flatten().or(Some(w)));
    if let (Some(target), Ok(object)) = (target, js_sys::JSON::parse(&message.to_string())) {
        let _ = target.post_message(&object, "*");
    }
}

/// Tells embedders what they may want to know of an engine's message.
pub fn announce(state: &State, message: &FromEngine) {
    match message {
        FromEngine::DeviceReady { device } => {
            post("ready", json!({ "backend": device.backend, "adapter": device.adapter, "why": device.why }));
        }
        FromEngine::Progress { run, network, epoch, step, images_per_s, losses, accuracy, .. } if of(state, *run) => {
            let fields = json!({
                "network": network.key(), "epoch": epoch, "step": step, "images_per_s": images_per_s,
                "loss": losses.last(), "accuracy": accuracy,
            });
            post("progress", fields);
        }
        FromEngine::Epoch { run, network, record, .. } if of(state, *run) => {
            post(
                "evaluated",
                json!({ "network": network.key(), "epoch": record.epoch, "validation": record.validation }),
            );
        }
        FromEngine::Failed { message, .. } => error(message),
        FromEngine::DataFailed { failures } => {
            let said: Vec<String> =
                failures.iter().map(|f| format!("{} ({}): {}", f.file, f.address, f.reason)).collect();
            error(&said.join("; "));
        }
        _ => {}
    }
}

fn of(state: &State, run: u64) -> bool {
    state.run.as_ref().is_some_and(|r| r.id == run)
}

/// Tells embedders that something failed.
pub fn error(message: &str) {
    post("error", json!({ "message": message }));
}

/// Tells embedders what came of a run.
pub fn result(report: &RunReport) {
    post("result", json!({ "report": report }));
}

/// Downloads a report.
pub fn download(report: &RunReport) {
    let Ok(text) = serde_json::to_string_pretty(report) else { return }; // Plain values are always written.
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options);
    let address = blob.and_then(|b| Url::create_object_url_with_blob(&b));
    let anchor = window().and_then(|w| w.document()).and_then(|d| d.create_element("a").ok());
    if let (Ok(address), Some(anchor)) = (address, anchor) {
        let anchor: HtmlAnchorElement = anchor.unchecked_into();
        anchor.set_href(&address);
        anchor.set_download(&format!("fashion-lab-seed-{}.json", report.config.seed));
        anchor.click();
        // The download has its own hold on the bytes once it has begun.
        let _ = Url::revoke_object_url(&address);
    }
}

/// Puts a text on the clipboard, where the browser allows it.
pub fn copy(text: &str) {
    if let Some(window) = window() {
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// Whether the page begins dark: as it was left, else as the system is.
pub fn prefers_dark() -> bool {
    let Some(window) = window() else { return false };
    let kept = window.local_storage().ok().flatten().and_then(|s| s.get_item(THEME).ok().flatten());
    let system = || window.match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|m| m.matches());
    kept.map_or_else(system, |k| k == "dark")
}

/// Keeps the theme for the next visit, where there is storage.
pub fn keep_theme(dark: bool) {
    if let Some(storage) = window().and_then(|w| w.local_storage().ok().flatten()) {
        let _ = storage.set_item(THEME, if dark { "dark" } else { "light" });
    }
}

/// Shows a theme.
pub fn show_theme(dark: bool) {
    if let Some(root) = window().and_then(|w| w.document()).and_then(|d| d.document_element()) {
        let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
    }
}

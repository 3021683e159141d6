//! What the program asks of its browser. Nothing here throws.

use super::parts::Act;
use crate::classify::effect::Msg;
use crate::web::{absolute, bytes};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Whether the theme is dark: as the page shows it, else as the system.
pub fn is_dark() -> bool {
    let Some(window) = web_sys::window() else { return false };
    let root = window.document().and_then(|d| d.document_element());
    let shown = root.and_then(|root| root.get_attribute("data-theme"));
    let system = || window.match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|m| m.matches());
    shown.map_or_else(system, |theme| theme == "dark")
}

/// Fetches a file of the folder `models`. Answers [`Msg::Shipped`].
pub fn fetch(name: &'static str, act: Act) {
    let Some(window) = web_sys::window() else { return };
    let answer = JsFuture::from(window.fetch_with_str(&absolute(&format!("models/{name}"))));
    wasm_bindgen_futures::spawn_local(async move { act.emit(Msg::Shipped(name, bytes(answer).await)) });
}

/// Sends [`Msg::Work`] in a task of its own, so that the browser can draw and answer before.
pub fn later(act: Act) {
    let work = Closure::once_into_js(move || act.emit(Msg::Work));
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback(work.unchecked_ref()); // A window that is closed has no tasks.
    }
}

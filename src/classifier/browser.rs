//! What the program asks of its browser. Nothing here throws.

use super::parts::Act;
use crate::classify::effect::Msg;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Url};

/// The message of a thrown value.
pub fn says(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|m| m.as_string()).or(error.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}

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
    let base = web_sys::window().and_then(|w| w.document()).and_then(|d| d.base_uri().ok().flatten());
    let file = format!("models/{name}");
    let address = Url::new_with_base(&file, &base.unwrap_or_default()).map_or(file, |url| url.href());
    wasm_bindgen_futures::spawn_local(async move { act.emit(Msg::Shipped(name, bytes(&address).await)) });
}

/// The bytes at an address.
pub async fn bytes(address: &str) -> Result<Vec<u8>, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let read = async {
        let response: Response = JsFuture::from(window.fetch_with_str(address)).await?.unchecked_into();
        if !response.ok() {
            return Ok(Err(format!("the server answered {}", response.status())));
        }
        let buffer = JsFuture::from(response.array_buffer()?).await?;
        Ok(Ok(Uint8Array::new(&buffer).to_vec()))
    };
    let read: Result<_, JsValue> = read.await;
    read.unwrap_or_else(|error| Err(says(&error)))
}

/// Sends [`Msg::Work`] in a task of its own, so that the browser can draw and answer before.
pub fn later(act: Act) {
    let work = Closure::once_into_js(move || act.emit(Msg::Work));
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback(work.unchecked_ref()); // A window that is closed has no tasks.
    }
}

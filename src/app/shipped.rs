//! Fetches the networks and garments that ship with the page, and lets the networks answer: one garment a task, so that the page stays
//! quick. Leaves out: reading and computing (`crate::shipped`), and what is made of the answers.

use super::App;
use crate::config::NetworkKind;
use crate::page::effect::Msg;
use crate::page::shipped::{ShippedAnswers, ShippedNetwork};
use crate::shipped::{self, Garments};
use crate::web::{self, absolute};
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;
use yew::html::Scope;

/// Fetches, computes, and tells the page how it went.
pub fn answer(link: Scope<App>) {
    wasm_bindgen_futures::spawn_local(async move {
        let done = fetch_and_answer().await;
        let done = done.map_err(|reason| {
            format!("The networks that ship with the page cannot answer: {reason}. Everything else works without them.")
        });
        link.send_message(Msg::Shipped(done));
    });
}

async fn fetch_and_answer() -> Result<ShippedAnswers, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    // The page is painted first.
    next_task(&window).await;
    let files = ["models/ann.safetensors", "models/cnn.safetensors", "models/garments.bin"].map(absolute);
    // All three at once. A future takes note of a failure even where nobody awaits it any more.
    let begin = |address| (address, JsFuture::from(window.fetch_with_str(address)));
    let [ann, cnn, garments] = files.each_ref().map(|address| begin(address.as_str()));
    let Garments { pixels, labels, .. } = Garments::read(&bytes(garments).await?).map_err(|e| e.to_string())?;
    let mut networks = Vec::new();
    for (kind, file) in [(NetworkKind::Ann, ann), (NetworkKind::Cnn, cnn)] {
        let file = bytes(file).await?;
        next_task(&window).await;
        let network = shipped::ShippedNetwork::read(kind, &file).map_err(|e| e.to_string())?;
        let mut probabilities = Vec::new();
        for pixels in &pixels {
            next_task(&window).await;
            probabilities.extend(network.answer(pixels));
        }
        networks.push(ShippedNetwork { kind, accuracy: network.accuracy(), probabilities });
    }
    Ok(ShippedAnswers { pixels, labels, networks })
}

/// The content of a file that is on its way.
async fn bytes((address, answer): (&str, JsFuture)) -> Result<Vec<u8>, String> {
    web::bytes(answer).await.map_err(|reason| format!("{address}: {reason}"))
}

/// Goes on in a task of its own.
async fn next_task(window: &Window) {
    let promise = Promise::new(&mut |resolve, _| {
        // Where there is no timer, it goes on at once.
        if window.set_timeout_with_callback(&resolve).is_err() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    });
    let _ = JsFuture::from(promise).await; // It is never rejected.
}

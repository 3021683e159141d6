//! Fetches the networks and garments that ship with the page, and lets the networks answer: one garment a task, so that the page stays
//! quick. Leaves out: reading and computing (`crate::shipped`), and what is made of the answers.

use super::App;
use super::browser::{absolute, says};
use crate::config::NetworkKind;
use crate::page::effect::Msg;
use crate::page::shipped::{ShippedAnswers, ShippedNetwork};
use crate::shipped::{Garments, ShippedNetwork as Network};
use js_sys::{Promise, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Window};
use yew::html::Scope;

/// The networks, once they have come. All who need them share one of these.
#[derive(Clone, Default)]
pub struct Networks(Rc<RefCell<Option<Rc<[Network; 2]>>>>);

/// Fetches, computes, and tells the page how it went. The networks stay in `networks`.
pub fn answer(networks: Networks, link: Scope<App>) {
    wasm_bindgen_futures::spawn_local(async move {
        let done = networks.answer().await;
        let done = done.map_err(|reason| {
            format!("The networks that ship with the page cannot answer: {reason}. Everything else works without them.")
        });
        link.send_message(Msg::Shipped(done));
    });
}

impl Networks {
    /// The ANN and the CNN.
    ///
    /// # Errors
    /// Why they cannot be had.
    pub async fn get(&self) -> Result<Rc<[Network; 2]>, String> {
        let kept = self.0.borrow().clone();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let window = web_sys::window().ok_or("there is no window")?;
        let files = ["models/ann.safetensors", "models/cnn.safetensors"].map(absolute);
        // Both at once.
        let begun = files.each_ref().map(|address| begin(&window, address));
        let mut read = Vec::new();
        for (kind, file) in NetworkKind::ALL.into_iter().zip(begun) {
            let file = bytes(file).await?;
            next_task(&window).await;
            read.push(Network::read(kind, &file).map_err(|e| e.to_string())?);
        }
        let read: [Network; 2] = read.try_into().map_err(|_| "there are not two networks")?;
        Ok(self.0.borrow_mut().insert(Rc::new(read)).clone())
    }

    async fn answer(&self) -> Result<ShippedAnswers, String> {
        let window = web_sys::window().ok_or("there is no window")?;
        // The page is painted first.
        next_task(&window).await;
        let address = absolute("models/garments.bin");
        let garments = begin(&window, &address);
        let both = self.get().await?;
        let Garments { pixels, labels, .. } = Garments::read(&bytes(garments).await?).map_err(|e| e.to_string())?;
        let mut networks = Vec::new();
        for (kind, network) in NetworkKind::ALL.into_iter().zip(&*both) {
            let mut probabilities = Vec::new();
            for pixels in &pixels {
                next_task(&window).await;
                probabilities.extend(network.answer(pixels));
            }
            networks.push(ShippedNetwork { kind, accuracy: network.accuracy(), probabilities });
        }
        Ok(ShippedAnswers { pixels, labels, networks })
    }
}

/// Begins to fetch a file. A future takes note of a failure even where nobody awaits it any more.
fn begin<'a>(window: &Window, address: &'a str) -> (&'a str, JsFuture) {
    (address, JsFuture::from(window.fetch_with_str(address)))
}

/// The content of a file that is on its way.
async fn bytes((address, answer): (&str, JsFuture)) -> Result<Vec<u8>, String> {
    let read = async {
        let response: Response = answer.await?.unchecked_into();
        if !response.ok() {
            return Ok(Err(format!("the server answered {}", response.status())));
        }
        let buffer = JsFuture::from(response.array_buffer()?).await?;
        Ok(Ok(Uint8Array::new(&buffer).to_vec()))
    };
    let read: Result<_, wasm_bindgen::JsValue> = read.await;
    read.unwrap_or_else(|e| Err(says(&e))).map_err(|reason| format!("{address}: {reason}"))
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

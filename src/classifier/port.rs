//! The port to the page.

use super::parts::Act;
use crate::classify::effect::Msg;
use crate::protocol::classifier::{FromClassifier, ToClassifier};
use crate::protocol::wire;
use crate::web::says;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, MessageEvent, MessagePort};

/// The property of the window in which the page has put the port (`src/app/classifier.rs`).
const PORT: &str = "fashionLabClassifierPort";

/// A file is not larger than this. It lies in the program's memory more than once while it is checked.
const MOST_BYTES: f64 = (1_u64 << 30) as f64;

/// The port that the page has put into the window.
pub fn of_page() -> Option<MessagePort> {
    let window = web_sys::window()?;
    Reflect::get(&window, &PORT.into()).ok()?.dyn_into().ok()
}

/// The open port.
pub struct Port {
    port: MessagePort,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Port {
    /// Listens, and tells the page so.
    pub fn open(port: MessagePort, act: Act) -> Self {
        let on_message = Closure::new(move |event: MessageEvent| match wire::unpack::<ToClassifier>(&event.data()) {
            Ok((ToClassifier::Import, parts)) => open_files(&parts, &act),
            Ok((ToClassifier::Export(order), parts)) => act.emit(Msg::Export(order, wire::bytes_beside(&parts))),
            Ok((message, parts)) => {
                let mut beside = wire::bytes_beside(&parts);
                act.emit(Msg::Page(message, if beside.is_empty() { Vec::new() } else { beside.swap_remove(0) }));
            }
            Err(error) => act.emit(Msg::Notice(format!(
                "The page said something unknown: {error}. Reload the page without its cache."
            ))),
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let port = Self { port, _on_message: on_message };
        port.tell(&FromClassifier::Opened, &[]);
        port
    }

    /// Tells the page something, with bytes beside it.
    pub fn tell(&self, message: &FromClassifier, bytes: &[Vec<u8>]) {
        let bytes: Vec<JsValue> = bytes.iter().map(|bytes| Uint8Array::from(bytes.as_slice()).into()).collect();
        let (parts, transfer) = wire::pack(message, &bytes.iter().collect::<Vec<_>>());
        if let Err(error) = self.port.post_message_with_transferable(&parts, &transfer) {
            web_sys::console::error_1(&error);
        }
    }
}

/// Reads the files beside a message, one after the other, and hands each on.
fn open_files(parts: &Array, act: &Act) {
    let files: Vec<File> = parts.iter().skip(1).filter_map(|part| part.dyn_into().ok()).collect();
    let act = act.clone();
    wasm_bindgen_futures::spawn_local(async move {
        for file in files {
            let bytes = match file.size() {
                size if size > MOST_BYTES => Err(format!("{}: the file is too large; give a smaller one", file.name())),
                _ => match JsFuture::from(file.array_buffer()).await {
                    Ok(buffer) => Ok(Uint8Array::new(&buffer).to_vec()),
                    Err(error) => Err(format!("{}: the file cannot be read ({})", file.name(), says(&error))),
                },
            };
            act.emit(Msg::Import(file.name(), bytes));
        }
    });
}

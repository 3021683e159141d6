//! The port to the page.

use super::parts::Act;
use crate::classify::effect::Msg;
use crate::protocol::classifier::{FromClassifier, ToClassifier};
use crate::protocol::wire;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

/// The property of the window in which the page has put the port (`src/app/classifier.rs`).
const PORT: &str = "fashionLabClassifierPort";

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
        port.tell(&FromClassifier::Opened);
        port
    }

    /// Tells the page something.
    pub fn tell(&self, message: &FromClassifier) {
        let (parts, _) = wire::pack(message, &[]);
        if let Err(error) = self.port.post_message(&parts) {
            web_sys::console::error_1(&error);
        }
    }
}

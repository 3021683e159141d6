//! Posts this page's messages to the page around it, and hears that page's. The messages are [`crate::protocol::embed`]'s.

use crate::protocol::embed::{Incoming, Message, NAME, Outgoing, read};
use gloo::events::EventListener;
use js_sys::{JSON, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Window};

/// Tells the page around this one; where there is none, this page's own window. Nothing is told where the browser refuses.
pub fn post(message: &Outgoing) {
    let window = web_sys::window();
    if let Some(target) = window.and_then(|w| w.parent().ok().flatten().or(Some(w))) {
        post_to(&target, message);
    }
}

/// Tells that something failed.
pub fn error(message: &str) {
    post(&Outgoing::new(Message::Error { message: message.to_owned() }));
}

/// A window that asked, for the answer.
#[derive(Clone)]
pub struct Asker(Window);

impl Asker {
    /// Answers it.
    pub fn answer(&self, message: &Outgoing) {
        post_to(&self.0, message);
    }
}

fn post_to(target: &Window, message: &Outgoing) {
    let posted = JSON::parse(&message.to_json()).and_then(|object| target.post_message(&object, "*"));
    if let Err(error) = posted {
        web_sys::console::warn_1(&error); // A window that cannot be told changes nothing here.
    }
}

/// Calls `heard` for each message that is addressed to this page. Listens as long as what is returned lives.
pub fn listen(heard: impl Fn(Asker, Incoming) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let data = event.data();
        // First the one field: what other scripts post may be large, and is none of this page's business.
        if !data.is_object()
            || Reflect::get(&data, &"target".into()).ok().and_then(|t| t.as_string()).as_deref() != Some(NAME)
        {
            return;
        }
        let json = JSON::stringify(&data).ok().and_then(|text| text.as_string());
        let incoming = json.as_deref().and_then(read);
        if let (Some(source), Some(incoming)) = (event.source(), incoming) {
            // A window of another origin is an instance of no class of this one; it has `postMessage` all the same.
            heard(Asker(source.unchecked_into()), incoming);
        }
    }))
}

//! Posts this page's messages to the page around it, and receives messages from there. Leaves out: the messages themselves
//! ([`crate::protocol::embed`]).

use crate::protocol::embed::{Incoming, NAME, Outgoing, read};
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
        web_sys::console::warn_1(&error); // If the window cannot be reached, nothing changes here.
    }
}

/// Calls `heard` for each message that is addressed to this page. Listens as long as what is returned lives.
pub fn listen(heard: impl Fn(Asker, Incoming) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let data = event.data();
        // Other scripts may post large objects to this window, so only this field is read first.
        if !data.is_object()
            || Reflect::get(&data, &"target".into()).ok().and_then(|t| t.as_string()).as_deref() != Some(NAME)
        {
            return;
        }
        let json = JSON::stringify(&data).ok().and_then(|text| text.as_string());
        let incoming = json.as_deref().and_then(read);
        if let (Some(source), Some(incoming)) = (event.source(), incoming) {
            // A window of another origin is not an instance of this page's classes, but it has `postMessage`.
            heard(Asker(source.unchecked_into()), incoming);
        }
    }))
}

//! Posts this page's messages to the page around it, and receives messages from there. Leaves out: the messages themselves
//! ([`super::embed`], [`super::asked`]).

use super::asked::{Incoming, read};
use super::embed::{Message, NAME, Outgoing};
use gloo::events::EventListener;
use js_sys::{JSON, Reflect};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, ResizeObserver, Window};

/// Tells the page around this one; where there is none, this page's own window. Nothing is told where the browser refuses.
pub fn post(message: &Outgoing) {
    let window = web_sys::window();
    if let Some(target) = window.and_then(|w| w.parent().ok().flatten().or(Some(w))) {
        post_to(&target, &message.to_json());
    }
}

/// A window that asked, for the answer.
#[derive(Clone)]
pub struct Asker(Window);

impl Asker {
    /// Answers it.
    pub fn answer(&self, message: &Outgoing) {
        self.answer_json(&message.to_json());
    }

    /// Answers it with a message that is JSON already.
    pub fn answer_json(&self, json: &str) {
        post_to(&self.0, json);
    }
}

fn post_to(target: &Window, json: &str) {
    let posted = JSON::parse(json).and_then(|object| target.post_message(&object, "*"));
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

/// Tells the page around this one how high this page's document is, now and whenever it changes. Follows it as long as the page lives.
/// Where there is no page around this one, nothing is told. It goes out as three kinds of pages understand it.
pub fn tell_height() {
    let Some(window) = web_sys::window() else { return };
    let Some(parent) = window.parent().ok().flatten().filter(|parent| *parent != window) else { return };
    let Some(root) = window.document().and_then(|document| document.document_element()) else { return };
    let (measured, told) = (root.clone(), Cell::new(0));
    let follow = Closure::<dyn Fn()>::new(move || {
        let height = measured.get_bounding_client_rect().height().ceil() as u32;
        if told.replace(height) != height {
            post_to(&parent, &Outgoing::new(Message::Height { height }).to_json());
            // As Canvas understands it, and pages with the script of H5P.
            post_to(&parent, &format!(r#"{{"subject":"lti.frameResize","height":{height}}}"#));
            post_to(&parent, &format!(r#"{{"context":"h5p","action":"resize","scrollHeight":{height}}}"#));
        }
    });
    // An old browser without it gets no heights; the frame then scrolls.
    if let Ok(observer) = ResizeObserver::new(follow.as_ref().unchecked_ref()) {
        observer.observe(&root); // Tells the first size too.
        follow.forget();
    }
}

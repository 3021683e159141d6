//! What tells other tabs which run this page trains, and what tells this page that nobody sees it any more. The browser lets go of a lock
//! by itself when its page is closed or dies, so no run looks alive for ever. Leaves out: what follows from both (`page`).
//!
//! Locks are used by name, because a browser has them only in a secure page. Where there are none, no run of another tab is known.

use gloo::events::EventListener;
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What the lock of a run's name begins with; its id follows.
const LOCK: &str = "fashion-lab-run-";

/// The browser's locks and one of their methods.
fn locks(method: &str) -> Option<(JsValue, Function)> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let method = Reflect::get(&locks, &method.into()).ok()?.dyn_into().ok()?;
    Some((locks, method))
}

/// The lock of one run. Dropped, it is let go.
pub struct RunLock(Option<Function>);

impl RunLock {
    /// Takes the lock of a run. If another tab has it, this one gets it after that.
    pub fn take(run: u64) -> Self {
        let Some((locks, request)) = locks("request") else { return Self(None) };
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        // The browser holds the lock until the promise that this function gives is kept.
        let granted = Closure::once_into_js(move |_: JsValue| held);
        if let Ok(asked) = request.call2(&locks, &format!("{LOCK}{run}").into(), &granted) {
            wasm_bindgen_futures::spawn_local(async move {
                // A page without an origin is refused. It has no store either, so no other tab looks for its runs.
                let _ = JsFuture::from(Promise::resolve(&asked)).await;
            });
        }
        Self(release)
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::UNDEFINED); // A promise's own function does not throw.
        }
    }
}

/// The runs that other tabs train now.
pub async fn live_runs() -> Vec<u64> {
    let Some((locks, query)) = locks("query") else { return Vec::new() };
    let Ok(asked) = query.call0(&locks) else { return Vec::new() };
    let Ok(state) = JsFuture::from(Promise::resolve(&asked)).await else { return Vec::new() };
    let held = Reflect::get(&state, &"held".into()).unwrap_or_default();
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    let runs = Array::from(&held).iter().filter_map(name).collect::<Vec<_>>();
    runs.iter().filter_map(|name| name.strip_prefix(LOCK)?.parse().ok()).collect()
}

/// Calls `hidden` when the page is hidden or left, once until it is seen again. The listeners live as long as the returned values.
pub fn on_hidden(hidden: impl Fn() + 'static) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let Some(document) = window.document() else { return Vec::new() };
    let (told, hidden) = (Rc::new(Cell::new(false)), Rc::new(hidden));
    let listen = |target: &web_sys::EventTarget, kind: &'static str, is_hidden: Rc<dyn Fn() -> bool>| {
        let (told, hidden) = (told.clone(), hidden.clone());
        EventListener::new(target, kind, move |_| {
            let now = is_hidden();
            if now && !told.replace(now) {
                hidden();
            }
            told.set(now);
        })
    };
    // A page that is left from sight hears `pagehide` first, one that was behind others hears it alone, and a phone that ends its browser
    // sends no `pagehide`. A page that the browser shows again by its button "back" hears `pageshow`.
    let by_name =
        |document: &web_sys::Document| Reflect::get(document, &"hidden".into()).is_ok_and(|hidden| hidden.is_truthy());
    let of_document = document.clone();
    vec![
        listen(&document, "visibilitychange", Rc::new(move || by_name(&of_document))),
        listen(&window, "pagehide", Rc::new(|| true)),
        listen(&window, "pageshow", Rc::new(|| false)),
    ]
}

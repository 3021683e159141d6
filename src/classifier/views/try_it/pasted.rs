//! Takes pictures that are pasted anywhere, while the view is seen.

use crate::classifier::parts::take_files;
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, File, HtmlElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PastedProps {
    /// Is given each pasted file.
    pub taken: Callback<File>,
}

/// Nothing to see: it listens.
#[function_component]
pub fn Pasted(props: &PastedProps) -> Html {
    let node = use_node_ref();
    let taken = use_mut_ref(|| props.taken.clone());
    *taken.borrow_mut() = props.taken.clone();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let listener = web_sys::window().and_then(|window| window.document()).map(|document| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&document, "paste", options, move |event| {
                    // The page hides what it does not show; what is hidden has no parent in the layout.
                    let seen = node.cast::<HtmlElement>().is_some_and(|node| node.offset_parent().is_some());
                    let pasted = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
                    let files = pasted.and_then(|data| data.files()).filter(|files| seen && files.length() > 0);
                    if files.is_some() {
                        event.prevent_default();
                        take_files(files, &taken.borrow());
                    }
                })
            });
            move || drop(listener)
        });
    }
    html! { <span ref={node} class="unseen" /> }
}

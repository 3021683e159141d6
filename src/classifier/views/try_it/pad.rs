//! The square that is drawn on, with mouse, finger or pen.

use crate::classifier::parts::{Act, Picture};
use crate::classifier::texts::try_it as t;
use crate::classify::effect::Msg;
use crate::classify::try_it::{Shown, Try};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PadProps {
    /// Hears the strokes.
    pub act: Act,
    /// The drawing so far.
    pub shown: Shown,
}

/// What the pointer did since the last frame.
#[derive(Default)]
struct Pointer {
    /// The pointer that is down.
    down: Option<i32>,
    /// Whether its stroke was not told yet.
    begins: bool,
    points: Vec<[f32; 2]>,
    /// Whether a frame was asked for.
    waits: bool,
}

/// The square. It tells of a stroke once in each frame, because the networks answer to each message.
#[function_component]
pub fn Pad(props: &PadProps) -> Html {
    let node = use_node_ref();
    let pointer = use_mut_ref(Pointer::default);
    let add = {
        let (node, pointer, act) = (node.clone(), pointer.clone(), props.act.clone());
        move |event: &PointerEvent| {
            let Some(element) = node.cast::<Element>() else { return };
            let frame = element.get_bounding_client_rect();
            let place = |event: &PointerEvent| {
                let share = |at: i32, start: f64, length: f64| ((f64::from(at) - start) / length.max(1.0)) as f32;
                [
                    share(event.client_x(), frame.left(), frame.width()),
                    share(event.client_y(), frame.top(), frame.height()),
                ]
            };
            // A fast pointer moves several times in a frame.
            let between: Vec<PointerEvent> =
                event.get_coalesced_events().iter().filter_map(|event| event.dyn_into().ok()).collect();
            let mut state = pointer.borrow_mut();
            state.points.extend(between.iter().map(place));
            if between.is_empty() {
                state.points.push(place(event));
            }
            if !std::mem::replace(&mut state.waits, true) {
                drop(state);
                next_frame(pointer.clone(), act.clone());
            }
        }
    };
    let onpointerdown = {
        let (node, pointer, add) = (node.clone(), pointer.clone(), add.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 || pointer.borrow().down.is_some() {
                return;
            }
            if let Some(element) = node.cast::<Element>() {
                let _ = element.set_pointer_capture(event.pointer_id()); // A pointer that is gone already draws a dot.
            }
            *pointer.borrow_mut() = Pointer { down: Some(event.pointer_id()), begins: true, ..Pointer::default() };
            add(&event);
        })
    };
    let onpointermove = {
        let pointer = pointer.clone();
        Callback::from(move |event: PointerEvent| {
            if pointer.borrow().down == Some(event.pointer_id()) {
                add(&event);
            }
        })
    };
    let onpointerup = {
        let (pointer, act) = (pointer.clone(), props.act.clone());
        Callback::from(move |event: PointerEvent| {
            if pointer.borrow().down == Some(event.pointer_id()) {
                flush(&pointer, &act);
                pointer.borrow_mut().down = None;
            }
        })
    };
    html! {
        <div ref={node} class="try-pad" data-action="pad" {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
            <Picture rgba={props.shown.rgba.clone()} width={props.shown.width} label={t::DRAW_HELP} class="try-picture" />
        </div>
    }
}

/// Tells what was drawn since the last time.
fn flush(pointer: &Rc<RefCell<Pointer>>, act: &Act) {
    let mut state = pointer.borrow_mut();
    let (begins, points) = (std::mem::take(&mut state.begins), std::mem::take(&mut state.points));
    drop(state);
    if !points.is_empty() {
        act.emit(Msg::Try(Try::Stroke { begins, points }));
    }
}

fn next_frame(pointer: Rc<RefCell<Pointer>>, act: Act) {
    let drawn = Closure::once_into_js(move || {
        pointer.borrow_mut().waits = false;
        flush(&pointer, &act);
    });
    if let Some(window) = web_sys::window() {
        let _ = window.request_animation_frame(drawn.unchecked_ref()); // A window that is closed has no frames.
    }
}

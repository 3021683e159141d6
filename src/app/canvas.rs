//! A canvas that plotters paints a picture on: as wide as its place, sharp on every screen, with hover by mouse, touch and keyboard.

use crate::plot::Picture;
use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, KeyboardEvent, PointerEvent, ResizeObserver};
use yew::prelude::*;

/// The picture for a width and height in CSS pixels.
pub type Draw = Rc<dyn Fn([f64; 2]) -> Picture>;

/// Where somebody points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pointer {
    /// In CSS pixels from the canvas' corner.
    pub at: [f64; 2],
    /// The canvas' size in CSS pixels.
    pub size: [f64; 2],
}

#[derive(Properties)]
pub struct CanvasProps {
    pub draw: Draw,
    /// Changes when the drawing would.
    pub version: String,
    /// Height in CSS pixels for a width.
    pub height: fn(f64) -> f64,
    /// What it shows, for those who do not see it.
    pub label: String,
    #[prop_or_default]
    pub onpoint: Option<Callback<Option<Pointer>>>,
    #[prop_or_default]
    pub onpick: Option<Callback<Pointer>>,
    /// Arrow keys: -1 or 1 horizontally, then vertically.
    #[prop_or_default]
    pub onmove: Option<Callback<(i32, i32)>>,
    /// Enter.
    #[prop_or_default]
    pub onenter: Option<Callback<()>>,
}

impl PartialEq for CanvasProps {
    fn eq(&self, other: &Self) -> bool {
        // Closures are new at each rendering; the version says whether they draw something else.
        self.version == other.version && self.label == other.label
    }
}

fn pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).clamp(1.0, 3.0)
}

/// The canvas.
#[function_component]
pub fn Canvas(props: &CanvasProps) -> Html {
    let node = use_node_ref();
    let width = use_state(|| 0.0f64);
    {
        let (node, width) = (node.clone(), width.clone());
        use_effect_with((), move |()| {
            let canvas = node.cast::<HtmlCanvasElement>();
            let watched = canvas.clone();
            let last = std::cell::Cell::new(0.0);
            let on_resize = Closure::<dyn FnMut()>::new(move || {
                let now = watched.as_ref().map_or(0.0, |c| f64::from(c.client_width()));
                if now != last.replace(now) {
                    width.set(now);
                }
            });
            let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(canvas)) = (&observer, &canvas) {
                observer.observe(canvas);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(on_resize);
            }
        });
    }
    let height = (props.height)(*width).round();
    {
        let (node, draw, width) = (node.clone(), props.draw.clone(), *width);
        let scale = pixel_ratio();
        use_effect_with((props.version.clone(), width as i64, height as i64, (scale * 100.0) as i64), move |_| {
            if let Some(canvas) = node.cast::<HtmlCanvasElement>().filter(|_| width > 0.0 && height > 0.0) {
                canvas.set_width((width * scale).round() as u32);
                canvas.set_height((height * scale).round() as u32);
                let Some(backend) = CanvasBackend::with_canvas_object(canvas) else { return };
                if let Err(e) = draw([width, height]).paint(&backend.into_drawing_area(), scale) {
                    web_sys::console::warn_1(&format!("a plot was not drawn: {e}").into());
                }
            }
        });
    }
    let pointer = {
        let node = node.clone();
        move |e: &PointerEvent| {
            let canvas = node.cast::<HtmlCanvasElement>()?;
            let at = [f64::from(e.offset_x()), f64::from(e.offset_y())];
            Some(Pointer { at, size: [f64::from(canvas.client_width()), f64::from(canvas.client_height())] })
        }
    };
    let onpointermove = props.onpoint.clone().map(|tell| {
        let pointer = pointer.clone();
        Callback::from(move |e: PointerEvent| tell.emit(pointer(&e)))
    });
    let onpointerleave = props.onpoint.clone().map(|tell| Callback::from(move |_: PointerEvent| tell.emit(None)));
    let onpointerdown = {
        let (point, pick) = (props.onpoint.clone(), props.onpick.clone());
        Callback::from(move |e: PointerEvent| {
            if let Some(at) = pointer(&e) {
                point.iter().for_each(|tell| tell.emit(Some(at)));
                pick.iter().for_each(|tell| tell.emit(at));
            }
        })
    };
    let onkeydown = {
        let (go, enter) = (props.onmove.clone(), props.onenter.clone());
        Callback::from(move |e: KeyboardEvent| {
            let step = match e.key().as_str() {
                "ArrowLeft" => (-1, 0),
                "ArrowRight" => (1, 0),
                "ArrowUp" => (0, -1),
                "ArrowDown" => (0, 1),
                "Enter" | " " if enter.is_some() => {
                    e.prevent_default();
                    return enter.iter().for_each(|tell| tell.emit(()));
                }
                _ => return,
            };
            if let Some(go) = &go {
                e.prevent_default();
                go.emit(step);
            }
        })
    };
    let focus = props.onmove.is_some().then_some("0");
    html! {
        <canvas ref={node} role="img" aria-label={props.label.clone()} tabindex={focus} style={format!("height:{height}px")}
            {onpointermove} {onpointerleave} {onpointerdown} {onkeydown} />
    }
}

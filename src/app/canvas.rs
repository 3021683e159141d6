//! A canvas that shows a [`Picture`]. It fills its place and is sharp on every screen. It is drawn again only if something changed, in an
//! animation frame. It reports where a person points, by mouse, touch or keyboard.
//!
//! Leaves out: what is drawn, and what it says in words. A panel with a canvas also shows a text or a table.

use crate::plot::Picture;
use gloo::events::EventListener;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent, ResizeObserver,
    ResizeObserverEntry,
};
use yew::prelude::*;

/// Plotters counts in whole pixels, the context turns them into quarters of device pixels: slanted lines and text stand where they
/// should.
const FINE: f64 = 4.0;

/// A point of a canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the upper left corner, in CSS pixels.
    pub at: [f64; 2],
    /// Width and height of the canvas, in CSS pixels.
    pub size: [f64; 2],
}

/// A key that a plot may answer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// An arrow: columns to the right, rows down.
    Move(i32, i32),
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Opens what is marked.
    Enter,
    /// Removes the mark.
    Escape,
}

#[derive(Properties, PartialEq)]
pub struct CanvasProps {
    /// The picture for a width and height in CSS pixels. Compared by identity: make it with `use_callback`.
    pub draw: Callback<[f64; 2], Picture>,
    /// What it shows and its main value, for those who do not see it.
    pub label: AttrValue,
    /// Gives it its height.
    pub class: &'static str,
    /// Where the pointer is; `None` when it left.
    #[prop_or_default]
    pub onpoint: Option<Callback<Option<Point>>>,
    /// A press or tap.
    #[prop_or_default]
    pub onpick: Option<Callback<Point>>,
    /// Keys; with it the canvas can have the focus.
    #[prop_or_default]
    pub onkey: Option<Callback<Key>>,
}

pub enum Msg {
    Resized([f64; 2]),
    RatioChanged,
    Frame,
}

/// What follows the size, and what it calls.
type Observer = (ResizeObserver, Closure<dyn FnMut(js_sys::Array)>);

/// See the module.
pub struct Canvas {
    place: NodeRef,
    canvas: NodeRef,
    size: [f64; 2],
    /// The frame that was asked for.
    asked: Option<i32>,
    on_frame: Closure<dyn FnMut()>,
    observer: Option<Observer>,
    ratio: Option<EventListener>,
}

impl Component for Canvas {
    type Message = Msg;
    type Properties = CanvasProps;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        Self {
            place: NodeRef::default(),
            canvas: NodeRef::default(),
            size: [0.0; 2],
            asked: None,
            on_frame: Closure::new(move || link.send_message(Msg::Frame)),
            observer: None,
            ratio: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &CanvasProps) -> bool {
        if ctx.props().draw != old.draw {
            self.ask();
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resized(size) => {
                self.size = size;
                self.ask();
            }
            Msg::RatioChanged => {
                self.follow_ratio(ctx);
                self.ask();
            }
            Msg::Frame => {
                self.asked = None;
                self.draw(&ctx.props().draw);
            }
        }
        false // yew does not draw the canvas.
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let point = |e: &PointerEvent| {
            // The canvas itself. Yew listens at the page's root, so the current target is the whole page.
            let canvas = e.target()?.dyn_into::<HtmlElement>().ok()?;
            let size = [f64::from(canvas.client_width()), f64::from(canvas.client_height())];
            Some(Point { at: [f64::from(e.offset_x()), f64::from(e.offset_y())], size })
        };
        let onpoint = props.onpoint.clone();
        let onpointermove = onpoint.clone().map(|tell| Callback::from(move |e: PointerEvent| tell.emit(point(&e))));
        let onpointerleave = onpoint.map(|tell| Callback::from(move |_: PointerEvent| tell.emit(None)));
        // A finger points as soon as it presses, even if it does not move.
        let onpointerdown = onpointermove.clone();
        let onclick = props.onpick.clone().map(|tell| {
            Callback::from(move |e: MouseEvent| {
                let canvas = e.target().and_then(|t| t.dyn_into::<HtmlElement>().ok());
                if let Some(canvas) = canvas {
                    let size = [f64::from(canvas.client_width()), f64::from(canvas.client_height())];
                    tell.emit(Point { at: [f64::from(e.offset_x()), f64::from(e.offset_y())], size });
                }
            })
        });
        let onkeydown = props.onkey.clone().map(|tell| {
            Callback::from(move |e: KeyboardEvent| {
                let key = match e.key().as_str() {
                    "ArrowLeft" => Key::Move(-1, 0),
                    "ArrowRight" => Key::Move(1, 0),
                    "ArrowUp" => Key::Move(0, -1),
                    "ArrowDown" => Key::Move(0, 1),
                    "Home" => Key::Home,
                    "End" => Key::End,
                    "Enter" | " " => Key::Enter,
                    "Escape" => Key::Escape,
                    _ => return,
                };
                e.prevent_default();
                tell.emit(key);
            })
        });
        html! {
            <div ref={&self.place} class={classes!("plot", props.class)}>
                <canvas ref={&self.canvas} role="img" aria-label={props.label.clone()} tabindex={props.onkey.is_some().then_some("0")}
                    {onpointermove} {onpointerdown} {onpointerleave} {onclick} {onkeydown} />
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        self.follow_ratio(ctx);
        let link = ctx.link().clone();
        let on_resize = Closure::new(move |entries: js_sys::Array| {
            if let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() {
                let place = entry.content_rect();
                link.send_message(Msg::Resized([place.width(), place.height()]));
            }
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref());
        if let (Ok(observer), Some(place)) = (observer, self.place.cast::<web_sys::Element>()) {
            observer.observe(&place); // Tells the first size too.
            self.observer = Some((observer, on_resize));
        }
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some((observer, _)) = &self.observer {
            observer.disconnect();
        }
        if let (Some(asked), Some(window)) = (self.asked.take(), web_sys::window()) {
            let _ = window.cancel_animation_frame(asked); // Only an id that was never given is refused.
        }
    }
}

/// Device pixels in a CSS pixel, at most three: nobody sees more, and every pixel takes memory.
fn pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).clamp(0.5, 3.0)
}

impl Canvas {
    /// Asks for a frame, unless one is on its way.
    fn ask(&mut self) {
        if self.asked.is_none()
            && let Some(window) = web_sys::window()
        {
            self.asked = window.request_animation_frame(self.on_frame.as_ref().unchecked_ref()).ok();
        }
    }

    /// The ratio changes with the zoom, or when the window moves to another screen. A query holds for one value only.
    fn follow_ratio(&mut self, ctx: &Context<Self>) {
        let Some(window) = web_sys::window() else { return };
        let query = window.match_media(&format!("(resolution: {}dppx)", window.device_pixel_ratio()));
        let link = ctx.link().clone();
        self.ratio = query
            .ok()
            .flatten()
            .map(|query| EventListener::once(&query, "change", move |_| link.send_message(Msg::RatioChanged)));
    }

    fn draw(&self, draw: &Callback<[f64; 2], Picture>) {
        let [width, height] = self.size;
        let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>().filter(|_| width >= 1.0 && height >= 1.0) else {
            return;
        };
        let ratio = pixel_ratio();
        let (wide, high) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        // Setting a size empties the canvas, even to the size that it has.
        if (canvas.width(), canvas.height()) != (wide, high) {
            canvas.set_width(wide);
            canvas.set_height(high);
        }
        let context =
            canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
        let (Some(context), Some(mut backend)) = (context, CanvasBackend::with_canvas_object(canvas)) else { return };
        context.clear_rect(0.0, 0.0, f64::from(wide), f64::from(high));
        context.save();
        context.set_line_join("round");
        let painted = context
            .scale(1.0 / FINE, 1.0 / FINE)
            .map(|()| draw.emit([width, height]).paint(&mut backend, ratio * FINE));
        context.restore();
        if let Ok(Err(e)) = painted {
            web_sys::console::warn_1(&format!("a plot was not drawn: {e}").into());
        }
    }
}

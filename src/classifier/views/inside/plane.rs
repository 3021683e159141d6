//! Where 1,000 test images lie for each network: the plane in which its last layer's input differs most.

use crate::classifier::parts::{Act, garment, name};
use crate::classifier::texts::inside as t;
use crate::classifier::texts::t as common;
use crate::classify::effect::Msg;
use crate::classify::images::{Image, ImageName};
use crate::classify::plane::Plane;
use crate::classify::state::State;
use crate::config::NetworkKind;
use crate::inspect::{Pca, nearest};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

/// Pixels of the plane's side; the style sheet may show it smaller.
const SIDE: usize = 520;
/// Pixels that stay free around the points.
const MARGIN: f32 = 14.0;
/// Colours of the ten classes: they can be told apart on light and on dark, also by most people who are colour-blind, and each point's
/// class is told in words under the pointer. From Okabe and Ito's eight colours, with two greys.
const COLOURS: [&str; 10] =
    ["#e69f00", "#56b4e9", "#009e73", "#b8a800", "#0072b2", "#d55e00", "#cc79a7", "#7f7f7f", "#a0522d", "#8a63d2"];

/// The panel.
pub fn planes(act: &Act, state: &State) -> Html {
    html! {
        <section class="card planes" aria-labelledby="planes-title">
            <div class="panel-head"><h2 id="planes-title">{ t::PLANES }</h2></div>
            <p class="note">{ t::PLANES_ABOUT }</p>
            <ul class="legend" aria-hidden="true">
                { for common::CLASSES.iter().zip(COLOURS).map(|(class, colour)| html! {
                    <li><i style={format!("background:{colour}")} />{ *class }</li>
                }) }
            </ul>
            <div class="two">
                { for state.planes.iter().map(|plane| one(act, state, plane)) }
            </div>
        </section>
    }
}

fn one(act: &Act, state: &State, plane: &Plane) -> Html {
    let kind = plane.kind();
    let content = match &plane.pca {
        None if !state.in_page => html! { <p class="note">{ t::PLANE_NEEDS_PAGE }</p> },
        None if !state.images.contains_key(&ImageName::Test(0)) => {
            html! { <p class="note" role="status">{ t::PLANE_WAITS }</p> }
        }
        None => html! { <p class="note" role="status">{ t::plane_so_far(plane.done) }</p> },
        Some(pca) => {
            let look = state.inside.get(kind);
            let own = look.map(|look| pca.project(&plane.network.inspector().penultimate(look.trace.pixels())));
            html! { <Points pca={pca.clone()} images={state.images.clone()} {own} {kind} act={act.clone()} /> }
        }
    };
    html! {
        <figure key={kind.key()} data-plane={kind.key()} data-done={plane.pca.is_some().to_string()}>
            <figcaption>{ name(kind) }</figcaption>
            { content }
        </figure>
    }
}

#[derive(Properties, Clone)]
struct PointsProps {
    pca: Rc<Pca>,
    images: Rc<BTreeMap<ImageName, Image>>,
    /// Where the image that is looked at lies.
    own: Option<[f32; 2]>,
    kind: NetworkKind,
    act: Act,
}

impl PartialEq for PointsProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.pca, &other.pca) && self.own == other.own
    }
}

impl PointsProps {
    /// The test image of a point.
    fn image(&self, index: usize) -> Option<&Image> {
        self.images.get(&ImageName::Test(index as u32))
    }

    /// The class of a point, 0 to 9.
    fn class(&self, index: usize) -> usize {
        self.image(index).and_then(|image| image.label).map_or(0, usize::from).min(COLOURS.len() - 1)
    }
}

/// The points, and what is under the pointer.
#[function_component]
fn Points(props: &PointsProps) -> Html {
    let node = use_node_ref();
    let under = use_state(|| None::<usize>);
    let places = use_memo((props.pca.clone(), props.own), |(pca, own)| placed(&pca.points, *own));
    {
        let (node, places) = (node.clone(), places.clone());
        use_effect_with((props.clone(), *under), move |(props, under)| {
            if let Some(canvas) = node.cast::<HtmlCanvasElement>() {
                draw(&canvas, &places, |index| props.class(index), *under);
            }
        });
    }
    let onmousemove = {
        let (under, places) = (under.clone(), places.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(canvas) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
            let factor = SIDE as f32 / (canvas.client_width() as f32).max(1.0);
            let at = [event.offset_x(), event.offset_y()].map(|at| at as f32 * factor);
            let found = nearest(&places.0, at);
            if *under != found {
                under.set(found);
            }
        })
    };
    let onclick = {
        let (under, act) = (under.clone(), props.act.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(index) = *under {
                act.emit(Msg::Look(ImageName::Test(index as u32)));
            }
        })
    };
    let [first, second] = props.pca.explained;
    let shown = (*under).and_then(|index| Some((index, props.image(index)?)));
    html! {
        <>
            <canvas ref={node} class="plane points" width={SIDE.to_string()} height={SIDE.to_string()} role="img" aria-label={t::plane_label(props.kind)}
                {onmousemove} {onclick} />
            <div class="under" aria-hidden="true">
                if let Some((index, image)) = shown {
                    { garment(&image.pixels, "") }
                    <span>{ t::test_image(index, props.class(index)) }</span>
                } else {
                    <span class="note">{ t::PLANE_POINT }</span>
                }
            </div>
            <p class="note">{ t::explained(first, second) }</p>
        </>
    }
}

/// The places of the points on the canvas, and that of the image that is looked at.
fn placed(points: &[[f32; 2]], own: Option<[f32; 2]>) -> (Vec<[f32; 2]>, Option<[f32; 2]>) {
    let axis = |axis: usize| {
        let all = points.iter().chain(&own).map(|point| point[axis]);
        let [low, high] = all.fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], at| [low.min(at), high.max(at)]);
        let scale = (SIDE as f32 - 2.0 * MARGIN) / (high - low).max(f32::MIN_POSITIVE);
        move |at: f32| MARGIN + (at - low) * scale
    };
    let (x, y) = (axis(0), axis(1));
    let place = |point: &[f32; 2]| [x(point[0]), SIDE as f32 - y(point[1])];
    (points.iter().map(place).collect(), own.as_ref().map(place))
}

fn draw(
    canvas: &HtmlCanvasElement,
    (points, own): &(Vec<[f32; 2]>, Option<[f32; 2]>),
    class: impl Fn(usize) -> usize,
    under: Option<usize>,
) {
    let context = canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
    let Some(context) = context else { return };
    context.clear_rect(0.0, 0.0, SIDE as f64, SIDE as f64);
    let dot = |[x, y]: [f32; 2], radius: f64, colour: &str| {
        context.begin_path();
        let _ = context.arc(f64::from(x), f64::from(y), radius, 0.0, std::f64::consts::TAU); // A radius is never negative.
        context.set_fill_style_str(colour);
        context.fill();
    };
    for (index, point) in points.iter().enumerate() {
        dot(*point, 3.5, COLOURS[class(index)]);
    }
    context.set_line_width(3.0);
    for (point, colour) in [(own.as_ref(), "#ff2d55"), (under.and_then(|under| points.get(under)), "#888888")] {
        if let Some([x, y]) = point {
            context.begin_path();
            let _ = context.arc(f64::from(*x), f64::from(*y), 9.0, 0.0, std::f64::consts::TAU);
            context.set_stroke_style_str(colour);
            context.stroke();
        }
    }
}

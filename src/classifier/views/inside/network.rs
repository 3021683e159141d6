//! One network: what each of its stages gives for the image, which pixels count, and its answer.

use super::arithmetic;
use super::grid::{Grid, Tiles};
use crate::classifier::parts::{Act, bars, name};
use crate::classifier::texts::inside as t;
use crate::classifier::texts::t as common;
use crate::classify::effect::Msg;
use crate::classify::inside::{Inside, Look};
use crate::config::NetworkKind;
use crate::fashion_mnist::SIDE;
use crate::inspect::{Stage, StageKind, to_signed};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Units of the ANN's first layer whose weights are shown.
const LOUDEST: usize = 24;
/// Screen pixels that a tile takes at least.
const TILE: usize = 36;
/// Screen pixels that a kernel takes about.
const KERNEL: usize = 24;

/// The network's panel.
pub fn network(act: &Act, inside: &Inside, look: &Look) -> Html {
    let kind = look.kind();
    let id = format!("inside-{}", kind.key());
    let probabilities: Vec<f32> = look.trace.probabilities().iter().map(|p| *p as f32).collect();
    html! {
        <section class={classes!("card", "network", kind.key())} aria-labelledby={id.clone()} key={kind.key()}>
            <div class="panel-head">
                <h2 {id}>{ name(kind) }{ ": " }{ t::about(kind) }</h2>
                <p class="note">{ t::POINT }</p>
            </div>
            <div class="stages">
                { counts(act, look) }
                if kind == NetworkKind::Cnn {
                    { kernels(act, look) }
                } else {
                    { first_layer(act, inside, look) }
                }
                { for look.pictured().into_iter().map(|(place, stage)| maps(act, inside, look, place, stage)) }
                { for look.units().into_iter().map(|(place, stage)| units(act, inside, look, place, stage)) }
                <div class="stage answer">
                    <h3>{ t::ANSWER }</h3>
                    { bars(kind, &probabilities, None, &common::CLASSES) }
                    { shifted(look) }
                </div>
            </div>
            { arithmetic::panel(act, inside, look) }
        </section>
    }
}

/// Which pixels count, by two methods.
fn counts(act: &Act, look: &Look) -> Html {
    let (kind, class) = (look.kind(), common::CLASSES[look.class]);
    let map = |values: &[f32], label: String| {
        let tiles = Tiles::new(vec![to_signed(values).values], SIDE, 1);
        html! { <Grid {kind} {tiles} zoom={4} {label} stage={None::<usize>} marked={None} act={act.clone()} /> }
    };
    let covered = look.occlusion.map();
    let share = (100 * look.occlusion.done()).checked_div(look.occlusion.places()).unwrap_or(100);
    let explain = act.reform(|event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        Msg::Explain(select.and_then(|select| select.value().parse().ok()))
    });
    html! {
        <div class="stage counts">
            <h3>{ t::COUNTS }</h3>
            <label class="explain"><span>{ t::FOR }</span>
                <select data-action="explain" onchange={explain}>
                    <option value="" selected={look.class == look.says}>{ t::own_answer(common::CLASSES[look.says]) }</option>
                    { for common::CLASSES.iter().enumerate().filter(|(class, _)| *class != look.says).map(|(class, name)| html! {
                        <option value={class.to_string()} selected={look.class == class}>{ *name }</option>
                    }) }
                </select>
            </label>
            <figure data-map="covered" data-done={look.occlusion.is_done().to_string()}>
                { map(&covered, t::covered_map(class)) }
                <figcaption>{ t::COVERED }{ if share < 100 { t::so_far(share) } else { String::new() } }</figcaption>
            </figure>
            <figure data-map="gradient">
                { map(&look.gradient, t::gradient_map(class)) }
                <figcaption>{ t::GRADIENT }</figcaption>
            </figure>
        </div>
    }
}

/// The kernels of the first convolution.
fn kernels(act: &Act, look: &Look) -> Html {
    let filters = look.network.inspector().filters();
    let Some(side) = filters.first().map(|filter| filter.side) else { return html!() };
    let number = filters.len();
    // One scale for all, so that they can be compared.
    let all: Vec<f32> = filters.into_iter().flat_map(|filter| filter.values).collect();
    let tiles = to_signed(&all).values.chunks(side * side).map(<[f32]>::to_vec).collect();
    let tiles = Tiles::new(tiles, side, if number > 16 { 8 } else { 4 });
    html! {
        <div class="stage kernels">
            <h3>{ t::KERNELS }<small>{ t::kernels_of(number, side) }</small></h3>
            <Grid kind={look.kind()} {tiles} zoom={(KERNEL / side).max(2)} label={t::kernels_label(number)} stage={None::<usize>} marked={None} act={act.clone()} />
            <p class="note">{ t::SIGNS }</p>
        </div>
    }
}

/// The weights of the units of the ANN's first layer that speak for the class, as pictures.
fn first_layer(act: &Act, inside: &Inside, look: &Look) -> Html {
    let pictures = look.network.inspector().first_layer_pictures();
    let loudest = look.loudest(LOUDEST);
    let values: Vec<f32> =
        loudest.iter().filter_map(|&unit| pictures.get(unit)).flat_map(|p| p.values.clone()).collect();
    let tiles: Vec<Vec<f32>> = to_signed(&values).values.chunks(SIDE * SIDE).map(<[f32]>::to_vec).collect();
    let Some((stage, _)) = look.units().into_iter().next().filter(|_| !tiles.is_empty()) else { return html!() };
    let shown = tiles.len();
    let marked = inside.cell.filter(|cell| cell.kind == look.kind() && cell.stage == stage);
    let marked = marked.and_then(|cell| loudest.iter().position(|unit| *unit == cell.index));
    html! {
        <div class="stage weights">
            <h3>{ t::WEIGHTS }<small>{ t::loudest_of(shown, pictures.len(), common::CLASSES[look.class]) }</small></h3>
            <Grid kind={look.kind()} tiles={Tiles::new(tiles, SIDE, 8)} zoom={2} label={t::weights_label(shown)} stage={stage}
                units={Some(Rc::new(loudest))} marked={marked.map(|tile| [tile, 0, 0])} act={act.clone()} />
            <p class="note">{ t::SIGNS }</p>
        </div>
    }
}

/// All maps of a stage.
fn maps(act: &Act, inside: &Inside, look: &Look, place: usize, stage: &Stage) -> Html {
    let (side, channels) = (stage.shape.side(), stage.shape.channels());
    let values = bright(to_signed(&stage.values).values);
    let tiles = (0..channels).map(|channel| values.iter().skip(channel).step_by(channels).copied().collect()).collect();
    let tiles = Tiles::new(tiles, side, if channels > 16 { 8 } else { 4 });
    let zoom = if side >= 20 { 2 } else { (TILE / side).max(2) };
    html! {
        <div class="stage maps" data-kind={kind_of(stage)}>
            <h3>{ stage_name(look, place) }<small>{ format!("{side}×{side}×{channels}") }</small></h3>
            <Grid kind={look.kind()} {tiles} {zoom} label={t::maps_label(channels, side)} stage={place} stride={channels}
                marked={marked(inside, look, place)} act={act.clone()} />
        </div>
    }
}

/// The units of a stage as one square.
fn units(act: &Act, inside: &Inside, look: &Look, place: usize, stage: &Stage) -> Html {
    let number = stage.values.len();
    let side = (number as f64).sqrt().ceil() as usize;
    let mut values = bright(to_signed(&stage.values).values);
    values.resize(side * side, 0.0);
    let tiles = Tiles::new(vec![values], side, 1);
    html! {
        <div class="stage units">
            <h3>{ stage_name(look, place) }<small>{ t::units(number) }</small></h3>
            <Grid kind={look.kind()} {tiles} zoom={(120 / side.max(1)).clamp(4, 16)} label={t::units_label(number)} stage={place} stride={1}
                marked={marked(inside, look, place)} act={act.clone()} />
        </div>
    }
}

/// Activations for the eye: their square roots, because a few large ones would leave the others black.
fn bright(mut values: Vec<f32>) -> Vec<f32> {
    values.iter_mut().for_each(|value| *value = value.signum() * value.abs().sqrt());
    values
}

/// A stage in words: the layer with weights before it, and what it does.
fn stage_name(look: &Look, place: usize) -> String {
    let stages = look.trace.stages();
    let weights = stages[..place].iter().rev().find(|s| matches!(s.kind, StageKind::Convolution | StageKind::Dense));
    match (stages[place].kind, weights) {
        (StageKind::Activation, Some(layer)) => format!("{}, {}", layer.label, stages[place].label),
        _ => stages[place].label.clone(),
    }
}

fn kind_of(stage: &Stage) -> &'static str {
    if stage.kind == StageKind::MaxPool { "pool" } else { "activation" }
}

/// The marked value of a stage: tile, row and column.
fn marked(inside: &Inside, look: &Look, place: usize) -> Option<[usize; 3]> {
    let cell = inside.cell.filter(|cell| cell.kind == look.kind() && cell.stage == place)?;
    let shape = look.trace.stages().get(place)?.shape;
    let [row, column, channel] = shape.place(cell.index)?;
    if shape.side() > 1 {
        return Some([channel, row, column]);
    }
    let side = (shape.values() as f64).sqrt().ceil() as usize;
    Some([0, cell.index / side, cell.index % side])
}

/// How steady the answer is where the image moves a little.
fn shifted(look: &Look) -> Html {
    match look.changed_by_shift {
        None => html!(),
        Some(changed) => {
            html! { <p class="shifted" data-changed={changed.to_string()}>{ t::shifted(look.kind(), changed) }</p> }
        }
    }
}

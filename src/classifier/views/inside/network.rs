//! One network: what each of its stages gives for the image, which pixels count, and its answer.

use super::arithmetic;
use super::grid::Grid;
use crate::classifier::parts::{Act, bars, chosen, name};
use crate::classifier::texts::inside as t;
use crate::classifier::texts::t as common;
use crate::classify::effect::Msg;
use crate::classify::inside::{Inside, Look};
use crate::classify::tiles::{Tiles, side_of_units};
use crate::config::NetworkKind;
use crate::inspect::StageKind;
use yew::prelude::*;

/// Screen pixels that a tile takes at least.
const TILE: usize = 36;
/// Screen pixels that a kernel takes about.
const KERNEL: usize = 24;
/// Screen pixels that the square of all units takes about.
const UNITS: usize = 120;

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
                { first_layer(act, inside, look) }
                { for look.stages.iter().map(|(place, tiles)| stage(act, inside, look, *place, tiles)) }
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
    let (kind, about) = (look.kind(), &look.about);
    let class = common::CLASSES[about.class];
    let map = |tiles: &Tiles, label: String| {
        html! { <Grid {kind} tiles={tiles.clone()} zoom={4} {label} stage={None::<usize>} marked={None} act={act.clone()} /> }
    };
    let share = (100 * about.occlusion.done()).checked_div(about.occlusion.places()).unwrap_or(100);
    let explain = act.reform(|event: Event| Msg::Explain(chosen(&event)));
    html! {
        <div class="stage counts">
            <h3>{ t::COUNTS }</h3>
            <label class="explain"><span>{ t::FOR }</span>
                <select data-action="explain" onchange={explain}>
                    <option value="" selected={about.class == look.says}>{ t::own_answer(common::CLASSES[look.says]) }</option>
                    { for common::CLASSES.iter().enumerate().filter(|(class, _)| *class != look.says).map(|(class, name)| html! {
                        <option value={class.to_string()} selected={about.class == class}>{ *name }</option>
                    }) }
                </select>
            </label>
            <figure data-map="covered" data-done={about.occlusion.is_done().to_string()}>
                { map(&about.covered, t::covered_map(class)) }
                <figcaption>{ t::COVERED }{ if share < 100 { t::so_far(share) } else { String::new() } }</figcaption>
            </figure>
            <figure data-map="gradient">
                { map(&about.gradient, t::gradient_map(class)) }
                <figcaption>{ t::GRADIENT }</figcaption>
            </figure>
        </div>
    }
}

/// The kernels of the CNN's first convolution; in the ANN the weights of the units of its first layer that speak for the class.
fn first_layer(act: &Act, inside: &Inside, look: &Look) -> Html {
    let (kind, tiles, loudest) = (look.kind(), look.about.first_layer.clone(), &look.about.loudest);
    let number = tiles.tiles.len();
    if kind == NetworkKind::Cnn {
        let side = tiles.side;
        return html! {
            <div class="stage kernels">
                <h3>{ t::KERNELS }<small>{ t::kernels_of(number, side) }</small></h3>
                <Grid {kind} {tiles} zoom={(KERNEL / side).max(2)} label={t::kernels_label(number)} stage={None::<usize>} marked={None} act={act.clone()} />
                <p class="note">{ t::SIGNS }</p>
            </div>
        };
    }
    // A value of the first stage that is shown belongs to each unit.
    let Some((stage, _)) = look.stages.first().filter(|_| number > 0) else { return html!() };
    let units = look.trace.stages()[*stage].values.len();
    let marked = inside.cell.filter(|cell| cell.kind == kind && cell.stage == *stage);
    let marked = marked.and_then(|cell| loudest.iter().position(|unit| *unit == cell.index));
    html! {
        <div class="stage weights">
            <h3>{ t::WEIGHTS }<small>{ t::loudest_of(number, units, common::CLASSES[look.about.class]) }</small></h3>
            <Grid {kind} {tiles} zoom={2} label={t::weights_label(number)} stage={*stage}
                units={Some(loudest.clone())} marked={marked.map(|tile| [tile, 0, 0])} act={act.clone()} />
            <p class="note">{ t::SIGNS }</p>
        </div>
    }
}

/// All values of a stage: its maps, or its units as one square.
fn stage(act: &Act, inside: &Inside, look: &Look, place: usize, tiles: &Tiles) -> Html {
    let stage = &look.trace.stages()[place];
    let (side, channels) = (stage.shape.side(), stage.shape.channels());
    let maps = side > 1;
    let (class, size, label, zoom, stride) = match maps {
        true => {
            let zoom = if side >= 20 { 2 } else { (TILE / side).max(2) };
            ("maps", format!("{side}×{side}×{channels}"), t::maps_label(channels, side), zoom, channels)
        }
        false => {
            let zoom = (UNITS / tiles.side.max(1)).clamp(4, 16);
            ("units", t::units(channels), t::units_label(channels), zoom, 1)
        }
    };
    let pool = maps.then_some(if stage.kind == StageKind::MaxPool { "pool" } else { "activation" });
    html! {
        <div class={classes!("stage", class)} data-kind={pool}>
            <h3>{ stage_name(look, place) }<small>{ size }</small></h3>
            <Grid kind={look.kind()} tiles={tiles.clone()} {zoom} {label} stage={place} {stride} marked={marked(inside, look, place)} act={act.clone()} />
        </div>
    }
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

/// The marked value of a stage: tile, row and column.
fn marked(inside: &Inside, look: &Look, place: usize) -> Option<[usize; 3]> {
    let cell = inside.cell.filter(|cell| cell.kind == look.kind() && cell.stage == place)?;
    let shape = look.trace.stages().get(place)?.shape;
    let [row, column, channel] = shape.place(cell.index)?;
    if shape.side() > 1 {
        return Some([channel, row, column]);
    }
    let side = side_of_units(shape.values());
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

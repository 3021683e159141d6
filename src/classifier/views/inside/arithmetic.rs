//! How the value under the pointer came about: the numbers that go in, and what comes out. Its fields choose a value by keyboard.

use crate::classifier::parts::{Act, button, chosen, number};
use crate::classifier::texts::inside as t;
use crate::classify::effect::Msg;
use crate::classify::inside::{Behind, Cell, Inside, Look};
use crate::inspect::{ConvChannel, DenseTerm, Parts};
use crate::order::ascending;
use yew::prelude::*;

/// The panel. Empty where the value is one of the other network, apart from the fields.
pub fn panel(act: &Act, inside: &Inside, look: &Look) -> Html {
    let cell = inside.cell.filter(|cell| cell.kind == look.kind());
    let behind = cell.map_or_else(Vec::new, |cell| look.behind(cell.stage, cell.index));
    html! {
        <div class="arithmetic" data-total={behind.first().map(|step| step.arithmetic.total.to_string())}>
            <div class="buttons">
                { fields(act, look, cell) }
                if inside.kept && cell.is_some() {
                    { button(act, "release", "quiet", t::RELEASE.into(), "", Msg::Release) }
                }
            </div>
            // From the first number to the value itself.
            <ol class="steps">{ for behind.iter().rev().map(|step| html! { <li>{ shown(look, step) }</li> }) }</ol>
        </div>
    }
}

/// Fields for stage, map, row and column.
fn fields(act: &Act, look: &Look, cell: Option<Cell>) -> Html {
    let (kind, stages) = (look.kind(), look.trace.stages());
    let now = cell.and_then(|cell| stages.get(cell.stage)?.shape.place(cell.index).map(|place| (cell.stage, place)));
    let onstage = act.reform(move |event: Event| match chosen(&event) {
        Some(stage) => Msg::Keep(Cell { kind, stage, index: 0 }),
        None => Msg::Release,
    });
    // A field for one of row, column and map, which are the axes 0, 1 and 2.
    let field = |action: &'static str, label: &'static str, axis: usize| {
        let Some((stage, place)) = now else { return html!() };
        let (act, shape) = (act.clone(), stages[stage].shape);
        let all = if axis == 2 { shape.channels() } else { shape.side() };
        number(action, label, Some(place[axis]), all - 1, move |value| {
            let mut place = place;
            place[axis] = value;
            if let Some(index) = shape.index(place) {
                act.emit(Msg::Keep(Cell { kind, stage, index }));
            }
        })
    };
    html! {
        <>
            <label>{ t::VALUE_OF }
                <select data-action="cell-stage" onchange={onstage}>
                    <option value="" selected={now.is_none()}>{ t::CHOOSE }</option>
                    { for stages.iter().enumerate().map(|(place, stage)| html! {
                        <option value={place.to_string()} selected={now.is_some_and(|(stage, _)| stage == place)}>{ &stage.label }</option>
                    }) }
                </select>
            </label>
            if let Some((stage, _)) = now {
                if stages[stage].shape.side() > 1 {
                    { field("cell-map", t::MAP, 2) }
                    { field("cell-row", t::ROW, 0) }
                    { field("cell-column", t::COLUMN, 1) }
                } else {
                    { field("cell-unit", t::UNIT, 2) }
                }
            }
        </>
    }
}

/// One step in numbers.
fn shown(look: &Look, step: &Behind) -> Html {
    let stage = &look.trace.stages()[step.stage];
    let total = html! { <b class="total">{ t::number(step.arithmetic.total) }</b> };
    let label = html! { <span class="where">{ t::where_in(&stage.label, stage.shape.side() > 1, stage.shape.place(step.index)) }</span> };
    let sum = match &step.arithmetic.parts {
        Parts::Input { pixel, mean, deviation } => html! { { t::input(*pixel, *mean, *deviation) } },
        Parts::Convolution { inputs, bias, kernel, .. } => return convolution(label, inputs, *bias, *kernel, total),
        Parts::BatchNorm { value, mean, variance, epsilon, scale, shift } => {
            html! { { t::batch_norm([*value, *mean, *variance, *epsilon, *scale, *shift]) } }
        }
        Parts::Activation { function, before, .. } => {
            html! { { t::activation(&stage.label, function.key(), *before) } }
        }
        Parts::MaxPool { values, .. } => html! { { t::pool(values) } },
        Parts::Average { values, sum } => html! { { t::average(*sum, values.len()) } },
        Parts::Flatten { place } => html! { { t::flatten(*place) } },
        Parts::Dense { terms, others, rest, bias } => return dense(label, terms, *others, *rest, *bias, total),
        Parts::Softmax { exponentials, sum, .. } => {
            html! { { t::softmax(exponentials.get(step.index).copied().unwrap_or_default(), *sum) } }
        }
    };
    html! { <p>{ label }{ sum }{ " = " }{ total }</p> }
}

/// Patch times kernel of the input map that gives most, the sum of the other ones, the bias.
fn convolution(label: Html, inputs: &[ConvChannel], bias: f64, kernel: usize, total: Html) -> Html {
    let size: Vec<f64> = inputs.iter().map(|input| -input.sum.abs()).collect();
    let order = ascending(&size);
    let Some((first, input)) = order.first().and_then(|&first| Some((first, inputs.get(first)?))) else {
        return html!();
    };
    let rest: f64 = order[1..].iter().map(|&other| inputs[other].sum).sum();
    html! {
        <div class="sum">
            { label }
            if inputs.len() > 1 {
                <span>{ t::largest_input(first, inputs.len()) }</span>
            }
            { square(&input.patch, kernel, t::PATCH) }
            <span>{ "×" }</span>
            { square(&input.kernel, kernel, t::KERNEL) }
            <span>{ t::summed(input.sum) }</span>
            if inputs.len() > 1 {
                <span>{ t::other_inputs(inputs.len() - 1, rest) }</span>
            }
            <span>{ t::plus_bias(bias) }{ " = " }{ total }</span>
        </div>
    }
}

/// Numbers as a square table.
fn square(values: &[f64], side: usize, label: &'static str) -> Html {
    html! {
        <table class="square" aria-label={label}>
            { for values.chunks(side.max(1)).map(|row| html! { <tr>{ for row.iter().map(|v| html! { <td>{ t::short(*v) }</td> }) }</tr> }) }
        </table>
    }
}

/// The inputs that matter most.
fn dense(label: Html, terms: &[DenseTerm], others: usize, rest: f64, bias: f64, total: Html) -> Html {
    html! {
        <div class="sum">
            { label }
            <table class="terms" aria-label={t::TERMS}>
                <tr><th>{ t::INPUT }</th>{ for terms.iter().map(|term| html! { <td>{ term.input }</td> }) }</tr>
                <tr><th>{ t::VALUE }</th>{ for terms.iter().map(|term| html! { <td>{ t::short(term.value) }</td> }) }</tr>
                <tr><th>{ t::WEIGHT }</th>{ for terms.iter().map(|term| html! { <td>{ t::short(term.weight) }</td> }) }</tr>
                <tr><th>{ t::PRODUCT }</th>{ for terms.iter().map(|term| html! { <td>{ t::short(term.product) }</td> }) }</tr>
            </table>
            <span>
                if others > 0 {
                    { t::other_terms(others, rest) }
                }
                { t::plus_bias(bias) }{ " = " }{ total }
            </span>
        </div>
    }
}

//! Both confusion matrices; a cell opens its images.

use super::gallery::{Card, Thumbs};
use super::{ResultProps, choice};
use crate::app::canvas::{Canvas, Draw, Pointer};
use crate::config::NetworkKind;
use crate::data::CLASS_NAMES;
use crate::evaluate::words::percent;
use crate::plot::{Matrix, MatrixLayout, Theme, confusion, largest_error};
use std::rc::Rc;
use yew::prelude::*;

/// Both matrices.
#[function_component]
pub fn Confusions(props: &ResultProps) -> Html {
    let shares = use_state(|| false);
    let hovered = use_state(|| None::<(NetworkKind, usize, usize)>);
    let opened = use_state(|| None::<(NetworkKind, usize, usize)>);
    let Some(run) = &props.state.run else { return html!() };
    let theme = Theme { dark: props.dark };
    // One scale for both, so that their colours compare.
    let ceiling = run.networks.iter().filter_map(|n| Some(largest_error(n.confusion()?.0))).fold(0.0, f64::max);
    let said = |kind: NetworkKind, row: usize, column: usize| -> Option<String> {
        let (counts, _) = run.get(kind)?.confusion()?;
        let all: u32 = counts[row].iter().sum();
        let share = f64::from(counts[row][column]) / f64::from(all.max(1));
        Some(format!("{}: true {}, predicted {}: {} of {all} ({})", kind.label(), CLASS_NAMES[row], CLASS_NAMES[column], counts[row][column], percent(share)))
    };
    let matrices = run.networks.iter().filter_map(|network| {
        let kind = network.kind;
        let (counts, test) = network.confusion()?;
        let counts = *counts;
        let hover = hovered.or(*opened).filter(|h| h.0 == kind).map(|h| [h.1, h.2]);
        let shown = *shares;
        let draw: Draw = Rc::new(move |[width, height]| {
            let matrix = Matrix { counts: &counts, shares: shown, ceiling, hover };
            confusion(&matrix, MatrixLayout::new(width, height), theme)
        });
        let cell = |p: Pointer| MatrixLayout::new(p.size[0], p.size[1]).cell_at(p.at[0], p.at[1]);
        let onpoint = {
            let hovered = hovered.clone();
            Callback::from(move |p: Option<Pointer>| hovered.set(p.and_then(cell).map(|[r, c]| (kind, r, c))))
        };
        let onpick = {
            let opened = opened.clone();
            Callback::from(move |p: Pointer| opened.set(cell(p).map(|[r, c]| (kind, r, c))))
        };
        let onmove = {
            let hovered = hovered.clone();
            Callback::from(move |(x, y): (i32, i32)| {
                let (row, column) = hovered.filter(|h| h.0 == kind).map_or((0, 0), |h| (h.1 as i32, h.2 as i32));
                hovered.set(Some((kind, (row + y).clamp(0, 9) as usize, (column + x).clamp(0, 9) as usize)));
            })
        };
        let onenter = {
            let (hovered, opened) = (hovered.clone(), opened.clone());
            Callback::from(move |()| opened.set(*hovered))
        };
        let sum: u32 = counts.iter().flatten().sum();
        let right: u32 = (0..10).map(|c| counts[c][c]).sum();
        let version = format!("{}-{}-{:?}-{:?}-{}-{}-{ceiling}", run.id, kind.key(), counts, hover, shown, props.dark);
        let of = if test { "test set" } else { "validation images, after the last epoch" };
        Some(html! {
            <figure>
                <figcaption><b>{ kind.label() }</b>{ format!(", {of}: {right} of {sum} right") }</figcaption>
                <Canvas {draw} {version} height={MatrixLayout::height as fn(f64) -> f64} label={format!("Confusion matrix of the {} on the {of}", kind.label())}
                    onpoint={Some(onpoint)} onpick={Some(onpick)} onmove={Some(onmove)} onenter={Some(onenter)} />
                <details class="group"><summary>{ "The same as a table" }</summary><div class="scroll"><table class="tight">
                    <thead><tr><th>{ "true \\ predicted" }</th>{ for CLASS_NAMES.iter().map(|n| html! { <th>{ *n }</th> }) }</tr></thead>
                    <tbody>{ for counts.iter().enumerate().map(|(i, row)| html! { <tr><th>{ CLASS_NAMES[i] }</th>{ for row.iter().map(|n| html! { <td>{ *n }</td> }) }</tr> }) }</tbody>
                </table></div></details>
            </figure>
        })
    });
    let cards = (*opened).and_then(|(kind, row, column)| {
        let predictions = &run.get(kind)?.report.as_ref()?.test.predictions;
        let labels = props.state.test_labels();
        let hit = |i: &usize| usize::from(labels[*i]) == row && usize::from(predictions[*i]) == column;
        Some((0..predictions.len().min(labels.len())).filter(hit).map(|i| Card { index: i as u32 }).collect::<Vec<_>>())
    });
    let hint = "Point at a cell to read it; press it to see its images once the test set is scored.";
    html! {
        <section class="card" aria-labelledby="confusion-title">
            <div class="row">
                <h2 id="confusion-title">{ "What is taken for what" }</h2>
                { choice("Numbers in the cells", &[(false, "counts"), (true, "% of the true class")], &shares) }
            </div>
            <div class="pair">{ for matrices }</div>
            <p class="readout" aria-live="polite">{ hovered.or(*opened).and_then(|(k, r, c)| said(k, r, c)).unwrap_or_else(|| hint.to_owned()) }</p>
            if let Some(cards) = cards {
                <Thumbs {cards} props={props.clone()} />
            }
        </section>
    }
}

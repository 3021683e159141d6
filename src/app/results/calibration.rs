//! Whether the networks' confidence agrees with their accuracy. Leaves out: how it is counted (`evaluate`).

use super::scored::Scored;
use super::{name, panel};
use crate::app::canvas::{Canvas, Key, Point};
use crate::config::NetworkKind;
use crate::evaluate::format::{count, percent};
use crate::evaluate::{Calibration, calibration};
use crate::plot::{Reliability, Theme, reliability};
use yew::prelude::*;

const BINS: usize = 10;

#[derive(Properties, PartialEq)]
pub struct CalibrationsProps {
    pub scored: Scored,
    pub dark: bool,
}

/// The panel; nothing before a network is scored.
#[function_component]
pub fn Calibrations(props: &CalibrationsProps) -> Html {
    let plot = use_memo(props.scored.clone(), |scored| {
        let of = |n: &super::ScoredNetwork| (n.kind, calibration(scored.truth(), &n.probabilities, BINS));
        Reliability { networks: scored.networks.iter().map(of).collect() }
    });
    let hover = use_state(|| None::<usize>);
    let draw = use_callback((plot.clone(), *hover, props.dark), |size, (plot, hover, dark)| {
        reliability(plot, size, *hover, Theme { dark: *dark })
    });
    if plot.networks.is_empty() {
        return html!();
    }
    let onpoint = {
        let (hover, plot) = (hover.setter(), plot.clone());
        Callback::from(move |p: Option<Point>| {
            let confidence = p.and_then(|p| Reliability::axes(p.size[0], p.size[1]).x_at(p.at[0]));
            hover.set(confidence.and_then(|c| plot.bin_at(c)));
        })
    };
    let onkey = {
        let hover = hover.clone();
        Callback::from(move |key| {
            hover.set(match key {
                Key::Move(by, _) => {
                    Some(hover.map_or(BINS - 1, |bin| (bin as i32 + by).clamp(0, BINS as i32 - 1) as usize))
                }
                Key::Home => Some(0),
                Key::End => Some(BINS - 1),
                Key::Escape => None,
                Key::Enter => return,
            });
        })
    };
    let readout: Vec<String> = plot.networks.iter().map(|(kind, found)| said(*kind, found, *hover)).collect();
    let content = html! {
        <>
            <p class="note">{ "A network's confidence is the probability of its answer. Of the images with a confidence of 80 %, it should classify 80 % correctly. Then its point lies on the dashed line." }</p>
            <figure>
                <Canvas {draw} label={format!("Reliability diagram. {}", readout.join(" "))} class="plot-reliability" {onpoint} {onkey} />
                <div class="readout" aria-live="polite">{ for readout.iter().map(|line| html! { <p>{ line }</p> }) }</div>
            </figure>
            { table(&plot.networks) }
        </>
    };
    panel("calibration", "Calibration", html!(), content)
}

fn said(kind: NetworkKind, found: &Calibration, bin: Option<usize>) -> String {
    match bin.and_then(|bin| found.bins.get(bin)) {
        None => {
            let side = if found.overconfidence > 0.0 { "over-confident" } else { "not confident enough" };
            format!(
                "{}: confidence and accuracy differ by {} on average (expected calibration error); {side}.",
                kind.label(),
                percent(found.expected_error)
            )
        }
        Some(bin) if bin.count == 0 => format!("{}: no image has this confidence.", kind.label()),
        Some(bin) => format!(
            "{}: mean confidence {}, accuracy {}, {} images.",
            kind.label(),
            percent(bin.confidence),
            percent(bin.accuracy),
            count(bin.count.into())
        ),
    }
}

fn table(networks: &[(NetworkKind, Calibration)]) -> Html {
    let row = |bin: usize| {
        html! {
            <tr>
                <th scope="row">{ format!("{} to {} %", bin * 100 / BINS, (bin + 1) * 100 / BINS) }</th>
                { for networks.iter().filter_map(|(_, found)| found.bins.get(bin)).map(|bin| {
                    let of = |share: f64| if bin.count == 0 { "–".to_owned() } else { percent(share) };
                    html! { <><td>{ bin.count }</td><td>{ of(bin.confidence) }</td><td>{ of(bin.accuracy) }</td></> }
                }) }
            </tr>
        }
    };
    html! {
        <details class="as-table">
            <summary>{ "The diagram as a table" }</summary>
            <div class="scroll">
                <table class="numbers">
                    <thead>
                        <tr><th rowspan="2" scope="col">{ "Confidence" }</th>{ for networks.iter().map(|(kind, _)| html! { <th colspan="3" scope="colgroup">{ name(*kind) }</th> }) }</tr>
                        <tr>{ for networks.iter().map(|_| html! { <><th scope="col">{ "Images" }</th><th scope="col">{ "Confidence" }</th><th scope="col">{ "Accuracy" }</th></> }) }</tr>
                    </thead>
                    <tbody>{ for (0..BINS).map(row) }</tbody>
                </table>
            </div>
        </details>
    }
}

//! Whether the networks' confidence agrees with their accuracy. Leaves out: how it is counted (`evaluate`).

use crate::app::canvas::{Canvas, Key, Point};
use crate::app::parts::{name, panel};
use crate::app::texts::t;
use crate::app::views::answered::{Answered, AnsweredNetwork};
use crate::config::NetworkKind;
use crate::evaluate::format::{count, percent};
use crate::evaluate::{Calibration, calibration};
use crate::plot::{Reliability, Theme, reliability};
use yew::prelude::*;

const BINS: usize = 10;

#[derive(Properties, PartialEq)]
pub struct CalibrationsProps {
    pub answered: Answered,
    pub dark: bool,
}

/// The panel; nothing where there are no answers.
#[function_component]
pub fn Calibrations(props: &CalibrationsProps) -> Html {
    let plot = use_memo(props.answered.clone(), |answered| {
        let of = |n: &AnsweredNetwork| (n.kind, calibration(answered.truth(), n.probabilities(), BINS));
        Reliability { networks: answered.networks.iter().map(of).collect() }
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
            <p class="note">{ t::CALIBRATION_ABOUT }</p>
            <figure>
                <Canvas {draw} label={t::reliability(&readout.join(" "))} class="plot-reliability" {onpoint} {onkey} />
                <div class="readout" aria-live="polite">{ for readout.iter().map(|line| html! { <p>{ line }</p> }) }</div>
            </figure>
            { table(&plot.networks) }
        </>
    };
    panel("calibration", t::CALIBRATION, html!(), content)
}

fn said(kind: NetworkKind, found: &Calibration, bin: Option<usize>) -> String {
    match bin.and_then(|bin| found.bins.get(bin)) {
        None => t::calibrated(kind, &percent(found.expected_error), found.overconfidence > 0.0),
        Some(bin) if bin.count == 0 => t::no_such_confidence(kind),
        Some(bin) => t::bin(kind, &percent(bin.confidence), &percent(bin.accuracy), &count(bin.count.into())),
    }
}

fn table(networks: &[(NetworkKind, Calibration)]) -> Html {
    let row = |bin: usize| {
        html! {
            <tr>
                <th scope="row">{ t::percent_range(bin * 100 / BINS, (bin + 1) * 100 / BINS) }</th>
                { for networks.iter().filter_map(|(_, found)| found.bins.get(bin)).map(|bin| {
                    let of = |share: f64| if bin.count == 0 { t::NONE.to_owned() } else { percent(share) };
                    html! { <><td>{ bin.count }</td><td>{ of(bin.confidence) }</td><td>{ of(bin.accuracy) }</td></> }
                }) }
            </tr>
        }
    };
    html! {
        <details class="as-table">
            <summary>{ t::DIAGRAM_TABLE }</summary>
            <div class="scroll">
                <table class="numbers">
                    <thead>
                        <tr><th rowspan="2" scope="col">{ t::CONFIDENCE }</th>{ for networks.iter().map(|(kind, _)| html! { <th colspan="3" scope="colgroup">{ name(*kind) }</th> }) }</tr>
                        <tr>{ for networks.iter().map(|_| html! { <><th scope="col">{ t::IMAGES }</th><th scope="col">{ t::CONFIDENCE }</th><th scope="col">{ t::ACCURACY }</th></> }) }</tr>
                    </thead>
                    <tbody>{ for (0..BINS).map(row) }</tbody>
                </table>
            </div>
        </details>
    }
}

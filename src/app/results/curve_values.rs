//! The values of the learning curves as tables: those at the marked place, and those of every epoch. Leaves out: the plots (`curves`).

use super::name;
use crate::config::NetworkKind;
use crate::evaluate::format::{duration, percent};
use crate::plot::{Across, Learning, Trace, Unit};
use crate::run::report::EpochRecord;
use std::rc::Rc;
use yew::prelude::*;

/// The values of all curves at the marked place, or the latest ones; nothing before the first step.
pub fn values(networks: &[Learning], across: Across, marked: Option<f64>, traces: &[(NetworkKind, Trace)]) -> Html {
    if networks.iter().all(|n| n.step_losses.is_empty()) {
        return html!();
    }
    let caption = match (marked, across.unit) {
        (None, _) => "Latest values".to_owned(),
        (Some(x), Unit::Epochs) => format!("Values near epoch {x:.1}"),
        (Some(x), Unit::Time) => format!("Values near {}", duration(x * across.per)),
    };
    let row = |network: &Learning| {
        let record = network.near(across, marked);
        let trace = traces.iter().find(|t| t.0 == network.network).map(|(_, trace)| trace);
        let smooth = trace.and_then(|trace| trace.smooth_near(marked));
        let none = || "–".to_owned();
        let of = |value: fn(&EpochRecord) -> Option<String>| record.and_then(value).unwrap_or_else(none);
        html! {
            <tr>
                <th scope="row">{ name(network.network) }</th>
                <td>{ of(|e| Some(e.epoch.to_string())) }</td>
                <td>{ of(|e| Some(format!("{:.1}", e.seconds))) }</td>
                <td>{ of(|e| Some(format!("{:.1}", 100.0 * e.train.accuracy))) }</td>
                <td>{ of(|e| e.validation.map(|v| format!("{:.1}", 100.0 * v.accuracy))) }</td>
                <td>{ of(|e| Some(format!("{:.3}", e.train.loss))) }</td>
                <td>{ of(|e| e.validation.map(|v| format!("{:.3}", v.loss))) }</td>
                <td>{ smooth.map_or_else(none, |loss| format!("{loss:.3}")) }</td>
            </tr>
        }
    };
    html! {
        <div class="scroll">
            <table class="values numbers">
                <caption>{ caption }</caption>
                <thead>
                    <tr><th /><th /><th /><th colspan="2" scope="colgroup">{ "Accuracy, %" }</th><th colspan="3" scope="colgroup">{ "Loss" }</th></tr>
                    <tr><th /><th>{ "Epoch" }</th><th>{ "s" }</th><th>{ "train." }</th><th>{ "valid." }</th><th>{ "train." }</th><th>{ "valid." }</th><th>{ "step" }</th></tr>
                </thead>
                <tbody>{ for networks.iter().map(row) }</tbody>
            </table>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct EpochTableProps {
    pub networks: Vec<(NetworkKind, Rc<Vec<EpochRecord>>)>,
}

/// Every epoch as a table.
#[function_component]
pub fn EpochTable(props: &EpochTableProps) -> Html {
    if props.networks.iter().all(|(_, epochs)| epochs.is_empty()) {
        return html!();
    }
    let row = |kind: NetworkKind, e: &EpochRecord| {
        let none = || "–".to_owned();
        html! {
            <tr>
                <th scope="row">{ name(kind) }</th>
                <td>{ e.epoch }</td>
                <td>{ format!("{:.1}", e.seconds) }</td>
                <td>{ format!("{:.1e}", e.learning_rate) }</td>
                <td>{ percent(e.train.accuracy) }</td>
                <td>{ e.validation.map_or_else(none, |v| percent(v.accuracy)) }</td>
                <td>{ format!("{:.4}", e.train.loss) }</td>
                <td>{ e.validation.map_or_else(none, |v| format!("{:.4}", v.loss)) }</td>
            </tr>
        }
    };
    let heads = [
        "",
        "Epoch",
        "Seconds",
        "Learning rate",
        "Training accuracy",
        "Validation accuracy",
        "Training loss",
        "Validation loss",
    ];
    html! {
        <details class="as-table">
            <summary>{ "Every epoch as a table" }</summary>
            <div class="scroll">
                <table class="numbers">
                    <thead><tr>{ for heads.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                    <tbody>{ for props.networks.iter().flat_map(|(kind, epochs)| epochs.iter().map(move |e| row(*kind, e))) }</tbody>
                </table>
            </div>
        </details>
    }
}

//! The values of the learning curves as tables: those at the marked place, and those of every epoch. Leaves out: the plots.

use crate::app::parts::name;
use crate::app::texts::t;
use crate::config::NetworkKind;
use crate::evaluate::format::{self, duration, percent};
use crate::plot::{Across, Learning, Trace, Unit, factor_text};
use crate::run::report::EpochRecord;
use std::rc::Rc;
use yew::prelude::*;

/// The values of the epoch nearest to the marked place, in one line; without a marked place, which epochs have a ring.
pub fn readout(networks: &[Learning], across: Across, marked: Option<f64>, scored: Option<&str>) -> Html {
    let Some(at) = marked else { return html! { { scored.unwrap_or_default().to_owned() } } };
    let each = networks.iter().filter_map(|network| {
        let epoch = network.near(across, Some(at))?;
        let (score, on) = epoch.validation.map_or((epoch.train, t::IN_TRAINING), |score| (score, t::IN_VALIDATION));
        let values = t::at_epoch(epoch.epoch, on, &percent(score.accuracy), &format::loss(score.loss));
        let changed = network.rate_changes.iter().filter(|change| change.epoch == epoch.epoch);
        let changed: String = changed.map(|change| t::rate_changed(&factor_text(change.factor))).collect();
        Some(html! { <span>{ name(network.network) }{ " " }{ values }{ changed }</span> })
    });
    html! { { for each } }
}

/// The values of all curves at the marked place, or the latest ones; nothing before the first step.
pub fn values(networks: &[Learning], across: Across, marked: Option<f64>, traces: &[(NetworkKind, Trace)]) -> Html {
    if networks.iter().all(|n| n.step_losses.is_empty()) {
        return html!();
    }
    let caption = match (marked, across.unit) {
        (None, _) => t::LATEST.to_owned(),
        (Some(x), Unit::Epochs) => t::near_epoch(&format::tenths(x)),
        (Some(x), Unit::Time) => t::near_time(&duration(x * across.per)),
    };
    let row = |network: &Learning| {
        let record = network.near(across, marked);
        let trace = traces.iter().find(|t| t.0 == network.network).map(|(_, trace)| trace);
        let smooth = trace.and_then(|trace| trace.smooth_near(marked));
        let none = || t::NONE.to_owned();
        let of = |value: fn(&EpochRecord) -> Option<String>| record.and_then(value).unwrap_or_else(none);
        html! {
            <tr>
                <th scope="row">{ name(network.network) }</th>
                <td>{ of(|e| Some(e.epoch.to_string())) }</td>
                <td>{ of(|e| Some(format::tenths(e.seconds))) }</td>
                <td>{ of(|e| Some(format::tenths(100.0 * e.train.accuracy))) }</td>
                <td>{ of(|e| e.validation.map(|v| format::tenths(100.0 * v.accuracy))) }</td>
                <td>{ of(|e| Some(format::loss(e.train.loss))) }</td>
                <td>{ of(|e| e.validation.map(|v| format::loss(v.loss))) }</td>
                <td>{ smooth.map_or_else(none, format::loss) }</td>
            </tr>
        }
    };
    html! {
        <div class="scroll">
            <table class="values numbers">
                <caption>{ caption }</caption>
                <thead>
                    <tr><td /><td /><td /><th colspan="2" scope="colgroup">{ t::ACCURACY_PERCENT }</th><th colspan="3" scope="colgroup">{ t::LOSS }</th></tr>
                    <tr><td />{ for t::VALUE_HEADS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr>
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
        let none = || t::NONE.to_owned();
        html! {
            <tr>
                <th scope="row">{ name(kind) }</th>
                <td>{ e.epoch }</td>
                <td>{ format::tenths(e.seconds) }</td>
                <td>{ format::rate(e.learning_rate) }</td>
                <td>{ percent(e.train.accuracy) }</td>
                <td>{ e.validation.map_or_else(none, |v| percent(v.accuracy)) }</td>
                <td>{ format::loss(e.train.loss) }</td>
                <td>{ e.validation.map_or_else(none, |v| format::loss(v.loss)) }</td>
            </tr>
        }
    };
    html! {
        <div class="scroll">
            <table class="numbers">
                <caption>{ t::EVERY_EPOCH }</caption>
                    <thead><tr>{ for t::EPOCH_HEADS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                    <tbody>{ for props.networks.iter().flat_map(|(kind, epochs)| epochs.iter().map(move |e| row(*kind, e))) }</tbody>
            </table>
        </div>
    }
}

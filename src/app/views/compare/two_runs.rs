//! Two runs side by side: what differs in their settings, the figures of each network that both have, and their curves in one frame.
//! Leaves out: which value is better (`evaluate`).

use super::figures::{self, Accuracies};
use crate::app::parts::panel;
use crate::app::texts::t;
use crate::app::views::curves::{Behind, Curves};
use crate::config::NetworkKind;
use crate::evaluate::{loss_difference, paired, rows};
use crate::fashion_mnist::TRAIN_IMAGES;
use crate::run::differences;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TwoRunsProps {
    pub a: Behind,
    pub b: Behind,
    /// Training labels, then test labels.
    pub labels: Rc<Vec<u8>>,
    pub dark: bool,
}

/// The panels.
#[function_component]
pub fn TwoRuns(props: &TwoRunsProps) -> Html {
    let (a, b) = (&props.a, &props.b);
    let head = |run: &Behind| {
        html! { <span class="run-name" data-run-colour={run.colour.to_string()}><i class="swatch" />{ t::run(run.number) }</span> }
    };
    let differences = differences(&a.run.config, &b.run.config);
    let settings = if differences.is_empty() {
        html! { <p class="note">{ t::NOTHING_DIFFERS }</p> }
    } else {
        html! {
            <div class="scroll">
                <table class="numbers settings-table">
                    <thead><tr><th scope="col">{ t::SETTING }</th><th scope="col">{ head(a) }</th><th scope="col">{ head(b) }</th></tr></thead>
                    <tbody>{ for differences.iter().map(|difference| html! {
                        <tr><th scope="row">{ &difference.label }</th><td>{ &difference.left }</td><td>{ &difference.right }</td></tr>
                    }) }</tbody>
                </table>
            </div>
        }
    };
    let same_data = a.run.dataset == b.run.dataset;
    let of_network = |kind: NetworkKind| {
        let networks = [a.run.get(kind)?, b.run.get(kind)?];
        let truth = props.labels.get(TRAIN_IMAGES..).unwrap_or(&[]);
        let judged = match networks.map(|network| network.report.as_ref()) {
            [Some(a), Some(b)] if same_data => {
                let accuracy = paired(truth, &a.test.predictions, &b.test.predictions);
                let losses = match networks.map(|network| network.probabilities.as_ref()) {
                    [Some(a), Some(b)] => loss_difference(truth, a, b),
                    _ => None,
                };
                Some((accuracy, losses))
            }
            _ => None,
        };
        let sides = [(kind, &a.run, networks[0]), (kind, &b.run, networks[1])]
            .map(|(kind, run, network)| figures::side(kind, &run.config, Some(network)));
        let rows = rows(&sides, judged.as_ref());
        let scored: Vec<figures::Scored> = [a, b]
            .into_iter()
            .zip(networks)
            .filter_map(|(run, network)| Some((t::run(run.number), kind, network.report.clone()?)))
            .collect();
        let content = html! {
            <div class="beside">
                { figures::table(vec![head(a), head(b)], &rows) }
                <div>
                    if !scored.is_empty() {
                        <Accuracies rows={scored} judged={judged.map(|(accuracy, _)| accuracy)} dark={props.dark} />
                    }
                    <p class="note">{ if same_data { t::BETTER_ABOUT } else { t::OTHER_DATA } }</p>
                </div>
            </div>
        };
        let title = t::two_runs(kind);
        Some(html! {
            <section key={kind.key()} class="card panel" aria-labelledby={format!("two-{}", kind.key())}>
                <div class="panel-head"><h2 id={format!("two-{}", kind.key())}>{ title }</h2></div>
                { content }
            </section>
        })
    };
    let networks: Vec<Html> = NetworkKind::ALL.into_iter().filter_map(of_network).collect();
    html! {
        <>
            { panel("differences", t::WHAT_DIFFERS, html!(), settings) }
            <Curves run={a.run.clone()} behind={vec![b.clone()]} epochs={a.run.config.epochs} dark={props.dark} />
            if networks.is_empty() {
                <p class="note">{ t::NO_SHARED_NETWORK }</p>
            }
            { for networks }
        </>
    }
}

//! The comparison that the page exists for: both networks' figures side by side, and what they say in plain words.

use super::ResultProps;
use crate::app::canvas::{Canvas, Draw};
use crate::config::NetworkKind;
use crate::evaluate::words::{count, duration, milliseconds, percent};
use crate::evaluate::{calibration, paired, summary};
use crate::plot::{Dot, DotRow, Dots, Reliability, Theme, dots, reliability};
use crate::report::NetworkReport;
use std::rc::Rc;
use yew::prelude::*;

/// Groups of the calibration chart.
const BINS: usize = 10;

type Row = (&'static str, &'static str, fn(&NetworkReport) -> String, fn(&NetworkReport) -> f64, Better);

#[derive(Clone, Copy, PartialEq)]
enum Better {
    Higher,
    Lower,
    /// Judged by the paired test instead of by the bare number.
    Accuracy,
    No,
}

fn latency(report: &NetworkReport, batch: usize) -> String {
    report.latency.iter().find(|l| l.batch == batch).map_or_else(
        || "–".to_owned(),
        |l| format!("{} ({})", milliseconds(l.p50_ms), milliseconds(l.p95_ms)),
    )
}

fn p50(report: &NetworkReport, batch: usize) -> f64 {
    report.latency.iter().find(|l| l.batch == batch).map_or(f64::NAN, |l| l.p50_ms)
}

const ROWS: [Row; 14] = [
    ("Test accuracy", "share of the 10,000 test images, scored once", |r| percent(r.test.accuracy), |r| r.test.accuracy, Better::Accuracy),
    ("95 % interval", "Wilson", |r| format!("{} to {}", percent(r.test.interval[0]), percent(r.test.interval[1])), |_| 0.0, Better::No),
    ("Test loss", "mean cross-entropy, nats", |r| format!("{:.3}", r.test.loss), |r| r.test.loss, Better::Lower),
    ("Training time", "without compilation and validation", |r| duration(r.training_seconds), |r| r.training_seconds, Better::Lower),
    ("Warm-up", "compilation and calibration", |r| duration(r.warmup_seconds), |_| 0.0, Better::No),
    ("Training speed", "images a second", |r| count(r.images_per_s.round() as u64), |r| r.images_per_s, Better::Higher),
    ("Latency, 1 image", "median (95th percentile)", |r| latency(r, 1), |r| p50(r, 1), Better::Lower),
    ("Latency, 256 images", "median (95th percentile)", |r| latency(r, 256), |r| p50(r, 256), Better::Lower),
    ("Parameters", "trained values", |r| count(r.parameters as u64), |r| r.parameters as f64, Better::Lower),
    ("Multiply-accumulates", "one image, forward", |r| count(r.macs as u64), |r| r.macs as f64, Better::Lower),
    ("Weights", "32-bit floats", |r| format!("{:.2} MB", r.weight_bytes as f64 / 1e6), |r| r.weight_bytes as f64, Better::Lower),
    ("Epochs", "passes over the training images", |r| r.history.len().to_string(), |_| 0.0, Better::No),
    ("CPU workers", "sharing each batch", |r| r.workers.to_string(), |_| 0.0, Better::No),
    ("Device", "", |r| r.device.backend.clone(), |_| 0.0, Better::No),
];

/// The table, the paragraph and the calibration.
#[function_component]
pub fn Comparison(props: &ResultProps) -> Html {
    let Some(run) = &props.state.run else { return html!() };
    let reports: Vec<(NetworkKind, Rc<NetworkReport>)> =
        run.networks.iter().filter_map(|n| Some((n.kind, n.report.clone()?))).collect();
    let labels = props.state.test_labels();
    let both = match reports.as_slice() {
        [(_, a), (_, c)] => Some((a.clone(), c.clone())),
        _ => None,
    };
    let real = both.as_ref().is_some_and(|(a, c)| paired(labels, &a.test.predictions, &c.test.predictions).is_real());
    let words = both.as_ref().map(|(a, c)| {
        let probabilities = |kind| run.get(kind).and_then(|n| n.probabilities.clone());
        match (probabilities(NetworkKind::Ann), probabilities(NetworkKind::Cnn)) {
            (Some(pa), Some(pc)) => summary(a, c, labels, Some((&pa, &pc))),
            _ => summary(a, c, labels, None),
        }
    });
    let wins = |row: &Row, value: f64| {
        let others = reports.iter().map(|(_, r)| (row.3)(r));
        reports.len() > 1
            && match row.4 {
                Better::Higher => others.clone().all(|o| value >= o) && others.clone().any(|o| value > o),
                Better::Accuracy => real && others.clone().all(|o| value >= o),
                Better::Lower => others.clone().all(|o| value <= o) && others.clone().any(|o| value < o),
                Better::No => false,
            }
    };
    html! {
        <section class="card comparison" aria-labelledby="comparison-title">
            <h2 id="comparison-title">{ "The comparison" }</h2>
            if let Some(words) = words {
                <p class="summary">{ words }</p>
            } else if run.is_active() {
                <p class="note">{ "The other network is still to come; the paragraph in plain words appears with it." }</p>
            }
            { accuracies(props, &reports) }
            <div class="scroll"><table class="figures">
                <thead><tr><th />{ for reports.iter().map(|(kind, _)| html! { <th scope="col" class={kind.key()}><span class="swatch" />{ kind.label() }</th> }) }</tr></thead>
                <tbody>{ for ROWS.iter().map(|row| html! {
                    <tr>
                        <th scope="row">{ row.0 }<small>{ row.1 }</small></th>
                        { for reports.iter().map(|(_, r)| html! {
                            <td class={wins(row, (row.3)(r)).then_some("better")}>{ (row.2)(r) }</td>
                        }) }
                    </tr>
                }) }</tbody>
            </table></div>
            if both.is_some() && !real {
                <p class="note">{ "No accuracy is marked as better: the difference may be chance." }</p>
            }
            { for reports.iter().flat_map(|(kind, r)| r.notes.iter().map(move |n| html! { <p class="note">{ format!("{}: {n}", kind.label()) }</p> })) }
            { sureness(props, labels) }
        </section>
    }
}

/// Both accuracies with their intervals on one axis.
fn accuracies(props: &ResultProps, reports: &[(NetworkKind, Rc<NetworkReport>)]) -> Html {
    let row = |(kind, r): &(NetworkKind, Rc<NetworkReport>)| DotRow {
        name: kind.label().to_owned(),
        dots: vec![Dot { network: *kind, value: r.test.accuracy, interval: Some(r.test.interval) }],
    };
    let plot = Dots { rows: reports.iter().map(row).collect(), title: "Test accuracy with its 95 % interval".to_owned() };
    let theme = Theme { dark: props.dark };
    let words: Vec<String> = reports.iter().map(|(k, r)| format!("{} {}", k.label(), percent(r.test.accuracy))).collect();
    let version = format!("{}-{}", words.join(""), props.dark);
    let draw: Draw = Rc::new(move |size| dots(&plot, size, None, theme));
    html! { <figure><Canvas {draw} {version} height={(|_| 110.0) as fn(f64) -> f64} label={format!("Test accuracy: {}", words.join(", "))} /></figure> }
}

/// How often a network is right when it is so and so sure of itself.
fn sureness(props: &ResultProps, labels: &[u8]) -> Html {
    let Some(run) = &props.state.run else { return html!() };
    let theme = Theme { dark: props.dark };
    let networks: Vec<_> =
        run.networks.iter().filter_map(|n| Some((n.kind, calibration(labels, n.probabilities.as_ref()?, BINS)))).collect();
    let words: Vec<String> = networks
        .iter()
        .map(|(kind, found)| format!("{}: expected calibration error {}", kind.label(), percent(found.expected_error)))
        .collect();
    let version = format!("calibration-{}-{}-{}", run.id, words.join(""), props.dark);
    let plot = Reliability { networks };
    let draw: Draw = Rc::new(move |size| reliability(&plot, size, None, theme));
    html! {
        <figure class="calibration">
            <figcaption><b>{ "Do they know what they know?" }</b>{ " A well calibrated network that says 80 % is right 8 times in 10: it lies on the dashed line; below it, it is too sure of itself." }</figcaption>
            <Canvas {draw} {version} height={(|_| 260.0) as fn(f64) -> f64} label={format!("Calibration. {}", words.join(". "))} />
            <p class="readout">{ words.join("   ·   ") }</p>
        </figure>
    }
}

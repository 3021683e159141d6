//! The learning curves: the loss of each step, loss and accuracy of each epoch, of both networks, against epochs or time.
//!
//! The three plots share one marked place: pointing at one marks the others, and one table says the values there.

use super::{choice, name, panel};
use crate::app::canvas::{Canvas, Key, Point};
use crate::config::NetworkKind;
use crate::evaluate::format::{duration, percent};
use crate::page::state::{NetworkRun, Run};
use crate::plot::{self, Axis, Curve, Labels, Steps, Stroke, Theme, Trace, Values};
use crate::report::{EpochRecord, Score};
use std::rc::Rc;
use yew::prelude::*;

/// Points of a loss curve in one pixel column's place; plots are not wider than twice that.
const COLUMNS: usize = 600;
/// Longer runs are shown in minutes.
const MINUTES_FROM: f64 = 300.0;

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Epochs,
    Time,
}

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    All,
    Accuracy,
    Loss,
    Steps,
}

/// The x axis: what it counts and how far it goes.
#[derive(Clone, Copy, PartialEq)]
struct Across {
    unit: Unit,
    /// Seconds in one unit of time.
    per: f64,
    max: f64,
}

impl Across {
    fn new(run: Option<&Run>, epochs: usize, unit: Unit) -> Self {
        let networks = || run.iter().flat_map(|run| &run.networks);
        let seconds = networks().map(|n| n.seconds).fold(0.0, f64::max);
        let per = if seconds > MINUTES_FROM { 60.0 } else { 1.0 };
        let max = match (unit, run) {
            // A run that ended early does not leave half of the plot empty.
            (Unit::Epochs, Some(run)) if !run.is_active() => {
                networks().map(|n| n.epochs.len()).max().filter(|n| *n > 0).unwrap_or(epochs) as f64
            }
            (Unit::Epochs, run) => run.map_or(epochs, |run| run.config.epochs) as f64,
            // Ends at a round number, so that it does not move with every step.
            (Unit::Time, _) => Axis::round(0.0, seconds.max(1.0) / per, 5, Labels::Plain).max,
        };
        Self { unit, per, max }
    }

    fn title(&self) -> &'static str {
        match (self.unit, self.per > 1.0) {
            (Unit::Epochs, _) => "Epoch",
            (Unit::Time, false) => "Training time, s",
            (Unit::Time, true) => "Training time, min",
        }
    }

    fn of(&self, record: &EpochRecord) -> f64 {
        match self.unit {
            Unit::Epochs => record.epoch as f64,
            Unit::Time => record.seconds / self.per,
        }
    }
}

/// Steps over which the loss is smoothed: a twentieth of an epoch.
fn window(network: &NetworkRun) -> f64 {
    (network.steps_per_epoch as f64 / 20.0).clamp(4.0, 100.0)
}

fn trace(network: &NetworkRun, across: Across) -> Trace {
    let seconds: Vec<f32>;
    let steps = match across.unit {
        Unit::Epochs => Steps::Epochs(network.steps_per_epoch),
        Unit::Time if across.per == 1.0 => Steps::Seconds(&network.step_seconds),
        Unit::Time => {
            seconds = network.step_seconds.iter().map(|s| s / across.per as f32).collect();
            Steps::Seconds(&seconds)
        }
    };
    Trace::new(&network.step_losses, steps, across.max, COLUMNS, window(network))
}

const EMPTY: &str = "The curves grow here while a run trains";

fn step_curves(traces: &[(NetworkKind, Trace)], across: Across) -> plot::Curves {
    let mut curves = Vec::new();
    for (network, trace) in traces {
        let stroke = if trace.band { Stroke::Band } else { Stroke::Faint };
        curves.push(Curve { network: *network, stroke, points: trace.raw.clone(), end: None });
    }
    for (network, trace) in traces {
        let end = trace.smooth.last().map(|[_, loss]| format!("{} {loss:.3}", network.label()));
        curves.push(Curve { network: *network, stroke: Stroke::Solid, points: trace.smooth.clone(), end });
    }
    plot::Curves {
        curves,
        x_title: across.title().to_owned(),
        x_max: across.max,
        y_title: "Training loss, nats".to_owned(),
        values: Values::Ratios,
        legend: Some([(Stroke::Solid, "smoothed"), (Stroke::Band, "each step")]),
        empty: EMPTY,
    }
}

fn epoch_curves(run: Option<&Run>, across: Across, accuracy: bool) -> plot::Curves {
    let value = |score: &Score| if accuracy { score.accuracy } else { score.loss };
    let mut curves = Vec::new();
    for network in run.iter().flat_map(|run| &run.networks) {
        let train: Vec<_> = network.epochs.iter().map(|e| [across.of(e), value(&e.train)]).collect();
        let validation: Vec<_> =
            network.epochs.iter().filter_map(|e| Some([across.of(e), value(e.validation.as_ref()?)])).collect();
        // The end is written once: at the validation's where there is one.
        let last = if validation.is_empty() { train.last() } else { validation.last() };
        let end = last.map(|[_, value]| {
            let value = if accuracy { percent(*value) } else { format!("{value:.3}") };
            format!("{} {value}", network.kind.label())
        });
        let (of_train, of_validation) = if validation.is_empty() { (end, None) } else { (None, end) };
        curves.push(Curve { network: network.kind, stroke: Stroke::Dashed, points: train, end: of_train });
        curves.push(Curve { network: network.kind, stroke: Stroke::Solid, points: validation, end: of_validation });
    }
    plot::Curves {
        curves,
        x_title: across.title().to_owned(),
        x_max: across.max,
        y_title: if accuracy { "Accuracy" } else { "Loss, nats" }.to_owned(),
        values: if accuracy { Values::Shares } else { Values::FromZero },
        legend: Some([(Stroke::Solid, "validation"), (Stroke::Dashed, "training")]),
        empty: EMPTY,
    }
}

#[derive(Properties, PartialEq)]
pub struct CurvesProps {
    /// The present run, or the last one.
    pub run: Option<Run>,
    /// Epochs of the next one.
    pub epochs: usize,
    pub dark: bool,
}

/// The panel.
#[function_component]
pub fn Curves(props: &CurvesProps) -> Html {
    let unit = use_state(|| Unit::Epochs);
    let shown = use_state(|| Shown::All);
    let marked = use_state(|| None::<f64>);
    let run = props.run.as_ref();
    let across = Across::new(run, props.epochs, *unit);
    {
        // Another axis, another place.
        let marked = marked.clone();
        use_effect_with(*unit, move |_| marked.set(None));
    }
    let traces: Rc<Vec<_>> =
        Rc::new(run.iter().flat_map(|run| &run.networks).map(|n| (n.kind, trace(n, across))).collect());
    let stops: Rc<Vec<f64>> = {
        let ends = run.iter().flat_map(|run| &run.networks).flat_map(|n| n.epochs.iter().map(|e| across.of(e)));
        let mut ends: Vec<f64> = ends.collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        Rc::new(ends)
    };
    let plots = [
        (Shown::Accuracy, epoch_curves(run, across, true), "Accuracy of each epoch"),
        (Shown::Loss, epoch_curves(run, across, false), "Loss of each epoch"),
        (Shown::Steps, step_curves(&traces, across), "Training loss of each step"),
    ];
    let units = [(Unit::Epochs, "Epochs".to_owned()), (Unit::Time, "Training time".to_owned())];
    let options =
        [(Shown::All, "All"), (Shown::Accuracy, "Accuracy"), (Shown::Loss, "Loss"), (Shown::Steps, "Loss a step")]
            .map(|(shown, text)| (shown, text.to_owned()));
    let controls =
        html! { <>{ choice("Which curves", &options, &shown) }{ choice("Horizontal axis", &units, &unit) }</> };
    let content = html! {
        <>
            <div class={classes!("plots", (*shown != Shown::All).then_some("single"))}>
                { for plots.into_iter().filter(|p| *shown == Shown::All || *shown == p.0).map(|(key, curves, label)| {
                    let marked = (*marked, marked.setter());
                    html! { <Plot key={key as u8} {curves} {label} {marked} stops={stops.clone()} dark={props.dark} /> }
                }) }
            </div>
            { values(run, across, *marked, &traces) }
            if let Some(run) = run {
                <EpochTable networks={run.networks.iter().map(|n| (n.kind, n.epochs.clone())).collect::<Vec<_>>()} />
            }
        </>
    };
    panel("curves", "Learning curves", controls, content)
}

#[derive(Properties, PartialEq)]
struct PlotProps {
    curves: plot::Curves,
    label: &'static str,
    /// The marked x, and the way to mark another.
    marked: (Option<f64>, UseStateSetter<Option<f64>>),
    /// Where the arrow keys go: the ends of the epochs.
    stops: Rc<Vec<f64>>,
    dark: bool,
}

#[function_component]
fn Plot(props: &PlotProps) -> Html {
    let (marked, set) = &props.marked;
    let curves = use_memo(props.curves.clone(), Clone::clone);
    let draw = use_callback((curves.clone(), *marked, props.dark), |size, (curves, marked, dark)| {
        plot::curves(curves, size, *marked, Theme { dark: *dark })
    });
    let onpoint = {
        let (set, curves) = (set.clone(), curves.clone());
        Callback::from(move |point: Option<Point>| {
            set.set(point.and_then(|p| curves.axes(p.size[0], p.size[1]).x_at(p.at[0])));
        })
    };
    let onkey = {
        let (set, stops, marked) = (set.clone(), props.stops.clone(), *marked);
        Callback::from(move |key| {
            let now = marked.unwrap_or(f64::INFINITY);
            let next = match key {
                Key::Move(-1, _) => stops.iter().rev().find(|stop| **stop < now).or(stops.first()),
                Key::Move(1, _) => stops.iter().find(|stop| **stop > now).or(stops.last()),
                Key::Home => stops.first(),
                Key::End => stops.last(),
                Key::Escape => None,
                _ => return,
            };
            set.set(next.copied());
        })
    };
    let ends: Vec<&str> = curves.curves.iter().filter_map(|c| c.end.as_deref()).collect();
    let label = if ends.is_empty() {
        props.label.to_owned()
    } else {
        format!("{}. At the end: {}", props.label, ends.join(", "))
    };
    html! { <Canvas {draw} {label} class="plot-curves" {onpoint} {onkey} /> }
}

/// What the curves say at the marked place, or at the end.
fn values(run: Option<&Run>, across: Across, marked: Option<f64>, traces: &[(NetworkKind, Trace)]) -> Html {
    let Some(run) = run.filter(|run| run.networks.iter().any(|n| !n.step_losses.is_empty())) else { return html!() };
    let at = marked.unwrap_or(f64::INFINITY);
    let caption = match (marked, across.unit) {
        (None, _) => "Latest values".to_owned(),
        (Some(x), Unit::Epochs) => format!("Values near epoch {x:.1}"),
        (Some(x), Unit::Time) => format!("Values near {}", duration(x * across.per)),
    };
    let row = |network: &NetworkRun| {
        let distance = |x: f64| if at.is_finite() { (x - at).abs() } else { -x };
        let record = network.epochs.iter().min_by(|a, b| distance(across.of(a)).total_cmp(&distance(across.of(b))));
        let smooth = traces
            .iter()
            .find(|t| t.0 == network.kind)
            .and_then(|(_, trace)| trace.smooth.iter().min_by(|a, b| distance(a[0]).total_cmp(&distance(b[0]))));
        let none = || "–".to_owned();
        let of = |value: fn(&EpochRecord) -> Option<String>| record.and_then(value).unwrap_or_else(none);
        html! {
            <tr>
                <th scope="row">{ name(network.kind) }</th>
                <td>{ of(|e| Some(e.epoch.to_string())) }</td>
                <td>{ of(|e| Some(format!("{:.1}", e.seconds))) }</td>
                <td>{ of(|e| Some(format!("{:.1}", 100.0 * e.train.accuracy))) }</td>
                <td>{ of(|e| e.validation.map(|v| format!("{:.1}", 100.0 * v.accuracy))) }</td>
                <td>{ of(|e| Some(format!("{:.3}", e.train.loss))) }</td>
                <td>{ of(|e| e.validation.map(|v| format!("{:.3}", v.loss))) }</td>
                <td>{ smooth.map_or_else(none, |[_, loss]| format!("{loss:.3}")) }</td>
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
                <tbody>{ for run.networks.iter().map(row) }</tbody>
            </table>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct EpochTableProps {
    networks: Vec<(NetworkKind, Rc<Vec<EpochRecord>>)>,
}

/// Every epoch as a table.
#[function_component]
fn EpochTable(props: &EpochTableProps) -> Html {
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

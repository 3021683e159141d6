//! Loss and accuracy of both networks, against epochs or seconds.

use super::{ResultProps, choice};
use crate::app::canvas::{Canvas, Draw, Pointer};
use crate::evaluate::words::percent;
use crate::plot::{Curve, Curves as Plotted, Steps, Stroke, Theme, Trace, curves};
use crate::report::{EpochRecord, Score};
use crate::state::{NetworkRun, Run};
use std::rc::Rc;
use yew::prelude::*;

/// Steps over which the loss is smoothed.
const WINDOW: f64 = 40.0;
/// Height of each chart in CSS pixels.
const HEIGHT: fn(f64) -> f64 = |_| 250.0;

#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Epochs,
    Seconds,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    StepLoss,
    Loss,
    Accuracy,
}

fn steps(network: &NetworkRun, axis: Axis) -> Steps<'_> {
    match axis {
        Axis::Epochs => Steps::Epochs(network.steps_per_epoch),
        Axis::Seconds => Steps::Seconds(&network.step_seconds),
    }
}

fn plot(run: &Run, what: What, axis: Axis, width: f64) -> Plotted {
    let x_max = match axis {
        Axis::Epochs => {
            let done = run.networks.iter().map(|n| n.step_losses.len() as f64 / n.steps_per_epoch.max(1) as f64);
            // The whole run once it is under way: the curve grows into its frame.
            done.fold(run.config.epochs as f64, f64::max)
        }
        Axis::Seconds => run.networks.iter().map(|n| n.seconds).fold(0.5, f64::max),
    };
    let mut curves = Vec::new();
    let mut ends = Vec::new();
    for network in &run.networks {
        let kind = network.kind;
        let curve = |stroke, points, end| Curve { network: kind, stroke, points, end };
        if what == What::StepLoss {
            let trace = Trace::new(&network.step_losses, steps(network, axis), x_max, (width - 90.0).max(60.0) as usize, WINDOW);
            curves.insert(0, curve(if trace.band { Stroke::Band } else { Stroke::Faint }, trace.raw, None));
            let end = trace.smooth.last().map(|p| format!("{} {:.2}", kind.label(), p[1]));
            ends.push(curve(Stroke::Solid, trace.smooth, end));
        } else {
            let at = |e: &EpochRecord| if axis == Axis::Epochs { e.epoch as f64 } else { e.seconds };
            let value = |s: &Score| if what == What::Loss { s.loss } else { s.accuracy };
            let said = |v: f64| match what {
                What::Accuracy => format!("{} {}", kind.label(), percent(v)),
                _ => format!("{} {v:.2}", kind.label()),
            };
            let train: Vec<_> = network.epochs.iter().map(|e| [at(e), value(&e.train)]).collect();
            let validation: Vec<_> =
                network.epochs.iter().filter_map(|e| Some([at(e), value(e.validation.as_ref()?)])).collect();
            let end = validation.last().map(|p| said(p[1]));
            let train_end = if end.is_none() { train.last().map(|p| said(p[1])) } else { None };
            curves.push(curve(Stroke::Dashed, train, train_end));
            ends.push(curve(Stroke::Solid, validation, end));
        }
    }
    curves.extend(ends);
    Plotted {
        curves,
        x_title: if axis == Axis::Epochs { "epoch" } else { "seconds of training" }.to_owned(),
        x_max,
        y_title: match what {
            What::StepLoss => "Training loss of each step",
            What::Loss => "Loss",
            What::Accuracy => "Accuracy",
        }
        .to_owned(),
        percent: what == What::Accuracy,
        legend: Some(match what {
            What::StepLoss => [(Stroke::Solid, "smoothed"), (Stroke::Band, "each step")],
            _ => [(Stroke::Solid, "validation"), (Stroke::Dashed, "training")],
        }),
        empty: if what == What::StepLoss { "appears with the first steps" } else { "appears after the first epoch" },
    }
}

/// The values of both networks nearest to an x.
fn readout(run: &Run, what: What, axis: Axis, x: f64) -> String {
    let of = |n: &NetworkRun| {
        if what == What::StepLoss {
            let places = steps(n, axis);
            let nearest = (0..n.step_losses.len()).min_by(|&a, &b| (places.at(a) - x).abs().total_cmp(&(places.at(b) - x).abs()))?;
            return Some(format!("{} step {}: {:.3}", n.kind.label(), nearest + 1, n.step_losses[nearest]));
        }
        let at = |e: &EpochRecord| if axis == Axis::Epochs { e.epoch as f64 } else { e.seconds };
        let epoch = n.epochs.iter().min_by(|a, b| (at(a) - x).abs().total_cmp(&(at(b) - x).abs()))?;
        let value = |s: &Score| if what == What::Loss { format!("{:.3}", s.loss) } else { percent(s.accuracy) };
        let validation = epoch.validation.as_ref().map_or_else(String::new, |v| format!(", validation {}", value(v)));
        Some(format!("{} epoch {}: training {}{validation}", n.kind.label(), epoch.epoch, value(&epoch.train)))
    };
    run.networks.iter().filter_map(of).collect::<Vec<_>>().join("   ·   ")
}

#[derive(Properties, PartialEq)]
struct PlotProps {
    run: Rc<Run>,
    what: What,
    axis: Axis,
    dark: bool,
}

#[function_component]
fn Plot(props: &PlotProps) -> Html {
    let marker = use_state(|| None::<f64>);
    let theme = Theme { dark: props.dark };
    let (run, what, axis) = (props.run.clone(), props.what, props.axis);
    let draw: Draw = {
        let (run, marker) = (run.clone(), *marker);
        Rc::new(move |size| curves(&plot(&run, what, axis, size[0]), size, marker, theme))
    };
    let onpoint = {
        let (marker, run) = (marker.clone(), run.clone());
        Callback::from(move |at: Option<Pointer>| {
            marker.set(at.and_then(|p| plot(&run, what, axis, p.size[0]).axes(p.size[0], p.size[1]).x_at(p.at[0])));
        })
    };
    let onmove = {
        let (marker, end) = (marker.clone(), plot(&run, what, axis, 400.0).x_max);
        Callback::from(move |(x, _): (i32, i32)| {
            let now = marker.unwrap_or(end) + f64::from(x) * end / 40.0;
            marker.set(Some(now.clamp(0.0, end)));
        })
    };
    let title = match what {
        What::StepLoss => "Training loss of each step",
        What::Loss => "Loss of each epoch",
        What::Accuracy => "Accuracy of each epoch",
    };
    let said = marker.map(|x| readout(&props.run, props.what, props.axis, x));
    let latest = readout(&props.run, props.what, props.axis, f64::MAX);
    let steps: usize = props.run.networks.iter().map(|n| n.step_losses.len() * 1000 + n.epochs.len()).sum();
    let version = format!("{}-{steps}-{}-{}-{}-{:?}", props.run.id, props.what as u8, props.axis as u8, props.dark, *marker);
    html! {
        <figure>
            <Canvas {draw} {version} height={HEIGHT} label={format!("{title}. Latest: {latest}")} onpoint={Some(onpoint)} onmove={Some(onmove)} />
            <figcaption class="readout">{ said.unwrap_or(latest) }</figcaption>
        </figure>
    }
}

/// The three charts and their table.
#[function_component]
pub fn Curves(props: &ResultProps) -> Html {
    let axis = use_state(|| Axis::Epochs);
    let Some(run) = props.state.run.clone().map(Rc::new) else { return html!() };
    html! {
        <section class="card" aria-labelledby="curves-title">
            <div class="row">
                <h2 id="curves-title">{ "Learning curves" }</h2>
                { choice("Horizontal axis", &[(Axis::Epochs, "against epochs"), (Axis::Seconds, "against seconds")], &axis) }
            </div>
            <Plot run={run.clone()} what={What::StepLoss} axis={*axis} dark={props.dark} />
            <div class="pair">
                <Plot run={run.clone()} what={What::Loss} axis={*axis} dark={props.dark} />
                <Plot run={run.clone()} what={What::Accuracy} axis={*axis} dark={props.dark} />
            </div>
            <details class="group">
                <summary>{ "The same as a table" }</summary>
                <div class="scroll"><table>
                    <thead><tr>{ for ["network", "epoch", "seconds", "learning rate", "training loss", "validation loss", "training accuracy", "validation accuracy"].iter().map(|h| html! { <th>{ *h }</th> }) }</tr></thead>
                    <tbody>{ for run.networks.iter().flat_map(|n| n.epochs.iter().map(|e| html! {
                        <tr>
                            <td>{ n.kind.label() }</td><td>{ e.epoch }</td><td>{ format!("{:.1}", e.seconds) }</td><td>{ format!("{:.1e}", e.learning_rate) }</td>
                            <td>{ format!("{:.4}", e.train.loss) }</td><td>{ e.validation.map_or_else(|| "–".to_owned(), |v| format!("{:.4}", v.loss)) }</td>
                            <td>{ percent(e.train.accuracy) }</td><td>{ e.validation.map_or_else(|| "–".to_owned(), |v| percent(v.accuracy)) }</td>
                        </tr>
                    })) }</tbody>
                </table></div>
            </details>
        </section>
    }
}

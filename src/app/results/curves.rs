//! The panel with the learning curves of both networks over epochs or time: the loss of each step, loss and accuracy of each epoch.
//! Leaves out: the curves and the axis as data (`plot`) and the tables of their values (`curve_values`).
//!
//! The three plots share one marked place: pointing at one marks the others, and one table shows the values there.

use super::curve_values::{EpochTable, values};
use super::{choice, panel};
use crate::app::canvas::{Canvas, Key, Point};
use crate::config::NetworkKind;
use crate::plot::{self, Learning, Quantity, Theme, Unit, across, epoch_curves, scored_epochs, step_curves, stops};
use crate::run::{NetworkProgress, RunRecord};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    All,
    Accuracy,
    Loss,
    Steps,
}

fn learning(network: &NetworkProgress) -> Learning<'_> {
    Learning {
        network: network.kind,
        epochs: &network.epochs,
        step_losses: &network.step_losses,
        step_seconds: &network.step_seconds,
        steps_per_epoch: network.steps_per_epoch,
        seconds: network.seconds,
        scored_epoch: network.report.as_ref().map_or(0, |report| report.scored_epoch),
    }
}

#[derive(Properties, PartialEq)]
pub struct CurvesProps {
    /// The present run, or the last one.
    pub run: Option<RunRecord>,
    /// Epochs of the next run.
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
    let networks: Vec<Learning> = run.iter().flat_map(|run| &run.networks).map(learning).collect();
    let planned = run.map_or(props.epochs, |run| run.config.epochs);
    let axis = across(&networks, *unit, planned, run.is_some_and(RunRecord::is_active));
    {
        // A place on one axis means nothing on the other.
        let marked = marked.clone();
        use_effect_with(*unit, move |_| marked.set(None));
    }
    let traces: Vec<(NetworkKind, plot::Trace)> = networks.iter().map(|n| (n.network, n.trace(axis))).collect();
    let ends = Rc::new(stops(&networks, axis));
    let scored: Option<AttrValue> = scored_epochs(&networks).map(AttrValue::from);
    let plots = [
        (Shown::Accuracy, epoch_curves(&networks, axis, Quantity::Accuracy), "Accuracy of each epoch"),
        (Shown::Loss, epoch_curves(&networks, axis, Quantity::Loss), "Loss of each epoch"),
        (Shown::Steps, step_curves(&traces, axis), "Training loss of each step"),
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
                    let scored = scored.clone();
                    html! { <Plot key={key as u8} {curves} {label} {marked} {scored} stops={ends.clone()} dark={props.dark} /> }
                }) }
            </div>
            if let Some(scored) = &scored {
                <p class="note">{ scored }</p>
            }
            { values(&networks, axis, *marked, &traces) }
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
    /// Which epochs have a ring, in words.
    scored: Option<AttrValue>,
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
    let label = plot::spoken(props.label, &curves, props.scored.as_deref());
    html! { <Canvas {draw} {label} class="plot-curves" {onpoint} {onkey} /> }
}

//! The panel with the learning curves of both networks over epochs or time: accuracy, and beside it the loss of each epoch or each step.
//! Leaves out: the curves and the axis as data (`plot`) and the tables of their values (`curve_values`).
//!
//! The plots share one marked place: pointing at one marks the other, and one line shows the values there.

use super::curve_values::{EpochTable, readout, values};
use crate::app::canvas::{Canvas, Key, Point};
use crate::app::parts::choice;
use crate::app::texts::t;
use crate::config::NetworkKind;
use crate::plot::{
    self, Learning, Quantity, Theme, Unit, across, behind, epoch_curves, scored_epochs, step_curves, stops,
};
use crate::run::{NetworkProgress, RunRecord};
use std::rc::Rc;
use yew::prelude::*;

/// Which loss is shown.
#[derive(Clone, Copy, PartialEq)]
enum Loss {
    Epochs,
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
        rate_changes: &network.rate_changes,
    }
}

#[derive(Properties, PartialEq)]
pub struct CurvesProps {
    /// The present run, or the last one.
    pub run: Option<RunRecord>,
    /// Runs whose curves are drawn behind its own.
    pub behind: Vec<RunRecord>,
    /// Epochs of the next run.
    pub epochs: usize,
    pub dark: bool,
}

/// The panel.
#[function_component]
pub fn Curves(props: &CurvesProps) -> Html {
    let unit = use_state(|| Unit::Epochs);
    let loss = use_state(|| Loss::Epochs);
    let marked = use_state(|| None::<f64>);
    let run = props.run.as_ref();
    let networks: Vec<Learning> = run.iter().flat_map(|run| &run.networks).map(learning).collect();
    let others: Vec<Learning> = props.behind.iter().flat_map(|run| &run.networks).map(learning).collect();
    let planned = run.map_or(props.epochs, |run| {
        run.networks.iter().map(|network| network.planned_epochs(&run.config)).max().unwrap_or(run.config.epochs)
    });
    let axis = across(&networks, *unit, planned, run.is_some_and(RunRecord::is_active));
    {
        // A place on one axis means nothing on the other.
        let marked = marked.clone();
        use_effect_with(*unit, move |_| marked.set(None));
    }
    let traces: Vec<(NetworkKind, plot::Trace)> = networks.iter().map(|n| (n.network, n.trace(axis))).collect();
    let ends = Rc::new(stops(&networks, axis));
    let scored: Option<AttrValue> = scored_epochs(&networks).map(AttrValue::from);
    let of_epochs = |quantity| {
        let mut curves = epoch_curves(&networks, axis, quantity);
        curves.curves.splice(0..0, behind(&others, axis, quantity));
        curves
    };
    let (right, right_label) = match *loss {
        Loss::Epochs => (of_epochs(Quantity::Loss), t::LOSS_CURVES),
        Loss::Steps => (step_curves(&networks, &traces, axis), t::STEP_CURVES),
    };
    let plots = [(of_epochs(Quantity::Accuracy), t::ACCURACY_CURVES), (right, right_label)];
    let units = [(Unit::Epochs, t::EPOCHS.to_owned()), (Unit::Time, t::TIME.to_owned())];
    let losses = [(Loss::Epochs, t::EACH_EPOCH.to_owned()), (Loss::Steps, t::EACH_STEP.to_owned())];
    let trained = networks.iter().any(|network| !network.step_losses.is_empty());
    html! {
        <section class="card curves" aria-labelledby="curves-title">
            <div class="panel-head">
                <h2 id="curves-title">{ t::CURVES }</h2>
                <p class="readout">{ readout(&networks, axis, *marked, scored.as_deref()) }</p>
                { choice(t::LOSS_OF, &losses, &loss) }
                { choice(t::AXIS, &units, &unit) }
            </div>
            <div class="plots">
                { for plots.into_iter().enumerate().map(|(key, (curves, label))| {
                    let marked = (*marked, marked.setter());
                    let scored = scored.clone();
                    html! { <Plot {key} {curves} {label} {marked} {scored} stops={ends.clone()} dark={props.dark} /> }
                }) }
            </div>
            if let Some(run) = run.filter(|_| trained) {
                <details class="as-table">
                    <summary>{ t::VALUES }</summary>
                    { values(&networks, axis, *marked, &traces) }
                    <EpochTable networks={run.networks.iter().map(|n| (n.kind, n.epochs.clone())).collect::<Vec<_>>()} />
                </details>
            }
        </section>
    }
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

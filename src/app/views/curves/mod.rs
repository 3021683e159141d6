//! The panel with the learning curves of both networks over epochs or time: accuracy, and beside it the loss of each epoch or each step.
//! Leaves out: the curves and the axis as data (`plot`) and the tables of their values (`curve_values`).
//!
//! The plots share one marked place: pointing at one marks the other, and one line shows the values there.

mod values;

use super::told;
use crate::app::canvas::{Canvas, Key, Point};
use crate::app::parts::choice;
use crate::app::texts::t;
use crate::config::NetworkKind;
use crate::page::state::State;
use crate::plot::{
    self, Learning, Quantity, Theme, Unit, across, behind, epoch_curves, mark_epoch, scored_epochs, step_curves, stops,
};
use crate::run::RunRecord;
use std::rc::Rc;
use values::{EpochTable, readout, values};
use yew::prelude::*;

/// Which loss is shown.
#[derive(Clone, Copy, PartialEq)]
enum Loss {
    Epochs,
    Steps,
}

/// A run whose curves are drawn behind those of another one.
#[derive(Clone, PartialEq)]
pub struct Behind {
    pub run: RunRecord,
    /// Its number, from 1.
    pub number: usize,
    /// The place of its colour.
    pub colour: usize,
}

impl Behind {
    pub fn new(state: &State, run: &RunRecord) -> Self {
        Self { run: run.clone(), number: told::number(state, run.id), colour: told::colour(state, run.id) }
    }
}

/// The runs that are drawn behind the shown one.
pub fn behind_of(state: &State) -> Vec<Behind> {
    let others = state.overlaid.iter().filter(|id| state.run().is_none_or(|run| run.id != **id));
    others.filter_map(|id| Some(Behind::new(state, state.history.get(*id)?))).collect()
}

#[derive(Properties, PartialEq)]
pub struct CurvesProps {
    /// The present run, or the last one.
    pub run: Option<RunRecord>,
    /// Runs whose curves are drawn behind its own.
    pub behind: Vec<Behind>,
    /// Epochs of the next run.
    pub epochs: usize,
    /// The epoch at which the run is looked at.
    #[prop_or_default]
    pub opened: Option<usize>,
    pub dark: bool,
}

/// The panel.
#[function_component]
pub fn Curves(props: &CurvesProps) -> Html {
    let unit = use_state(|| Unit::Epochs);
    let loss = use_state(|| Loss::Epochs);
    let marked = use_state(|| None::<f64>);
    let run = props.run.as_ref();
    let networks: Vec<Learning> = run.iter().flat_map(|run| &run.networks).map(Learning::of).collect();
    let others: Vec<(Learning, usize)> = props
        .behind
        .iter()
        .flat_map(|other| other.run.networks.iter().map(|network| (Learning::of(network), other.colour)))
        .collect();
    let planned = run.map_or(props.epochs, |run| {
        run.networks.iter().map(|network| network.planned_epochs(&run.config)).max().unwrap_or(run.config.epochs)
    });
    // The axis reaches to the end of the longest run.
    let all: Vec<Learning> = networks.iter().copied().chain(others.iter().map(|(other, _)| *other)).collect();
    let axis = across(&all, *unit, planned, run.is_some_and(RunRecord::is_active));
    {
        // A place on one axis means nothing on the other.
        let marked = marked.clone();
        use_effect_with(*unit, move |_| marked.set(None));
    }
    let traces: Vec<(NetworkKind, plot::Trace)> = networks.iter().map(|n| (n.network, n.trace(axis))).collect();
    let ends = Rc::new(stops(&networks, axis));
    let scored: Option<AttrValue> = scored_epochs(&networks).map(AttrValue::from);
    let branched = run.and_then(|run| run.parent).map(|parent| (parent.epoch, t::BRANCHED.to_owned()));
    let opened = props.opened.map(|epoch| (epoch, t::epoch(epoch)));
    let marks: Vec<plot::Change> = branched
        .into_iter()
        .chain(opened)
        .filter_map(|(epoch, label)| mark_epoch(&networks, axis, epoch, label))
        .collect();
    let of_epochs = |quantity| {
        let mut curves = epoch_curves(&networks, axis, quantity);
        curves.curves.splice(0..0, behind(&others, axis, quantity));
        curves
    };
    let (mut right, right_label) = match *loss {
        Loss::Epochs => (of_epochs(Quantity::Loss), t::LOSS_CURVES),
        Loss::Steps => (step_curves(&networks, &traces, axis), t::STEP_CURVES),
    };
    let mut left = of_epochs(Quantity::Accuracy);
    left.changes.extend(marks.iter().cloned());
    right.changes.extend(marks);
    let plots = [(left, t::ACCURACY_CURVES), (right, right_label)];
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
            if !props.behind.is_empty() {
                <p class="behind">{ t::BEHIND }{ for props.behind.iter().map(|other| html! {
                    <span data-run-colour={other.colour.to_string()}><i class="swatch" />{ t::run(other.number) }</span>
                }) }</p>
            }
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

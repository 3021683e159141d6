//! The learning curves as plain data: the loss of each step, accuracy and loss of each epoch, and the mark of the epoch whose weights
//! are scored. Leaves out: drawing (`curves`) and the panel around the plots.

use super::{Across, Change, Curve, Curves, Steps, Stroke, Trace, Unit, Values};
use crate::config::NetworkKind;
use crate::order::ascending;
use crate::run::NetworkProgress;
use crate::run::report::{EpochRecord, RateChange, Score};

/// Pixel columns that a loss curve is made for; the plots are at most twice as wide.
const COLUMNS: usize = 600;
/// The text in the frame before there is a curve.
const EMPTY: &str = "The curves appear here during training";

/// What is known of one network's training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learning<'a> {
    /// Which network.
    pub network: NetworkKind,
    /// Each finished epoch.
    pub epochs: &'a [EpochRecord],
    /// Training loss of each step, in nats.
    pub step_losses: &'a [f32],
    /// Training seconds at the end of each step.
    pub step_seconds: &'a [f32],
    /// Steps of one epoch; 0 before it is known.
    pub steps_per_epoch: usize,
    /// Training seconds so far.
    pub seconds: f64,
    /// The epoch, from 1, whose weights are scored on the test set; 0 before that, and where it is not known.
    pub scored_epoch: usize,
    /// Changes of the learning rate on the way.
    pub rate_changes: &'a [RateChange],
}

/// A factor of the learning rate: `×3`, `÷3`.
pub fn factor_text(factor: f64) -> String {
    if factor >= 1.0 { format!("×{}", shortest(factor)) } else { format!("÷{}", shortest(1.0 / factor)) }
}

impl<'a> Learning<'a> {
    /// What is known of a network of a run.
    pub fn of(network: &'a NetworkProgress) -> Self {
        Self {
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
}

impl Learning<'_> {
    /// The loss of each step along this axis. It is smoothed over about a twentieth of an epoch.
    pub fn trace(&self, across: Across) -> Trace {
        let scaled: Vec<f32>;
        let steps = match across.unit {
            Unit::Epochs => Steps::Epochs(self.steps_per_epoch),
            Unit::Time if across.per == 1.0 => Steps::Seconds(self.step_seconds),
            Unit::Time => {
                scaled = self.step_seconds.iter().map(|s| s / across.per as f32).collect();
                Steps::Seconds(&scaled)
            }
        };
        let window = (self.steps_per_epoch as f64 / 20.0).clamp(4.0, 100.0);
        Trace::new(self.step_losses, steps, across.max, COLUMNS, window)
    }

    /// The finished epoch nearest to a place on the axis; without a place, the last one.
    pub fn near(&self, across: Across, at: Option<f64>) -> Option<&EpochRecord> {
        match at {
            Some(at) => {
                let distance = |record: &EpochRecord| (across.of(record) - at).abs();
                self.epochs.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
            }
            None => self.epochs.last(),
        }
    }

    /// Where its learning rate was changed, and by which factor in all.
    fn changes(&self, across: Across) -> impl Iterator<Item = Change> {
        self.rate_changes.iter().filter_map(move |change| {
            let x = match across.unit {
                Unit::Epochs => change.step as f64 / self.steps_per_epoch.max(1) as f64,
                Unit::Time => f64::from(*self.step_seconds.get(change.step)?) / across.per,
            };
            Some(Change { network: Some(self.network), x, label: format!("rate {}", factor_text(change.factor)) })
        })
    }

    /// The record of the epoch whose weights are scored.
    fn scored(&self) -> Option<&EpochRecord> {
        self.epochs.iter().find(|record| record.epoch == self.scored_epoch)
    }
}

/// The x axis for these networks; see [`Across::new`].
pub fn across(networks: &[Learning], unit: Unit, planned: usize, active: bool) -> Across {
    let seconds = networks.iter().map(|n| n.seconds).fold(0.0, f64::max);
    let done = networks.iter().map(|n| n.epochs.len()).max().unwrap_or(0);
    Across::new(unit, seconds, done, planned, active)
}

/// The ends of all epochs of all networks, from left to right and each once: where the arrow keys stop.
pub fn stops(networks: &[Learning], across: Across) -> Vec<f64> {
    let ends: Vec<f64> = networks.iter().flat_map(|n| n.epochs).map(|record| across.of(record)).collect();
    let mut stops: Vec<f64> = ascending(&ends).into_iter().map(|place| ends[place]).collect();
    stops.dedup();
    stops
}

/// What the curves of the epochs show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Share of correct predictions.
    Accuracy,
    /// Mean cross-entropy, in nats.
    Loss,
}

impl Quantity {
    fn of(self, score: &Score) -> f64 {
        match self {
            Quantity::Accuracy => score.accuracy,
            Quantity::Loss => score.loss,
        }
    }

    fn text(self, value: f64) -> String {
        match self {
            Quantity::Accuracy => crate::evaluate::format::percent(value),
            Quantity::Loss => format!("{value:.3}"),
        }
    }
}

/// The training loss of each step: a faint band, and the smoothed loss over it.
pub fn step_curves(networks: &[Learning], traces: &[(NetworkKind, Trace)], across: Across) -> Curves {
    let mut curves = Vec::new();
    for (network, trace) in traces {
        let stroke = if trace.band { Stroke::Band } else { Stroke::Faint };
        curves.push(Curve { network: *network, stroke, points: trace.raw.clone(), end: None, mark: None, run: None });
    }
    for (network, trace) in traces {
        let end = trace.smooth.last().map(|[_, loss]| format!("{} {loss:.3}", network.label()));
        let (stroke, points) = (Stroke::Solid, trace.smooth.clone());
        curves.push(Curve { network: *network, stroke, points, end, mark: None, run: None });
    }
    Curves {
        curves,
        x_title: across.title().to_owned(),
        x_max: across.max,
        x_least: across.least(),
        y_title: "Training loss, nats".to_owned(),
        values: Values::Ratios,
        legend: Some([(Stroke::Solid, "smoothed"), (Stroke::Band, "each step")]),
        changes: networks.iter().flat_map(|network| network.changes(across)).collect(),
        empty: EMPTY,
    }
}

/// Accuracy or loss of each epoch: training dashed, validation solid. The value at the end and the mark of the scored epoch stand on
/// the validation curve, or on the training curve where nothing is validated.
pub fn epoch_curves(networks: &[Learning], across: Across, quantity: Quantity) -> Curves {
    let mut curves = Vec::new();
    for network in networks {
        let train = |record: &EpochRecord| Some([across.of(record), quantity.of(&record.train)]);
        let validation = |record: &EpochRecord| Some([across.of(record), quantity.of(record.validation.as_ref()?)]);
        let validated = network.epochs.iter().any(|record| record.validation.is_some());
        let mut curve = |stroke, point: &dyn Fn(&EpochRecord) -> Option<[f64; 2]>, leads: bool| {
            let points: Vec<[f64; 2]> = network.epochs.iter().filter_map(point).collect();
            let end = points.last().filter(|_| leads);
            let end = end.map(|[_, value]| format!("{} {}", network.network.label(), quantity.text(*value)));
            let mark = network.scored().filter(|_| leads).and_then(point);
            curves.push(Curve { network: network.network, stroke, points, end, mark, run: None });
        };
        curve(Stroke::Dashed, &train, !validated);
        curve(Stroke::Solid, &validation, validated);
    }
    Curves {
        curves,
        x_title: across.title().to_owned(),
        x_max: across.max,
        x_least: across.least(),
        y_title: match quantity {
            Quantity::Accuracy => "Accuracy".to_owned(),
            Quantity::Loss => "Loss, nats".to_owned(),
        },
        values: match quantity {
            Quantity::Accuracy => Values::Shares,
            Quantity::Loss => Values::FromZero,
        },
        legend: Some([(Stroke::Solid, "validation"), (Stroke::Dashed, "training")]),
        changes: networks.iter().flat_map(|network| network.changes(across)).collect(),
        empty: EMPTY,
    }
}

/// The validation curves of other runs, to be drawn behind those of the shown one; the training curves where nothing is validated.
/// Each network comes with the place of its run's colour.
pub fn behind(networks: &[(Learning, usize)], across: Across, quantity: Quantity) -> Vec<Curve> {
    let curve = |(network, run): &(Learning, usize)| {
        let point = |record: &EpochRecord| {
            [across.of(record), quantity.of(record.validation.as_ref().unwrap_or(&record.train))]
        };
        let points = network.epochs.iter().map(point).collect();
        Curve { network: network.network, stroke: Stroke::Past, points, end: None, mark: None, run: Some(*run) }
    };
    networks.iter().map(curve).collect()
}

/// The end of an epoch of the run, marked in all its curves; `None` where the run has no such epoch.
pub fn mark_epoch(networks: &[Learning], across: Across, epoch: usize, label: String) -> Option<Change> {
    let record = networks.iter().flat_map(|network| network.epochs).find(|record| record.epoch == epoch)?;
    Some(Change { network: None, x: across.of(record), label })
}

/// A factor without needless decimals: `3`, `1.5`.
fn shortest(factor: f64) -> String {
    let text = format!("{factor:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// What the marks mean, as a sentence; `None` where no epoch is marked.
pub fn scored_epochs(networks: &[Learning]) -> Option<String> {
    let each: Vec<String> = networks
        .iter()
        .filter(|network| network.scored().is_some())
        .map(|network| format!("epoch {} of the {}", network.scored_epoch, network.network.label()))
        .collect();
    (!each.is_empty()).then(|| {
        let rings = if each.len() == 1 { "The ring marks" } else { "The rings mark" };
        format!("{rings} the epoch whose weights are scored on the test set: {}.", crate::evaluate::format::list(&each))
    })
}

/// Describes a plot in words, for people who cannot see it: the last values and the scored epochs.
pub fn spoken(title: &str, plot: &Curves, scored: Option<&str>) -> String {
    let ends: Vec<&str> = plot.curves.iter().filter_map(|c| c.end.as_deref()).collect();
    let mut text = if ends.is_empty() { title.to_owned() } else { format!("{title}. At the end: {}", ends.join(", ")) };
    if let Some(scored) = scored.filter(|_| plot.curves.iter().any(|c| c.mark.is_some())) {
        text = format!("{text}. {scored}");
    }
    text
}

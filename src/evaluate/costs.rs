//! Sentences that compare the costs of the two networks: time, parameters, multiply-accumulates, latency. They also say why times may
//! not be comparable. Leaves out: accuracy, classes and calibration (`summary`).

use super::format::{count, duration, list, milliseconds, ratio};
use crate::config::NetworkKind;
use crate::run::report::{Ended, NetworkReport};
use std::cmp::Ordering;

/// Values whose ratio is smaller than this are "about as much".
const ABOUT: f64 = 1.1;

/// One network and its name.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) kind: NetworkKind,
    pub(super) report: &'a NetworkReport,
}

impl Side<'_> {
    pub(super) fn name(&self) -> &'static str {
        self.kind.label()
    }

    pub(super) fn epochs(&self) -> usize {
        self.report.history.len()
    }

    /// Median time of one image alone, in milliseconds.
    fn latency(&self) -> Option<f64> {
        self.report.latency.iter().find(|l| l.batch == 1).map(|l| l.p50_ms)
    }
}

/// `a` compared with `b`, and the ratio of the larger to the smaller one. A value of 0 is not compared.
fn compare(a: f64, b: f64) -> (Ordering, String) {
    let quotient = if a > 0.0 && b > 0.0 { a / b } else { 1.0 };
    match quotient {
        q if q > ABOUT => (Ordering::Greater, ratio(q)),
        q if q < 1.0 / ABOUT => (Ordering::Less, ratio(1.0 / q)),
        _ => (Ordering::Equal, String::new()),
    }
}

/// Both figures, or one figure where they are equal.
fn against(own: String, others: String) -> String {
    if own == others { format!("{own} each") } else { format!("{own} against {others}") }
}

/// What `first` costs compared with `second`.
pub(super) fn cost(first: Side, second: Side) -> String {
    let (one, other) = (first.report, second.report);
    let mut parts = Vec::new();
    let (own, others) = (one.training_seconds, other.training_seconds);
    // Each network trains with the number of workers that is best for it; where the numbers differ they are named.
    let time = |side: Side| match (side.report.workers, first.report.workers == second.report.workers) {
        (_, true) => duration(side.report.training_seconds),
        (1, false) => format!("{} with 1 worker", duration(side.report.training_seconds)),
        (n, false) => format!("{} with {n} workers", duration(side.report.training_seconds)),
    };
    let both = against(time(first), time(second));
    parts.push(if own <= 0.0 || others <= 0.0 || incomparable(first, second).is_some() {
        format!("spent {both} in training")
    } else {
        match compare(own, others) {
            (Ordering::Greater, times) => format!("took {times} times as long to train ({both})"),
            (Ordering::Less, times) => format!("trained {times} times as fast ({both})"),
            (Ordering::Equal, _) => format!("took about as long to train ({both})"),
        }
    });
    let both = against(count(one.parameters as u64), count(other.parameters as u64));
    parts.push(match compare(one.parameters as f64, other.parameters as f64) {
        (Ordering::Greater, times) => format!("has {times} times as many parameters ({both})"),
        (Ordering::Less, _) => format!("has fewer parameters ({both})"),
        (Ordering::Equal, _) => format!("has about as many parameters ({both})"),
    });
    let both = against(count(one.macs as u64), count(other.macs as u64));
    parts.push(match compare(one.macs as f64, other.macs as f64) {
        (Ordering::Greater, times) => {
            format!("needs {times} times as many multiply-accumulates for one image ({both})")
        }
        (Ordering::Less, _) => format!("needs fewer multiply-accumulates for one image ({both})"),
        (Ordering::Equal, _) => format!("needs about as many multiply-accumulates for one image ({both})"),
    });
    if let (Some(own), Some(others)) = (first.latency(), second.latency()) {
        let both = against(milliseconds(own), milliseconds(others));
        parts.push(if !same_device(first, second) {
            format!("takes {both} for one image")
        } else {
            match compare(own, others) {
                (Ordering::Greater, times) => format!("takes {times} times as long for one image ({both})"),
                (Ordering::Less, _) => format!("takes less time for one image ({both})"),
                (Ordering::Equal, _) => format!("takes about as long for one image ({both})"),
            }
        });
    }
    format!("The {} {}.", first.name(), list(&parts))
}

fn same_device(first: Side, second: Side) -> bool {
    let (one, other) = (&first.report.device, &second.report.device);
    one.backend == other.backend && one.adapter == other.adapter
}

/// Why the two training times cannot be compared directly, if they cannot: the work or the machine was not the same.
pub(super) fn incomparable(first: Side, second: Side) -> Option<String> {
    let mut reasons = Vec::new();
    if !same_device(first, second) {
        let place = |side: Side| {
            format!("the {} ran on {} ({})", side.name(), side.report.device.backend, side.report.device.adapter)
        };
        reasons.push(format!("{} and {}", place(first), place(second)));
    }
    if first.epochs() != second.epochs() || first.report.ended != second.report.ended {
        let length = |side: Side| {
            let epochs = match side.epochs() {
                1 => "1 epoch".to_owned(),
                n => format!("{n} epochs"),
            };
            let name = side.name();
            match side.report.ended {
                Ended::Completed => format!("the {name} trained for all of its {epochs}"),
                Ended::EarlyStopping => {
                    format!("the {name} stopped early after {epochs} because its validation loss no longer fell")
                }
                Ended::Stopped => format!("the {name} was stopped after {epochs}"),
            }
        };
        reasons.push(format!("{}, while {}", length(first), length(second)));
    }
    let disturbed: Vec<String> = [first, second]
        .iter()
        .filter(|side| !side.report.notes.is_empty())
        .map(|side| format!("the {}", side.name()))
        .collect();
    if !disturbed.is_empty() {
        reasons.push(format!("something interrupted the training of {} (see the notes)", list(&disturbed)));
    }
    (!reasons.is_empty()).then(|| format!("Their training times cannot be compared directly: {}.", reasons.join("; ")))
}

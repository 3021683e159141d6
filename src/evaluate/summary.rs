//! The comparison of the two networks in one paragraph of plain words, made of the figures alone: who is more accurate and how sure
//! that is, at what cost, on which classes, and whose probabilities can be trusted.

use super::words::{count, duration, list, milliseconds, percent, points, ratio};
use super::{Paired, calibration, paired};
use crate::config::NetworkKind;
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use crate::run::report::{Ended, NetworkReport};
use std::cmp::Ordering;

/// Ratios up to this one are "about as much".
const ABOUT: f64 = 1.1;
/// Calibration errors that lie less than this apart are "about as well"; bins of some hundred images are no surer than that.
const CALIBRATION_STEP: f64 = 0.005;
/// A class counts as different where McNemar's test of its images is below this: 5 %, shared by the ten classes (Bonferroni).
const CLASS_P: f64 = 0.05 / CLASSES as f64;
/// Classes named at the most.
const CLASSES_NAMED: usize = 3;

/// Compares the networks of one run. `probabilities` are those of the ANN and of the CNN for the test set, ten an image; without
/// them nothing is said of calibration.
pub fn summary(
    ann: &NetworkReport,
    cnn: &NetworkReport,
    test_labels: &[u8],
    probabilities: Option<(&[f32], &[f32])>,
) -> String {
    let images = test_labels.len();
    if images == 0 || ann.test.predictions.len() != images || cnn.test.predictions.len() != images {
        return "The networks were not scored on the same test images, so they cannot be compared.".to_owned();
    }
    let overall = paired(test_labels, &ann.test.predictions, &cnn.test.predictions);
    let (ann, cnn) = (Side { kind: NetworkKind::Ann, report: ann }, Side { kind: NetworkKind::Cnn, report: cnn });
    // From here on `first` is who is spoken of: the more accurate network, or the CNN where none is.
    let winner = if overall.is_real() && overall.difference < 0.0 { (ann, cnn) } else { (cnn, ann) };
    let (first, second) = winner;
    let mut sentences = vec![accuracy(first, second, &overall, images), cost(first, second)];
    sentences.extend(incomparable(first, second));
    sentences.push(classes(first, second, test_labels, overall.is_real()));
    if let Some((of_ann, of_cnn)) = probabilities.filter(|(a, c)| a.len() == images * CLASSES && c.len() == a.len()) {
        sentences.push(calibrated(test_labels, of_ann, of_cnn));
    }
    sentences.join(" ")
}

/// One network and its name.
#[derive(Clone, Copy)]
struct Side<'a> {
    kind: NetworkKind,
    report: &'a NetworkReport,
}

impl Side<'_> {
    fn name(&self) -> &'static str {
        self.kind.label()
    }

    fn epochs(&self) -> usize {
        self.report.history.len()
    }

    /// Median time of one image alone, in milliseconds.
    fn latency(&self) -> Option<f64> {
        self.report.latency.iter().find(|l| l.batch == 1).map(|l| l.p50_ms)
    }
}

fn accuracy(first: Side, second: Side, overall: &Paired, images: usize) -> String {
    let right = |side: Side| match side.kind {
        NetworkKind::Ann => overall.both_right + overall.only_a,
        NetworkKind::Cnn => overall.both_right + overall.only_b,
    };
    let share = |side: Side| percent(right(side) as f64 / images as f64);
    // The interval is of CNN less ANN; turned round where the ANN is spoken of.
    let [low, high] = match first.kind {
        NetworkKind::Cnn => overall.interval,
        NetworkKind::Ann => overall.interval.map(|end| -end),
    };
    let (low, high) = (low.min(high), low.max(high));
    let (one, other, images) = (first.name(), second.name(), count(images as u64));
    if overall.is_real() {
        format!(
            "The {one} is the more accurate of the two: it gets {} of the {images} test images right, the {other} {}, a difference \
             of {} percentage points (95 % interval {} to {}).",
            share(first),
            share(second),
            points(overall.difference.abs()),
            points(low),
            points(high),
        )
    } else {
        format!(
            "There is no real difference in accuracy: the {one} gets {} of the {images} test images right and the {other} {}, and \
             the 95 % interval of the difference, {} to {} percentage points, includes zero.",
            share(first),
            share(second),
            points(low),
            points(high),
        )
    }
}

/// `a` beside `b`, where neither is zero.
fn compare(a: f64, b: f64) -> (Ordering, String) {
    let quotient = if a > 0.0 && b > 0.0 { a / b } else { 1.0 };
    match quotient {
        q if q > ABOUT => (Ordering::Greater, ratio(q)),
        q if q < 1.0 / ABOUT => (Ordering::Less, ratio(1.0 / q)),
        _ => (Ordering::Equal, String::new()),
    }
}

/// Both figures, or the one that they share.
fn against(own: String, others: String) -> String {
    if own == others { format!("{own} each") } else { format!("{own} against {others}") }
}

/// What `first` costs beside `second`.
fn cost(first: Side, second: Side) -> String {
    let (one, other) = (first.report, second.report);
    let mut parts = Vec::new();
    let (own, others) = (one.training_seconds, other.training_seconds);
    // Each network trains with the number of workers that serves it best; where these differ they are named.
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
        (Ordering::Greater, times) => format!("needs {times} times as many multiply-accumulates an image ({both})"),
        (Ordering::Less, _) => format!("needs fewer multiply-accumulates an image ({both})"),
        (Ordering::Equal, _) => format!("needs about as many multiply-accumulates an image ({both})"),
    });
    if let (Some(own), Some(others)) = (first.latency(), second.latency()) {
        let both = against(milliseconds(own), milliseconds(others));
        parts.push(if !same_device(first, second) {
            format!("answers a single image in {both}")
        } else {
            match compare(own, others) {
                (Ordering::Greater, times) => format!("takes {times} times as long over a single image ({both})"),
                (Ordering::Less, _) => format!("takes less time over a single image ({both})"),
                (Ordering::Equal, _) => format!("takes about as long over a single image ({both})"),
            }
        });
    }
    format!("The {} {}.", first.name(), list(&parts))
}

fn same_device(first: Side, second: Side) -> bool {
    let (one, other) = (&first.report.device, &second.report.device);
    one.backend == other.backend && one.adapter == other.adapter
}

/// Why the two training times are not of the same work on the same machine, if they are not.
fn incomparable(first: Side, second: Side) -> Option<String> {
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
                    format!("the {name} ended early after {epochs} because its validation loss no longer fell")
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
        reasons.push(format!("the training of {} did not go undisturbed (see its notes)", list(&disturbed)));
    }
    (!reasons.is_empty()).then(|| format!("Their training times do not compare directly: {}.", reasons.join("; ")))
}

/// A class on which the two differ: share right of `first`, of `second`.
struct ClassGain {
    class: usize,
    first: f64,
    second: f64,
}

/// Where `first` gains and where it loses.
fn classes(first: Side, second: Side, labels: &[u8], real: bool) -> String {
    let gains: Vec<ClassGain> =
        (0..CLASSES).filter_map(|class| class_gain(class, first.report, second.report, labels)).collect();
    let mut ahead: Vec<_> = gains.iter().filter(|g| g.first > g.second).collect();
    let mut behind: Vec<_> = gains.iter().filter(|g| g.first < g.second).collect();
    ahead.sort_by(|a, b| (b.first - b.second).total_cmp(&(a.first - a.second)));
    behind.sort_by(|a, b| (a.first - a.second).total_cmp(&(b.first - b.second)));
    let named = |gains: &[&ClassGain], own: fn(&ClassGain) -> (f64, f64)| {
        let parts: Vec<String> = gains
            .iter()
            .take(CLASSES_NAMED)
            .map(|gain| {
                let (more, less) = own(gain);
                format!("{} ({:.0} % right instead of {:.0} %)", CLASS_NAMES[gain.class], 100.0 * more, 100.0 * less)
            })
            .collect();
        list(&parts)
    };
    let ahead = named(&ahead, |g| (g.first, g.second));
    let behind = named(&behind, |g| (g.second, g.first));
    let (one, other) = (first.name(), second.name());
    match (real, ahead.is_empty(), behind.is_empty()) {
        (true, false, true) => format!("The {one} gains most on {ahead}."),
        (true, false, false) => format!("The {one} gains most on {ahead}, but the {other} is ahead on {behind}."),
        (true, true, true) => "The gain is spread over the classes: none alone shows a real difference.".to_owned(),
        (true, true, false) => format!("The gain is spread over the classes; the {other} is even ahead on {behind}."),
        (false, true, true) => "No single class shows a real difference either.".to_owned(),
        (false, false, true) => format!("On single classes they do differ: the {one} is ahead on {ahead}."),
        (false, true, false) => format!("On single classes they do differ: the {other} is ahead on {behind}."),
        (false, false, false) => {
            format!("On single classes they do differ: the {one} is ahead on {ahead}, the {other} on {behind}.")
        }
    }
}

fn class_gain(class: usize, first: &NetworkReport, second: &NetworkReport, labels: &[u8]) -> Option<ClassGain> {
    let of_class = |predictions: &[u8]| -> Vec<u8> {
        labels.iter().zip(predictions).filter(|(label, _)| usize::from(**label) == class).map(|(_, p)| *p).collect()
    };
    let (one, other) = (of_class(&first.test.predictions), of_class(&second.test.predictions));
    let pair = paired(&vec![class as u8; one.len()], &one, &other);
    let share = |right: usize| right as f64 / one.len().max(1) as f64;
    (pair.p_value < CLASS_P).then(|| ClassGain {
        class,
        first: share(pair.both_right + pair.only_a),
        second: share(pair.both_right + pair.only_b),
    })
}

/// Whose probabilities are closer to how often they are right.
fn calibrated(labels: &[u8], of_ann: &[f32], of_cnn: &[f32]) -> String {
    const BINS: usize = 15;
    let [ann, cnn] = [of_ann, of_cnn].map(|probabilities| calibration(labels, probabilities, BINS));
    let (better, worse) = if ann.expected_error < cnn.expected_error {
        ((NetworkKind::Ann, &ann), (NetworkKind::Cnn, &cnn))
    } else {
        ((NetworkKind::Cnn, &cnn), (NetworkKind::Ann, &ann))
    };
    if worse.1.expected_error - better.1.expected_error < CALIBRATION_STEP {
        return format!(
            "Both mean their probabilities about equally well: the confidence of the ANN is off by {} percentage points on average, \
             that of the CNN by {}.",
            points(ann.expected_error),
            points(cnn.expected_error),
        );
    }
    format!(
        "The probabilities of the {} deserve more trust: its confidence is off by {} percentage points on average. The {} is off by \
         {}: it is {} of itself than it should be.",
        better.0.label(),
        points(better.1.expected_error),
        worse.0.label(),
        points(worse.1.expected_error),
        if worse.1.overconfidence > 0.0 { "surer" } else { "less sure" },
    )
}

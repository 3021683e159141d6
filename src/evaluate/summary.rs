//! Writes the comparison of the two networks as one paragraph from the figures: which network is more accurate and how certain that is,
//! which epoch was scored, the costs, the classes on which they differ, and how well calibrated each network is. Leaves out: the
//! sentences about costs (`costs`) and the table (`table`).

use super::costs::{Side, cost, incomparable};
use super::format::{count, list, percent, points};
use super::{Paired, calibration, paired, scored_epoch_sentence};
use crate::config::NetworkKind;
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use crate::order::ascending;
use crate::run::report::NetworkReport;

/// Calibration errors that differ by less than this are "about equal". The bins have some hundred images, so smaller differences
/// mean nothing.
const CALIBRATION_STEP: f64 = 0.005;
/// A class counts as different where McNemar's test of its images gives less than this: 5 % divided by ten classes (Bonferroni).
const CLASS_P: f64 = 0.05 / CLASSES as f64;
/// The most classes that are named.
const CLASSES_NAMED: usize = 3;

/// Compares the networks of one run. `probabilities` are those of the ANN and of the CNN for the test set, ten for each image; without
/// them the paragraph leaves calibration out.
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
    // From here on the sentences are about `first`: the more accurate network, or the CNN where neither is.
    let winner = if overall.is_real() && overall.difference < 0.0 { (ann, cnn) } else { (cnn, ann) };
    let (first, second) = winner;
    let mut sentences = vec![accuracy(first, second, &overall, images)];
    sentences.extend(scored_epochs(first, second));
    sentences.push(cost(first, second));
    sentences.extend(incomparable(first, second));
    sentences.push(classes(first, second, test_labels, overall.is_real()));
    if let Some((of_ann, of_cnn)) = probabilities.filter(|(a, c)| a.len() == images * CLASSES && c.len() == a.len()) {
        sentences.push(calibrated(test_labels, of_ann, of_cnn));
    }
    sentences.join(" ")
}

fn accuracy(first: Side, second: Side, overall: &Paired, images: usize) -> String {
    let correct = |side: Side| match side.kind {
        NetworkKind::Ann => overall.both_correct + overall.only_a,
        NetworkKind::Cnn => overall.both_correct + overall.only_b,
    };
    let share = |side: Side| percent(correct(side) as f64 / images as f64);
    // The interval is of CNN minus ANN; its sign changes where the sentence is about the ANN.
    let [low, high] = match first.kind {
        NetworkKind::Cnn => overall.interval,
        NetworkKind::Ann => overall.interval.map(|end| -end),
    };
    let (low, high) = (low.min(high), low.max(high));
    let (one, other, images) = (first.name(), second.name(), count(images as u64));
    if overall.is_real() {
        format!(
            "The {one} is the more accurate of the two: it classifies {} of the {images} test images correctly, the {other} {}. The \
             difference is {} percentage points (95 % interval {} to {}).",
            share(first),
            share(second),
            points(overall.difference.abs()),
            points(low),
            points(high),
        )
    } else {
        format!(
            "There is no real difference in accuracy: the {one} classifies {} of the {images} test images correctly and the {other} \
             {}, and the 95 % interval of the difference, {} to {} percentage points, includes zero.",
            share(first),
            share(second),
            points(low),
            points(high),
        )
    }
}

/// Which epoch's weights were scored: one sentence where it is the last epoch of both, else one for each network.
fn scored_epochs(first: Side, second: Side) -> Vec<String> {
    let last = |side: Side| side.epochs() > 0 && side.report.scored_epoch == side.epochs();
    if last(first) && last(second) {
        return vec!["Both are scored with the weights of their last epoch.".to_owned()];
    }
    [first, second].iter().filter_map(|side| scored_epoch_sentence(side.name(), side.report)).collect()
}

/// A class on which the two networks differ, with the share of correct predictions of `first` and of `second`.
struct ClassGain {
    class: usize,
    first: f64,
    second: f64,
}

/// On which classes `first` is better and on which it is worse.
fn classes(first: Side, second: Side, labels: &[u8], real: bool) -> String {
    let gains: Vec<ClassGain> =
        (0..CLASSES).filter_map(|class| class_gain(class, first.report, second.report, labels)).collect();
    // The largest difference first.
    let where_better = |gain: fn(&ClassGain) -> f64| -> Vec<&ClassGain> {
        let lost: Vec<f64> = gains.iter().map(|g| -gain(g)).collect();
        ascending(&lost).into_iter().filter(|&place| lost[place] < 0.0).map(|place| &gains[place]).collect()
    };
    let ahead = where_better(|g| g.first - g.second);
    let behind = where_better(|g| g.second - g.first);
    let named = |gains: &[&ClassGain], own: fn(&ClassGain) -> (f64, f64)| {
        let parts: Vec<String> = gains
            .iter()
            .take(CLASSES_NAMED)
            .map(|gain| {
                let (more, less) = own(gain);
                format!("{} ({:.0} % correct instead of {:.0} %)", CLASS_NAMES[gain.class], 100.0 * more, 100.0 * less)
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
        (true, true, true) => {
            "The gain is spread over the classes: no single class shows a real difference.".to_owned()
        }
        (true, true, false) => format!("The gain is spread over the classes, and the {other} is ahead on {behind}."),
        (false, true, true) => "No single class shows a real difference either.".to_owned(),
        (false, false, true) => format!("On single classes they differ: the {one} is ahead on {ahead}."),
        (false, true, false) => format!("On single classes they differ: the {other} is ahead on {behind}."),
        (false, false, false) => {
            format!("On single classes they differ: the {one} is ahead on {ahead}, the {other} on {behind}.")
        }
    }
}

fn class_gain(class: usize, first: &NetworkReport, second: &NetworkReport, labels: &[u8]) -> Option<ClassGain> {
    let of_class = |predictions: &[u8]| -> Vec<u8> {
        labels.iter().zip(predictions).filter(|(label, _)| usize::from(**label) == class).map(|(_, p)| *p).collect()
    };
    let (one, other) = (of_class(&first.test.predictions), of_class(&second.test.predictions));
    let pair = paired(&vec![class as u8; one.len()], &one, &other);
    let share = |correct: usize| correct as f64 / one.len().max(1) as f64;
    (pair.p_value < CLASS_P).then(|| ClassGain {
        class,
        first: share(pair.both_correct + pair.only_a),
        second: share(pair.both_correct + pair.only_b),
    })
}

/// Says which network's confidence is closer to its accuracy.
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
            "Their probabilities are about equally reliable: on average the confidence of the ANN is {} percentage points away from \
             its accuracy, that of the CNN {}.",
            points(ann.expected_error),
            points(cnn.expected_error),
        );
    }
    format!(
        "The probabilities of the {} are more reliable: on average its confidence is {} percentage points away from its accuracy. For \
         the {} it is {}: it is {}.",
        better.0.label(),
        points(better.1.expected_error),
        worse.0.label(),
        points(worse.1.expected_error),
        if worse.1.overconfidence > 0.0 { "over-confident" } else { "not confident enough" },
    )
}

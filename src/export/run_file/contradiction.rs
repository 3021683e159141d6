//! Whether the record of a run from outside contradicts itself or its config. It says what the readers of the record rely on, so that no
//! number of a file makes a later computation overflow or reach beyond a list.

use crate::config::RunConfig;
use crate::evaluate::accuracy;
use crate::fashion_mnist::{CLASSES, TEST_IMAGES, TRAIN_IMAGES};
use crate::run::report::{ConfusionCounts, EpochRecord, NetworkReport, RateChange};
use crate::run::{NetworkProgress, Phase, RUN_COLOURS, RunRecord};

/// A run never goes on for more epochs than this beyond its config. All its steps then still fit into 32 bits.
const MOST_EXTRA_EPOCHS: usize = 10_000;

/// The first contradiction, as the second half of a sentence.
pub(super) fn contradiction(record: &RunRecord) -> Result<(), String> {
    require(record.colour < RUN_COLOURS, "its colour does not exist")?;
    for network in &record.networks {
        progress(&record.config, network).map_err(|what| format!("of the {}, {what}", network.kind.label()))?;
    }
    Ok(())
}

fn require(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn progress(config: &RunConfig, network: &NetworkProgress) -> Result<(), String> {
    require(network.extra_epochs <= MOST_EXTRA_EPOCHS, "the number of epochs is far too large")?;
    let (planned, steps) = (network.planned_epochs(config), config.steps_per_epoch());
    let all = planned.saturating_mul(steps);
    require(
        [0, steps].contains(&network.steps_per_epoch),
        "an epoch has another number of steps than the config gives",
    )?;
    require(network.step_losses.len() <= all, "there are more steps than the config gives")?;
    require(network.epoch <= planned.saturating_add(1), "the present epoch is beyond the last one")?;
    require(network.inherited <= planned, "more epochs are inherited than there are")?;
    require(network.scored_epoch.unwrap_or(0) <= planned, "the scored epoch is beyond the last one")?;
    epochs(&network.epochs, planned)?;
    changes(&network.rate_changes, planned, all)?;
    let kept = |kept: &crate::run::KeptCheckpoint| kept.epoch <= planned && kept.step <= all;
    require(network.checkpoints.iter().all(kept), "a checkpoint is beyond the last step")?;
    let ordered = network.checkpoints.is_sorted_by(|a, b| a.step < b.step);
    require(ordered, "its checkpoints are not in order, or one is there twice")?;
    for counts in network.confusions.iter().flatten() {
        require(images(counts) <= TRAIN_IMAGES as u64, "a confusion matrix counts more images than there are")?;
    }
    for watched in network.watched.iter().flatten() {
        let known = watched.images.iter().all(|&image| (image as usize) < TRAIN_IMAGES);
        require(known, "a watched image does not exist")?;
        require(
            watched.probabilities.len() == CLASSES * watched.images.len(),
            "a watched image has no ten probabilities",
        )?;
        require(watched.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "a probability is not from 0 to 1")?;
    }
    require((network.phase == Phase::Done) == network.report.is_some(), "the report does not fit the phase")?;
    network.report.as_ref().map_or(Ok(()), |of| report(of, planned, all))
}

fn report(report: &NetworkReport, planned: usize, all: usize) -> Result<(), String> {
    require(report.step_losses.len() == report.step_seconds.len(), "the report's curves have different lengths")?;
    require(report.step_losses.len() <= all, "the report has more steps than the config gives")?;
    require(report.scored_epoch <= planned, "the report's scored epoch is beyond the last one")?;
    require(report.extra_epochs <= MOST_EXTRA_EPOCHS, "the report's number of epochs is far too large")?;
    epochs(&report.history, planned)?;
    changes(&report.rate_changes, planned, all)?;
    let test = &report.test;
    require(test.predictions.len() == TEST_IMAGES, "there are not as many predictions as test images")?;
    require(test.predictions.iter().all(|&class| usize::from(class) < CLASSES), "a predicted class does not exist")?;
    require(images(&test.confusion) == TEST_IMAGES as u64, "the confusion matrix does not count each test image once")?;
    // Both were made by the same division.
    require(
        (accuracy(&test.confusion) - test.accuracy).abs() < 1e-9,
        "the accuracy is not that of the confusion matrix",
    )?;
    for class in 0..CLASSES {
        let predicted = test.predictions.iter().filter(|&&p| usize::from(p) == class).count() as u64;
        let counted: u64 = test.confusion.iter().map(|row| u64::from(row[class])).sum();
        require(predicted == counted, "the confusion matrix is not that of the predictions")?;
    }
    require(test.loss >= 0.0, "the test loss is below 0")
}

/// Epochs are numbered from 1 without a gap, and none is beyond the last one.
fn epochs(epochs: &[EpochRecord], planned: usize) -> Result<(), String> {
    require(epochs.len() <= planned, "there are more epochs than the config gives")?;
    let numbered = epochs.iter().enumerate().all(|(at, epoch)| epoch.epoch == at + 1);
    require(numbered, "the epochs are not numbered one after the other")?;
    let scores = epochs.iter().flat_map(|epoch| [Some(epoch.train), epoch.validation]).flatten();
    let mut accuracies = scores.map(|score| score.accuracy);
    require(accuracies.all(|share| (0.0..=1.0).contains(&share)), "an accuracy is not from 0 to 1")
}

fn changes(changes: &[RateChange], planned: usize, all: usize) -> Result<(), String> {
    let fits = |change: &RateChange| change.step <= all && change.epoch <= planned.saturating_add(1);
    require(changes.iter().all(fits), "the learning rate changes after the last step")
}

/// The images that a matrix counts.
fn images(counts: &ConfusionCounts) -> u64 {
    counts.iter().flatten().copied().map(u64::from).sum()
}

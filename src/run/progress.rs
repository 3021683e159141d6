//! The progress of one network of a run: its phase and its curves. A network that has ended ignores every later event.

use super::event::{RunEvent, Watched};
use super::report::{ConfusionCounts, DeviceInfo, EpochRecord, NetworkReport, RateChange};
use crate::config::{NetworkKind, RunConfig};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Where one network is in its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Its turn has not come.
    #[default]
    Waiting,
    /// The engine compiles and calibrates.
    WarmingUp,
    /// Steps are done.
    Training,
    /// Held between two steps.
    Paused,
    /// The test set is being scored.
    Scoring,
    /// The report is there.
    Done,
    /// It ended without a report.
    Failed,
    /// It was in its middle when the page was closed. It can go on.
    Interrupted,
}

impl Phase {
    /// The word for it, as the page and its tests read it.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Waiting => "waiting",
            Phase::WarmingUp => "warming-up",
            Phase::Training => "training",
            Phase::Paused => "paused",
            Phase::Scoring => "scoring",
            Phase::Done => "done",
            Phase::Failed => "failed",
            Phase::Interrupted => "interrupted",
        }
    }

    /// Whether something is still to come by itself.
    pub fn is_active(self) -> bool {
        !matches!(self, Phase::Done | Phase::Failed | Phase::Interrupted)
    }
}

/// A checkpoint that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCheckpoint {
    /// Finished epochs.
    pub epoch: usize,
    /// Steps so far. More than the epochs have if it was taken in the middle of an epoch.
    pub step: usize,
    /// Its size.
    pub bytes: u64,
}

impl KeptCheckpoint {
    /// Whether it was taken at the end of an epoch of so many steps.
    pub fn ends_epoch(&self, steps_per_epoch: usize) -> bool {
        self.epoch > 0 && self.step == self.epoch * steps_per_epoch
    }
}

/// One network of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkProgress {
    /// Which.
    pub kind: NetworkKind,
    /// Where it is.
    pub phase: Phase,
    /// What computes it, once known.
    pub device: Option<DeviceInfo>,
    /// CPU workers that share each batch.
    pub workers: usize,
    /// Steps of an epoch; 0 before it started.
    pub steps_per_epoch: usize,
    /// The epoch that runs, from 1.
    pub epoch: usize,
    /// Training seconds.
    pub seconds: f64,
    /// Training images a second, at present.
    pub images_per_s: f64,
    /// Share of correct answers in this epoch, on training batches.
    pub running_accuracy: f64,
    /// Training loss of each step.
    #[serde(deserialize_with = "losses")]
    pub step_losses: Rc<Vec<f32>>,
    /// Training seconds at the end of each step.
    pub step_seconds: Rc<Vec<f32>>,
    /// Each finished epoch.
    pub epochs: Rc<Vec<EpochRecord>>,
    /// Counts on the validation images after each finished epoch.
    pub confusions: Rc<Vec<Option<ConfusionCounts>>>,
    /// Answers to the watched validation images after each finished epoch.
    pub watched: Rc<Vec<Option<Watched>>>,
    /// Changes of the learning rate, in order.
    pub rate_changes: Vec<RateChange>,
    /// Epochs beyond the config's.
    pub extra_epochs: usize,
    /// Epochs that it has from the run that it branched from; 0 where it began anew.
    #[serde(default)]
    pub inherited: usize,
    /// Checkpoints that are kept, in the order of their steps.
    pub checkpoints: Vec<KeptCheckpoint>,
    /// The scored epoch, from 1, once it is known.
    pub scored_epoch: Option<usize>,
    /// What came of it.
    pub report: Option<Rc<NetworkReport>>,
    /// Whether the scored weights are kept as a file of their own, as they are of a run that came from a file without its checkpoints.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub has_weights: bool,
    /// Ten probabilities of each test image. Kept apart from the record, because they are many.
    #[serde(skip)]
    pub probabilities: Option<Rc<Vec<f32>>>,
    /// Why it failed.
    pub failure: Option<String>,
}

/// JSON has no NaN and no infinity: a loss that is none of its numbers is written as `null`, and read as NaN.
fn losses<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Rc<Vec<f32>>, D::Error> {
    let read: Vec<Option<f32>> = Vec::deserialize(reader)?;
    Ok(Rc::new(read.into_iter().map(|loss| loss.unwrap_or(f32::NAN)).collect()))
}

impl NetworkProgress {
    /// A network that waits for its turn.
    pub fn new(kind: NetworkKind) -> Self {
        Self {
            kind,
            phase: Phase::Waiting,
            device: None,
            workers: 1,
            steps_per_epoch: 0,
            epoch: 0,
            seconds: 0.0,
            images_per_s: 0.0,
            running_accuracy: 0.0,
            step_losses: Rc::default(),
            step_seconds: Rc::default(),
            epochs: Rc::default(),
            confusions: Rc::default(),
            watched: Rc::default(),
            rate_changes: Vec::new(),
            extra_epochs: 0,
            inherited: 0,
            checkpoints: Vec::new(),
            scored_epoch: None,
            report: None,
            has_weights: false,
            probabilities: None,
            failure: None,
        }
    }

    /// Applies an event. `probabilities` come beside [`RunEvent::Finished`] and are empty otherwise. Returns whether the event counted:
    /// a network that has ended ignores it.
    pub fn apply(&mut self, event: RunEvent, probabilities: Vec<f32>) -> bool {
        if !self.phase.is_active() {
            return false;
        }
        match event {
            RunEvent::Started { steps_per_epoch, workers, step, .. } => {
                self.phase = Phase::Training;
                self.steps_per_epoch = steps_per_epoch;
                self.workers = workers;
                self.go_back_to(step);
                self.epoch = self.epoch.max(1);
            }
            RunEvent::Progress { epoch, step, seconds, images_per_s, losses, times, accuracy } => {
                self.phase = Phase::Training;
                let before = step.saturating_sub(losses.len());
                let all = Rc::make_mut(&mut self.step_losses);
                all.truncate(before); // A run that fell back repeats steps.
                all.extend(losses);
                let all = Rc::make_mut(&mut self.step_seconds);
                all.truncate(before);
                all.extend(times);
                (self.epoch, self.seconds, self.images_per_s, self.running_accuracy) =
                    (epoch, seconds, images_per_s, accuracy);
            }
            RunEvent::Epoch { record, confusion, watched } => {
                let before = record.epoch.saturating_sub(1);
                self.truncate_epochs(before);
                self.seconds = record.seconds;
                Rc::make_mut(&mut self.epochs).push(record);
                Rc::make_mut(&mut self.confusions).push(confusion.map(|counts| *counts));
                Rc::make_mut(&mut self.watched).push(watched.map(|watched| *watched));
            }
            RunEvent::RateChanged { change } => {
                self.rate_changes.retain(|earlier| earlier.step < change.step);
                self.rate_changes.push(change);
            }
            RunEvent::Extended { extra_epochs } => self.extra_epochs = extra_epochs,
            RunEvent::Paused => self.phase = Phase::Paused,
            RunEvent::Interrupted { .. } => {}
            RunEvent::FellBack { device } => self.device = Some(device),
            RunEvent::Scoring { epoch } => {
                self.phase = Phase::Scoring;
                self.scored_epoch = Some(epoch);
            }
            RunEvent::Finished { report } => {
                self.phase = Phase::Done;
                self.seconds = report.training_seconds;
                self.device = Some(report.device.clone());
                self.scored_epoch = Some(report.scored_epoch);
                self.probabilities = Some(Rc::new(probabilities));
                self.report = Some(Rc::from(report));
            }
            RunEvent::Failed { message } => {
                self.phase = Phase::Failed;
                self.failure = Some(message);
            }
        }
        true
    }

    /// Forgets everything after this many steps: the run goes on from a checkpoint that has no more.
    fn go_back_to(&mut self, step: usize) {
        Rc::make_mut(&mut self.step_losses).truncate(step);
        Rc::make_mut(&mut self.step_seconds).truncate(step);
        self.truncate_epochs(step / self.steps_per_epoch.max(1));
        self.rate_changes.retain(|change| change.step <= step);
        self.checkpoints.retain(|kept| kept.step <= step);
    }

    /// Adds a checkpoint that came, in the order of the steps; an earlier one of the same step goes. Of those from the middle of an epoch
    /// only the newest one of all stays. Returns whether an earlier one of them is of no use any more.
    pub fn add_checkpoint(&mut self, kept: KeptCheckpoint) -> bool {
        let steps = self.steps_per_epoch;
        let mut useless = false;
        self.checkpoints.retain(|other| {
            let old_latest = !other.ends_epoch(steps) && other.step < kept.step;
            useless |= old_latest && kept.ends_epoch(steps);
            !old_latest && other.step != kept.step
        });
        let place = self.checkpoints.partition_point(|other| other.step < kept.step);
        self.checkpoints.insert(place, kept);
        useless
    }

    /// The newest checkpoint from which training can go on without a gap in the curve.
    pub fn resumable(&self) -> Option<KeptCheckpoint> {
        let steps = self.step_losses.len();
        self.checkpoints.iter().rev().find(|kept| kept.step <= steps && kept.epoch <= self.epochs.len()).copied()
    }

    /// The checkpoint of the end of an epoch, from 1.
    pub fn checkpoint_of(&self, epoch: usize) -> Option<KeptCheckpoint> {
        let ends = |kept: &&KeptCheckpoint| kept.epoch == epoch && kept.ends_epoch(self.steps_per_epoch);
        self.checkpoints.iter().find(ends).copied()
    }

    /// The checkpoint whose weights count: that of the scored epoch; else the newest one. `None` where it is not kept.
    pub fn scored_checkpoint(&self) -> Option<KeptCheckpoint> {
        match self.scored_epoch {
            Some(epoch) if epoch > 0 => self.checkpoint_of(epoch),
            _ => self.checkpoints.last().copied(),
        }
    }

    /// The test figures of a checkpoint's weights, accuracy (0 to 1) and mean cross-entropy (nats), if these weights were scored.
    pub fn test_of(&self, kept: KeptCheckpoint) -> Option<[f64; 2]> {
        let report = self.report.as_ref()?;
        let scored = match report.scored_epoch {
            0 => kept.step == self.step_losses.len(), // Stopped in the middle of an epoch.
            epoch => kept.epoch == epoch && kept.ends_epoch(self.steps_per_epoch),
        };
        scored.then_some([report.test.accuracy, report.test.loss])
    }

    fn truncate_epochs(&mut self, epochs: usize) {
        Rc::make_mut(&mut self.epochs).truncate(epochs);
        Rc::make_mut(&mut self.confusions).truncate(epochs);
        Rc::make_mut(&mut self.watched).truncate(epochs);
    }

    /// The epochs that the run shall have.
    pub fn planned_epochs(&self, config: &RunConfig) -> usize {
        config.epochs + self.extra_epochs
    }

    /// Share of all steps that are done, 0 to 1.
    pub fn share_done(&self, config: &RunConfig) -> f64 {
        match self.phase {
            Phase::Done => 1.0,
            _ => self.step_losses.len() as f64 / (self.steps_per_epoch * self.planned_epochs(config)).max(1) as f64,
        }
    }

    /// Seconds of training that are left, judged by the speed so far.
    pub fn seconds_left(&self, config: &RunConfig) -> Option<f64> {
        let done = self.share_done(config);
        (done > 0.0 && self.phase.is_active()).then(|| self.seconds * (1.0 - done) / done)
    }

    /// The confusion matrix to show, and whether it is the test set's.
    pub fn confusion(&self) -> Option<(&ConfusionCounts, bool)> {
        match &self.report {
            Some(report) => Some((&report.test.confusion, true)),
            None => self.confusions.last()?.as_ref().map(|counts| (counts, false)),
        }
    }
}

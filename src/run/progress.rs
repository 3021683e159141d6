//! The progress of one network of a run: its phase and its curves. A network that has ended ignores every later event.

use super::event::RunEvent;
use super::report::{ConfusionCounts, DeviceInfo, EpochRecord, NetworkReport};
use crate::config::{NetworkKind, RunConfig};
use std::rc::Rc;

/// Where one network is in its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
        }
    }

    /// Whether something is still to come.
    pub fn is_active(self) -> bool {
        !matches!(self, Phase::Done | Phase::Failed)
    }
}

/// One network of a run.
#[derive(Debug, Clone, PartialEq)]
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
    pub step_losses: Rc<Vec<f32>>,
    /// Training seconds at the end of each step.
    pub step_seconds: Rc<Vec<f32>>,
    /// Each finished epoch.
    pub epochs: Rc<Vec<EpochRecord>>,
    /// Counts on the validation images after the last epoch.
    pub validation: Option<ConfusionCounts>,
    /// The scored epoch, from 1, once it is known.
    pub scored_epoch: Option<usize>,
    /// What came of it.
    pub report: Option<Rc<NetworkReport>>,
    /// Ten probabilities of each test image.
    pub probabilities: Option<Rc<Vec<f32>>>,
    /// Why it failed.
    pub failure: Option<String>,
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
            validation: None,
            scored_epoch: None,
            report: None,
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
            RunEvent::Started { steps_per_epoch, workers, .. } => {
                self.phase = Phase::Training;
                self.steps_per_epoch = steps_per_epoch;
                self.workers = workers;
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
            RunEvent::Epoch { record, confusion } => {
                let epochs = Rc::make_mut(&mut self.epochs);
                epochs.truncate(record.epoch.saturating_sub(1));
                self.seconds = record.seconds;
                epochs.push(record);
                self.validation = confusion.map(|counts| *counts);
            }
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

    /// Share of all steps that are done, 0 to 1.
    pub fn share_done(&self, config: &RunConfig) -> f64 {
        match self.phase {
            Phase::Done => 1.0,
            _ => self.step_losses.len() as f64 / (self.steps_per_epoch * config.epochs).max(1) as f64,
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
            None => self.validation.as_ref().map(|counts| (counts, false)),
        }
    }
}

//! The state of one network's run: what is trained, on which data and device, and how far it is.

use super::TrainError;
use super::agreement::agree;
use super::checkpoint::{Checkpoint, RunLog};
use super::clock::TrainingClock;
use super::early_stopping::EarlyStopping;
use super::optim::{OptimizerState, learning_rate};
use super::trainer::Trainer;
use crate::config::{NetworkKind, RunConfig};
use crate::data::{Dataset, Split, split};
use crate::fashion_mnist::ImageSet;
use crate::run::report::{DeviceInfo, Note, RateChange};
use burn::tensor::Device;
use std::rc::Rc;

/// What shall be trained, and on what.
#[derive(Clone)]
pub struct Plan {
    /// Which network.
    pub network: NetworkKind,
    /// The run; valid.
    pub config: RunConfig,
    /// The dataset.
    pub data: Rc<Dataset>,
    /// The device, without autodiff, and its description.
    pub device: (Device, DeviceInfo),
    /// The CPU to fall back to where `device` is a GPU. It also checks the GPU's logits after each epoch.
    pub fallback: Option<(Device, DeviceInfo)>,
    /// Where the run goes on; `None` where it begins. It is of the same network, and of a config from which this one may go on.
    pub from: Option<Rc<Checkpoint>>,
    /// Epochs beyond the config's.
    pub extra_epochs: usize,
}

/// Images on which a GPU's logits are compared with the CPU's.
const CHECKED_IMAGES: usize = 32;

pub(super) struct RunState {
    pub(super) plan: Plan,
    pub(super) trainer: Trainer,
    /// The device that computes now.
    pub(super) device: DeviceInfo,
    /// The same network on the CPU, to check a GPU's logits with.
    check: Option<Trainer>,
    pub(super) split: Split,
    pub(super) log: RunLog,
    pub(super) clock: TrainingClock,
    pub(super) early_stopping: EarlyStopping,
    pub(super) notes: Vec<Note>,
    /// Workers besides this one that share each batch.
    pub(super) helpers: usize,
    /// Floating-point operations a second of this thread at best; 0 where custom kernels do not compute.
    pub(super) peak: f64,
    /// Seconds of compilation, warm-up and calibration.
    pub(super) warmup_seconds: f64,
}

impl RunState {
    /// A run at its beginning.
    pub(super) fn new(plan: Plan, notes: Vec<Note>) -> Self {
        Self {
            trainer: Trainer::new(plan.network, &plan.config, plan.data.clone(), &plan.device.0),
            device: plan.device.1.clone(),
            check: None,
            split: split(&plan.data.train_labels, &plan.config),
            log: RunLog { extra_epochs: plan.extra_epochs, ..RunLog::default() },
            clock: TrainingClock::new(0.0),
            early_stopping: EarlyStopping::default(),
            notes,
            helpers: 0,
            peak: 0.0,
            warmup_seconds: 0.0,
            plan,
        }
    }

    /// The state as it is, after a GPU's logits of some images have been compared with the CPU's for the same weights.
    ///
    /// # Errors
    /// [`TrainError::Device`] or [`TrainError::Disagreement`].
    pub(super) async fn checkpoint(&mut self) -> Result<Checkpoint, TrainError> {
        let optimizer = self.trainer.state().await?;
        if let Some((cpu, _)) = &self.plan.fallback {
            let plan = &self.plan;
            let check =
                self.check.get_or_insert_with(|| Trainer::new(plan.network, &plan.config, plan.data.clone(), cpu));
            check.restore(optimizer.clone(), 0);
            let images: Vec<u32> = self.split.training.iter().copied().take(CHECKED_IMAGES).collect();
            let gpu = self.trainer.logits(ImageSet::Train, &images).await?;
            let cpu = check.logits(ImageSet::Train, &images).await?;
            agree(&gpu, &cpu)?;
        }
        Ok(Checkpoint {
            network: self.plan.network,
            config: self.plan.config.clone(),
            optimizer,
            log: RunLog { seconds: self.clock.seconds, ..self.log.clone() },
            early_stopping: self.early_stopping.clone(),
        })
    }

    /// Goes on from a checkpoint of this run.
    pub(super) fn restore(&mut self, checkpoint: &Checkpoint) {
        self.trainer.restore(checkpoint.optimizer.clone(), checkpoint.step());
        self.log = checkpoint.log.clone();
        self.clock.seconds = checkpoint.log.seconds;
        self.early_stopping = checkpoint.early_stopping.clone();
        self.trainer.set_rate_factor(self.rate_factor());
    }

    /// Goes on from a checkpoint, perhaps of a run with another optimiser or schedule.
    pub(super) fn begin_from(&mut self, checkpoint: &Checkpoint) {
        let extra_epochs = self.plan.extra_epochs;
        self.restore(checkpoint);
        self.log.extra_epochs = extra_epochs;
        let (old, new) = (&checkpoint.config, &self.plan.config);
        if old.optimizer != new.optimizer {
            // Its moments mean something else.
            let fresh = OptimizerState::new(checkpoint.optimizer.weights.clone());
            self.trainer.restore(fresh, checkpoint.step());
        }
        if (old.learning_rate, old.schedule) != (new.learning_rate, new.schedule) && self.rate_factor() != 1.0 {
            self.set_rate_factor(1.0);
        }
    }

    /// The epochs that the run shall have.
    pub(super) fn epochs(&self) -> usize {
        self.plan.config.epochs + self.log.extra_epochs
    }

    /// What the schedule's learning rate is multiplied with.
    fn rate_factor(&self) -> f64 {
        self.log.rate_changes.last().map_or(1.0, |change| change.factor)
    }

    /// The learning rate of a step, from 0, with the present factor.
    pub(super) fn rate(&self, step: usize) -> f64 {
        learning_rate(&self.plan.config, step, self.plan.config.total_steps()) * self.rate_factor()
    }

    /// Multiplies the learning rate of all further steps once more.
    pub(super) fn scale_rate(&mut self, factor: f64) -> RateChange {
        self.set_rate_factor(self.rate_factor() * factor)
    }

    fn set_rate_factor(&mut self, factor: f64) -> RateChange {
        let (step, epoch) = (self.log.step_losses.len(), self.log.history.len() + 1);
        let schedule = learning_rate(&self.plan.config, step, self.plan.config.total_steps());
        let change = RateChange { step, epoch, factor, learning_rate: schedule * factor };
        self.log.rate_changes.retain(|earlier| earlier.step < step);
        self.log.rate_changes.push(change);
        self.trainer.set_rate_factor(factor);
        change
    }

    /// Moves to the CPU, from `good`, or gives the error back where that cannot help.
    ///
    /// # Errors
    /// `error`, where there is no CPU to fall back to.
    pub(super) fn fall_back(&mut self, error: TrainError, good: Option<&Checkpoint>) -> Result<(), TrainError> {
        let Some((cpu, info)) = self.plan.fallback.take() else { return Err(error) };
        let why = format!("{error}; the run goes on with the CPU from the last good weights");
        self.device = DeviceInfo { why: why.clone(), ..info };
        self.notes.push(Note::FellBack { why });
        self.check = None;
        self.clock.pace = 0.0;
        self.trainer = Trainer::new(self.plan.network, &self.plan.config, self.plan.data.clone(), &cpu);
        let (factor, extra_epochs) = (self.rate_factor(), self.log.extra_epochs);
        if let Some(good) = good {
            self.restore(good);
            // What was asked for after the checkpoint still holds.
            self.log.extra_epochs = extra_epochs;
            if self.rate_factor() != factor {
                self.set_rate_factor(factor);
            }
        }
        Ok(())
    }
}

//! The whole state of one network's run between two steps: weights, moments, step, best epoch, curves. As bytes it has a version and
//! a checksum.
//!
//! The schedule's position is the step; changes of the learning rate are listed with theirs. The random state is the config's seed with
//! the epoch and the step, because every purpose has its own random stream (`data::random`). So a run that goes on from a checkpoint
//! equals the uninterrupted run, to the bit with one CPU worker. Every backend can read it: the lists are plain numbers in the order of
//! the network's parameters.
//!
//! The form: `FLCP`, the version, the length of the header (both 32-bit), the header as JSON, then 64-bit floats: the figures of the
//! epoch that runs, of each finished epoch, and of each change of the learning rate; then 32-bit floats: weights, moments, step losses,
//! step seconds, the best epoch's weights. At the end the SHA-256 of all that. Numbers are little-endian. Floats are not in the JSON,
//! because its text does not give all of them back to the bit. A little more than 300 lines: writing and reading one form.

use super::early_stopping::{BestEpoch, EarlyStopping};
use super::optim::OptimizerState;
use crate::config::{NetworkKind, RunConfig};
use crate::run::report::{EpochRecord, RateChange, Score};
use crate::weights::{
    CHANGE_FLOATS, CHECKPOINT_MAGIC, CHECKPOINT_VERSION, CheckpointError, EPOCH_FLOATS, RUN_FLOATS, split_checkpoint,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const DIGEST: usize = 32;

/// Sums of the epoch that runs, over the steps done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct EpochSums {
    /// Steps.
    pub(super) done: usize,
    /// Of the losses.
    pub(super) loss: f64,
    /// Of the correct answers.
    pub(super) correct: f64,
}

/// What a run has shown so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct RunLog {
    /// Training seconds.
    pub(super) seconds: f64,
    /// Training loss of each step.
    pub(super) step_losses: Vec<f32>,
    /// Training seconds at the end of each step.
    pub(super) step_seconds: Vec<f32>,
    /// Each finished epoch.
    pub(super) history: Vec<EpochRecord>,
    /// Changes of the learning rate, in order.
    pub(super) rate_changes: Vec<RateChange>,
    /// Epochs beyond the config's.
    pub(super) extra_epochs: usize,
    /// The epoch that runs.
    pub(super) sums: EpochSums,
}

/// The state of one network's run between two steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Which network.
    pub network: NetworkKind,
    /// The run's config.
    pub config: RunConfig,
    pub(super) optimizer: OptimizerState,
    pub(super) log: RunLog,
    pub(super) early_stopping: EarlyStopping,
}

#[derive(Serialize, Deserialize)]
struct Header {
    network: NetworkKind,
    config: RunConfig,
    /// Finished epochs.
    epochs: usize,
    /// Steps of the epoch that runs.
    done: usize,
    optimizer_steps: u32,
    /// The number of weights; there are as many first and as many second moments.
    weights: usize,
    /// Steps of the run.
    steps: usize,
    /// The best epoch, from 1.
    best: Option<usize>,
    epochs_since_best: usize,
    extra_epochs: usize,
    /// Step and epoch of each change of the learning rate.
    rate_changes: Vec<[usize; 2]>,
    /// Of each finished epoch.
    dead_units: Vec<Option<[usize; 2]>>,
}

/// Loss and accuracy in training and in validation (NaN where there is none), seconds, learning rate.
fn epoch_floats(record: &EpochRecord) -> [f64; EPOCH_FLOATS] {
    let none = Score { loss: f64::NAN, accuracy: f64::NAN };
    let validation = record.validation.unwrap_or(none);
    [
        record.train.loss,
        record.train.accuracy,
        validation.loss,
        validation.accuracy,
        record.seconds,
        record.learning_rate,
    ]
}

fn epoch_record(epoch: usize, floats: &[f64], dead_units: Option<[usize; 2]>) -> Option<EpochRecord> {
    let &[loss, accuracy, validation_loss, validation_accuracy, seconds, learning_rate] = floats else { return None };
    let validation = Score { loss: validation_loss, accuracy: validation_accuracy };
    Some(EpochRecord {
        epoch,
        train: Score { loss, accuracy },
        validation: (!validation_accuracy.is_nan()).then_some(validation),
        seconds,
        learning_rate,
        dead_units,
    })
}

/// Takes lists of little-endian floats off the front of some bytes.
struct Floats<'a>(&'a [u8]);

impl Floats<'_> {
    fn take<const N: usize, T>(&mut self, count: usize, read: fn([u8; N]) -> T) -> Option<Vec<T>> {
        let (part, rest) = self.0.split_at_checked(count.checked_mul(N)?)?;
        self.0 = rest;
        Some(part.as_chunks::<N>().0.iter().map(|bytes| read(*bytes)).collect())
    }

    fn f32(&mut self, count: usize) -> Option<Vec<f32>> {
        self.take(count, f32::from_le_bytes)
    }

    fn f64(&mut self, count: usize) -> Option<Vec<f64>> {
        self.take(count, f64::from_le_bytes)
    }
}

impl Checkpoint {
    /// A run that has not begun, without weights.
    pub fn initial(network: NetworkKind, config: RunConfig) -> Self {
        Self {
            network,
            config,
            optimizer: OptimizerState::default(),
            log: RunLog::default(),
            early_stopping: EarlyStopping::default(),
        }
    }

    /// Steps of the run so far.
    pub fn step(&self) -> usize {
        self.log.step_losses.len()
    }

    /// Finished epochs.
    pub fn epochs(&self) -> usize {
        self.log.history.len()
    }

    /// The weights, as [`crate::model::flat_weights`] gives them.
    pub fn weights(&self) -> &[f32] {
        &self.optimizer.weights
    }

    /// Weights and moments.
    pub fn optimizer(&self) -> &OptimizerState {
        &self.optimizer
    }

    /// The form that [`Checkpoint::from_bytes`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = Header {
            network: self.network,
            config: self.config.clone(),
            epochs: self.log.history.len(),
            done: self.log.sums.done,
            optimizer_steps: self.optimizer.steps,
            weights: self.optimizer.weights.len(),
            steps: self.log.step_losses.len(),
            best: self.early_stopping.best.as_ref().map(|best| best.epoch),
            epochs_since_best: self.early_stopping.epochs_since_best,
            extra_epochs: self.log.extra_epochs,
            rate_changes: self.log.rate_changes.iter().map(|change| [change.step, change.epoch]).collect(),
            dead_units: self.log.history.iter().map(|record| record.dead_units).collect(),
        };
        let header = serde_json::to_vec(&header).unwrap_or_default(); // Plain values are always written.
        let mut bytes = CHECKPOINT_MAGIC.to_vec();
        bytes.extend(CHECKPOINT_VERSION.to_le_bytes());
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(header);
        let best_loss = self.early_stopping.best.as_ref().map_or(f64::NAN, |best| best.loss);
        // Training seconds, the running sums, the best epoch's validation loss.
        let of_run: [f64; RUN_FLOATS] = [self.log.seconds, self.log.sums.loss, self.log.sums.correct, best_loss];
        let of_epochs = self.log.history.iter().flat_map(epoch_floats);
        let of_changes = self.log.rate_changes.iter().flat_map(|change| [change.factor, change.learning_rate]);
        bytes.extend(of_run.into_iter().chain(of_epochs).chain(of_changes).flat_map(f64::to_le_bytes));
        let best = self.early_stopping.best.as_ref().map_or(&[][..], |best| &best.weights);
        let OptimizerState { weights, first, second, .. } = &self.optimizer;
        for list in [weights, first, second, &self.log.step_losses, &self.log.step_seconds, best] {
            bytes.extend(list.iter().flat_map(|value| value.to_le_bytes()));
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend(digest);
        bytes
    }

    /// Reads what [`Checkpoint::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`CheckpointError`]: another file, another version, or damaged. The config is valid where there is none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let damaged = |what: &str| CheckpointError::Damaged(what.to_owned());
        let (header, rest) = split_checkpoint(bytes)?;
        let (floats, digest) =
            rest.split_at_checked(rest.len().saturating_sub(DIGEST)).ok_or_else(|| damaged("it is cut off"))?;
        // `digest` is the end of the bytes.
        if Sha256::digest(&bytes[..bytes.len() - digest.len()]).as_slice() != digest {
            return Err(damaged("its checksum is wrong"));
        }
        let header: Header = serde_json::from_slice(header).map_err(|e| CheckpointError::Damaged(e.to_string()))?;
        if let Err(errors) = header.config.validate() {
            let said: Vec<_> = errors.iter().map(ToString::to_string).collect();
            return Err(CheckpointError::Damaged(said.join("; ")));
        }
        Self::read(header, Floats(floats)).ok_or_else(|| damaged("its lists are cut off"))
    }

    /// `None` where there are too few floats.
    fn read(header: Header, mut floats: Floats) -> Option<Self> {
        let of_run = floats.f64(RUN_FLOATS)?;
        let of_epochs = floats.f64(header.epochs.checked_mul(EPOCH_FLOATS)?)?;
        let epochs = of_epochs.chunks_exact(EPOCH_FLOATS).enumerate();
        let dead_units = |epoch: usize| header.dead_units.get(epoch).copied().flatten();
        let history =
            epochs.map(|(i, floats)| epoch_record(i + 1, floats, dead_units(i))).collect::<Option<Vec<_>>>()?;
        let of_changes = floats.f64(header.rate_changes.len().checked_mul(CHANGE_FLOATS)?)?;
        let changes = header.rate_changes.iter().zip(of_changes.chunks_exact(CHANGE_FLOATS));
        let change = |(&[step, epoch], floats): (&[usize; 2], &[f64])| RateChange {
            step,
            epoch,
            factor: floats[0],
            learning_rate: floats[1],
        };
        let rate_changes = changes.map(change).collect();
        let optimizer = OptimizerState {
            weights: floats.f32(header.weights)?,
            first: floats.f32(header.weights)?,
            second: floats.f32(header.weights)?,
            steps: header.optimizer_steps,
        };
        let (step_losses, step_seconds) = (floats.f32(header.steps)?, floats.f32(header.steps)?);
        let best = match header.best {
            Some(epoch) => Some(BestEpoch { epoch, loss: of_run[3], weights: floats.f32(header.weights)? }),
            None => None,
        };
        let sums = EpochSums { done: header.done, loss: of_run[1], correct: of_run[2] };
        Some(Self {
            network: header.network,
            config: header.config,
            optimizer,
            log: RunLog {
                seconds: of_run[0],
                step_losses,
                step_seconds,
                history,
                rate_changes,
                extra_epochs: header.extra_epochs,
                sums,
            },
            early_stopping: EarlyStopping { best, epochs_since_best: header.epochs_since_best },
        })
    }
}

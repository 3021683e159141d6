//! One network in training on one device: steps on batches, logits of images, its whole state. No loop, no clock, no events.

use super::TrainError;
use super::batches::BatchLoader;
use super::burn_stepper::BurnStepper;
use super::data_parallel::{Replica, ReplicaState, StepOutcome, WorkerPool, all_reduce_steps};
use super::optim::OptimizerState;
use crate::config::{NetworkKind, RunConfig};
use crate::data::{Dataset, normalised_batch};
use crate::fashion_mnist::{CLASSES, ImageSet, PIXELS};
use crate::model::{Network, custom_kernels, flat_weights};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use std::rc::Rc;

/// Images in a forward pass when images are scored. There is only one size, so that a GPU compiles one set of pipelines.
pub(super) const SCORE_BATCH: usize = 256;

/// How it computes.
enum Stepper {
    /// With the custom kernels, perhaps with helpers.
    Replica(Box<Replica>),
    /// With burn's operations alone.
    Burn(Box<BurnStepper>),
}

/// One network in training.
pub struct Trainer {
    kind: NetworkKind,
    loader: BatchLoader,
    device: Device,
    stepper: Stepper,
    /// Whether the weights changed in another way than by a step, so that the helpers need them again.
    replicas_stale: bool,
}

impl Trainer {
    /// A network with its initial weights and a fresh optimiser. `device` is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, data: Rc<Dataset>, device: &Device) -> Self {
        let stepper = if custom_kernels(config, device) {
            Stepper::Replica(Box::new(Replica::new(kind, config, device)))
        } else {
            Stepper::Burn(Box::new(BurnStepper::new(kind, config, device)))
        };
        let loader = BatchLoader { config: config.clone(), data };
        Self { kind, loader, device: device.clone(), stepper, replicas_stale: true }
    }

    fn network(&self) -> &Network {
        match &self.stepper {
            Stepper::Replica(replica) => replica.network(),
            Stepper::Burn(stepper) => &stepper.network,
        }
    }

    /// Undoes all training: initial weights, a fresh optimiser, step 0.
    pub fn reset(&mut self) {
        *self = Self::new(self.kind, &self.loader.config, self.loader.data.clone(), &self.device);
    }

    /// Goes on from weights and moments, as after step `step`.
    pub fn restore(&mut self, state: OptimizerState, step: usize) {
        match &mut self.stepper {
            Stepper::Replica(replica) => {
                let rate_factor = replica.state().rate_factor;
                replica.restore(ReplicaState { step, rate_factor, optimizer: state });
            }
            Stepper::Burn(stepper) => stepper.restore(&state, step, &self.device),
        }
        self.replicas_stale = true;
    }

    /// Multiplies the schedule's learning rate in all further steps.
    pub fn set_rate_factor(&mut self, factor: f64) {
        match &mut self.stepper {
            Stepper::Replica(replica) => replica.set_rate_factor(factor),
            Stepper::Burn(stepper) => stepper.rate_factor = factor,
        }
        // Helpers get the factor with the leader's state.
        self.replicas_stale = true;
    }

    /// All weights as one flat list.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn weights(&self) -> Result<Vec<f32>, TrainError> {
        Ok(flat_weights(self.network()).await?)
    }

    /// Weights and moments.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn state(&self) -> Result<OptimizerState, TrainError> {
        match &self.stepper {
            // The running statistics of batch norm are not in the replica's lists, so the weights are read from the network.
            Stepper::Replica(replica) => {
                Ok(OptimizerState { weights: self.weights().await?, ..replica.state().optimizer.clone() })
            }
            Stepper::Burn(stepper) => stepper.state().await,
        }
    }

    /// Trains on each of `batches` (indices into the training set) in turn. Without helpers, the outcomes of all steps are read back at
    /// the end, so that a GPU is not waited for after every step. With helpers, each step gathers their gradients. `epoch` is from 1.
    ///
    /// # Errors
    /// [`TrainError::Device`] where it cannot be read back, [`TrainError::Diverged`] where a loss is not finite.
    pub async fn train(
        &mut self,
        epoch: usize,
        batches: &[&[u32]],
        helpers: usize,
        pool: &mut impl WorkerPool,
    ) -> Result<Vec<StepOutcome>, TrainError> {
        let (first, outcomes) = match &mut self.stepper {
            Stepper::Replica(replica) => {
                if helpers > 0 && std::mem::take(&mut self.replicas_stale) {
                    pool.invalidate_replicas();
                }
                (replica.step(), all_reduce_steps(replica, &self.loader, epoch, batches, helpers, pool).await)
            }
            Stepper::Burn(stepper) => (stepper.step, stepper.steps(&self.loader, &self.device, epoch, batches).await?),
        };
        match outcomes.iter().position(|o| !o.loss.is_finite()) {
            Some(at) => Err(TrainError::Diverged { step: first + at + 1 }),
            None => Ok(outcomes),
        }
    }

    /// Logits, row by row, of at most 256 images (more are cut off), without dropout.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn logits(&self, set: ImageSet, indices: &[u32]) -> Result<Vec<f32>, TrainError> {
        let mut padded = indices.to_vec();
        padded.resize(SCORE_BATCH, indices.first().copied().unwrap_or(0));
        let images = self.loader.data.images(set);
        let mut logits = self.forward(normalised_batch(images, &padded), SCORE_BATCH).await?;
        logits.truncate(indices.len() * CLASSES);
        Ok(logits)
    }

    /// Hidden units that answer none of some images (at most 256), and all hidden units; see [`Network::dead_units`].
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn dead_units(&self, set: ImageSet, indices: &[u32]) -> Result<Option<[usize; 2]>, TrainError> {
        let indices = &indices[..indices.len().min(SCORE_BATCH)];
        let pixels = normalised_batch(self.loader.data.images(set), indices);
        let images = Tensor::from_data(TensorData::new(pixels, [indices.len(), PIXELS]), &self.device); // [count, 784]
        Ok(self.network().valid().dead_units(images).await?)
    }

    /// Logits of `count` images given as normalised pixels.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn forward(&self, pixels: Vec<f32>, count: usize) -> Result<Vec<f32>, TrainError> {
        let images = Tensor::from_data(TensorData::new(pixels, [count, PIXELS]), &self.device); // [count, 784]
        let logits = self.network().valid().forward(images, None); // [count, 10]
        Ok(logits.into_data_async().await?.iter::<f32>().collect())
    }
}

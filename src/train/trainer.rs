//! One network in training on one device: steps on batches, logits of images. No loop, no clock, no events.

use super::TrainError;
use super::optimizer::optimizer;
use super::schedule::learning_rate;
use crate::config::{NetworkKind, RunConfig};
use crate::cost::{CLASSES, PIXELS};
use crate::data::ImageSet;
use crate::data::{Dataset, fill_batch};
use crate::model::{Dropper, Network, flat_weights, with_flat_weights};
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData, Transaction, activation};
use std::rc::Rc;

/// Images a forward pass when images are scored: one shape, so that a GPU compiles one set of pipelines.
pub(super) const SCORE_BATCH: usize = 256;

/// What one training step gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Mean cross-entropy of the batch, with label smoothing, in nats.
    pub loss: f32,
    /// Right answers in the batch, before the step, with dropout and augmentation.
    pub right: f32,
}

/// One network in training.
pub struct Trainer {
    kind: NetworkKind,
    config: RunConfig,
    data: Rc<Dataset>,
    device: Device,
    network: Network,
    optimizer: ModuleOptimizer,
    step: usize,
}

impl Trainer {
    /// A network with its initial weights and a fresh optimiser. `device` is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, data: Rc<Dataset>, device: &Device) -> Self {
        Self {
            kind,
            config: config.clone(),
            data,
            device: device.clone(),
            network: Network::new(kind, config, &device.clone().autodiff()),
            optimizer: optimizer(config),
            step: 0,
        }
    }

    /// The device it computes on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Forgets all training: initial weights, a fresh optimiser, step 0.
    pub fn reset(&mut self) {
        *self = Self::new(self.kind, &self.config, self.data.clone(), &self.device);
    }

    /// Takes weights as [`Trainer::weights`] gives them, with a fresh optimiser, as after step `step`.
    pub fn restore(&mut self, weights: &[f32], step: usize) {
        self.reset();
        self.network = with_flat_weights(self.network.clone(), weights);
        self.step = step;
    }

    /// All weights as one flat list.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn weights(&self) -> Result<Vec<f32>, TrainError> {
        Ok(flat_weights(&self.network).await?)
    }

    /// Trains on each of `batches` (indices into the training set) in turn and reads back what came of it at once, so that a GPU
    /// is not waited for after every step.
    ///
    /// # Errors
    /// [`TrainError::Device`] where it cannot be read back, [`TrainError::Diverged`] where a loss is not finite.
    pub async fn train(&mut self, epoch: usize, batches: &[&[u32]]) -> Result<Vec<Outcome>, TrainError> {
        let mut transaction = Transaction::default();
        for batch in batches {
            let (loss, right) = self.step(epoch, batch);
            transaction = transaction.register(loss).register(right);
        }
        let values: Vec<f32> =
            transaction.execute_async().await?.iter().filter_map(|data| data.iter::<f32>().next()).collect();
        let outcomes: Vec<_> = values.chunks_exact(2).map(|pair| Outcome { loss: pair[0], right: pair[1] }).collect();
        let first = self.step - batches.len();
        match outcomes.iter().position(|o| !o.loss.is_finite()) {
            Some(at) => Err(TrainError::Diverged { step: first + at + 1 }),
            None => Ok(outcomes),
        }
    }

    /// One step. Gives the loss and the count of right answers, `[1]` each, still on the device.
    fn step(&mut self, epoch: usize, batch: &[u32]) -> (Tensor<1>, Tensor<1>) {
        let device = self.device.clone().autodiff();
        let mut pixels = Vec::new();
        fill_batch(&self.data.train_images, batch, Some((&self.config, epoch)), &mut pixels);
        let images = Tensor::from_data(TensorData::new(pixels, [batch.len(), PIXELS]), &device); // [batch, 784]
        let targets = targets(&self.data, batch, self.config.label_smoothing);
        let targets: Tensor<2> = Tensor::from_data(TensorData::new(targets, [batch.len(), CLASSES]), &device); // [batch, 10]

        let mut dropper = Dropper::new(self.config.seed, self.step, 0);
        let logits = self.network.forward(images, Some(&mut dropper)); // [batch, 10]
        let right = count_right(logits.clone().inner(), targets.clone().inner());
        let log_probabilities = activation::log_softmax(logits, 1); // [batch, 10]
        let loss = (log_probabilities * targets).sum().mul_scalar(-1.0 / batch.len() as f64); // [1]

        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        let steps = self.config.epochs * self.config.steps_per_epoch();
        let rate = learning_rate(&self.config, self.step, steps);
        self.network = self.optimizer.step(rate, self.network.clone(), gradients);
        self.step += 1;
        (loss.inner(), right)
    }

    /// Logits, row by row, of at most [`SCORE_BATCH`] images, without dropout.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn logits(&self, set: ImageSet, indices: &[u32]) -> Result<Vec<f32>, TrainError> {
        let mut padded = indices.to_vec();
        padded.resize(SCORE_BATCH, indices.first().copied().unwrap_or(0));
        let mut pixels = Vec::new();
        let images = match set {
            ImageSet::Train => &self.data.train_images,
            ImageSet::Test => &self.data.test_images,
        };
        fill_batch(images, &padded, None, &mut pixels);
        let mut logits = self.forward(pixels, SCORE_BATCH).await?;
        logits.truncate(indices.len() * CLASSES);
        Ok(logits)
    }

    /// Logits of `count` images given as normalised pixels.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn forward(&self, pixels: Vec<f32>, count: usize) -> Result<Vec<f32>, TrainError> {
        let images = Tensor::from_data(TensorData::new(pixels, [count, PIXELS]), &self.device); // [count, 784]
        let logits = self.network.valid().forward(images, None); // [count, 10]
        Ok(logits.into_data_async().await?.iter::<f32>().collect())
    }
}

/// One-hot rows with `smoothing` of the mass spread evenly over the classes (Szegedy et al. 2016).
fn targets(data: &Dataset, batch: &[u32], smoothing: f64) -> Vec<f32> {
    let rest = (smoothing / CLASSES as f64) as f32;
    let mut rows = vec![rest; batch.len() * CLASSES];
    for (row, &index) in rows.chunks_exact_mut(CLASSES).zip(batch) {
        row[usize::from(data.train_labels[index as usize])] += (1.0 - smoothing) as f32;
    }
    rows
}

/// How many rows of `logits` have their largest value where `targets` has its own, `[1]`.
fn count_right(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let largest = |x: Tensor<2>| {
        let shape = x.shape();
        x.clone().equal(x.max_dim(1).expand(shape)).float() // [batch, 10]
    };
    (largest(logits) * largest(targets)).sum()
}

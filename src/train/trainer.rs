//! One network in training on one device: steps on batches, logits of images. No loop, no clock, no events.

use super::TrainError;
use super::crew::{Crew, Job, pass, share, shares};
use super::descent::Descent;
use super::schedule::learning_rate;
use crate::config::{NetworkKind, RunConfig};
use crate::cost::{CLASSES, PIXELS};
use crate::data::ImageSet;
use crate::data::{Dataset, fill_batch};
use crate::model::{Network, flat_weights, own_kernels, weights_on_cpu, with_flat_weights};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use std::ops::Range;
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
    descent: Descent,
    /// Then gradients come as a flat list at every step: it is the CPU, where reading them back costs nothing.
    own_kernels: bool,
    step: usize,
}

impl Trainer {
    /// A network with its initial weights and a fresh optimiser. `device` is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, data: Rc<Dataset>, device: &Device) -> Self {
        let network = Network::new(kind, config, &device.clone().autodiff());
        let own_kernels = own_kernels(config, device);
        let mut trainer = Self {
            kind,
            config: config.clone(),
            data,
            device: device.clone(),
            network,
            descent: Descent::new(config, None),
            own_kernels,
            step: 0,
        };
        trainer.begin(None);
        trainer
    }

    /// A fresh optimiser for the weights as they are, or for these.
    fn begin(&mut self, weights: Option<&[f32]>) {
        let norm = match self.kind {
            NetworkKind::Ann => self.config.ann_batch_norm,
            NetworkKind::Cnn => self.config.cnn_batch_norm,
        };
        let flat = (self.own_kernels && !norm).then(|| match weights {
            Some(weights) => weights.to_vec(),
            None => weights_on_cpu(&self.network),
        });
        self.descent = Descent::new(&self.config, flat);
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
        self.begin(Some(weights));
        self.step = step;
    }

    /// All weights as one flat list.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn weights(&self) -> Result<Vec<f32>, TrainError> {
        Ok(flat_weights(&self.network).await?)
    }

    /// Trains on each of `batches` (indices into the training set) in turn. Alone, what came of it is read back at once, so that
    /// a GPU is not waited for after every step; with helpers, each step gathers their gradients.
    ///
    /// # Errors
    /// [`TrainError::Device`] where it cannot be read back, [`TrainError::Diverged`] where a loss is not finite.
    pub async fn train(
        &mut self,
        epoch: usize,
        batches: &[&[u32]],
        helpers: usize,
        crew: &mut impl Crew,
    ) -> Result<Vec<Outcome>, TrainError> {
        let first = self.step;
        let mut outcomes = Vec::with_capacity(batches.len());
        if helpers == 0 && !self.own_kernels {
            let mut transaction = Transaction::default();
            for batch in batches {
                let (loss, right) = self.step_queued(epoch, batch);
                transaction = transaction.register(loss).register(right);
            }
            let read = transaction.execute_async().await?;
            let values: Vec<f32> = read.iter().filter_map(|data| data.iter::<f32>().next()).collect();
            outcomes.extend(values.chunks_exact(2).map(|pair| Outcome { loss: pair[0], right: pair[1] }));
        } else {
            for batch in batches {
                outcomes.push(self.step_together(epoch, batch, helpers, crew).await?);
            }
        }
        match outcomes.iter().position(|o| !o.loss.is_finite()) {
            Some(at) => Err(TrainError::Diverged { step: first + at + 1 }),
            None => Ok(outcomes),
        }
    }

    /// A share of a batch as a job, its weights left out.
    fn job(&self, epoch: usize, batch: &[u32], share: Range<usize>) -> Job {
        let mut pixels = Vec::new();
        let images = &batch[share.clone()];
        fill_batch(&self.data.train_images, images, Some((&self.config, epoch)), &mut pixels);
        let labels = images.iter().map(|&i| self.data.train_labels[i as usize]).collect();
        Job { step: self.step, first: share.start, batch: batch.len(), weights: Vec::new(), pixels, labels }
    }

    /// One step on a device that is not waited for. Gives the loss and the count of right answers, `[1]` each, still on the device.
    fn step_queued(&mut self, epoch: usize, batch: &[u32]) -> (Tensor<1>, Tensor<1>) {
        let job = self.job(epoch, batch, 0..batch.len());
        let (loss, right, gradients) = pass(&self.network, &self.config, &self.device, &job);
        let (rate, network) = (self.rate(), self.network.clone());
        self.network = self.descent.by_burn(&self.config, rate, network, gradients);
        self.step += 1;
        (loss, right)
    }

    /// One step whose gradients come as a flat list, its batch perhaps shared with helpers.
    async fn step_together(
        &mut self,
        epoch: usize,
        batch: &[u32],
        helpers: usize,
        crew: &mut impl Crew,
    ) -> Result<Outcome, TrainError> {
        let shares = shares(batch.len(), helpers + 1);
        if helpers > 0 {
            let read;
            let weights = match &self.descent {
                Descent::Flat(flat) => &flat.weights,
                Descent::Burn(_) => {
                    read = flat_weights(&self.network).await?;
                    &read
                }
            };
            for (helper, range) in shares[1..].iter().enumerate() {
                crew.send(helper, Job { weights: weights.clone(), ..self.job(epoch, batch, range.clone()) });
            }
        }
        let job = self.job(epoch, batch, shares[0].clone());
        let mut sum = share(&self.network, &self.config, &self.device, &job).await?;
        for (helper, range) in shares[1..].iter().enumerate() {
            let theirs = match crew.receive(helper).await {
                Some(theirs) if theirs.gradients.len() == sum.gradients.len() => theirs,
                // It died: its share is done here, so that the step is the same step.
                _ => {
                    let job = self.job(epoch, batch, range.clone());
                    share(&self.network, &self.config, &self.device, &job).await?
                }
            };
            sum.loss += theirs.loss;
            sum.right += theirs.right;
            sum.gradients.iter_mut().zip(&theirs.gradients).for_each(|(a, b)| *a += b);
        }
        let (rate, network) = (self.rate(), self.network.clone());
        self.network = self.descent.by_list(&self.config, rate, network, &sum.gradients);
        self.step += 1;
        Ok(Outcome { loss: sum.loss, right: sum.right })
    }

    fn rate(&self) -> f64 {
        learning_rate(&self.config, self.step, self.config.epochs * self.config.steps_per_epoch())
    }

    /// Logits, row by row, of at most 256 images (more are cut off), without dropout.
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

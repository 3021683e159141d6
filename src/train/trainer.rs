//! One network in training on one device: steps on batches, logits of images. No loop, no clock, no events.

use super::TrainError;
use super::crew::{Crew, Job};
use super::queued::Queued;
use super::replica::{Outcome, Replica};
use super::together::together;
use crate::config::{NetworkKind, RunConfig};
use crate::data::{Dataset, gather_batch, normalised_batch};
use crate::fashion_mnist::{CLASSES, ImageSet, PIXELS};
use crate::kernels::profiler::{Part, time};
use crate::model::{Network, custom_kernels, flat_weights};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use std::ops::Range;
use std::rc::Rc;

/// Images a forward pass when images are scored: one shape, so that a GPU compiles one set of pipelines.
pub(super) const SCORE_BATCH: usize = 256;

/// Where batches come from.
pub(super) struct Source {
    pub(super) config: RunConfig,
    pub(super) data: Rc<Dataset>,
}

impl Source {
    /// A share of a batch as a job.
    pub(super) fn job(&self, epoch: usize, batch: &[u32], share: Range<usize>) -> Job {
        time(Part::Images, || {
            let mut pixels = Vec::new();
            let images = &batch[share.clone()];
            gather_batch(&self.data.train_images, images, Some((&self.config, epoch)), &mut pixels);
            let labels = images.iter().map(|&i| self.data.train_labels[i as usize]).collect();
            Job { first: share.start, batch: batch.len(), pixels, labels }
        })
    }
}

/// How it computes.
enum Way {
    /// With this project's own kernels, perhaps together with helpers.
    Own(Box<Replica>),
    /// With burn's operations alone.
    Queued(Box<Queued>),
}

/// One network in training.
pub struct Trainer {
    kind: NetworkKind,
    source: Source,
    device: Device,
    way: Way,
    /// Whether weights changed in another way than by a step, so that helpers need them anew.
    moved: bool,
}

impl Trainer {
    /// A network with its initial weights and a fresh optimiser. `device` is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, data: Rc<Dataset>, device: &Device) -> Self {
        let way = if custom_kernels(config, device) {
            Way::Own(Box::new(Replica::new(kind, config, device)))
        } else {
            Way::Queued(Box::new(Queued::new(kind, config, device)))
        };
        let source = Source { config: config.clone(), data };
        Self { kind, source, device: device.clone(), way, moved: true }
    }

    fn network(&self) -> &Network {
        match &self.way {
            Way::Own(replica) => replica.network(),
            Way::Queued(queued) => &queued.network,
        }
    }

    /// Forgets all training: initial weights, a fresh optimiser, step 0.
    pub fn reset(&mut self) {
        *self = Self::new(self.kind, &self.source.config, self.source.data.clone(), &self.device);
    }

    /// Takes weights as [`Trainer::weights`] gives them, with a fresh optimiser, as after step `step`.
    pub fn restore(&mut self, weights: &[f32], step: usize) {
        match &mut self.way {
            Way::Own(replica) => replica.restore(weights, step),
            Way::Queued(queued) => queued.restore(weights, step, &self.source.config),
        }
        self.moved = true;
    }

    /// All weights as one flat list.
    ///
    /// # Errors
    /// [`TrainError::Device`] where they cannot be read back.
    pub async fn weights(&self) -> Result<Vec<f32>, TrainError> {
        Ok(flat_weights(self.network()).await?)
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
        let (first, outcomes) = match &mut self.way {
            Way::Own(replica) => {
                if helpers > 0 && std::mem::take(&mut self.moved) {
                    crew.forget();
                }
                (replica.step(), together(replica, &self.source, epoch, batches, helpers, crew).await)
            }
            Way::Queued(queued) => (queued.step, queued.steps(&self.source, &self.device, epoch, batches).await?),
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
        let images = match set {
            ImageSet::Train => &self.source.data.train_images,
            ImageSet::Test => &self.source.data.test_images,
        };
        let mut logits = self.forward(normalised_batch(images, &padded), SCORE_BATCH).await?;
        logits.truncate(indices.len() * CLASSES);
        Ok(logits)
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

//! What a network answered to its validation images, computed again from a checkpoint.

use super::trainer::{SCORE_BATCH, Trainer};
use super::{Checkpoint, TrainError};
use crate::data::{Dataset, split};
use crate::evaluate;
use crate::fashion_mnist::{CLASSES, ImageSet};
use burn::tensor::Device;
use std::rc::Rc;

/// The answers to the validation images of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationAnswers {
    /// Indices into the training set, in the order of the split.
    pub images: Vec<u32>,
    /// Ten probabilities of each.
    pub probabilities: Vec<f32>,
}

impl ValidationAnswers {
    /// Computes them on the CPU. `rest` is awaited between two pieces.
    ///
    /// # Errors
    /// [`TrainError::Device`] where the logits cannot be read back.
    pub async fn compute(checkpoint: &Checkpoint, data: Rc<Dataset>, rest: impl AsyncFn()) -> Result<Self, TrainError> {
        let config = &checkpoint.config;
        let images = split(&data.train_labels, config).validation;
        let mut trainer = Trainer::new(checkpoint.network, config, data, &Device::flex());
        trainer.restore(checkpoint.optimizer().clone(), checkpoint.step());
        let mut probabilities = Vec::with_capacity(images.len() * CLASSES);
        for piece in images.chunks(SCORE_BATCH) {
            probabilities.extend(trainer.logits(ImageSet::Train, piece).await?);
            rest().await;
        }
        evaluate::softmax(&mut probabilities);
        Ok(Self { images, probabilities })
    }
}

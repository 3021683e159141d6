//! Checks that a GPU trains as the CPU does: both networks, a few steps on the same batches from the same weights.

use super::TrainError;
use super::agreement::{LOGIT_TOLERANCE, agree};
use super::data_parallel::NoWorkers;
use super::trainer::Trainer;
use crate::config::{NetworkKind, Optimizer, RunConfig, Schedule};
use crate::data::{Dataset, normalised_batch};
use burn::tensor::Device;
use std::rc::Rc;

/// Steps of each network that are compared.
pub const PARITY_STEPS: usize = 3;
/// Largest allowed difference of logits, losses and weights, as a share of the largest of each: see `agreement`.
pub const PARITY_TOLERANCE: f32 = LOGIT_TOLERANCE;
const BATCH: usize = 32;

/// Trains both standard networks on both devices and compares losses, weights and logits. Gives the largest difference.
///
/// Plain SGD is used, because a small error in a gradient makes only a small error in the step. Adam's first steps have the size of the
/// learning rate for any gradient, so a rounding error around zero could change the sign of a step.
///
/// # Errors
/// [`TrainError::Disagreement`], or what the device says where it fails.
pub async fn parity(gpu: &Device, cpu: &Device, data: Rc<Dataset>) -> Result<f32, TrainError> {
    parity_of(&RunConfig::default(), gpu, cpu, data).await
}

/// The same for the networks of any config.
pub(super) async fn parity_of(
    networks: &RunConfig,
    gpu: &Device,
    cpu: &Device,
    data: Rc<Dataset>,
) -> Result<f32, TrainError> {
    let config = RunConfig {
        optimizer: Optimizer::Sgd,
        schedule: Schedule::Constant,
        learning_rate: 0.02,
        batch: BATCH,
        ..networks.clone()
    };
    let images: Vec<u32> = (0..(BATCH * PARITY_STEPS) as u32).collect();
    let batches: Vec<&[u32]> = images.chunks(BATCH).collect();
    let pixels = normalised_batch(&data.train_images, &images[..BATCH]);
    let mut largest = 0f32;
    for kind in NetworkKind::ALL {
        let mut found = Vec::new();
        for device in [gpu, cpu] {
            let mut trainer = Trainer::new(kind, &config, data.clone(), device);
            let outcomes = trainer.train(1, &batches, 0, &mut NoWorkers).await?;
            let losses: Vec<f32> = outcomes.iter().map(|o| o.loss).collect();
            let logits = trainer.forward(pixels.clone(), BATCH).await?;
            found.push([losses, trainer.weights().await?, logits]);
        }
        for (a, b) in found[0].iter().zip(&found[1]) {
            largest = largest.max(agree(a, b)?);
        }
    }
    Ok(largest)
}

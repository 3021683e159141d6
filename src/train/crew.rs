//! Data-parallel training: several workers compute the gradients of their shares of one batch, one of them steps.
//!
//! The leader sends each helper the weights and its share of the images, computes its own share meanwhile, and adds the gradients up
//! in the helpers' order, so that a run is the same from time to time. Sums are over the whole batch's size: without batch norm the
//! result is the one-worker run's within rounding. Batch norm normalises each share by itself and keeps the leader's running
//! statistics, as data-parallel training commonly does.
//!
//! Leaves out: how jobs travel. A [`Crew`] is workers of a browser (`engine`) or threads (`lab`).

use super::TrainError;
use crate::config::{NetworkKind, RunConfig};
use crate::cost::{CLASSES, PIXELS};
use crate::model::{Dropper, Network, flat_gradients, with_flat_weights};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData, Transaction, activation};
use std::ops::Range;

/// One worker's share of one batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Job {
    /// The step, from 0: names the dropout masks.
    pub step: usize,
    /// Place of the first image in the whole batch.
    pub first: usize,
    /// Images of the whole batch, by which sums are divided.
    pub batch: usize,
    /// Weights as [`crate::model::flat_weights`] gives them.
    pub weights: Vec<f32>,
    /// Normalised and augmented, `[images x 784]`.
    pub pixels: Vec<f32>,
    /// A byte an image.
    pub labels: Vec<u8>,
}

/// What a worker gives back for a [`Job`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Share {
    /// Sum of the share's cross-entropies over the size of the whole batch.
    pub loss: f32,
    /// Right answers in the share.
    pub right: f32,
    /// Gradients in the order of the weights.
    pub gradients: Vec<f32>,
}

/// The helpers of a run.
#[allow(async_fn_in_trait)] // Every crew is used on one thread.
pub trait Crew {
    /// The largest number of helpers that can be had; 0 where a run has to go alone.
    fn most(&self) -> usize;
    /// How many processors the leader leaves: where calibration stops.
    fn spare(&self) -> usize;
    /// Sees to it that there are this many helpers, ready for this network.
    async fn grow(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig);
    /// Sends a helper its job and returns at once.
    fn send(&mut self, helper: usize, job: Job);
    /// Waits for a helper's answer. `None` where it died: it has been replaced, and its share is the caller's.
    async fn receive(&mut self, helper: usize) -> Option<Share>;
}

/// No helpers.
pub struct Solo;

impl Crew for Solo {
    fn most(&self) -> usize {
        0
    }

    fn spare(&self) -> usize {
        0
    }

    async fn grow(&mut self, _: usize, _: NetworkKind, _: &RunConfig) {}

    fn send(&mut self, _: usize, _: Job) {}

    async fn receive(&mut self, _: usize) -> Option<Share> {
        None
    }
}

/// The places of a batch that each of `workers` takes, the leader first. Sizes differ by one at the most.
pub fn shares(batch: usize, workers: usize) -> Vec<Range<usize>> {
    let workers = workers.clamp(1, batch.max(1));
    (0..workers).map(|w| w * batch / workers..(w + 1) * batch / workers).collect()
}

/// A helper's own copy of the network.
pub struct Helper {
    network: Network,
    config: RunConfig,
    device: Device,
}

impl Helper {
    /// A helper for one network; `device` is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, device: &Device) -> Self {
        let network = Network::new(kind, config, &device.clone().autodiff());
        Self { network, config: config.clone(), device: device.clone() }
    }

    /// Computes a share.
    ///
    /// # Errors
    /// [`TrainError::Device`] where it cannot be read back.
    pub async fn compute(&mut self, job: &Job) -> Result<Share, TrainError> {
        self.network = with_flat_weights(self.network.clone(), &job.weights);
        share(&self.network, &self.config, &self.device, job).await
    }
}

/// Forward and backward pass of a job with the network as it is (the job's own weights are not looked at).
pub(super) async fn share(
    network: &Network,
    config: &RunConfig,
    device: &Device,
    job: &Job,
) -> Result<Share, TrainError> {
    let (loss, right, gradients) = pass(network, config, device, job);
    let read = Transaction::default().register(loss).register(right).execute_async().await?;
    let scalar = |i: usize| read.get(i).and_then(|data| data.iter::<f32>().next()).unwrap_or(f32::NAN);
    Ok(Share { loss: scalar(0), right: scalar(1), gradients: flat_gradients(network, &gradients).await? })
}

/// Loss and count of right answers, `[1]` each and still on the device, and the gradients of a job.
pub(super) fn pass(
    network: &Network,
    config: &RunConfig,
    device: &Device,
    job: &Job,
) -> (Tensor<1>, Tensor<1>, GradientsParams) {
    let device = device.clone().autodiff();
    let count = job.labels.len();
    let images = Tensor::from_data(TensorData::new(job.pixels.clone(), [count, PIXELS]), &device); // [count, 784]
    let targets = targets(&job.labels, config.label_smoothing);
    let targets: Tensor<2> = Tensor::from_data(TensorData::new(targets, [count, CLASSES]), &device); // [count, 10]

    let mut dropper = Dropper::new(config.seed, job.step, job.first);
    let logits = network.forward(images, Some(&mut dropper)); // [count, 10]
    let right = count_right(logits.clone().inner(), targets.clone().inner()); // [1]
    let log_probabilities = activation::log_softmax(logits, 1); // [count, 10]
    let loss = (log_probabilities * targets).sum().mul_scalar(-1.0 / job.batch as f64); // [1]
    let gradients = GradientsParams::from_grads(loss.backward(), network);
    (loss.inner(), right, gradients)
}

/// One-hot rows with `smoothing` of the mass spread evenly over the classes (Szegedy et al. 2016).
fn targets(labels: &[u8], smoothing: f64) -> Vec<f32> {
    let rest = (smoothing / CLASSES as f64) as f32;
    let mut rows = vec![rest; labels.len() * CLASSES];
    for (row, &label) in rows.chunks_exact_mut(CLASSES).zip(labels) {
        row[usize::from(label)] += (1.0 - smoothing) as f32;
    }
    rows
}

/// How many rows of `logits` have their largest value where `targets` has its own, `[1]`.
fn count_right(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let largest = |x: Tensor<2>| {
        let shape = x.shape();
        x.clone().equal(x.max_dim(1).expand(shape)).float() // [count, 10]
    };
    (largest(logits) * largest(targets)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_the_batch_once_in_order() {
        for (batch, workers) in [(64, 1), (64, 2), (65, 4), (3, 8), (1, 1)] {
            let all: Vec<usize> = shares(batch, workers).into_iter().flatten().collect();
            assert_eq!(all, (0..batch).collect::<Vec<_>>());
            let sizes: Vec<usize> = shares(batch, workers).iter().map(ExactSizeIterator::len).collect();
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }
}

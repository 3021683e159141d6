//! Data-parallel training: several workers compute the gradients of their shares of one batch, and all take the same step.
//!
//! Every worker has its own replica of the weights and of the optimiser's state ([`super::Replica`]). The leader sends each helper its share of
//! the images; each computes; gradients are exchanged, added up in the helpers' order, and every replica takes the same step with
//! the same sum. So a run is the same from time to time, and weights travel only once. Sums are over the whole batch's size:
//! without batch norm the result is the one-worker run's within rounding. Batch norm normalises each share by itself, and the
//! leader's running statistics are the run's, as data-parallel training commonly does.
//!
//! Leaves out: how messages travel. A [`Crew`] is workers of a browser (`engine`) or threads (`lab`).

use super::replica::{Outcome, State};
use crate::config::{NetworkKind, RunConfig};
use crate::data::normalise;
use crate::fashion_mnist::PIXELS;
use crate::model::Half;
use burn::tensor::{Device, Tensor, TensorData};
use std::ops::Range;

/// One worker's share of one batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Job {
    /// Place of the first image in the whole batch.
    pub first: usize,
    /// Images of the whole batch, by which sums are divided.
    pub batch: usize,
    /// Augmented, a byte a pixel, `[images x 784]`.
    pub pixels: Vec<u8>,
    /// A byte an image.
    pub labels: Vec<u8>,
}

impl Job {
    /// Its images as the networks take them, `[images, 784]`.
    pub(super) fn images(&self, device: &Device) -> Tensor<2> {
        let pixels: Vec<f32> = self.pixels.iter().map(|&pixel| normalise(pixel)).collect();
        Tensor::from_data(TensorData::new(pixels, [self.labels.len(), PIXELS]), device)
    }
}

/// The helpers of a run. What is sent to one helper arrives in order.
#[allow(async_fn_in_trait)] // Every crew is used on one thread.
pub trait Crew {
    /// The largest number of helpers that can be had; 0 where a run has to go alone.
    fn most(&self) -> usize;
    /// How many processors the leader leaves: where calibration stops.
    fn spare(&self) -> usize;
    /// Helpers that died in this run and were replaced.
    fn replaced(&self) -> u32;
    /// Sees to it that there are this many helpers, ready for this network.
    async fn grow(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig);
    /// From here on no helper's replica counts as the leader's.
    fn forget(&mut self);
    /// Whether a helper is ready but has no replica yet.
    fn is_new(&self, helper: usize) -> bool;
    /// Gives a helper the leader's weights and optimiser state.
    fn bring_up(&mut self, helper: usize, state: &State);
    /// Sends a helper its job and returns at once. Nothing is sent to a helper without a replica.
    fn send(&mut self, helper: usize, job: Job);
    /// Waits for one half of a helper's answer to its oldest job, the upper half first, and adds its gradients to `sum`. The share's
    /// outcome comes with the upper half; with the lower half comes zero. `None` where it has no job or died: it has been replaced, and
    /// its share is the caller's.
    async fn receive(&mut self, helper: usize, half: Half, sum: &mut [f32]) -> Option<Outcome>;
    /// Lets a helper take one half of its step: with `gradients` where they are the `whole` batch's, else with their sum with its own.
    fn conclude(&mut self, helper: usize, half: Half, gradients: &[f32], whole: bool);
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

    fn replaced(&self) -> u32 {
        0
    }

    async fn grow(&mut self, _: usize, _: NetworkKind, _: &RunConfig) {}

    fn forget(&mut self) {}

    fn is_new(&self, _: usize) -> bool {
        false
    }

    fn bring_up(&mut self, _: usize, _: &State) {}

    fn send(&mut self, _: usize, _: Job) {}

    async fn receive(&mut self, _: usize, _: Half, _: &mut [f32]) -> Option<Outcome> {
        None
    }

    fn conclude(&mut self, _: usize, _: Half, _: &[f32], _: bool) {}
}

/// The places of a batch that each of `workers` takes, the leader first. Sizes differ by one at the most.
pub fn shares(batch: usize, workers: usize) -> Vec<Range<usize>> {
    let workers = workers.clamp(1, batch.max(1));
    (0..workers).map(|w| w * batch / workers..(w + 1) * batch / workers).collect()
}

/// Adds one list to another, element by element.
pub fn add(sum: &mut [f32], terms: &[f32]) {
    sum.iter_mut().zip(terms).for_each(|(a, b)| *a += b);
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

//! One worker's shard of a batch, what comes of it, and how batches are cut.

use crate::data::normalise;
use crate::fashion_mnist::PIXELS;
use burn::tensor::{Device, Tensor, TensorData};
use std::ops::Range;

/// One worker's shard of one batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shard {
    /// Place of the first image in the whole batch.
    pub first: usize,
    /// Images of the whole batch. Sums are divided by it.
    pub batch: usize,
    /// Augmented pixels, a byte each, `[images x 784]`.
    pub pixels: Vec<u8>,
    /// A byte an image.
    pub labels: Vec<u8>,
}

impl Shard {
    /// Its images as the networks take them, `[images, 784]`.
    pub(in crate::train) fn images(&self, device: &Device) -> Tensor<2> {
        let pixels: Vec<f32> = self.pixels.iter().map(|&pixel| normalise(pixel)).collect();
        Tensor::from_data(TensorData::new(pixels, [self.labels.len(), PIXELS]), device)
    }
}

/// What one training step gave, or a shard of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepOutcome {
    /// Sum of the cross-entropies over the size of the whole batch, with label smoothing, in nats. Of a whole batch it is the mean.
    pub loss: f32,
    /// Correct answers before the step, with dropout and augmentation.
    pub correct: f32,
}

impl std::ops::Add for StepOutcome {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { loss: self.loss + other.loss, correct: self.correct + other.correct }
    }
}

/// The places of a batch that each of `workers` takes, the leader first. Sizes differ by one at most.
pub fn shard_ranges(batch: usize, workers: usize) -> Vec<Range<usize>> {
    let workers = workers.clamp(1, batch.max(1));
    (0..workers).map(|w| w * batch / workers..(w + 1) * batch / workers).collect()
}

/// Adds `terms` to `sum`, element by element.
pub fn accumulate(sum: &mut [f32], terms: &[f32]) {
    sum.iter_mut().zip(terms).for_each(|(a, b)| *a += b);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_the_batch_once_in_order() {
        for (batch, workers) in [(64, 1), (64, 2), (65, 4), (3, 8), (1, 1)] {
            let all: Vec<usize> = shard_ranges(batch, workers).into_iter().flatten().collect();
            assert_eq!(all, (0..batch).collect::<Vec<_>>());
            let sizes: Vec<usize> = shard_ranges(batch, workers).iter().map(ExactSizeIterator::len).collect();
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }
}

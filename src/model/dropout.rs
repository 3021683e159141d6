//! Dropout with masks that are drawn on the host. They are the same on every backend, and an image has the same mask in
//! every worker.

use crate::data::random::{Stream, stream};
use burn::tensor::{Tensor, TensorData};
use rand::Rng;

/// Draws the dropout masks of one training step.
pub struct Dropper {
    seed: u64,
    step: u32,
    /// Place of this worker's first image in the whole batch.
    first: usize,
    /// Layers that have drawn so far.
    layer: u32,
}

impl Dropper {
    /// The masks of step `step` (from 0) of the run with this seed, for the images of a batch from place `first` on.
    pub fn new(seed: u64, step: usize, first: usize) -> Self {
        Self { seed, step: step as u32, first, layer: 0 }
    }

    /// Zeroes each element of `x`, `[batch, features]`, with probability `share` and scales the rest by 1 / (1 - share)
    /// (Srivastava et al. 2014, in the inverted form).
    pub fn apply(&mut self, x: Tensor<2>, share: f64) -> Tensor<2> {
        let layer = self.layer;
        self.layer += 1;
        if share <= 0.0 {
            return x;
        }
        let [batch, features] = x.dims();
        let mut rng = stream(self.seed, Stream::Dropout { layer, step: self.step });
        rng.set_word_pos((self.first * features) as u128);
        let (kept, threshold) = ((1.0 / (1.0 - share)) as f32, (share * 2f64.powi(32)) as u32);
        let mask: Vec<f32> =
            (0..batch * features).map(|_| if rng.next_u32() < threshold { 0.0 } else { kept }).collect();
        let mask = Tensor::from_data(TensorData::new(mask, [batch, features]), &x.device());
        x * mask
    }
}

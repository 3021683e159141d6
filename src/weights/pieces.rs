//! The flat list of weights, taken piece by piece in the order of [`super::layout`].

use crate::config::{Padding, RunConfig};

/// What is left of a flat list of weights. Whoever takes from it has checked its length.
#[derive(Debug, Clone, Copy)]
pub struct Pieces<'a>(pub &'a [f32]);

impl<'a> Pieces<'a> {
    /// The next values; fewer where fewer are left.
    pub fn take(&mut self, count: usize) -> &'a [f32] {
        let (values, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        values
    }

    /// The four lists of batch norm: scale, shift, mean and variance.
    pub fn norm(&mut self, features: usize) -> [&'a [f32]; 4] {
        std::array::from_fn(|_| self.take(features))
    }

    /// The kernels of a convolution, `[kernel * kernel, inputs, channels]` instead of the file's `[channels, inputs, kernel * kernel]`: the
    /// channels of one pixel lie side by side. Then its bias, `[channels]`.
    pub fn convolution(&mut self, inputs: usize, channels: usize, kernel: usize) -> (Vec<f32>, &'a [f32]) {
        let area = kernel * kernel;
        let weight = self.take(channels * inputs * area);
        let mut ordered = Vec::with_capacity(weight.len());
        for tap in 0..area {
            for input in 0..inputs {
                ordered.extend((0..channels).map(|channel| weight[(channel * inputs + input) * area + tap]));
            }
        }
        (ordered, self.take(channels))
    }
}

/// Zeros on each side of a convolution's image.
pub fn zeros(config: &RunConfig) -> usize {
    if config.cnn_padding == Padding::Same { config.cnn_kernel / 2 } else { 0 }
}

//! Initial weights, drawn on the host from the run's seed: every backend starts from the same numbers.

use super::activation::weight_variance;
use crate::config::{Activation, NetworkKind};
use crate::data::random::{Stream, stream};
use burn::module::Param;
use burn::nn::{BatchNorm, BatchNormConfig, Linear};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Draws the weights of one network, layer after layer.
pub(super) struct Init<'a> {
    rng: ChaCha8Rng,
    device: &'a Device,
    /// Whether the layers compute with the custom kernels.
    pub(super) custom_kernels: bool,
}

impl<'a> Init<'a> {
    pub(super) fn new(seed: u64, kind: NetworkKind, device: &'a Device, custom_kernels: bool) -> Self {
        Self { rng: stream(seed, Stream::Weights(kind)), device, custom_kernels }
    }

    /// Uniform within ± `bound`.
    fn uniform<const D: usize>(&mut self, shape: [usize; D], bound: f64) -> Param<Tensor<D>> {
        let count = shape.iter().product();
        let values: Vec<f32> =
            (0..count).map(|_| (self.rng.random::<f64>() * 2.0 - 1.0) as f32 * bound as f32).collect();
        Param::from_data(TensorData::new(values, shape), self.device)
    }

    fn zeros(&self, count: usize) -> Param<Tensor<1>> {
        Param::from_data(TensorData::new(vec![0f32; count], [count]), self.device)
    }

    /// A hidden dense layer: `[inputs, units]` weights, biases zero.
    pub(super) fn dense(&mut self, inputs: usize, units: usize, activation: Activation) -> Linear {
        let weight = self.uniform([inputs, units], bound(inputs, units, Some(activation)));
        Linear { weight, bias: Some(self.zeros(units)) }
    }

    /// The last layer, which no activation follows.
    pub(super) fn logits(&mut self, inputs: usize, classes: usize) -> Linear {
        let weight = self.uniform([inputs, classes], bound(inputs, classes, None));
        Linear { weight, bias: Some(self.zeros(classes)) }
    }

    /// A convolution: `[channels, inputs, kernel, kernel]` weights, biases zero.
    pub(super) fn conv(
        &mut self,
        inputs: usize,
        channels: usize,
        kernel: usize,
        activation: Activation,
    ) -> (Param<Tensor<4>>, Param<Tensor<1>>) {
        let area = kernel * kernel;
        let bound = bound(inputs * area, channels * area, Some(activation));
        (self.uniform([channels, inputs, kernel, kernel], bound), self.zeros(channels))
    }

    /// Batch norm over `features`: scale one, shift zero.
    pub(super) fn batch_norm(&self, features: usize) -> BatchNorm {
        BatchNormConfig::new(features).init(self.device)
    }
}

/// The bound of the uniform distribution that has the activation's variance.
fn bound(fan_in: usize, fan_out: usize, activation: Option<Activation>) -> f64 {
    (3.0 * weight_variance(activation, fan_in, fan_out)).sqrt()
}

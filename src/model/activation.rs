//! What the networks need to know about an activation: its operation, the initial weights before it, and whether a max pool may go
//! before it. Leaves out: its names and formula (`config`) and its kernel (`kernels::cpu::activation`).

use crate::config::Activation;
use crate::kernels::burn_ops::operations;
use crate::kernels::cpu::activation::LEAKY_RELU_SLOPE;
use burn::tensor::{Tensor, activation};

/// Applies an activation, element by element, with burn's operations.
pub(super) fn activate<const D: usize>(kind: Activation, x: Tensor<D>) -> Tensor<D> {
    match kind {
        Activation::Relu => activation::relu(x),
        Activation::LeakyRelu => activation::leaky_relu(x, LEAKY_RELU_SLOPE),
        Activation::Gelu => activation::gelu(x),
        Activation::Silu => activation::silu(x),
        Activation::Tanh => activation::tanh(x),
        Activation::Sigmoid => activation::sigmoid(x),
    }
}

/// Applies an activation, element by element, with the custom kernels. A ReLU is fused into the layer before it
/// instead.
pub(super) fn activate_with_custom_kernel<const D: usize>(kind: Activation, x: Tensor<D>) -> Tensor<D> {
    operations::activation(x, kind)
}

/// Whether a max pool may be moved from behind the activation to before it. It takes the same pixel where the
/// activation never falls; GELU and SiLU fall for some negative values.
pub(super) fn commutes_with_max_pool(kind: Activation) -> bool {
    match kind {
        Activation::Relu | Activation::LeakyRelu | Activation::Tanh | Activation::Sigmoid => true,
        Activation::Gelu | Activation::Silu => false,
    }
}

/// The variance of the initial weights of a layer before the activation (`None`: no activation follows, as with the
/// logits).
///
/// He's for the rectifiers (He et al. 2015, 2 / fan_in). Glorot's for tanh, the sigmoid and the logits (Glorot and
/// Bengio 2010, 2 / (fan_in + fan_out)).
pub(super) fn weight_variance(kind: Option<Activation>, fan_in: usize, fan_out: usize) -> f64 {
    match kind {
        Some(Activation::Relu | Activation::LeakyRelu | Activation::Gelu | Activation::Silu) => 2.0 / fan_in as f64,
        Some(Activation::Tanh | Activation::Sigmoid) | None => 2.0 / (fan_in + fan_out) as f64,
    }
}

//! Batch norm with the custom kernels, on the parameters and running statistics of burn's layer.
//!
//! Training uses the statistics of the batch (Ioffe and Szegedy 2015). Without training the running statistics are used.
//! Batch norm is then a factor and an offset for each channel. They are folded into the weights of the layer before it,
//! so batch norm costs nothing.

use crate::kernels::burn_ops::operations::batch_norm;
use burn::nn::BatchNorm;
use burn::tensor::Tensor;

/// Batch norm of `[batch, height, width, channels]` in training, perhaps with ReLU and a 2 x 2 max pool behind it.
pub(super) fn norm_block(norm: &BatchNorm, x: Tensor<4>, relu: bool, pool: bool) -> Tensor<4> {
    let (y, mean, variance) = batch_norm(x, norm.gamma.val(), norm.beta.val(), norm.epsilon as f32, relu, pool);
    // As burn does it: each running average moves by `momentum` of the way.
    for (running, batch) in [(&norm.running_mean, mean), (&norm.running_var, variance)] {
        let kept = running.value_sync().mul_scalar(1.0 - norm.momentum);
        running.update((kept + batch.mul_scalar(norm.momentum)).detach());
    }
    y
}

/// Batch norm of `[batch, units]` in training, perhaps with ReLU behind it.
pub(super) fn norm_rows(norm: &BatchNorm, x: Tensor<2>, relu: bool) -> Tensor<2> {
    let [batch, units] = x.dims();
    norm_block(norm, x.reshape([batch, 1, 1, units]), relu, false).reshape([batch, units])
}

/// The factor and the offset of each channel, `[channels]`, with the running statistics.
fn affine(norm: &BatchNorm) -> (Tensor<1>, Tensor<1>) {
    let deviation = norm.running_var.value().add_scalar(norm.epsilon).sqrt();
    let factor = norm.gamma.val() / deviation;
    let offset = norm.beta.val() - norm.running_mean.value() * factor.clone();
    (factor, offset)
}

/// Folds batch norm, with its running statistics, into the weights and bias of the layer before it. `axis` is the axis of
/// the outputs.
pub(super) fn folded<const D: usize>(
    norm: &BatchNorm,
    weight: Tensor<D>,
    bias: Tensor<1>,
    axis: usize,
) -> (Tensor<D>, Tensor<1>) {
    let (factor, offset) = affine(norm);
    let mut shape = [1; D];
    shape[axis] = bias.dims()[0];
    (weight * factor.clone().reshape(shape), bias * factor + offset)
}

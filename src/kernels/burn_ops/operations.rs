//! The burn operations. Their forward passes are in `forward`, their backward passes in `backward`.
//!
//! Only Flex has these operations. A network asks [`supported_on`]; on any other backend it uses burn's own operations.
//! Images between convolution blocks are `[batch, height, width, channels]` here.

use super::backward::{
    ActivationBackward, BatchNormBackward, ConvBlockBackward, DenseBackward, MaxPoolBackward, WithGradientBackward,
};
use super::forward::{self, tensor};
use crate::config::Activation;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::ops::{Backward, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{Device, Tensor};

/// Whether a device has these operations.
pub fn supported_on(device: &Device) -> bool {
    device.clone().without_autodiff() == Device::flex()
}

#[backend_extension(Flex, Autodiff)]
trait CpuOperations: Backend {
    fn conv_block(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        padding: usize,
        relu: bool,
        pool: bool,
    ) -> FloatTensor<Self>;

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        background: f32,
        relu: bool,
    ) -> FloatTensor<Self>;

    fn batch_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
        relu: bool,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self>;

    fn activation(x: FloatTensor<Self>, kind: Activation) -> FloatTensor<Self>;

    fn with_gradient(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// Convolution with stride 1 and bias, then optionally a ReLU, then optionally a 2 x 2 max pool. `x` is
/// `[batch, height, width, inputs]`, `weight` is `[outputs, inputs, kernel, kernel]`, the result is
/// `[batch, out height, out width, outputs]`.
///
/// # Panics
/// If the device does not have this operation, or if the shapes do not fit.
pub fn conv_block(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    padding: usize,
    relu: bool,
    pool: bool,
) -> Tensor<4> {
    let (x, weight, bias) = (x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
    Tensor::from_dispatch(Dispatch::conv_block(x, weight, bias, padding, relu, pool))
}

/// `x w + b`, then optionally a ReLU: `[batch, inputs]` to `[batch, outputs]` with `weight` `[inputs, outputs]`.
/// `background` is the value that most of `x` has (0 after a ReLU, black in an image). Elements with that value cost no
/// time. The result does not depend on it.
///
/// # Panics
/// If the device does not have this operation, or if the shapes do not fit.
pub fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, background: f32, relu: bool) -> Tensor<2> {
    let (x, weight, bias) = (x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
    Tensor::from_dispatch(Dispatch::dense(x, weight, bias, background, relu))
}

/// Batch norm in training, then optionally a ReLU, then optionally a 2 x 2 max pool. `x` is
/// `[batch, height, width, channels]`, `gamma` and `beta` are `[channels]`. Also returns the mean and the biased
/// variance of the batch, `[channels]`; no gradient flows through those two.
///
/// # Panics
/// If the device does not have this operation, or if the shapes do not fit.
pub fn batch_norm(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f32,
    relu: bool,
    pool: bool,
) -> (Tensor<4>, Tensor<1>, Tensor<1>) {
    let (x, gamma, beta) = (x.into_dispatch(), gamma.into_dispatch(), beta.into_dispatch());
    let (y, mean, variance) = Dispatch::batch_norm(x, gamma, beta, epsilon, relu, pool);
    (Tensor::from_dispatch(y), Tensor::from_dispatch(mean), Tensor::from_dispatch(variance))
}

/// A 2 x 2 max pool of `[batch, height, width, channels]`. An odd last row or column is dropped.
///
/// # Panics
/// If the device does not have this operation.
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::max_pool(x.into_dispatch()))
}

/// An activation of `[batch, ...]`, element by element.
///
/// # Panics
/// If the device does not have this operation.
pub fn activation<const D: usize>(x: Tensor<D>, kind: Activation) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::activation(x.into_dispatch(), kind))
}

/// Lets a backward pass begin in the middle of a network. Returns a zero, `[1]`, whose gradient with respect to `x` is
/// `gradient`.
///
/// # Panics
/// If the device does not have this operation.
pub fn with_gradient<const D: usize>(x: Tensor<D>, gradient: Tensor<D>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::with_gradient(x.into_dispatch(), gradient.into_dispatch()))
}

impl CpuOperations for Flex {
    fn conv_block(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        padding: usize,
        relu: bool,
        pool: bool,
    ) -> FlexTensor {
        let (x, weight, bias) = (x.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
        let s = forward::conv_block_shape(&x, &weight, padding, relu, pool);
        forward::conv_block(&s, &x, &weight, &bias).0
    }

    fn dense(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, background: f32, relu: bool) -> FlexTensor {
        let (x, weight, bias) = (x.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
        forward::dense(&forward::dense_shape(&x, &weight, background, relu), &x, &weight, &bias)
    }

    fn batch_norm(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        epsilon: f32,
        relu: bool,
        pool: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let (x, gamma, beta) = (x.to_contiguous(), gamma.to_contiguous(), beta.to_contiguous());
        let s = forward::norm_shape(&x, epsilon, relu, pool);
        let (y, statistics, _) = forward::batch_norm(&s, &x, &gamma, &beta);
        let [mean, variance] = statistics.map(|values| tensor(values, [s.channels]));
        (y, mean, variance)
    }

    fn max_pool(x: FlexTensor) -> FlexTensor {
        forward::max_pool(&x.to_contiguous()).0
    }

    fn activation(x: FlexTensor, kind: Activation) -> FlexTensor {
        forward::activation(&x.to_contiguous(), kind)
    }

    fn with_gradient(_: FlexTensor, _: FlexTensor) -> FlexTensor {
        tensor(vec![0.0], [1])
    }
}

impl<C: CheckpointStrategy> CpuOperations for Autodiff<Flex, C> {
    fn conv_block(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        padding: usize,
        relu: bool,
        pool: bool,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let (x, weight, bias) =
            (x.primitive().to_contiguous(), weight.primitive().to_contiguous(), bias.primitive().to_contiguous());
        let s = forward::conv_block_shape(&x, &weight, padding, relu, pool);
        let (y, saved) = forward::conv_block(&s, &x, &weight, &bias);
        match ConvBlockBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((s, x, weight, saved), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        background: f32,
        relu: bool,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let (x, weight, bias) =
            (x.primitive().to_contiguous(), weight.primitive().to_contiguous(), bias.primitive().to_contiguous());
        let s = forward::dense_shape(&x, &weight, background, relu);
        let y = forward::dense(&s, &x, &weight, &bias);
        match DenseBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((s, x, weight, y.clone()), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn batch_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
        relu: bool,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let nodes = [x.node(), gamma.node(), beta.node()];
        let (x, gamma, beta) =
            (x.primitive().to_contiguous(), gamma.primitive().to_contiguous(), beta.primitive().to_contiguous());
        let s = forward::norm_shape(&x, epsilon, relu, pool);
        let (y, statistics, saved) = forward::batch_norm(&s, &x, &gamma, &beta);
        let [mean, variance] = statistics.clone().map(|values| Self::from_inner(tensor(values, [s.channels])));
        let y = match BatchNormBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((s, x, gamma, statistics, saved), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        };
        (y, mean, variance)
    }

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let node = x.node();
        let (y, shape, saved) = forward::max_pool(&x.primitive().to_contiguous());
        match MaxPoolBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((shape, saved), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn activation(x: FloatTensor<Self>, kind: Activation) -> FloatTensor<Self> {
        let node = x.node();
        let x = x.primitive().to_contiguous();
        let y = forward::activation(&x, kind);
        match ActivationBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((kind, x), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn with_gradient(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let (node, zero) = (x.node(), tensor(vec![0.0], [1]));
        match WithGradientBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(gradient.into_primitive(), zero),
            OpsKind::UnTracked(prep) => prep.finish(zero),
        }
    }
}

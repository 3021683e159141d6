//! The kernels as burn operations on Flex; their backward passes are in `gradients`.
//!
//! Other backends have no such operations: the networks ask [`on`] and otherwise use burn's own. Images between convolution
//! blocks are `[batch, height, width, channels]` here.

use super::gradients::{
    ActivationBackward, BatchNormBackward, ConvBlockBackward, DenseBackward, GivenBackward, MaxPoolBackward,
};
use super::recycle::{bytes, floats};
use super::stopwatch::{Operation, Part, time};
use super::{BlockShape, ConvShape, Function, LinearShape, NormShape, Workspace};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::ops::{Backward, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Device, Tensor, TensorData};
use std::cell::RefCell;

/// Whether a device has these operations.
pub fn on(device: &Device) -> bool {
    device.clone().without_autodiff() == Device::flex()
}

thread_local! {
    /// One for all layers and steps of a thread, so that the steady state allocates no scratch memory.
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

/// Computes a part of a step.
pub(super) fn with_workspace<T>(part: Part, work: impl FnOnce(&mut Workspace) -> T) -> T {
    WORKSPACE.with_borrow_mut(|workspace| time(part, || work(workspace)))
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

    fn activation(x: FloatTensor<Self>, function: Function) -> FloatTensor<Self>;

    fn with_gradient(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// Convolution with stride 1 and bias, then perhaps ReLU, then perhaps a 2 x 2 max pool. `x` is `[batch, height, width, inputs]`,
/// `weight` `[outputs, inputs, kernel, kernel]`, the result `[batch, out height, out width, outputs]`.
///
/// # Panics
/// On a device that has no such operation, and where the shapes do not fit.
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

/// `x w + b`, then perhaps ReLU: `[batch, inputs]` to `[batch, outputs]` with `weight` `[inputs, outputs]`.
/// `background` is the value that most of `x` has (0 behind a ReLU, black in an image): what has it costs nothing.
///
/// # Panics
/// On a device that has no such operation, and where the shapes do not fit.
pub fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, background: f32, relu: bool) -> Tensor<2> {
    let (x, weight, bias) = (x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
    Tensor::from_dispatch(Dispatch::dense(x, weight, bias, background, relu))
}

/// Batch norm in training, then perhaps ReLU, then perhaps a 2 x 2 max pool, with `x` `[batch, height, width, channels]`, `gamma` and
/// `beta` `[channels]`. Beside the result, without a gradient of their own, the batch's mean and biased variance, `[channels]`.
///
/// # Panics
/// On a device that has no such operation, and where the shapes do not fit.
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

/// A 2 x 2 max pool of `[batch, height, width, channels]`; an odd last row and column is dropped.
///
/// # Panics
/// On a device that has no such operation.
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::max_pool(x.into_dispatch()))
}

/// A non-linearity, element by element, of `[batch, ...]`.
///
/// # Panics
/// On a device that has no such operation.
pub fn activation<const D: usize>(x: Tensor<D>, function: Function) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::activation(x.into_dispatch(), function))
}

/// A root from which a backward pass begins in the middle of a network: a zero, `[1]`, whose gradient with respect to `x` is `gradient`.
///
/// # Panics
/// On a device that has no such operation.
pub fn with_gradient<const D: usize>(x: Tensor<D>, gradient: Tensor<D>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::with_gradient(x.into_dispatch(), gradient.into_dispatch()))
}

/// The values of a contiguous tensor.
pub(super) fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("operands were made contiguous")
}

pub(super) fn tensor(values: Vec<f32>, shape: impl Into<burn::tensor::Shape>) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

fn block_shape(x: &FlexTensor, weight: &FlexTensor, padding: usize, relu: bool, pool: bool) -> BlockShape {
    let (x, weight) = (x.shape(), weight.shape());
    let conv = ConvShape {
        batch: x[0],
        height: x[1],
        width: x[2],
        inputs: x[3],
        outputs: weight[0],
        kernel: weight[2],
        stride: 1,
        padding,
    };
    BlockShape { conv, relu, pool }
}

fn block_forward(s: &BlockShape, x: &FlexTensor, weight: &FlexTensor, bias: &FlexTensor) -> (FlexTensor, Vec<u8>) {
    let mut y = floats(s.conv.batch * s.out_image());
    let mut saved = bytes(s.saved());
    with_workspace(Part::Forward(s.into()), |workspace| {
        super::conv_block_forward(s, slice(x), slice(weight), slice(bias), &mut y, &mut saved, workspace);
    });
    (tensor(y, [s.conv.batch, s.out_height(), s.out_width(), s.conv.outputs]), saved)
}

fn linear_shape(x: &FlexTensor, weight: &FlexTensor, background: f32, relu: bool) -> LinearShape {
    LinearShape { batch: x.shape()[0], inputs: weight.shape()[0], outputs: weight.shape()[1], background, relu }
}

fn dense_forward(s: &LinearShape, x: &FlexTensor, weight: &FlexTensor, bias: &FlexTensor) -> FlexTensor {
    let mut y = floats(s.batch * s.outputs);
    with_workspace(Part::Forward(s.into()), |workspace| {
        super::linear_forward(s, slice(x), slice(weight), slice(bias), &mut y, workspace);
    });
    tensor(y, [s.batch, s.outputs])
}

fn norm_shape(x: &FlexTensor, epsilon: f32, relu: bool, pool: bool) -> NormShape {
    let x = x.shape();
    NormShape { batch: x[0], height: x[1], width: x[2], channels: x[3], relu, pool, epsilon }
}

/// Of a batch norm: y, mean and variance, and what the forward pass saved.
fn norm_forward(
    s: &NormShape,
    x: &FlexTensor,
    gamma: &FlexTensor,
    beta: &FlexTensor,
) -> (FlexTensor, [Vec<f32>; 2], Vec<u8>) {
    let (mut mean, mut variance) = (vec![0.0; s.channels], vec![0.0; s.channels]);
    let (mut y, mut saved) = (floats(s.batch * s.out_image()), bytes(s.saved()));
    with_workspace(Part::Forward(s.into()), |workspace| {
        let (x, gamma, beta) = (slice(x), slice(gamma), slice(beta));
        super::batch_statistics(s, x, &mut mean, &mut variance, workspace);
        super::batch_norm_forward(s, x, &mean, &variance, gamma, beta, &mut y, &mut saved, workspace);
    });
    let scale = if s.pool { 2 } else { 1 };
    (tensor(y, [s.batch, s.height / scale, s.width / scale, s.channels]), [mean, variance], saved)
}

fn pool_forward(x: &FlexTensor) -> (FlexTensor, [usize; 4], Vec<u8>) {
    let x_shape = x.shape();
    let shape @ [batch, height, width, channels] = [x_shape[0], x_shape[1], x_shape[2], x_shape[3]];
    let out = [batch, height / 2, width / 2, channels];
    let count = out.iter().product();
    let (mut y, mut saved) = (floats(count), bytes(count));
    let part = Part::Forward(Operation::MaxPool([height, width, channels]));
    time(part, || super::max_pool_forward(shape, slice(x), &mut y, &mut saved));
    (tensor(y, out), shape, saved)
}

/// A non-linearity as a part of a step.
pub(super) fn nonlinearity(x: &FlexTensor) -> Operation {
    let shape = x.shape();
    Operation::Activation(shape.num_elements() / shape[0].max(1))
}

fn activation_forward(x: &FlexTensor, function: Function) -> FlexTensor {
    let mut y = floats(x.shape().num_elements());
    time(Part::Forward(nonlinearity(x)), || super::activate(function, slice(x), &mut y));
    tensor(y, x.shape())
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
        let s = block_shape(&x, &weight, padding, relu, pool);
        block_forward(&s, &x, &weight, &bias).0
    }

    fn dense(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, background: f32, relu: bool) -> FlexTensor {
        let (x, weight, bias) = (x.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
        dense_forward(&linear_shape(&x, &weight, background, relu), &x, &weight, &bias)
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
        let s = norm_shape(&x, epsilon, relu, pool);
        let (y, statistics, _) = norm_forward(&s, &x, &gamma, &beta);
        let [mean, variance] = statistics.map(|values| tensor(values, [s.channels]));
        (y, mean, variance)
    }

    fn max_pool(x: FlexTensor) -> FlexTensor {
        pool_forward(&x.to_contiguous()).0
    }

    fn activation(x: FlexTensor, function: Function) -> FlexTensor {
        activation_forward(&x.to_contiguous(), function)
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
        let s = block_shape(&x, &weight, padding, relu, pool);
        let (y, saved) = block_forward(&s, &x, &weight, &bias);
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
        let s = linear_shape(&x, &weight, background, relu);
        let y = dense_forward(&s, &x, &weight, &bias);
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
        let s = norm_shape(&x, epsilon, relu, pool);
        let (y, statistics, saved) = norm_forward(&s, &x, &gamma, &beta);
        let [mean, variance] = statistics.clone().map(|values| Self::from_inner(tensor(values, [s.channels])));
        let y = match BatchNormBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((s, x, gamma, statistics, saved), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        };
        (y, mean, variance)
    }

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let node = x.node();
        let (y, shape, saved) = pool_forward(&x.primitive().to_contiguous());
        match MaxPoolBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((shape, saved), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn activation(x: FloatTensor<Self>, function: Function) -> FloatTensor<Self> {
        let node = x.node();
        let x = x.primitive().to_contiguous();
        let y = activation_forward(&x, function);
        match ActivationBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((function, x), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn with_gradient(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let (node, zero) = (x.node(), tensor(vec![0.0], [1]));
        match GivenBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(gradient.into_primitive(), zero),
            OpsKind::UnTracked(prep) => prep.finish(zero),
        }
    }
}

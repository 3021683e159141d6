//! Forward passes on Flex's tensors. They also return what the backward passes in `backward` need.

use super::buffer_pool::{acquire_bytes, acquire_floats};
use crate::config::Activation;
use crate::kernels::cpu::activation::activate;
use crate::kernels::cpu::conv::forward::conv_block_forward;
use crate::kernels::cpu::conv::shape::{BlockShape, ConvShape};
use crate::kernels::cpu::dense::forward::dense_forward;
use crate::kernels::cpu::dense::shape::DenseShape;
use crate::kernels::cpu::norm::forward::{batch_norm_forward, batch_statistics};
use crate::kernels::cpu::norm::shape::NormShape;
use crate::kernels::cpu::pool::forward::max_pool_forward;
use crate::kernels::cpu::workspace::Workspace;
use crate::kernels::profiler::{Operation, Part, time};
use burn::backend::TensorMetadata;
use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;
use std::cell::RefCell;

thread_local! {
    /// One workspace for all layers and steps of a thread. After the first steps it allocates no more memory.
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

/// Runs `work` with the thread's workspace and times it as `part`.
pub(super) fn with_workspace<T>(part: Part, work: impl FnOnce(&mut Workspace) -> T) -> T {
    WORKSPACE.with_borrow_mut(|workspace| time(part, || work(workspace)))
}

/// The values of a contiguous tensor.
pub(super) fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("operands were made contiguous")
}

pub(super) fn tensor(values: Vec<f32>, shape: impl Into<burn::tensor::Shape>) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

pub(super) fn conv_block_shape(
    x: &FlexTensor,
    weight: &FlexTensor,
    padding: usize,
    relu: bool,
    pool: bool,
) -> BlockShape {
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

pub(super) fn conv_block(
    s: &BlockShape,
    x: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
) -> (FlexTensor, Vec<u8>) {
    let mut y = acquire_floats(s.conv.batch * s.out_image());
    let mut saved = acquire_bytes(s.saved());
    with_workspace(Part::Forward(s.into()), |workspace| {
        conv_block_forward(s, slice(x), slice(weight), slice(bias), &mut y, &mut saved, workspace);
    });
    (tensor(y, [s.conv.batch, s.out_height(), s.out_width(), s.conv.outputs]), saved)
}

pub(super) fn dense_shape(x: &FlexTensor, weight: &FlexTensor, background: f32, relu: bool) -> DenseShape {
    DenseShape { batch: x.shape()[0], inputs: weight.shape()[0], outputs: weight.shape()[1], background, relu }
}

pub(super) fn dense(s: &DenseShape, x: &FlexTensor, weight: &FlexTensor, bias: &FlexTensor) -> FlexTensor {
    let mut y = acquire_floats(s.batch * s.outputs);
    with_workspace(Part::Forward(s.into()), |workspace| {
        dense_forward(s, slice(x), slice(weight), slice(bias), &mut y, workspace);
    });
    tensor(y, [s.batch, s.outputs])
}

pub(super) fn norm_shape(x: &FlexTensor, epsilon: f32, relu: bool, pool: bool) -> NormShape {
    let x = x.shape();
    NormShape { batch: x[0], height: x[1], width: x[2], channels: x[3], relu, pool, epsilon }
}

/// Batch norm with the statistics of the batch. Returns y, [mean, variance], and the saved bytes.
pub(super) fn batch_norm(
    s: &NormShape,
    x: &FlexTensor,
    gamma: &FlexTensor,
    beta: &FlexTensor,
) -> (FlexTensor, [Vec<f32>; 2], Vec<u8>) {
    let (mut mean, mut variance) = (vec![0.0; s.channels], vec![0.0; s.channels]);
    let (mut y, mut saved) = (acquire_floats(s.batch * s.out_image()), acquire_bytes(s.saved()));
    with_workspace(Part::Forward(s.into()), |workspace| {
        let (x, gamma, beta) = (slice(x), slice(gamma), slice(beta));
        batch_statistics(s, x, &mut mean, &mut variance, workspace);
        batch_norm_forward(s, x, &mean, &variance, gamma, beta, &mut y, &mut saved, workspace);
    });
    let scale = if s.pool { 2 } else { 1 };
    (tensor(y, [s.batch, s.height / scale, s.width / scale, s.channels]), [mean, variance], saved)
}

pub(super) fn max_pool(x: &FlexTensor) -> (FlexTensor, [usize; 4], Vec<u8>) {
    let x_shape = x.shape();
    let shape @ [batch, height, width, channels] = [x_shape[0], x_shape[1], x_shape[2], x_shape[3]];
    let out = [batch, height / 2, width / 2, channels];
    let count = out.iter().product();
    let (mut y, mut saved) = (acquire_floats(count), acquire_bytes(count));
    let part = Part::Forward(Operation::MaxPool([height, width, channels]));
    time(part, || max_pool_forward(shape, slice(x), &mut y, &mut saved));
    (tensor(y, out), shape, saved)
}

/// The activation as the profiler names it.
pub(super) fn activation_operation(x: &FlexTensor) -> Operation {
    let shape = x.shape();
    Operation::Activation(shape.num_elements() / shape[0].max(1))
}

pub(super) fn activation(x: &FlexTensor, activation: Activation) -> FlexTensor {
    let mut y = acquire_floats(x.shape().num_elements());
    time(Part::Forward(activation_operation(x)), || activate(activation, slice(x), &mut y));
    tensor(y, x.shape())
}

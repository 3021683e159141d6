//! The kernels as burn operations on Flex, with their backward passes written by hand.
//!
//! Other backends have no such operations: the networks ask [`on`] and otherwise use burn's own. Activations between convolution
//! blocks are `[batch, height, width, channels]` here.

use super::{BlockShape, ConvShape, LinearShape, Workspace};
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
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

fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("operands were made contiguous")
}

fn tensor(values: Vec<f32>, shape: impl Into<burn::tensor::Shape>) -> FlexTensor {
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
    let mut y = vec![0.0; s.conv.batch * s.out_image()];
    let mut saved = vec![0; s.saved()];
    WORKSPACE.with_borrow_mut(|workspace| {
        super::conv_block_forward(s, slice(x), slice(weight), slice(bias), &mut y, &mut saved, workspace);
    });
    (tensor(y, [s.conv.batch, s.out_height(), s.out_width(), s.conv.outputs]), saved)
}

fn linear_shape(x: &FlexTensor, weight: &FlexTensor, background: f32, relu: bool) -> LinearShape {
    LinearShape { batch: x.shape()[0], inputs: weight.shape()[0], outputs: weight.shape()[1], background, relu }
}

fn dense_forward(s: &LinearShape, x: &FlexTensor, weight: &FlexTensor, bias: &FlexTensor) -> FlexTensor {
    let mut y = vec![0.0; s.batch * s.outputs];
    WORKSPACE.with_borrow_mut(|workspace| {
        super::linear_forward(s, slice(x), slice(weight), slice(bias), &mut y, workspace);
    });
    tensor(y, [s.batch, s.outputs])
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
}

#[derive(Debug)]
struct ConvBlockBackward;

impl Backward<Flex, 3> for ConvBlockBackward {
    /// Shape, x, weight, and what the forward pass saved.
    type State = (BlockShape, FlexTensor, FlexTensor, Vec<u8>);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (s, x, weight, saved) = ops.state;
        let [of_x, of_weight, of_bias] = ops.parents;
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        // The first block's input is the image, which wants no gradient.
        let mut dx = of_x.as_ref().map(|_| vec![0.0; s.conv.batch * s.conv.in_image()]);
        let (mut dw, mut db) = (vec![0.0; s.conv.weights()], vec![0.0; s.conv.outputs]);
        WORKSPACE.with_borrow_mut(|workspace| {
            let (x, w, dy) = (slice(&x), slice(&weight), slice(&dy));
            super::conv_block_backward(&s, x, w, dy, &saved, dx.as_deref_mut(), &mut dw, &mut db, workspace);
        });
        if let (Some(node), Some(dx)) = (of_x, dx) {
            gradients.register::<Flex>(node.id, tensor(dx, x.shape()));
        }
        if let Some(node) = of_weight {
            gradients.register::<Flex>(node.id, tensor(dw, weight.shape()));
        }
        if let Some(node) = of_bias {
            gradients.register::<Flex>(node.id, tensor(db, [s.conv.outputs]));
        }
    }
}

#[derive(Debug)]
struct DenseBackward;

impl Backward<Flex, 3> for DenseBackward {
    /// Shape, x, weight and y.
    type State = (LinearShape, FlexTensor, FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (s, x, weight, y) = ops.state;
        let [of_x, of_weight, of_bias] = ops.parents;
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let mut dx = of_x.as_ref().map(|_| vec![0.0; s.batch * s.inputs]);
        let (mut dw, mut db) = (vec![0.0; s.inputs * s.outputs], vec![0.0; s.outputs]);
        WORKSPACE.with_borrow_mut(|workspace| {
            let (x, w, y, dy) = (slice(&x), slice(&weight), slice(&y), slice(&dy));
            super::linear_backward(&s, x, w, y, dy, dx.as_deref_mut(), &mut dw, &mut db, workspace);
        });
        if let (Some(node), Some(dx)) = (of_x, dx) {
            gradients.register::<Flex>(node.id, tensor(dx, x.shape()));
        }
        if let Some(node) = of_weight {
            gradients.register::<Flex>(node.id, tensor(dw, weight.shape()));
        }
        if let Some(node) = of_bias {
            gradients.register::<Flex>(node.id, tensor(db, [s.outputs]));
        }
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
}

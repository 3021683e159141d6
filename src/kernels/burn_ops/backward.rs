//! Backward passes of the burn operations in `operations`.
//!
//! Each one takes the gradient of the result from burn's graph and registers the gradients of the operands. It also
//! returns memory that is no longer needed to `buffer_pool`.

use super::buffer_pool::{acquire_floats, release_bytes, release_tensor};
use super::forward::{activation_operation, slice, tensor, with_workspace};
use crate::config::Activation;
use crate::kernels::cpu::activation::activate_backward;
use crate::kernels::cpu::conv::backward::conv_block_backward;
use crate::kernels::cpu::conv::shape::BlockShape;
use crate::kernels::cpu::dense::backward::dense_backward;
use crate::kernels::cpu::dense::shape::DenseShape;
use crate::kernels::cpu::norm::backward::batch_norm_backward;
use crate::kernels::cpu::norm::shape::NormShape;
use crate::kernels::cpu::pool::backward::max_pool_backward;
use crate::kernels::profiler::{Operation, Part, time};
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

#[derive(Debug)]
pub(super) struct ConvBlockBackward;

impl Backward<Flex, 3> for ConvBlockBackward {
    /// Shape, x, weight, and the bytes that the forward pass saved.
    type State = (BlockShape, FlexTensor, FlexTensor, Vec<u8>);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (s, x, weight, saved) = ops.state;
        let [of_x, of_weight, of_bias] = ops.parents;
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        // The first block has no `of_x`: its input is the image, which needs no gradient.
        let mut dx = of_x.as_ref().map(|_| acquire_floats(s.conv.batch * s.conv.in_image()));
        let (mut dw, mut db) = (acquire_floats(s.conv.weights()), acquire_floats(s.conv.outputs));
        with_workspace(Part::Backward((&s).into()), |workspace| {
            let (x, w, dy) = (slice(&x), slice(&weight), slice(&dy));
            conv_block_backward(&s, x, w, dy, &saved, dx.as_deref_mut(), &mut dw, &mut db, workspace);
        });
        if let (Some(node), Some(dx)) = (of_x, dx) {
            gradients.register::<Flex>(node.id, tensor(dx, x.shape()));
            // Not in a first block: its x is the images, and no operation acquires memory of that size.
            release_tensor(x);
        }
        release_tensor(dy);
        release_bytes(saved);
        if let Some(node) = of_weight {
            gradients.register::<Flex>(node.id, tensor(dw, weight.shape()));
        }
        if let Some(node) = of_bias {
            gradients.register::<Flex>(node.id, tensor(db, [s.conv.outputs]));
        }
    }
}

#[derive(Debug)]
pub(super) struct DenseBackward;

impl Backward<Flex, 3> for DenseBackward {
    /// Shape, x, weight and y.
    type State = (DenseShape, FlexTensor, FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (s, x, weight, y) = ops.state;
        let [of_x, of_weight, of_bias] = ops.parents;
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let mut dx = of_x.as_ref().map(|_| acquire_floats(s.batch * s.inputs));
        let (mut dw, mut db) = (acquire_floats(s.inputs * s.outputs), acquire_floats(s.outputs));
        with_workspace(Part::Backward((&s).into()), |workspace| {
            let (x, w, y, dy) = (slice(&x), slice(&weight), slice(&y), slice(&dy));
            dense_backward(&s, x, w, y, dy, dx.as_deref_mut(), &mut dw, &mut db, workspace);
        });
        if let (Some(node), Some(dx)) = (of_x, dx) {
            gradients.register::<Flex>(node.id, tensor(dx, x.shape()));
            release_tensor(x);
        }
        release_tensor(y);
        release_tensor(dy);
        if let Some(node) = of_weight {
            gradients.register::<Flex>(node.id, tensor(dw, weight.shape()));
        }
        if let Some(node) = of_bias {
            gradients.register::<Flex>(node.id, tensor(db, [s.outputs]));
        }
    }
}

#[derive(Debug)]
pub(super) struct BatchNormBackward;

impl Backward<Flex, 3> for BatchNormBackward {
    /// Shape, x, gamma, [mean, variance], and the bytes that the forward pass saved.
    type State = (NormShape, FlexTensor, FlexTensor, [Vec<f32>; 2], Vec<u8>);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (s, x, gamma, [mean, variance], saved) = ops.state;
        let [of_x, of_gamma, of_beta] = ops.parents;
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let mut dx = acquire_floats(s.batch * s.in_image());
        let (mut d_gamma, mut d_beta) = (acquire_floats(s.channels), acquire_floats(s.channels));
        with_workspace(Part::Backward((&s).into()), |workspace| {
            let (x, gamma, dy) = (slice(&x), slice(&gamma), slice(&dy));
            let (dx, d_gamma, d_beta) = (&mut dx, &mut d_gamma, &mut d_beta);
            batch_norm_backward(&s, x, &mean, &variance, gamma, dy, &saved, dx, d_gamma, d_beta, workspace);
        });
        let shape = x.shape();
        release_tensor(x);
        release_tensor(dy);
        release_bytes(saved);
        let found = [
            (of_x, tensor(dx, shape)),
            (of_gamma, tensor(d_gamma, [s.channels])),
            (of_beta, tensor(d_beta, [s.channels])),
        ];
        for (node, gradient) in found {
            if let Some(node) = node {
                gradients.register::<Flex>(node.id, gradient);
            }
        }
    }
}

#[derive(Debug)]
pub(super) struct MaxPoolBackward;

impl Backward<Flex, 1> for MaxPoolBackward {
    /// Shape of x, and the bytes that the forward pass saved.
    type State = ([usize; 4], Vec<u8>);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (shape, saved) = ops.state;
        let [of_x] = ops.parents;
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        if let Some(node) = of_x {
            let mut dx = acquire_floats(shape.iter().product());
            let part = Part::Backward(Operation::MaxPool([shape[1], shape[2], shape[3]]));
            time(part, || max_pool_backward(shape, slice(&dy), &saved, &mut dx));
            gradients.register::<Flex>(node.id, tensor(dx, shape));
        }
        release_tensor(dy);
        release_bytes(saved);
    }
}

#[derive(Debug)]
pub(super) struct ActivationBackward;

impl Backward<Flex, 1> for ActivationBackward {
    /// The activation, and x.
    type State = (Activation, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (activation, x) = ops.state;
        let [of_x] = ops.parents;
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        if let Some(node) = of_x {
            let mut dx = acquire_floats(x.shape().num_elements());
            let part = Part::Backward(activation_operation(&x));
            time(part, || activate_backward(activation, slice(&x), slice(&dy), &mut dx));
            gradients.register::<Flex>(node.id, tensor(dx, x.shape()));
        }
        release_tensor(x);
        release_tensor(dy);
    }
}

#[derive(Debug)]
pub(super) struct WithGradientBackward;

impl Backward<Flex, 1> for WithGradientBackward {
    /// The gradient of x.
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        gradients.consume::<Flex>(&ops.node); // It is always 1.
        let [of_x] = ops.parents;
        if let Some(node) = of_x {
            gradients.register::<Flex>(node.id, ops.state);
        }
    }
}

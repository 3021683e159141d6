//! The convolutional network: blocks of convolution, optional batch norm, activation and 2 x 2 max pool; then a dense
//! layer or the average of each channel, dropout and the logits.

use super::activation::{activate, activate_with_custom_kernel, commutes_with_max_pool};
use super::init::Init;
use super::norm::{folded, norm_block};
use super::{Dropper, dense};
use crate::config::conv_side;
use crate::config::{Activation, Head, RunConfig};
use crate::fashion_mnist::{CLASSES, SIDE};
use crate::kernels::burn_ops::operations::{conv_block, max_pool};
use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::{BatchNorm, Linear};
use burn::tensor::Tensor;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};

/// One block.
#[derive(Module, Debug)]
struct Block {
    /// `[channels, inputs, kernel, kernel]`
    weight: Param<Tensor<4>>,
    /// `[channels]`
    bias: Param<Tensor<1>>,
    norm: Option<BatchNorm>,
}

/// The convolutional network of a config.
#[derive(Module, Debug)]
pub struct Cnn {
    blocks: Vec<Block>,
    dense: Option<Linear>,
    logits: Linear,
    #[module(skip)]
    activation: Activation,
    padding: usize,
    dropout: f64,
    /// Whether the device has the custom kernels.
    custom_kernels: bool,
}

impl Cnn {
    pub(super) fn new(config: &RunConfig, init: &mut Init) -> Self {
        let (kernel, activation) = (config.cnn_kernel, config.cnn_activation);
        let (mut side, mut inputs) = (SIDE, 1);
        let mut blocks = Vec::new();
        for &channels in &config.cnn_channels {
            let (weight, bias) = init.conv(inputs, channels, kernel, activation);
            let norm = config.cnn_batch_norm.then(|| init.batch_norm(channels));
            blocks.push(Block { weight, bias, norm });
            // A valid config never lets the image vanish.
            side = conv_side(side, kernel, config.cnn_padding).unwrap_or(0) / 2;
            inputs = channels;
        }
        let dense = (config.cnn_head == Head::Dense).then(|| {
            let features = side * side * inputs;
            inputs = config.cnn_dense;
            init.dense(features, inputs, activation)
        });
        Self {
            blocks,
            dense,
            logits: init.logits(inputs, CLASSES),
            activation,
            padding: if config.cnn_padding == crate::config::Padding::Same { kernel / 2 } else { 0 },
            dropout: config.cnn_dropout,
            custom_kernels: init.custom_kernels,
        }
    }

    /// The blocks: images to features.
    pub(super) fn lower(&self, images: Tensor<2>) -> Tensor<2> {
        // [batch, side, side, channels]
        let x = match self.custom_kernels {
            true => self.blocks_on_cpu(images, &mut |_| {}),
            false => self.blocks_by_burn(images, &mut |_| {}),
        };
        match &self.dense {
            Some(_) => x.flatten(1, 3),                              // [batch, side * side * channels]
            None => x.flatten::<3>(1, 2).mean_dim(1).squeeze_dim(1), // [batch, channels]
        }
    }

    /// The head: features to logits.
    pub(super) fn upper(&self, mut x: Tensor<2>, dropper: Option<&mut Dropper>) -> Tensor<2> {
        if let Some(layer) = &self.dense {
            x = dense(layer, None, x, 0.0, Some(self.activation), self.custom_kernels); // [batch, units]
        }
        if let Some(dropper) = dropper {
            x = dropper.apply(x, self.dropout); // [batch, features]
        }
        dense(&self.logits, None, x, 0.0, None, self.custom_kernels) // [batch, 10]
    }

    /// The parameters of the blocks. In every list the other parameters follow them.
    pub(super) fn visit_lower(&self, visitor: &mut impl ModuleVisitor) {
        self.blocks.visit(visitor);
    }

    pub(super) fn visit_upper(&self, visitor: &mut impl ModuleVisitor) {
        self.dense.visit(visitor);
        self.logits.visit(visitor);
    }

    /// What each hidden layer answers, `[places, channels]` for a block and `[batch, units]` for the dense layer.
    pub(super) fn hidden(&self, images: Tensor<2>) -> Vec<Tensor<2>> {
        let mut answers = Vec::new();
        let mut keep = |x: &Tensor<4>| {
            let [batch, height, width, channels] = x.dims();
            answers.push(x.clone().reshape([batch * height * width, channels]));
        };
        // [batch, side, side, channels]
        let x = match self.custom_kernels {
            true => self.blocks_on_cpu(images, &mut keep),
            false => self.blocks_by_burn(images, &mut |x| keep(&x.clone().permute([0, 2, 3, 1]))),
        };
        if let Some(layer) = &self.dense {
            answers.push(dense(layer, None, x.flatten(1, 3), 0.0, Some(self.activation), self.custom_kernels));
        }
        answers
    }

    /// The activation.
    pub(super) fn activation(&self) -> Activation {
        self.activation
    }

    /// The blocks with the custom kernels, channels last. `seen` gets what each block answers.
    fn blocks_on_cpu(&self, images: Tensor<2>, seen: &mut dyn FnMut(&Tensor<4>)) -> Tensor<4> {
        let [batch, _] = images.dims();
        let relu = self.activation == Activation::Relu;
        let pool = commutes_with_max_pool(self.activation);
        let training = images.device().is_autodiff();
        let mut x = images.reshape([batch, SIDE, SIDE, 1]); // [batch, 28, 28, 1]
        for block in &self.blocks {
            let (weight, bias) = (block.weight.val(), block.bias.val());
            x = match &block.norm {
                Some(norm) if training => {
                    x = conv_block(x, weight, bias, self.padding, false, false); // [batch, side, side, channels]
                    norm_block(norm, x, relu, pool)
                }
                Some(norm) => {
                    let (weight, bias) = folded(norm, weight, bias, 0);
                    conv_block(x, weight, bias, self.padding, relu, pool)
                }
                None => conv_block(x, weight, bias, self.padding, relu, pool),
            };
            if !relu {
                x = activate_with_custom_kernel(self.activation, x);
            }
            if !pool {
                x = max_pool(x);
            } // [batch, side / 2, side / 2, channels]
            seen(&x);
        }
        x
    }

    /// The blocks with burn's operations. `seen` gets what each block answers, channels first.
    fn blocks_by_burn(&self, images: Tensor<2>, seen: &mut dyn FnMut(&Tensor<4>)) -> Tensor<4> {
        let [batch, _] = images.dims();
        let options = ConvOptions::new([1, 1], [self.padding; 2], [1, 1], 1);
        let mut x = images.reshape([batch, 1, SIDE, SIDE]); // [batch, 1, 28, 28]
        for block in &self.blocks {
            x = conv2d(x, block.weight.val(), Some(block.bias.val()), options.clone()); // [batch, channels, side, side]
            if let Some(norm) = &block.norm {
                x = norm.forward(x);
            }
            // [batch, channels, side / 2, side / 2]
            x = max_pool2d(activate(self.activation, x), MaxPoolOptions::new([2, 2]));
            seen(&x);
        }
        // Channels last, so that the head's features have the same order with both kinds of kernels.
        x.permute([0, 2, 3, 1]) // [batch, side, side, channels]
    }
}

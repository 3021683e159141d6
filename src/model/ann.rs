//! The multilayer perceptron: dense, optional batch norm, activation, dropout; then the logits.

use super::init::Init;
use super::{Dropper, dense};
use crate::config::{Activation, RunConfig};
use crate::cost::{CLASSES, PIXELS};
use crate::data::normalise;
use burn::module::Module;
use burn::nn::{BatchNorm, Linear};
use burn::tensor::Tensor;

/// One hidden layer.
#[derive(Module, Debug)]
struct Hidden {
    linear: Linear,
    norm: Option<BatchNorm>,
}

/// The multilayer perceptron of a config.
#[derive(Module, Debug)]
pub struct Ann {
    hidden: Vec<Hidden>,
    logits: Linear,
    #[module(skip)]
    activation: Activation,
    dropout: f64,
    /// Whether the device has this project's own kernels.
    own_kernels: bool,
}

impl Ann {
    pub(super) fn new(config: &RunConfig, init: &mut Init) -> Self {
        let mut inputs = PIXELS;
        let mut hidden = Vec::new();
        for &units in &config.ann_hidden {
            let linear = init.linear(inputs, units, config.ann_activation);
            let norm = config.ann_batch_norm.then(|| init.batch_norm(units));
            hidden.push(Hidden { linear, norm });
            inputs = units;
        }
        Self {
            hidden,
            logits: init.logits(inputs, CLASSES),
            activation: config.ann_activation,
            dropout: config.ann_dropout,
            own_kernels: init.own_kernels,
        }
    }

    pub(super) fn forward(&self, images: Tensor<2>, mut dropper: Option<&mut Dropper>) -> Tensor<2> {
        let mut x = images; // [batch, 784]
        let mut background = normalise(0); // black, as most pixels are
        for layer in &self.hidden {
            let norm = layer.norm.as_ref();
            x = dense(&layer.linear, norm, x, background, Some(self.activation), self.own_kernels); // [batch, units]
            background = 0.0;
            if let Some(dropper) = dropper.as_deref_mut() {
                x = dropper.apply(x, self.dropout); // [batch, units]
            }
        }
        dense(&self.logits, None, x, background, None, self.own_kernels) // [batch, 10]
    }
}

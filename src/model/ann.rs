//! The multilayer perceptron: dense, optional batch norm, activation, dropout; then the logits.

use super::init::Init;
use super::{Dropper, dense};
use crate::config::{Activation, RunConfig};
use crate::data::normalise;
use crate::fashion_mnist::{CLASSES, PIXELS};
use burn::module::{Module, ModuleVisitor};
use burn::nn::{BatchNorm, Linear};
use burn::tensor::Tensor;

/// One hidden layer.
#[derive(Module, Debug)]
struct Hidden {
    dense: Linear,
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
    /// Whether the device has the custom kernels.
    custom_kernels: bool,
}

impl Ann {
    pub(super) fn new(config: &RunConfig, init: &mut Init) -> Self {
        let mut inputs = PIXELS;
        let mut hidden = Vec::new();
        for &units in &config.ann_hidden {
            let dense = init.dense(inputs, units, config.ann_activation);
            let norm = config.ann_batch_norm.then(|| init.batch_norm(units));
            hidden.push(Hidden { dense, norm });
            inputs = units;
        }
        Self {
            hidden,
            logits: init.logits(inputs, CLASSES),
            activation: config.ann_activation,
            dropout: config.ann_dropout,
            custom_kernels: init.custom_kernels,
        }
    }

    /// The first hidden layer, in which most of the weights are: images to features.
    pub(super) fn lower(&self, images: Tensor<2>, dropper: Option<&mut Dropper>) -> Tensor<2> {
        match self.hidden.first() {
            Some(layer) => self.hidden_layer(layer, images, normalise(0), dropper), // Most pixels are black.
            None => images,
        }
    }

    /// Everything behind it: features to logits.
    pub(super) fn upper(&self, mut x: Tensor<2>, mut dropper: Option<&mut Dropper>) -> Tensor<2> {
        for layer in self.hidden.iter().skip(1) {
            x = self.hidden_layer(layer, x, 0.0, dropper.as_deref_mut()); // [batch, units]
        }
        dense(&self.logits, None, x, 0.0, None, self.custom_kernels) // [batch, 10]
    }

    /// What each hidden layer answers, `[batch, units]` each.
    pub(super) fn hidden(&self, mut x: Tensor<2>) -> Vec<Tensor<2>> {
        let mut answers = Vec::new();
        for (i, layer) in self.hidden.iter().enumerate() {
            x = self.hidden_layer(layer, x, if i == 0 { normalise(0) } else { 0.0 }, None); // [batch, units]
            answers.push(x.clone());
        }
        answers
    }

    /// The activation.
    pub(super) fn activation(&self) -> Activation {
        self.activation
    }

    /// `background` is the most frequent value of `x`.
    fn hidden_layer(&self, layer: &Hidden, x: Tensor<2>, background: f32, dropper: Option<&mut Dropper>) -> Tensor<2> {
        let norm = layer.norm.as_ref();
        let x = dense(&layer.dense, norm, x, background, Some(self.activation), self.custom_kernels); // [batch, units]
        match dropper {
            Some(dropper) => dropper.apply(x, self.dropout), // [batch, units]
            None => x,
        }
    }

    /// The parameters of the first hidden layer. In every list the other parameters follow them.
    pub(super) fn visit_lower(&self, visitor: &mut impl ModuleVisitor) {
        self.hidden.first().into_iter().for_each(|layer| layer.visit(visitor));
    }

    pub(super) fn visit_upper(&self, visitor: &mut impl ModuleVisitor) {
        self.hidden.iter().skip(1).for_each(|layer| layer.visit(visitor));
        self.logits.visit(visitor);
    }
}

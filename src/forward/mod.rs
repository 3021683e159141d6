//! One image through a trained network, in plain Rust: pixels in, logits out.
//!
//! The page uses it for the networks that ship with it, before its engine has come, and `lab evaluate` checks a file by it without burn.
//! It takes one image at a time and is written for clearness first: the innermost loop is over outputs that lie side by side, so that the
//! compiler can make vector instructions of it. Leaves out: training, and speed for many images (`kernels`).

mod activation;
mod layers;

pub use activation::LEAKY_RELU_SLOPE;
pub use layers::NORM_EPSILON;

use crate::config::{Activation, Head, NetworkKind, RunConfig};
use crate::data::normalise;
use crate::evaluate::softmax;
use crate::fashion_mnist::{CLASSES, PIXELS, SIDE};
use crate::weights::{Pieces, TensorShape, TrainedNetwork, WeightsError, layout, zeros};
use layers::{Conv, Dense};

/// A trained network that is ready to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Forward {
    /// Convolutions, each with its activation and a 2 x 2 max pool. None in the ANN.
    blocks: Vec<Conv>,
    /// Whether each channel is averaged behind them.
    average: bool,
    /// Dense layers with their activation.
    hidden: Vec<Dense>,
    logits: Dense,
    activation: Activation,
}

impl Forward {
    /// Prepares a network: convolutions are put in order for the inner loop, and batch norm goes into the weights before it.
    ///
    /// # Errors
    /// [`WeightsError::Values`] where the number of weights is not that of the config.
    pub fn new(network: &TrainedNetwork) -> Result<Self, WeightsError> {
        let TrainedNetwork { kind, config, weights, .. } = network;
        let expected = layout(*kind, config).iter().map(TensorShape::values).sum();
        if weights.len() != expected {
            return Err(WeightsError::Values { found: weights.len(), expected });
        }
        let mut rest = Pieces(weights);
        Ok(match kind {
            NetworkKind::Ann => Self::ann(config, &mut rest),
            NetworkKind::Cnn => Self::cnn(config, &mut rest),
        })
    }

    fn ann(config: &RunConfig, values: &mut Pieces) -> Self {
        let (mut inputs, mut hidden) = (PIXELS, Vec::new());
        for &units in &config.ann_hidden {
            let mut layer = Dense::new(values.take(inputs * units), values.take(units));
            if config.ann_batch_norm {
                layer.fold(norm(values, units));
            }
            hidden.push(layer);
            inputs = units;
        }
        let logits = Dense::new(values.take(inputs * CLASSES), values.take(CLASSES));
        Self { blocks: Vec::new(), average: false, hidden, logits, activation: config.ann_activation }
    }

    fn cnn(config: &RunConfig, values: &mut Pieces) -> Self {
        let kernel = config.cnn_kernel;
        let (mut side, mut inputs, mut blocks, mut hidden) = (SIDE, 1, Vec::new(), Vec::new());
        for &channels in &config.cnn_channels {
            let (weight, bias) = values.convolution(inputs, channels, kernel);
            let mut block = Conv::new(weight, bias, inputs, kernel, zeros(config));
            if config.cnn_batch_norm {
                block.fold(norm(values, channels));
            }
            side = block.side(side) / 2;
            blocks.push(block);
            inputs = channels;
        }
        if config.cnn_head == Head::Dense {
            hidden
                .push(Dense::new(values.take(side * side * inputs * config.cnn_dense), values.take(config.cnn_dense)));
            inputs = config.cnn_dense;
        }
        let logits = Dense::new(values.take(inputs * CLASSES), values.take(CLASSES));
        let average = config.cnn_head == Head::Average;
        Self { blocks, average, hidden, logits, activation: config.cnn_activation }
    }

    /// The ten logits of an image of 784 bytes, row by row, 0 black. Pixels that are missing count as black.
    pub fn logits(&self, pixels: &[u8]) -> Vec<f32> {
        self.logits.apply(&self.penultimate(pixels)) // [10]
    }

    /// What the last dense layer, which gives the logits, takes in: the network's own description of the image. `[units]`, or
    /// `[channels]` with the head `average`. Pixels as for [`Forward::logits`].
    pub fn penultimate(&self, pixels: &[u8]) -> Vec<f32> {
        let mut x: Vec<f32> = pixels.iter().copied().chain(std::iter::repeat(0)).take(PIXELS).map(normalise).collect();
        let mut side = SIDE;
        for block in &self.blocks {
            x = block.apply(&x, side); // [side, side, channels]
            activation::apply(self.activation, &mut x);
            side = block.side(side);
            x = layers::max_pool(&x, side, block.channels()); // [side / 2, side / 2, channels]
            side /= 2;
        }
        if self.average {
            x = layers::average(&x, side * side); // [channels]
        }
        for layer in &self.hidden {
            x = layer.apply(&x); // [units]
            activation::apply(self.activation, &mut x);
        }
        x
    }

    /// The ten probabilities of an image, as [`Forward::logits`].
    pub fn probabilities(&self, pixels: &[u8]) -> Vec<f32> {
        let mut row = self.logits(pixels);
        softmax(&mut row);
        row
    }
}

/// Batch norm with its running statistics, as a factor and an offset of each channel.
fn norm(values: &mut Pieces, features: usize) -> Vec<[f32; 2]> {
    let [scale, shift, mean, variance] = values.norm(features);
    let channel = |at: usize| {
        let factor = scale[at] / (variance[at] + NORM_EPSILON).sqrt();
        [factor, shift[at] - mean[at] * factor]
    };
    (0..features).map(channel).collect()
}

//! From a trained network to its stages: which operation, which name, which shape.

use super::conv::Conv;
use super::layer::{BatchNorm, Dense, Layer};
use super::trace::{Shape, StageKind};
use crate::architecture::{LayerKind, of};
use crate::config::{Head, NetworkKind, Padding, RunConfig, vanishing_block};
use crate::fashion_mnist::{CLASSES, SIDE};
use crate::weights::{TrainedNetwork, WeightsError};

/// One stage without values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) layer: Layer,
    pub(super) kind: StageKind,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) shape: Shape,
}

/// The most units of a layer. No field of a config allows as many.
const MOST: usize = 4096;

/// Whether the sizes in the config give a network. A file that was read has passed stronger checks; a network that was put together
/// otherwise may not have.
pub(super) fn check(network: &TrainedNetwork) -> Result<(), WeightsError> {
    let config = &network.config;
    let mut sizes = match network.kind {
        NetworkKind::Ann => config.ann_hidden.clone(),
        NetworkKind::Cnn => config.cnn_channels.clone(),
    };
    let mut sound = sizes.len() <= 16;
    if network.kind == NetworkKind::Cnn {
        // With an even kernel, padding `same` would need another number of zeros on each side.
        sound &= config.cnn_kernel % 2 == 1 && config.cnn_kernel <= SIDE && vanishing_block(config).is_none();
        if config.cnn_head == Head::Dense {
            sizes.push(config.cnn_dense);
        }
    }
    if sound && sizes.iter().all(|size| (1..=MOST).contains(size)) {
        return Ok(());
    }
    Err(WeightsError::Metadata { key: "config", reason: "its sizes give no network".to_owned() })
}

/// The stages of a network whose config passed [`check`] and whose number of weights is right. They are the layers of `architecture`,
/// without dropout, which does nothing outside of training, and with the softmax.
pub(super) fn steps(network: &TrainedNetwork) -> Vec<Step> {
    let TrainedNetwork { kind, config, weights, .. } = network;
    let mut values = Values(weights);
    let mut steps: Vec<Step> = Vec::new();
    let mut from = Shape::Image { side: SIDE, channels: 1 };
    // What the names of the stages of one block end with.
    let (mut blocks, mut number) = (0, String::new());
    let layers: Vec<_> = of(*kind, config).layers.into_iter().filter(|l| l.kind != LayerKind::Dropout).collect();
    let last = layers.len() - 1;
    for (at, described) in layers.into_iter().enumerate() {
        let shape = match (described.kind, described.output.as_slice()) {
            // `architecture` calls the ANN's image 784 units; as a picture it can be shown, and the order is the same.
            (LayerKind::Input, _) => from,
            (_, [side, _, channels]) => Shape::Image { side: *side, channels: *channels },
            (_, output) => Shape::Units(output.iter().product()),
        };
        let numbered = described.kind == LayerKind::Conv || (described.kind == LayerKind::Dense && at < last);
        if numbered {
            blocks += 1;
            // The dense head of the CNN has no number.
            let head = *kind == NetworkKind::Cnn && described.kind == LayerKind::Dense;
            number = if head { String::new() } else { blocks.to_string() };
        }
        let (kind, name, layer) = match described.kind {
            LayerKind::Input | LayerKind::Dropout => (StageKind::Input, "input".to_owned(), Layer::Input),
            LayerKind::Conv => {
                let layer = Layer::Convolution(values.conv(config, from.channels(), shape.channels()));
                (StageKind::Convolution, format!("conv{number}"), layer)
            }
            LayerKind::BatchNorm => {
                let layer = Layer::BatchNorm(values.norm(shape.channels()));
                (StageKind::BatchNorm, format!("norm{number}"), layer)
            }
            LayerKind::Activation => {
                let function = if *kind == NetworkKind::Ann { config.ann_activation } else { config.cnn_activation };
                (StageKind::Activation, format!("activation{number}"), Layer::Activation(function))
            }
            LayerKind::MaxPool => (StageKind::MaxPool, format!("pool{number}"), Layer::MaxPool),
            LayerKind::GlobalAverage => (StageKind::Average, "average".to_owned(), Layer::Average),
            LayerKind::Flatten => (StageKind::Flatten, "flatten".to_owned(), Layer::Flatten),
            LayerKind::Dense => {
                let layer = Layer::Dense(values.dense(from.values(), shape.values()));
                let name = if at == last { "logits".to_owned() } else { format!("dense{number}") };
                (StageKind::Dense, name, layer)
            }
        };
        steps.push(Step { layer, kind, name, label: described.label, shape });
        from = shape;
    }
    let (name, label) = ("softmax".to_owned(), "Softmax".to_owned());
    steps.push(Step { layer: Layer::Softmax, kind: StageKind::Softmax, name, label, shape: Shape::Units(CLASSES) });
    steps
}

/// A flat list of weights that is taken piece by piece. Its length was checked.
struct Values<'a>(&'a [f32]);

impl<'a> Values<'a> {
    fn take(&mut self, count: usize) -> &'a [f32] {
        let (values, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        values
    }

    fn conv(&mut self, config: &RunConfig, inputs: usize, channels: usize) -> Conv {
        let kernel = config.cnn_kernel;
        let padding = if config.cnn_padding == Padding::Same { kernel / 2 } else { 0 };
        let weight = self.take(channels * inputs * kernel * kernel);
        Conv::new(weight, self.take(channels), inputs, kernel, padding)
    }

    fn norm(&mut self, channels: usize) -> BatchNorm {
        let [scale, shift, mean, variance] = std::array::from_fn(|_| self.take(channels).to_vec());
        BatchNorm { scale, shift, mean, variance }
    }

    fn dense(&mut self, inputs: usize, units: usize) -> Dense {
        Dense { weight: self.take(inputs * units).to_vec(), bias: self.take(units).to_vec() }
    }
}

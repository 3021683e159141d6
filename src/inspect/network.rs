//! From a trained network to its stages: which operation, which name, which shape.

use super::conv::Conv;
use super::layer::{BatchNorm, Dense, Layer};
use super::trace::{Shape, StageKind};
use crate::architecture::{LayerKind, of};
use crate::config::{Head, NetworkKind, vanishing_block};
use crate::fashion_mnist::{CLASSES, SIDE};
use crate::weights::{Pieces, TrainedNetwork, WeightsError, zeros};

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
    let mut values = Pieces(weights);
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
                let (inputs, kernel) = (from.channels(), config.cnn_kernel);
                let (weight, bias) = values.convolution(inputs, shape.channels(), kernel);
                let conv = Conv::new(weight, bias, inputs, kernel, zeros(config));
                (StageKind::Convolution, format!("conv{number}"), Layer::Convolution(conv))
            }
            LayerKind::BatchNorm => {
                let [scale, shift, mean, variance] = values.norm(shape.channels()).map(<[f32]>::to_vec);
                let norm = BatchNorm { scale, shift, mean, variance };
                (StageKind::BatchNorm, format!("norm{number}"), Layer::BatchNorm(norm))
            }
            LayerKind::Activation => {
                let function = if *kind == NetworkKind::Ann { config.ann_activation } else { config.cnn_activation };
                (StageKind::Activation, format!("activation{number}"), Layer::Activation(function))
            }
            LayerKind::MaxPool => (StageKind::MaxPool, format!("pool{number}"), Layer::MaxPool),
            LayerKind::GlobalAverage => (StageKind::Average, "average".to_owned(), Layer::Average),
            LayerKind::Flatten => (StageKind::Flatten, "flatten".to_owned(), Layer::Flatten),
            LayerKind::Dense => {
                let weight = values.take(from.values() * shape.values()).to_vec();
                let layer = Layer::Dense(Dense { weight, bias: values.take(shape.values()).to_vec() });
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

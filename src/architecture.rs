//! The layers of both networks, before any training: output shape, parameters and multiply-accumulates of each.
//!
//! A multiply-accumulate (MAC) is one multiplication and one addition of a forward pass of one image; biases, normalisation,
//! activations and pooling are not counted, as usual. A training step costs about three times the MACs (the forward pass, the
//! gradient by the inputs and the gradient by the weights). Leaves out: measured time (`run::report`).

use crate::config::{Head, NetworkKind, RunConfig, conv_side};
use crate::fashion_mnist::{CLASSES, PIXELS, SIDE};
use serde::{Deserialize, Serialize};

/// What a layer does, with the words for it that the drawing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// The image itself.
    Input,
    /// Convolution.
    Conv,
    /// Batch normalisation.
    BatchNorm,
    /// Non-linearity.
    Activation,
    /// 2 x 2 max pool.
    MaxPool,
    /// Dropout (identity outside training).
    Dropout,
    /// The average of each channel.
    GlobalAverage,
    /// Channels and pixels become one vector.
    Flatten,
    /// Fully connected.
    Dense,
}

/// One of the two parts of a network's gradients. Each part is computed and sent by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GradientBucket {
    /// From the features to the logits. Its gradients are known first.
    Upper,
    /// From the images to the features. It comes first in every flat list.
    Lower,
}

impl GradientBucket {
    /// Both, in the order in which their gradients come.
    pub const ALL: [Self; 2] = [Self::Upper, Self::Lower];
}

/// One layer of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// What it does.
    pub kind: LayerKind,
    /// In words: `Conv 3×3, 32`.
    pub label: String,
    /// Output of one image: `[height, width, channels]` or `[units]`.
    pub output: Vec<usize>,
    /// Trained values: weights, biases, scale and shift of batch norm.
    pub parameters: usize,
    /// Multiply-accumulates of one image's forward pass.
    pub macs: usize,
}

/// A network's layers, in order, the input first and the logits last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// The layers.
    pub layers: Vec<Layer>,
}

impl Cost {
    /// Trained values of the whole network.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|l| l.parameters).sum()
    }

    /// Multiply-accumulates of one image's forward pass.
    pub fn macs(&self) -> usize {
        self.layers.iter().map(|l| l.macs).sum()
    }

    /// Bytes of the weights as 32-bit floats.
    pub fn weight_bytes(&self) -> usize {
        4 * self.parameters()
    }
}

/// The layers of one of the config's networks. The config must be valid.
pub fn of(kind: NetworkKind, config: &RunConfig) -> Cost {
    match kind {
        NetworkKind::Ann => ann(config),
        NetworkKind::Cnn => cnn(config),
    }
}

struct Builder {
    layers: Vec<Layer>,
}

impl Builder {
    fn new(output: Vec<usize>) -> Self {
        let layers = Vec::new();
        Self { layers }.plain(LayerKind::Input, "Input".to_owned(), output)
    }

    fn push(mut self, kind: LayerKind, label: String, output: Vec<usize>, parameters: usize, macs: usize) -> Self {
        self.layers.push(Layer { kind, label, output, parameters, macs });
        self
    }

    fn plain(self, kind: LayerKind, label: String, output: Vec<usize>) -> Self {
        self.push(kind, label, output, 0, 0)
    }

    fn output(&self) -> Vec<usize> {
        self.layers.last().map(|l| l.output.clone()).unwrap_or_default()
    }

    /// A layer that keeps the shape.
    fn same(self, kind: LayerKind, label: String, parameters: usize) -> Self {
        let output = self.output();
        self.push(kind, label, output, parameters, 0)
    }

    fn dense(self, units: usize, label: &str) -> Self {
        let inputs: usize = self.output().iter().product();
        let label = format!("{label} {units}");
        self.push(LayerKind::Dense, label, vec![units], inputs * units + units, inputs * units)
    }

    fn dropout(self, share: f64) -> Self {
        if share > 0.0 { self.same(LayerKind::Dropout, format!("Dropout {share}"), 0) } else { self }
    }

    fn normalised(self, on: bool, features: usize) -> Self {
        if on { self.same(LayerKind::BatchNorm, "Batch norm".to_owned(), 2 * features) } else { self }
    }

    fn activation(self, activation: crate::config::Activation) -> Self {
        self.same(LayerKind::Activation, activation.label().to_owned(), 0)
    }

    fn logits(self) -> Cost {
        Cost { layers: self.dense(CLASSES, "Logits").layers }
    }
}

fn ann(config: &RunConfig) -> Cost {
    let mut net = Builder::new(vec![PIXELS]);
    for &units in &config.ann_hidden {
        net = net
            .dense(units, "Dense")
            .normalised(config.ann_batch_norm, units)
            .activation(config.ann_activation)
            .dropout(config.ann_dropout);
    }
    net.logits()
}

fn cnn(config: &RunConfig) -> Cost {
    let kernel = config.cnn_kernel;
    let mut net = Builder::new(vec![SIDE, SIDE, 1]);
    let (mut side, mut inputs) = (SIDE, 1);
    for &channels in &config.cnn_channels {
        side = conv_side(side, kernel, config.cnn_padding).unwrap_or(0);
        let weights = kernel * kernel * inputs * channels;
        net = net
            .push(
                LayerKind::Conv,
                format!("Conv {kernel}×{kernel}, {channels}"),
                vec![side, side, channels],
                weights + channels,
                weights * side * side,
            )
            .normalised(config.cnn_batch_norm, channels)
            .activation(config.cnn_activation);
        side /= 2;
        net = net.plain(LayerKind::MaxPool, "Max pool 2×2".to_owned(), vec![side, side, channels]);
        inputs = channels;
    }
    net = match config.cnn_head {
        Head::Average => net.plain(LayerKind::GlobalAverage, "Global average".to_owned(), vec![inputs]),
        Head::Dense => net
            .plain(LayerKind::Flatten, "Flatten".to_owned(), vec![side * side * inputs])
            .dense(config.cnn_dense, "Dense")
            .activation(config.cnn_activation),
    };
    net.dropout(config.cnn_dropout).logits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_networks_cost_what_they_cost_by_hand() {
        let config = RunConfig::default();
        let ann = of(NetworkKind::Ann, &config);
        assert_eq!(ann.parameters(), 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10);
        assert_eq!(ann.macs(), 784 * 256 + 256 * 128 + 128 * 10);
        let cnn = of(NetworkKind::Cnn, &config);
        // 28 -> 26 -> 13 -> 11 -> 5; 5 * 5 * 64 = 1,600.
        assert_eq!(cnn.parameters(), 9 * 32 + 32 + 9 * 32 * 64 + 64 + 1600 * 128 + 128 + 1290);
        assert_eq!(cnn.macs(), 26 * 26 * 288 + 11 * 11 * 18_432 + 1600 * 128 + 1280);
        assert_eq!(cnn.layers.last().unwrap().output, [CLASSES]);
    }

    #[test]
    fn batch_norm_adds_a_scale_and_a_shift_a_channel() {
        let config = RunConfig { cnn_batch_norm: true, ..RunConfig::default() };
        let plain = of(NetworkKind::Cnn, &RunConfig::default()).parameters();
        assert_eq!(of(NetworkKind::Cnn, &config).parameters(), plain + 2 * (32 + 64));
    }
}

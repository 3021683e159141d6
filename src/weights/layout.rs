//! The tensors of a network: their names and shapes, in the order in which they stand in a flat list of weights.

use crate::config::{Head, NetworkKind, RunConfig, conv_side};
use crate::fashion_mnist::{CLASSES, PIXELS, SIDE};

/// One tensor of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorShape {
    /// For example `conv1.weight`.
    pub name: String,
    /// Its axes; the last one is contiguous.
    pub shape: Vec<usize>,
}

impl TensorShape {
    /// How many values it has.
    pub fn values(&self) -> usize {
        self.shape.iter().product()
    }
}

/// All tensors of a network of a valid config, in the order of its flat list. docs/networks.md explains names and shapes.
pub fn layout(kind: NetworkKind, config: &RunConfig) -> Vec<TensorShape> {
    let mut tensors = Tensors(Vec::new());
    match kind {
        NetworkKind::Ann => {
            let mut inputs = PIXELS;
            for (at, &units) in config.ann_hidden.iter().enumerate() {
                tensors.layer(&format!("dense{}", at + 1), vec![inputs, units], units);
                tensors.norm(config.ann_batch_norm, at + 1, units);
                inputs = units;
            }
            tensors.layer("logits", vec![inputs, CLASSES], CLASSES);
        }
        NetworkKind::Cnn => {
            let (mut side, mut inputs, kernel) = (SIDE, 1, config.cnn_kernel);
            for (at, &channels) in config.cnn_channels.iter().enumerate() {
                tensors.layer(&format!("conv{}", at + 1), vec![channels, inputs, kernel, kernel], channels);
                tensors.norm(config.cnn_batch_norm, at + 1, channels);
                // A valid config never lets the image vanish.
                side = conv_side(side, kernel, config.cnn_padding).unwrap_or(0) / 2;
                inputs = channels;
            }
            if config.cnn_head == Head::Dense {
                tensors.layer("dense", vec![side * side * inputs, config.cnn_dense], config.cnn_dense);
                inputs = config.cnn_dense;
            }
            tensors.layer("logits", vec![inputs, CLASSES], CLASSES);
        }
    }
    tensors.0
}

struct Tensors(Vec<TensorShape>);

impl Tensors {
    fn push(&mut self, name: String, shape: Vec<usize>) {
        self.0.push(TensorShape { name, shape });
    }

    fn layer(&mut self, name: &str, weight: Vec<usize>, outputs: usize) {
        self.push(format!("{name}.weight"), weight);
        self.push(format!("{name}.bias"), vec![outputs]);
    }

    fn norm(&mut self, on: bool, number: usize, features: usize) {
        for part in ["scale", "shift", "mean", "variance"].into_iter().filter(|_| on) {
            self.push(format!("norm{number}.{part}"), vec![features]);
        }
    }
}

//! Every number that is shown agrees with the network's own, for both networks that ship and for every choice of a config.

mod arithmetic;
mod gradient;
mod maps;
mod pca;
mod stages;

use super::*;
use crate::config::{Activation, Head, NetworkKind, Padding, RunConfig};
use crate::weights::{TensorShape, layout};

/// The 784 pixels of each garment: twenty records of 789 bytes behind four (docs/networks.md).
fn garments() -> impl Iterator<Item = &'static [u8]> {
    const FILE: &[u8] = include_bytes!("../../../public/models/garments.bin");
    FILE[4..].chunks_exact(5 + PIXELS).map(|record| &record[5..])
}

/// Both networks that ship.
fn shipped() -> [TrainedNetwork; 2] {
    let ann: &[u8] = include_bytes!("../../../public/models/ann.safetensors");
    let cnn: &[u8] = include_bytes!("../../../public/models/cnn.safetensors");
    [ann, cnn].map(|bytes| TrainedNetwork::read(bytes).unwrap())
}

/// Numbers between -1 and 1 without a pattern.
fn numbers(seed: u32) -> impl FnMut() -> f32 {
    use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
    let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
    move || rng.random_range(-1.0..1.0)
}

/// An image of which about a third is black.
fn image(seed: u32) -> Vec<u8> {
    let mut next = numbers(seed);
    (0..PIXELS).map(|_| (next() * 200.0 + 70.0).clamp(0.0, 255.0) as u8).collect()
}

/// A network with weights of about the size that training starts from; no bias, mean or shift is 0, and no scale or variance is 1.
fn random(kind: NetworkKind, config: RunConfig, seed: u32) -> TrainedNetwork {
    let mut next = numbers(seed);
    let mut weights = Vec::new();
    for TensorShape { name, shape } in layout(kind, &config) {
        let inputs = match shape.as_slice() {
            [inputs, _] => *inputs,
            [_, inputs, height, width] => inputs * height * width,
            _ => 1,
        };
        let part = name.rsplit('.').next().unwrap_or_default();
        let value = |_| match part {
            "weight" => next() * (6.0 / inputs as f32).sqrt(),
            "variance" | "scale" => 1.0 + 0.5 * next(),
            _ => 0.3 * next(),
        };
        weights.extend((0..shape.iter().product::<usize>()).map(value));
    }
    TrainedNetwork { kind, config, dataset: String::new(), test: None, weights }
}

const ACTIVATIONS: [Activation; 6] = [
    Activation::Relu,
    Activation::LeakyRelu,
    Activation::Gelu,
    Activation::Silu,
    Activation::Tanh,
    Activation::Sigmoid,
];

/// Small networks that together have every choice of a config: 0 to 3 hidden layers or blocks, batch norm, padding, kernel, head, with each
/// activation.
fn every_choice() -> Vec<TrainedNetwork> {
    let mut networks = Vec::new();
    for activation in ACTIVATIONS {
        for (hidden, batch_norm) in
            [(vec![], false), (vec![7], false), (vec![9], true), (vec![8, 5], true), (vec![6, 7, 5], false)]
        {
            let config = RunConfig {
                ann_hidden: hidden,
                ann_activation: activation,
                ann_batch_norm: batch_norm,
                ..RunConfig::default()
            };
            networks.push(random(NetworkKind::Ann, config, networks.len() as u32));
        }
        for (channels, kernel, padding, head, batch_norm) in [
            (vec![2, 3], 3, Padding::Valid, Head::Dense, false),
            (vec![3, 2], 5, Padding::Same, Head::Average, true),
            (vec![2, 3, 2], 3, Padding::Same, Head::Dense, true),
            (vec![4], 5, Padding::Valid, Head::Average, false),
            (vec![2, 2], 5, Padding::Valid, Head::Dense, true),
        ] {
            let config = RunConfig {
                cnn_channels: channels,
                cnn_kernel: kernel,
                cnn_padding: padding,
                cnn_head: head,
                cnn_batch_norm: batch_norm,
                cnn_dense: 5,
                cnn_activation: activation,
                ..RunConfig::default()
            };
            assert_eq!(config.validate(), Ok(()));
            networks.push(random(NetworkKind::Cnn, config, networks.len() as u32));
        }
    }
    networks
}

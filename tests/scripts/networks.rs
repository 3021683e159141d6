//! The networks that the scripts are tested with: the two that ship, and ones with random weights for all other settings.

use fashion_lab::config::{Activation, Head, NetworkKind, Padding, RunConfig};
use fashion_lab::weights::{TrainedNetwork, layout};

/// Numbers that look random and are the same everywhere (SplitMix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    /// From -1 to 1, evenly.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 40) as f32) / (1 << 23) as f32 - 1.0
    }
}

/// A network with random weights of such a size that values neither vanish nor grow from layer to layer, and that answers differ.
fn random(kind: NetworkKind, config: RunConfig, seed: u64) -> TrainedNetwork {
    assert_eq!(config.validate(), Ok(()));
    let mut random = Random(seed);
    let mut weights = Vec::new();
    for tensor in layout(kind, &config) {
        let (layer, part) = tensor.name.split_once('.').unwrap();
        // Dense layers have [inputs, units], convolutions [channels, inputs, height, width].
        let inputs: usize = match tensor.shape.as_slice() {
            [inputs, _] => *inputs,
            [_, rest @ ..] => rest.iter().product(),
            [] => 1,
        };
        let size = (3.0 / inputs as f32).sqrt() * if layer == "logits" { 4.0 } else { 1.5 };
        weights.extend((0..tensor.values()).map(|_| match part {
            "weight" => size * random.next(),
            "scale" | "variance" => 1.0 + 0.5 * random.next(),
            _ => 0.2 * random.next(),
        }));
    }
    TrainedNetwork { kind, config, dataset: "Fashion-MNIST".to_owned(), test: [0.1, 2.3], weights }
}

/// Each network with its name.
pub fn all() -> Vec<(&'static str, TrainedNetwork)> {
    let shipped = |bytes| TrainedNetwork::read(bytes).unwrap();
    let base = RunConfig::default();
    vec![
        ("ann", shipped(include_bytes!("../../public/models/ann.safetensors"))),
        ("cnn", shipped(include_bytes!("../../public/models/cnn.safetensors"))),
        (
            "ann-norm",
            random(
                NetworkKind::Ann,
                RunConfig {
                    ann_hidden: vec![48, 32, 24],
                    ann_batch_norm: true,
                    ann_activation: Activation::Silu,
                    ann_dropout: 0.3,
                    ..base.clone()
                },
                1,
            ),
        ),
        (
            "cnn-norm-average",
            random(
                NetworkKind::Cnn,
                RunConfig {
                    cnn_channels: vec![8, 12, 16],
                    cnn_batch_norm: true,
                    cnn_activation: Activation::Gelu,
                    cnn_padding: Padding::Same,
                    cnn_head: Head::Average,
                    ..base.clone()
                },
                2,
            ),
        ),
        (
            "cnn-norm-dense",
            // 28 - 4 = 24, 12 - 4 = 8, 4: the flatten has a height, a width and channels of different order.
            random(
                NetworkKind::Cnn,
                RunConfig {
                    cnn_channels: vec![6, 10],
                    cnn_kernel: 5,
                    cnn_batch_norm: true,
                    cnn_activation: Activation::LeakyRelu,
                    cnn_dropout: 0.0,
                    cnn_dense: 20,
                    ..base.clone()
                },
                3,
            ),
        ),
        (
            "cnn-odd",
            // 28 - 2 = 26, 13 - 2 = 11: the second pool leaves a row and a column out.
            random(
                NetworkKind::Cnn,
                RunConfig {
                    cnn_channels: vec![6, 10],
                    cnn_activation: Activation::Tanh,
                    cnn_dense: 20,
                    ..base.clone()
                },
                4,
            ),
        ),
        (
            "ann-sigmoid",
            random(
                NetworkKind::Ann,
                RunConfig { ann_hidden: vec![40], ann_activation: Activation::Sigmoid, ..base },
                5,
            ),
        ),
    ]
}

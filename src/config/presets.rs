//! Ready-made configs, each with its purpose. Leaves out: how a link or the form chooses one.

use super::{Activation, Head, Optimizer, Padding, RunConfig, Schedule};

/// A named config.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// The key in the URL fragment: `preset=quick`.
    pub key: &'static str,
    /// The name on the page.
    pub label: &'static str,
    /// One sentence: what it is for.
    pub help: &'static str,
    make: fn() -> RunConfig,
}

impl Preset {
    /// The config itself.
    pub fn config(&self) -> RunConfig {
        (self.make)()
    }
}

/// All presets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset {
        key: "standard",
        label: "Standard",
        help: "Two small networks with about as many parameters each, on all images, for ten epochs.",
        make: RunConfig::default,
    },
    Preset {
        key: "quick",
        label: "Quick look",
        help: "The standard networks on 6,000 images for three epochs: takes seconds and shows how everything works.",
        make: || RunConfig { train: 6_000, epochs: 3, ..RunConfig::default() },
    },
    Preset {
        key: "small",
        label: "Small and cheap",
        help: "One hidden layer of 64 units against two blocks of 8 and 16 channels with a global average: what a few thousand parameters can do.",
        make: || RunConfig {
            ann_hidden: vec![64],
            cnn_channels: vec![8, 16],
            cnn_padding: Padding::Same,
            cnn_head: Head::Average,
            cnn_dropout: 0.0,
            learning_rate: 3e-3,
            schedule: Schedule::OneCycle,
            ..RunConfig::default()
        },
    },
    Preset {
        key: "regularised",
        label: "Against overfitting",
        help: "Dropout, batch norm, label smoothing, weight decay and augmentation together, for twenty epochs.",
        make: || RunConfig {
            epochs: 20,
            batch: 128,
            optimizer: Optimizer::AdamW,
            learning_rate: 4e-3,
            schedule: Schedule::OneCycle,
            weight_decay: 0.02,
            label_smoothing: 0.05,
            flip: true,
            shift: 1,
            erase: 0.2,
            ann_hidden: vec![512, 256],
            ann_dropout: 0.2,
            ann_batch_norm: true,
            cnn_channels: vec![32, 64, 128],
            cnn_padding: Padding::Same,
            cnn_batch_norm: true,
            ..RunConfig::default()
        },
    },
    Preset {
        key: "classic",
        label: "1990s",
        help: "tanh, plain SGD with momentum and 5×5 kernels, much as LeNet-5 had them (LeCun et al. 1998).",
        make: || RunConfig {
            optimizer: Optimizer::Sgd,
            learning_rate: 0.02,
            ann_hidden: vec![300, 100],
            ann_activation: Activation::Tanh,
            cnn_channels: vec![6, 16],
            cnn_kernel: 5,
            cnn_padding: Padding::Valid,
            cnn_activation: Activation::Tanh,
            cnn_dense: 84,
            cnn_dropout: 0.0,
            ..RunConfig::default()
        },
    },
];

/// The preset of that key.
pub(super) fn find(key: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.key == key)
}

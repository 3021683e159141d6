//! One value that describes a whole run: both networks, optimiser, schedule, augmentation, seed and backend.
//!
//! Raw input (form fields, the URL fragment, a JSON file) becomes a [`RunConfig`] here and nowhere else. Every other module takes a
//! config that passed [`RunConfig::validate`]. The table [`FIELDS`] has label, unit, range and help of each field;
//! [`PRESETS`] are ready-made configs. Leaves out: training, and where the text comes from.

mod choices;

mod error;
mod fields;
#[cfg(not(target_arch = "wasm32"))]
mod file;
mod fragment;
mod go_on;
mod presets;
mod shape;
mod value;

pub use choices::{
    Activation, BackendChoice, Head, NetworkKind, Networks, Optimizer, Order, Padding, Schedule, ScoredWeights,
};
pub use error::ConfigError;
pub use fields::{FIELDS, Field, Group, Kind, field};
#[cfg(not(target_arch = "wasm32"))]
pub use file::read_config;
pub use fragment::Fragment;
pub use go_on::FIXED_FIELDS;
pub use presets::{PRESETS, Preset};
pub use shape::{conv_side, vanishing_block};
pub use value::config_of_value;

use crate::fashion_mnist::TRAIN_IMAGES;
use serde::{Deserialize, Serialize};

/// A whole run. The names of the fields are the keys of the URL fragment and of the JSON form; ranges, units and help are in
/// [`FIELDS`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunConfig {
    /// Which networks are trained.
    pub networks: Networks,
    /// In turn or side by side.
    pub order: Order,
    /// Which backend computes.
    pub backend: BackendChoice,
    /// CPU workers that share each batch; 0 lets a short calibration choose.
    pub workers: usize,
    /// Images of the training set that are used (the first ones of a seeded, stratified order).
    pub train: usize,
    /// Share of those images that is kept for validation.
    pub validation: f64,
    /// Passes over the training images.
    pub epochs: usize,
    /// Images in one step.
    pub batch: usize,
    /// Fixes all random numbers of the run.
    pub seed: u64,
    /// Stop after this many epochs without a lower validation loss, and score the weights of the epoch with the lowest one; 0 never
    /// stops early.
    pub patience: usize,
    /// How gradients become steps.
    pub optimizer: Optimizer,
    /// The (largest) learning rate.
    pub learning_rate: f64,
    /// How the learning rate changes over the run.
    pub schedule: Schedule,
    /// Momentum of SGD.
    pub momentum: f64,
    /// Nesterov's form of momentum, SGD only.
    pub nesterov: bool,
    /// Pulls weights to zero: added to the gradient in SGD and Adam, decoupled in AdamW.
    pub weight_decay: f64,
    /// Probability mass spread evenly over the ten classes.
    pub label_smoothing: f64,
    /// Which weights are scored.
    pub weights: ScoredWeights,
    /// Mirrors half of the training images.
    pub flip: bool,
    /// Largest shift of a training image in each direction, in pixels.
    pub shift: usize,
    /// Probability that a rectangle of a training image is erased.
    pub erase: f64,
    /// Units of each hidden layer of the ANN.
    pub ann_hidden: Vec<usize>,
    /// Non-linearity of the ANN.
    pub ann_activation: Activation,
    /// Dropout after each hidden layer of the ANN.
    pub ann_dropout: f64,
    /// Batch normalisation before each non-linearity of the ANN.
    pub ann_batch_norm: bool,
    /// Channels of each block of the CNN.
    pub cnn_channels: Vec<usize>,
    /// Height and width of the CNN's kernels.
    pub cnn_kernel: usize,
    /// Padding of the CNN's convolutions.
    pub cnn_padding: Padding,
    /// Non-linearity of the CNN.
    pub cnn_activation: Activation,
    /// Batch normalisation after each convolution.
    pub cnn_batch_norm: bool,
    /// Dropout before the CNN's logits.
    pub cnn_dropout: f64,
    /// What stands between the last block and the logits.
    pub cnn_head: Head,
    /// Units of the dense head.
    pub cnn_dense: usize,
}

impl Default for RunConfig {
    /// The preset `standard`: the networks that the figures in the README are for.
    fn default() -> Self {
        Self {
            networks: Networks::Both,
            order: Order::InTurn,
            backend: BackendChoice::Auto,
            workers: 0,
            train: TRAIN_IMAGES,
            validation: 0.1,
            epochs: 10,
            batch: 64,
            seed: 42,
            patience: 0,
            optimizer: Optimizer::Adam,
            learning_rate: 1e-3,
            schedule: Schedule::Cosine,
            momentum: 0.9,
            nesterov: true,
            weight_decay: 0.0,
            label_smoothing: 0.0,
            weights: ScoredWeights::Last,
            flip: false,
            shift: 0,
            erase: 0.0,
            ann_hidden: vec![256, 128],
            ann_activation: Activation::Relu,
            ann_dropout: 0.0,
            ann_batch_norm: false,
            cnn_channels: vec![32, 64],
            cnn_kernel: 3,
            cnn_padding: Padding::Valid,
            cnn_activation: Activation::Relu,
            cnn_batch_norm: false,
            cnn_dropout: 0.25,
            cnn_head: Head::Dense,
            cnn_dense: 128,
        }
    }
}

impl RunConfig {
    /// The networks that this run trains, in order.
    pub fn kinds(&self) -> &'static [NetworkKind] {
        match self.networks {
            Networks::Both => &NetworkKind::ALL,
            Networks::Ann => &NetworkKind::ALL[..1],
            Networks::Cnn => &NetworkKind::ALL[1..],
        }
    }

    /// Images kept for validation, of the [`RunConfig::train`] that are used.
    pub fn validation_images(&self) -> usize {
        (self.train as f64 * self.validation).round() as usize
    }

    /// Images that are trained on.
    pub fn training_images(&self) -> usize {
        self.train - self.validation_images()
    }

    /// Steps of one epoch: whole batches only, so that every step has the same shape. The images that are left over are not trained
    /// on in this epoch; each epoch has its own permutation, which leaves other images over.
    pub fn steps_per_epoch(&self) -> usize {
        self.training_images() / self.batch
    }

    /// Steps of the whole run, over which the learning rate moves.
    pub fn total_steps(&self) -> usize {
        self.epochs * self.steps_per_epoch()
    }

    /// The value of one field as text, in the form that [`RunConfig::set`] takes.
    ///
    /// # Errors
    /// [`ConfigError::Unknown`] where no field has that key.
    pub fn get(&self, key: &str) -> Result<String, ConfigError> {
        fields::get(self, key)
    }

    /// Sets one field from text, checking its range.
    ///
    /// # Errors
    /// [`ConfigError::Unknown`] or [`ConfigError::Value`]; the config is then unchanged.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), ConfigError> {
        fields::set(self, key, value)
    }

    /// Sets one field from its JSON value, checking its range. A text may stand for any value: `"64,32"` for `[64, 32]`.
    ///
    /// # Errors
    /// As [`RunConfig::set`].
    pub fn set_value(&mut self, key: &str, value: &serde_json::Value) -> Result<(), ConfigError> {
        fields::set_value(self, key, value)
    }

    /// Checks the range of every field, and that the fields fit together.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of [`FIELDS`]; combinations come last.
    pub fn validate(&self) -> Result<(), Vec<ConfigError>> {
        let mut errors: Vec<_> = FIELDS.iter().filter_map(|f| fields::check(self, f).err()).collect();
        if errors.is_empty() {
            if self.steps_per_epoch() == 0 {
                errors.push(ConfigError::Combination(format!(
                    "{} training images are fewer than one batch of {}: use more images, a smaller validation share or a smaller batch",
                    self.training_images(),
                    self.batch
                )));
            }
            if self.weights == ScoredWeights::Best && self.validation_images() == 0 {
                errors.push(ConfigError::Combination(
                    "the weights of the best epoch need validation images to find it: use a validation share above 0, or the \
                     weights of the last epoch"
                        .to_owned(),
                ));
            }
            if let Some(block) = vanishing_block(self) {
                errors.push(ConfigError::Combination(format!(
                    "the image is too small for block {block} of the CNN: use fewer blocks, a smaller kernel or padding `same`"
                )));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Reads a config from JSON; fields that are left out have their default.
    ///
    /// # Errors
    /// As [`read_config`].
    #[cfg(not(target_arch = "wasm32"))]
    pub fn from_json(text: &str) -> Result<Self, Vec<ConfigError>> {
        read_config(text.as_bytes())
    }

    /// The URL fragment of this config: `key=value&key=value`, only what differs from the default. All its characters may
    /// stand in a URL without an escape.
    pub fn to_fragment(&self) -> String {
        fragment::write(self)
    }

    /// Reads a URL fragment (with or without `#`), also one that was changed on its way. A preset in it is the base, whatever its
    /// place, and the other keys change single fields. A value that cannot be read is named, and the field keeps its value; where the
    /// fields do not go together the default config is used. So the result is always valid. `autostart` and `view` are no fields.
    pub fn from_fragment(fragment: &str) -> Fragment {
        fragment::read(fragment)
    }
}

#[cfg(test)]
mod tests;

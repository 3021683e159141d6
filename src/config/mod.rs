//! One value that names a whole run: both networks, optimiser, schedule, augmentation, seed and backend.
//!
//! Raw input (form fields, the URL fragment, a JSON file) becomes a [`RunConfig`] here and nowhere else; a config that passed
//! [`RunConfig::validate`] is what every other module takes. What each field means to a person (label, unit, range, help) is the
//! table [`FIELDS`]; ready-made configs are [`PRESETS`].

mod fields;
mod file;
mod presets;
mod shape;

pub use fields::{FIELDS, Field, Group, Kind, field};
pub use file::read_config;
pub use presets::{PRESETS, Preset};
pub use shape::{conv_side, vanishing_block};

use crate::fashion_mnist::TRAIN_IMAGES;
use serde::{Deserialize, Serialize};

/// Why a config, or one field of it, was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No field of that name exists.
    #[error("there is no setting called `{0}`")]
    Unknown(String),
    /// The value cannot be read, or lies outside the field's range.
    #[error("{label}: `{value}` is not allowed; {expected}")]
    Value {
        /// The field's key.
        key: &'static str,
        /// The field's label, as the page shows it.
        label: &'static str,
        /// What was given.
        value: String,
        /// What would be allowed.
        expected: String,
    },
    /// Fields that are each allowed do not go together.
    #[error("{0}")]
    Combination(String),
    /// The JSON text is not a config.
    #[error("the run config could not be read: {0}")]
    Json(String),
}

macro_rules! choices {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $key)] $variant),+ }
        impl $name {
            /// The key that names this value in a URL and in JSON.
            pub fn key(self) -> &'static str { match self { $(Self::$variant => $key),+ } }
        }
    };
}

choices! {
    /// Which networks a run trains.
    Networks { /// The ANN and the CNN.
        Both = "both", /// The ANN alone.
        Ann = "ann", /// The CNN alone.
        Cnn = "cnn" }
}
choices! {
    /// When the networks of a run are trained.
    Order { /// One after the other, each with the whole machine.
        InTurn = "turn", /// At the same time, each in a worker of its own.
        SideBySide = "side" }
}
choices! {
    /// Which backend computes.
    BackendChoice { /// WebGPU where it exists and agrees with the CPU, else Flex.
        Auto = "auto", /// burn-wgpu.
        WebGpu = "webgpu", /// burn-flex with this project's own kernels, the CPU backend.
        Flex = "flex", /// burn-flex without this project's own kernels, to compare with.
        PlainFlex = "flex-plain", /// burn-ndarray, the reference CPU backend.
        NdArray = "ndarray" }
}
choices! {
    /// The non-linearity after a hidden layer.
    Activation { /// max(0, x).
        Relu = "relu", /// x where x > 0, else 0.01 x.
        LeakyRelu = "leaky_relu", /// x Φ(x) (Hendrycks and Gimpel 2016).
        Gelu = "gelu", /// x σ(x) (Ramachandran et al. 2017).
        Silu = "silu", /// Hyperbolic tangent.
        Tanh = "tanh", /// Logistic function.
        Sigmoid = "sigmoid" }
}
impl Activation {
    /// The name on the page.
    pub fn label(self) -> &'static str {
        match self {
            Activation::Relu => "ReLU",
            Activation::LeakyRelu => "Leaky ReLU",
            Activation::Gelu => "GELU",
            Activation::Silu => "SiLU",
            Activation::Tanh => "tanh",
            Activation::Sigmoid => "Sigmoid",
        }
    }
}
choices! {
    /// Zeros around the image before a convolution.
    Padding { /// None: the image shrinks by kernel - 1.
        Valid = "valid", /// (kernel - 1) / 2 on each side: the size stays.
        Same = "same" }
}
choices! {
    /// What stands between the last block of the CNN and its logits.
    Head { /// Flatten, then one dense hidden layer.
        Dense = "dense", /// The average of each channel over the image.
        Average = "average" }
}
choices! {
    /// How gradients become steps.
    Optimizer { /// Stochastic gradient descent with momentum.
        Sgd = "sgd", /// Adam (Kingma and Ba 2015).
        Adam = "adam", /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
        AdamW = "adamw" }
}
choices! {
    /// How the learning rate moves over a run.
    Schedule { /// It stays.
        Constant = "constant", /// Times 0.1 after half and after three quarters of the epochs.
        Step = "step", /// Half a cosine from the learning rate to zero (Loshchilov and Hutter 2017).
        Cosine = "cosine", /// Up over the first 30 % of the steps, down to zero over the rest (Smith and Topin 2018).
        OneCycle = "one_cycle" }
}

/// One of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NetworkKind {
    /// The plain multilayer perceptron.
    Ann,
    /// The convolutional network.
    Cnn,
}

impl NetworkKind {
    /// Both, in the order in which the page shows them.
    pub const ALL: [NetworkKind; 2] = [NetworkKind::Ann, NetworkKind::Cnn];

    /// `ANN` or `CNN`.
    pub fn label(self) -> &'static str {
        match self {
            NetworkKind::Ann => "ANN",
            NetworkKind::Cnn => "CNN",
        }
    }

    /// The key in JSON: `ann` or `cnn`.
    pub fn key(self) -> &'static str {
        match self {
            NetworkKind::Ann => "ann",
            NetworkKind::Cnn => "cnn",
        }
    }
}

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
    /// Images a step.
    pub batch: usize,
    /// Names the whole run's random numbers.
    pub seed: u64,
    /// Stop after this many epochs without a lower validation loss; 0 is never.
    pub patience: usize,
    /// How gradients become steps.
    pub optimizer: Optimizer,
    /// The (largest) learning rate.
    pub learning_rate: f64,
    /// How the learning rate moves.
    pub schedule: Schedule,
    /// Momentum of SGD.
    pub momentum: f64,
    /// Nesterov's form of momentum, SGD only.
    pub nesterov: bool,
    /// Pulls weights to zero: added to the gradient in SGD and Adam, decoupled in AdamW.
    pub weight_decay: f64,
    /// Probability mass spread evenly over the ten classes.
    pub label_smoothing: f64,
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

    /// Steps of one epoch: whole batches only, so that every step has the same shape; what is left over comes first in the next
    /// epoch's permutation with the same chance as any other image.
    pub fn steps_per_epoch(&self) -> usize {
        self.training_images() / self.batch
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

    /// Checks every field's range, and that the fields go together.
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
    pub fn from_json(text: &str) -> Result<Self, Vec<ConfigError>> {
        read_config(text.as_bytes())
    }

    /// The URL fragment that names this config: `key=value&key=value`, only what differs from the default. Every value is made of
    /// characters that need no escape.
    pub fn to_fragment(&self) -> String {
        let default = Self::default();
        FIELDS
            .iter()
            .filter_map(|f| {
                let value = fields::get(self, f.key).ok()?;
                (fields::get(&default, f.key).ok()? != value).then(|| format!("{}={value}", f.key))
            })
            .collect::<Vec<_>>()
            .join("&")
    }

    /// Reads a URL fragment (with or without `#`). A bad value is named and replaced by its default, so the result is always valid.
    /// The flag `autostart` is told apart from the fields.
    pub fn from_fragment(fragment: &str) -> Fragment {
        let mut config = Self::default();
        let mut notices = Vec::new();
        let mut autostart = false;
        for part in fragment.trim_start_matches('#').split('&').filter(|p| !p.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            if key == "autostart" {
                autostart = !matches!(value, "0" | "false");
            } else if let Some(preset) = (key == "preset").then(|| presets::find(value)).flatten() {
                config = preset.config();
            } else if let Err(e) = config.set(key, value) {
                notices.push(e);
            }
        }
        if let Err(errors) = config.validate() {
            notices.extend(errors);
            config = Self::default();
        }
        Fragment { config, notices, autostart }
    }
}

/// What a URL fragment says.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    /// A valid config.
    pub config: RunConfig,
    /// What was wrong in the fragment, each named.
    pub notices: Vec<ConfigError>,
    /// Whether the run shall start by itself.
    pub autostart: bool,
}

#[cfg(test)]
mod tests;

//! The table of a config's fields: what each means to a person and which values it takes. The form, the URL fragment and the
//! validation all read this one table, so they cannot disagree. Leaves out: which fields fit together (`RunConfig::validate`).

use super::{ConfigError, RunConfig};
use crate::fashion_mnist::TRAIN_IMAGES;
use serde_json::Value;

/// Where a field stands in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// What is run, on which data and with which backend.
    Run,
    /// Optimiser, schedule and regularisation.
    Training,
    /// How training images are varied.
    Augmentation,
    /// The multilayer perceptron.
    Ann,
    /// The convolutional network.
    Cnn,
}

/// The values that a field takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// One of some keys, each with its label.
    Choice(&'static [(&'static str, &'static str)]),
    /// A whole number from `min` to `max`.
    Integer {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
        /// Unit, or "".
        unit: &'static str,
    },
    /// A number from `min` to `max`.
    Real {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Unit, or "".
        unit: &'static str,
    },
    /// Yes or no.
    Flag,
    /// One to `most` whole numbers from `min` to `max`, separated by commas.
    Integers {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
        /// The most numbers.
        most: usize,
        /// Unit.
        unit: &'static str,
    },
}

/// One field of [`RunConfig`] as a person sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The name in [`RunConfig`], in JSON and in the URL fragment.
    pub key: &'static str,
    /// The name on the page.
    pub label: &'static str,
    /// Where it stands.
    pub group: Group,
    /// Its values.
    pub kind: Kind,
    /// One sentence: what it does and when to change it.
    pub help: &'static str,
}

const ACTIVATIONS: Kind = Kind::Choice(&[
    ("relu", "ReLU"),
    ("leaky_relu", "Leaky ReLU"),
    ("gelu", "GELU"),
    ("silu", "SiLU"),
    ("tanh", "tanh"),
    ("sigmoid", "Sigmoid"),
]);

const fn integer(min: u64, max: u64, unit: &'static str) -> Kind {
    Kind::Integer { min, max, unit }
}

const fn real(min: f64, max: f64, unit: &'static str) -> Kind {
    Kind::Real { min, max, unit }
}

const fn row(group: Group, key: &'static str, label: &'static str, kind: Kind, help: &'static str) -> Field {
    Field { key, label, group, kind, help }
}

/// Every field, in the order in which the page shows them.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    row(Group::Run, "networks", "Networks", Kind::Choice(&[("both", "Both"), ("ann", "ANN only"), ("cnn", "CNN only")]), "Which networks to train; the comparison needs both."),
    row(Group::Run, "order", "Order", Kind::Choice(&[("turn", "In turn"), ("side", "Side by side")]), "In turn gives each network the whole machine, so their times compare; side by side shows both at once."),
    row(Group::Run, "backend", "Backend", Kind::Choice(&[("auto", "Automatic"), ("webgpu", "WebGPU"), ("flex", "CPU (Flex)"), ("flex-plain", "CPU (Flex, no own kernels)"), ("ndarray", "CPU (NdArray)")]), "What computes; automatic takes WebGPU if it trains a few steps exactly as the CPU does."),
    row(Group::Run, "workers", "CPU workers", integer(0, 16, "workers"), "How many CPU workers share each batch; 0 lets a short calibration choose. If there are more workers than processors, only as many work as make it faster."),
    row(Group::Run, "train", "Training subset", integer(100, TRAIN_IMAGES as u64, "images"), "How many of the 60,000 training images to use; a few thousand give a quick try."),
    row(Group::Run, "validation", "Validation share", real(0.0, 0.5, "of the subset"), "The share kept aside to watch for overfitting; it is split before augmentation and never trained on."),
    row(Group::Run, "epochs", "Epochs", integer(1, 200, "epochs"), "How many times every training image is seen."),
    row(Group::Run, "batch", "Batch size", integer(1, 1024, "images"), "Images in one step; larger batches run faster, but an epoch then has fewer steps."),
    row(Group::Run, "seed", "Seed", integer(0, u32::MAX as u64, ""), "Fixes all random numbers: the same seed, settings and number of workers repeat the run on the same backend."),
    row(Group::Run, "patience", "Early stopping", integer(0, 50, "epochs"), "Stop after this many epochs without a lower validation loss and score the weights of the epoch with the lowest one; 0 never stops early."),
    row(Group::Training, "optimizer", "Optimiser", Kind::Choice(&[("sgd", "SGD"), ("adam", "Adam"), ("adamw", "AdamW")]), "How gradients become steps; Adam needs little tuning, SGD needs a larger learning rate (about 0.05)."),
    row(Group::Training, "learning_rate", "Learning rate", real(1e-6, 10.0, ""), "The size of a step, or the largest size where a schedule changes it; too large a value diverges, too small a value learns slowly."),
    row(Group::Training, "schedule", "Schedule", Kind::Choice(&[("constant", "Constant"), ("step", "Step"), ("cosine", "Cosine"), ("one_cycle", "One-cycle")]), "How the learning rate changes over the run; a schedule that ends near zero usually gains some accuracy."),
    row(Group::Training, "momentum", "Momentum", real(0.0, 0.999, ""), "SGD only: the share of the last step that is added to the next one."),
    row(Group::Training, "nesterov", "Nesterov", Kind::Flag, "SGD only: looks ahead along the momentum before it takes the gradient."),
    row(Group::Training, "weight_decay", "Weight decay", real(0.0, 1.0, ""), "Pulls weights towards zero against overfitting; AdamW decouples it from the gradient (try 0.01)."),
    row(Group::Training, "label_smoothing", "Label smoothing", real(0.0, 0.5, "of the mass"), "Spreads some probability over all classes, so that the network is less confident."),
    row(Group::Training, "weights", "Scored weights", Kind::Choice(&[("last", "Last epoch"), ("best", "Best epoch")]), "Which weights the test set scores: those of the last epoch, or those of the epoch with the lowest validation loss (needs a validation share)."),
    row(Group::Augmentation, "flip", "Mirror", Kind::Flag, "Mirrors half of the training images, chosen at random; a shoe then points the other way."),
    row(Group::Augmentation, "shift", "Shift", integer(0, 4, "pixels"), "Moves each training image by up to this many pixels, so that position matters less."),
    row(Group::Augmentation, "erase", "Random erasing", real(0.0, 1.0, "probability"), "Blanks a random rectangle of a training image, so that the network cannot rely on one detail."),
    row(Group::Ann, "ann_hidden", "Hidden layers", Kind::Integers { min: 1, max: 1024, most: 4, unit: "units" }, "Units of each hidden layer, one to four of them, separated by commas."),
    row(Group::Ann, "ann_activation", "Activation", ACTIVATIONS, "The non-linearity after each hidden layer; without one the network would be a single linear map."),
    row(Group::Ann, "ann_dropout", "Dropout", real(0.0, 0.9, "probability"), "Switches off this share of hidden units at random in training, against overfitting."),
    row(Group::Ann, "ann_batch_norm", "Batch norm", Kind::Flag, "Normalises each hidden unit over the batch; allows larger learning rates."),
    row(Group::Cnn, "cnn_channels", "Blocks", Kind::Integers { min: 1, max: 256, most: 4, unit: "channels" }, "Channels of each block (convolution, activation, 2×2 max pool), one to four, separated by commas."),
    row(Group::Cnn, "cnn_kernel", "Kernel size", Kind::Choice(&[("3", "3 × 3"), ("5", "5 × 5")]), "Height and width of what each convolution sees at once; larger kernels cost more and see more."),
    row(Group::Cnn, "cnn_padding", "Padding", Kind::Choice(&[("valid", "None"), ("same", "Same size")]), "Zeros around the image; without them it shrinks with each convolution."),
    row(Group::Cnn, "cnn_activation", "Activation", ACTIVATIONS, "The non-linearity after each convolution."),
    row(Group::Cnn, "cnn_batch_norm", "Batch norm", Kind::Flag, "Normalises each channel over the batch after each convolution; allows larger learning rates."),
    row(Group::Cnn, "cnn_dropout", "Dropout", real(0.0, 0.9, "probability"), "Switches off this share of the features before the logits at random in training, against overfitting."),
    row(Group::Cnn, "cnn_head", "Head", Kind::Choice(&[("dense", "Dense"), ("average", "Global average")]), "A dense layer keeps positions and has most of the parameters; a global average has almost none."),
    row(Group::Cnn, "cnn_dense", "Dense units", integer(1, 1024, "units"), "Units of the dense head; not used by a global average."),
];

/// The row of one field.
pub fn field(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|f| f.key == key)
}

impl Kind {
    /// What would be allowed, as the end of a sentence.
    pub fn expected(&self) -> String {
        match self {
            Kind::Choice(options) => {
                let keys: Vec<_> = options.iter().map(|(key, _)| *key).collect();
                format!("use one of {}", keys.join(", "))
            }
            Kind::Integer { min, max, unit } => {
                format!("use a whole number from {min} to {max} {unit}").trim_end().to_owned()
            }
            Kind::Real { min, max, unit } => format!("use a number from {min} to {max} {unit}").trim_end().to_owned(),
            Kind::Flag => "use true or false".to_owned(),
            Kind::Integers { min, max, most, unit } => {
                format!("use 1 to {most} whole numbers from {min} to {max} ({unit}), separated by commas")
            }
        }
    }

    /// Reads text as a JSON value of this kind, if it is in range.
    fn parse(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        match *self {
            Kind::Choice(options) => options
                .iter()
                .any(|(key, _)| *key == text)
                // A choice of numbers (the kernel size) is a number in the config.
                .then(|| text.parse::<u64>().map_or_else(|_| text.into(), Value::from)),
            Kind::Integer { min, max, .. } => {
                let n: u64 = text.parse().ok()?;
                (min..=max).contains(&n).then(|| n.into())
            }
            Kind::Real { min, max, .. } => {
                let x: f64 = text.parse().ok()?;
                (min..=max).contains(&x).then(|| x.into())
            }
            Kind::Flag => match text {
                "true" | "1" => Some(true.into()),
                "false" | "0" => Some(false.into()),
                _ => None,
            },
            Kind::Integers { min, max, most, .. } => {
                let list = text
                    .split(',')
                    .map(|part| part.trim().parse::<u64>().ok().filter(|n| (min..=max).contains(n)))
                    .collect::<Option<Vec<_>>>()?;
                (1..=most).contains(&list.len()).then(|| list.into())
            }
        }
    }
}

fn as_object(config: &RunConfig) -> serde_json::Map<String, Value> {
    match serde_json::to_value(config) {
        Ok(Value::Object(map)) => map,
        // A struct of plain values always becomes an object.
        _ => serde_json::Map::new(),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Array(list) => list.iter().map(text_of).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

pub(super) fn get(config: &RunConfig, key: &str) -> Result<String, ConfigError> {
    as_object(config).get(key).map(text_of).ok_or_else(|| ConfigError::unknown(key))
}

pub(super) fn set(config: &mut RunConfig, key: &str, text: &str) -> Result<(), ConfigError> {
    let row = field(key).ok_or_else(|| ConfigError::unknown(key))?;
    let refused = || ConfigError::value(row.key, row.label, text, row.kind.expected());
    let value = row.kind.parse(text).ok_or_else(refused)?;
    let mut object = as_object(config);
    object.insert(key.to_owned(), value);
    *config = serde_json::from_value(Value::Object(object)).map_err(|_| refused())?;
    Ok(())
}

/// Sets a field from its JSON value.
pub(super) fn set_value(config: &mut RunConfig, key: &str, value: &Value) -> Result<(), ConfigError> {
    set(config, key, &text_of(value))
}

/// Checks that [`set`] would take the field's present value.
pub(super) fn check(config: &RunConfig, row: &Field) -> Result<(), ConfigError> {
    let value = get(config, row.key)?;
    match row.kind.parse(&value) {
        Some(_) => Ok(()),
        None => Err(ConfigError::value(row.key, row.label, &value, row.kind.expected())),
    }
}

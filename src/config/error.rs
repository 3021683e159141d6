//! The errors of a config. Each is a sentence that names the field and the next step. Leaves out: where it is shown.

/// Why a config, or one field of it, was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No field of that name exists; at most 60 characters of the name.
    #[error("there is no setting called `{0}`")]
    Unknown(String),
    /// The value cannot be read, or lies outside the field's range.
    #[error("{label}: `{value}` is not allowed; {expected}")]
    Value {
        /// The field's key.
        key: &'static str,
        /// The field's label, as the page shows it.
        label: &'static str,
        /// What was given, at most 60 characters of it.
        value: String,
        /// What would be allowed.
        expected: String,
    },
    /// Each field is allowed, but the fields do not fit together.
    #[error("{0}")]
    Combination(String),
    /// No preset of that name exists.
    #[error("there is no preset called `{name}`; the presets are {known}")]
    UnknownPreset {
        /// What was given.
        name: String,
        /// All keys, separated by commas.
        known: String,
    },
    /// A link names more than one preset.
    #[error("there is more than one preset; the last one, `{used}`, is used")]
    SeveralPresets {
        /// The key of the preset that is used.
        used: &'static str,
    },
    /// There are more errors than are shown; this one counts the rest.
    #[error("{0} more settings could not be read")]
    More(usize),
    /// The JSON text is not a config.
    #[error("the run config could not be read: {0}")]
    Json(String),
}

impl ConfigError {
    /// The characters of a wrong text that a message repeats.
    const SHOWN: usize = 60;

    pub(super) fn unknown(key: &str) -> Self {
        ConfigError::Unknown(shortened(key))
    }

    pub(super) fn unknown_preset(name: &str, known: &[&str]) -> Self {
        ConfigError::UnknownPreset { name: shortened(name), known: known.join(", ") }
    }

    /// A value that a field does not take; `key` and `label` are the field's.
    pub(super) fn value(key: &'static str, label: &'static str, value: &str, expected: String) -> Self {
        ConfigError::Value { key, label, value: shortened(value), expected }
    }
}

/// At most [`ConfigError::SHOWN`] characters of a text, with an ellipsis in place of the rest.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(ConfigError::SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

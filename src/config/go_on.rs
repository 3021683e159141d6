//! Whether a network can go on from a checkpoint of another run. Leaves out: the checkpoint itself (`train::checkpoint`), and what a
//! branch takes from its parent (`run::branch`).

use super::{FIELDS, Field, Group, RunConfig};

/// The fields that a run has in common with the run whose checkpoint it goes on from: the data, the split, the batch size and the
/// architecture of both networks, in the order of [`FIELDS`].
pub const FIXED_FIELDS: &[&str] = &[
    "train",
    "validation",
    "batch",
    "seed",
    "ann_hidden",
    "ann_activation",
    "ann_batch_norm",
    "cnn_channels",
    "cnn_kernel",
    "cnn_padding",
    "cnn_activation",
    "cnn_batch_norm",
    "cnn_head",
    "cnn_dense",
];

impl Field {
    /// The label with the network in front of it, where the field is of one network: `CNN padding`.
    pub fn full_label(&self) -> String {
        let network = match self.group {
            Group::Ann => "ANN ",
            Group::Cnn => "CNN ",
            Group::Run | Group::Training | Group::Augmentation => return self.label.to_owned(),
        };
        let mut letters = self.label.chars();
        let first = letters.next().into_iter().flat_map(char::to_lowercase);
        network.chars().chain(first).chain(letters).collect()
    }
}

impl RunConfig {
    /// Checks that a network of this run can go on from a checkpoint of `parent`: the [`FIXED_FIELDS`] are equal. All other fields may
    /// differ.
    ///
    /// # Errors
    /// The first field that differs, in a sentence with both values.
    pub fn may_go_on_from(&self, parent: &RunConfig) -> Result<(), String> {
        let differs =
            |field: &&Field| FIXED_FIELDS.contains(&field.key) && self.get(field.key) != parent.get(field.key);
        let Some(field) = FIELDS.iter().find(differs) else { return Ok(()) };
        let value = |config: &RunConfig| config.get(field.key).unwrap_or_default();
        Err(format!(
            "The run cannot go on from this checkpoint: {} is {} here and {} in the checkpoint.",
            field.full_label(),
            value(self),
            value(parent)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::field;

    /// Another value for each fixed field, and one for each field that may differ.
    const FIXED: &[(&str, &str)] = &[
        ("train", "500"),
        ("validation", "0.2"),
        ("batch", "32"),
        ("seed", "7"),
        ("ann_hidden", "64"),
        ("ann_activation", "tanh"),
        ("ann_batch_norm", "true"),
        ("cnn_channels", "8,16"),
        ("cnn_kernel", "5"),
        ("cnn_padding", "same"),
        ("cnn_activation", "tanh"),
        ("cnn_batch_norm", "true"),
        ("cnn_head", "average"),
        ("cnn_dense", "64"),
    ];
    const FREE: &[(&str, &str)] = &[
        ("networks", "ann"),
        ("order", "side"),
        ("backend", "flex"),
        ("workers", "2"),
        ("epochs", "20"),
        ("patience", "3"),
        ("optimizer", "sgd"),
        ("learning_rate", "0.01"),
        ("schedule", "constant"),
        ("momentum", "0.5"),
        ("nesterov", "false"),
        ("weight_decay", "0.01"),
        ("label_smoothing", "0.1"),
        ("weights", "best"),
        ("flip", "true"),
        ("shift", "2"),
        ("erase", "0.5"),
        ("ann_dropout", "0.5"),
        ("cnn_dropout", "0.5"),
    ];

    fn with(key: &str, value: &str) -> RunConfig {
        let mut config = RunConfig::default();
        config.set(key, value).unwrap();
        assert_ne!(config, RunConfig::default(), "{key} has another value than the default");
        config
    }

    #[test]
    fn data_split_batch_and_architecture_are_fixed_and_all_else_is_free() {
        let parent = RunConfig::default();
        assert_eq!(parent.may_go_on_from(&parent), Ok(()));
        assert_eq!(FIXED.len() + FREE.len(), FIELDS.len(), "each field is either fixed or free");
        for (key, value) in FREE {
            assert_eq!(with(key, value).may_go_on_from(&parent), Ok(()), "{key}");
        }
        for (key, value) in FIXED {
            let said = with(key, value).may_go_on_from(&parent).unwrap_err();
            assert!(said.contains(&field(key).unwrap().full_label()), "{key}: {said}");
        }
    }

    #[test]
    fn the_first_field_that_differs_is_named_with_both_values() {
        let here = RunConfig { seed: 7, batch: 32, ..RunConfig::default() };
        let said = here.may_go_on_from(&RunConfig::default()).unwrap_err();
        assert_eq!(said, "The run cannot go on from this checkpoint: Batch size is 32 here and 64 in the checkpoint.");
        let said = with("cnn_padding", "same").may_go_on_from(&RunConfig::default()).unwrap_err();
        assert!(said.contains("CNN padding is same here and valid in the checkpoint"), "{said}");
    }
}

//! What differs between two configs. Leaves out: how a run is named by it (`label`).

use crate::config::{FIELDS, Field, Kind, RunConfig};

/// One field that two configs have different values of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field's key.
    pub key: &'static str,
    /// The field's name on the page, with its network where it belongs to one: `CNN dropout`.
    pub label: String,
    /// The first config's value, as a person reads it.
    pub left: String,
    /// The second config's value.
    pub right: String,
}

/// Each field that differs, in the order of the form.
pub fn differences(a: &RunConfig, b: &RunConfig) -> Vec<Difference> {
    let row = |field: &Field| {
        let (left, right) = (value(a, field), value(b, field));
        (left != right).then(|| Difference { key: field.key, label: field.full_label(), left, right })
    };
    FIELDS.iter().filter_map(row).collect()
}

/// A field's value as a person reads it: a choice by its name, a share or rate with no more zeros than needed, a flag as `on` or `off`.
fn value(config: &RunConfig, field: &Field) -> String {
    let text = config.get(field.key).unwrap_or_default(); // The table names every field.
    match field.kind {
        Kind::Choice(options) => {
            options.iter().find(|(key, _)| *key == text).map_or(text, |(_, label)| (*label).to_owned())
        }
        Kind::Flag => if text == "true" { "on" } else { "off" }.to_owned(),
        Kind::Real { .. } => text.parse().map_or(text, real),
        Kind::Integer { .. } => text,
        Kind::Integers { .. } => text.replace(',', ", "),
    }
}

/// `0.25`, `1`, and with a power of ten below a hundredth: `3e-3`.
fn real(x: f64) -> String {
    if x != 0.0 && x.abs() < 0.01 { format!("{x:e}") } else { x.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Head, Optimizer};

    #[test]
    fn equal_configs_do_not_differ() {
        assert_eq!(differences(&RunConfig::default(), &RunConfig::default()), []);
    }

    #[test]
    fn each_field_that_differs_comes_in_the_order_of_the_form_with_both_values() {
        let a = RunConfig::default();
        let b = RunConfig {
            cnn_head: Head::Average,
            cnn_dropout: 0.0,
            ann_hidden: vec![64],
            flip: true,
            learning_rate: 3e-3,
            optimizer: Optimizer::AdamW,
            batch: 128,
            ..a.clone()
        };
        let rows: Vec<String> = differences(&a, &b)
            .into_iter()
            .map(|d| format!("{} | {}: {} / {}", d.key, d.label, d.left, d.right))
            .collect();
        assert_eq!(
            rows,
            [
                "batch | Batch size: 64 / 128",
                "optimizer | Optimiser: Adam / AdamW",
                "learning_rate | Learning rate: 1e-3 / 3e-3",
                "flip | Mirror: off / on",
                "ann_hidden | ANN hidden layers: 256, 128 / 64",
                "cnn_dropout | CNN dropout: 0.25 / 0",
                "cnn_head | CNN head: Dense / Global average",
            ]
        );
    }
}

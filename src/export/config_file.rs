//! A config as a file, in the form that `lab train --config` reads: a line for each setting, in the order of the page.

use crate::config::{FIELDS, RunConfig};

/// The text of the file. Every setting stands in it, so that a later default changes nothing.
pub fn config_file(config: &RunConfig) -> String {
    // Plain values always become an object.
    let value = serde_json::to_value(config).unwrap_or_default();
    let lines: Vec<String> = FIELDS.iter().map(|row| format!("  \"{}\": {}", row.key, value[row.key])).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PRESETS, Padding, config_of_value};

    #[test]
    fn every_reader_of_configs_reads_it() {
        let odd = RunConfig { learning_rate: 0.1 + 0.2, cnn_padding: Padding::Same, ..RunConfig::default() };
        for config in PRESETS.iter().map(|preset| preset.config()).chain([odd]) {
            let text = config_file(&config);
            assert_eq!(RunConfig::from_json(&text), Ok(config.clone()));
            assert_eq!(config_of_value(&serde_json::from_str(&text).unwrap()), Ok(config));
        }
        let text = config_file(&RunConfig::default());
        assert_eq!(text.lines().count(), FIELDS.len() + 2);
        assert!(text.contains("\n  \"ann_hidden\": [256,128],\n"), "{text}");
        // A setting without a row would be lost.
        let all = serde_json::to_value(RunConfig::default()).unwrap();
        assert_eq!(all.as_object().unwrap().len(), FIELDS.len());
    }
}

//! Reads a config from a JSON value whose text came from outside. It names the setting that is wrong, and is small in WebAssembly.
//! Leaves out lines: `file` knows them, for `lab` alone.

use super::{ConfigError, RunConfig, field};
use serde_json::Value;

/// A valid config; what is left out has its default.
///
/// # Errors
/// Everything that is wrong: unknown settings and values of a wrong type, else what [`RunConfig::validate`] says.
pub fn config_of_value(value: &Value) -> Result<RunConfig, Vec<ConfigError>> {
    let Value::Object(object) = value else {
        return Err(vec![ConfigError::Json("it is no object such as {\"epochs\": 5}".to_owned())]);
    };
    let read = |value: Value| serde_json::from_value::<RunConfig>(value);
    let wrong = object.iter().filter_map(|(key, value)| {
        let Some(row) = field(key) else { return Some(ConfigError::unknown(key)) };
        let alone = Value::Object([(key.clone(), value.clone())].into_iter().collect());
        read(alone).err().map(|_| ConfigError::value(row.key, row.label, &value.to_string(), row.kind.expected()))
    });
    let wrong: Vec<_> = wrong.collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let config = read(value.clone()).map_err(|e| vec![ConfigError::Json(e.to_string())])?;
    config.validate().map(|()| config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_left_out_has_its_default_and_what_is_wrong_is_named() {
        let config = config_of_value(&json!({"epochs": 3, "ann_hidden": [8]})).unwrap();
        assert_eq!(config, RunConfig { epochs: 3, ann_hidden: vec![8], ..RunConfig::default() });
        let errors = |value| config_of_value(&value).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>();
        let wrong = errors(json!({"epochs": "3", "speed": 1, "batch": -1}));
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong.iter().any(|e| e == "there is no setting called `speed`"), "{wrong:?}");
        assert!(wrong.iter().any(|e| e.contains("Epochs: `\"3\"` is not allowed; use a whole number")), "{wrong:?}");
        assert!(errors(json!({"epochs": 0}))[0].contains("Epochs"));
        assert!(errors(json!([1]))[0].contains("no object"));
    }
}

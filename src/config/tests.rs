use super::*;

#[test]
fn the_default_and_every_preset_are_valid() {
    assert_eq!(RunConfig::default().validate(), Ok(()));
    for preset in PRESETS {
        assert_eq!(preset.config().validate(), Ok(()), "{}", preset.key);
    }
}

#[test]
fn the_table_names_every_field_of_the_config_once() {
    let value = serde_json::to_value(RunConfig::default()).unwrap();
    let mut of_config: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
    let mut of_table: Vec<_> = FIELDS.iter().map(|f| f.key.to_owned()).collect();
    of_config.sort();
    of_table.sort();
    assert_eq!(of_config, of_table);
}

#[test]
fn every_choice_in_the_table_can_be_set_and_read_back() {
    for field in FIELDS {
        if let Kind::Choice(options) = field.kind {
            for (key, _) in options {
                let mut config = RunConfig::default();
                config.set(field.key, key).unwrap();
                assert_eq!(config.get(field.key).unwrap(), *key);
            }
        }
    }
}

#[test]
fn a_fragment_gives_back_the_config_that_it_names() {
    for preset in PRESETS {
        let config = preset.config();
        let back = RunConfig::from_fragment(&config.to_fragment());
        assert_eq!(back.config, config, "{}", preset.key);
        assert!(back.notices.is_empty() && !back.autostart);
    }
}

#[test]
fn a_bad_value_in_a_fragment_is_named_and_replaced_by_its_default() {
    let read = RunConfig::from_fragment("#autostart&epochs=0&batch=32&colour=red&cnn_channels=8,,4&seed=7");
    assert!(read.autostart);
    assert_eq!((read.config.epochs, read.config.batch, read.config.seed), (10, 32, 7));
    assert_eq!(read.config.cnn_channels, [32, 64]);
    let said: Vec<_> = read.notices.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].contains("Epochs") && said[0].contains("`0`") && said[0].contains("1 to 200"));
    assert!(said[1].contains("`colour`"));
}

#[test]
fn fields_that_do_not_go_together_are_refused() {
    let vanishing = RunConfig { cnn_channels: vec![8; 4], ..RunConfig::default() };
    let said = vanishing.validate().unwrap_err();
    assert!(said[0].to_string().contains("block 4"), "{said:?}");
    let starved = RunConfig { train: 100, batch: 128, ..RunConfig::default() };
    assert!(matches!(starved.validate().unwrap_err()[0], ConfigError::Combination(_)));
}

#[test]
fn json_with_an_unknown_or_infinite_value_is_refused() {
    assert!(RunConfig::from_json(r#"{"epochz": 3}"#).is_err());
    assert!(RunConfig::from_json(r#"{"learning_rate": 1e999}"#).is_err());
    assert!(RunConfig::from_json(r#"{"learning_rate": -1}"#).is_err());
    assert_eq!(RunConfig::from_json("{}").unwrap(), RunConfig::default());
    assert!(RunConfig::default().set("learning_rate", "NaN").is_err());
}

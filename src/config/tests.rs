//! The config as a person meets it: fields, combinations, JSON, and links that were changed on their way.

use super::*;
use proptest::prelude::*;

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

#[test]
fn a_preset_is_the_base_whatever_its_place() {
    let quick = RunConfig::from_fragment("preset=quick").config;
    let expected = RunConfig { networks: Networks::Cnn, epochs: 5, ..quick };
    for link in [
        "networks=cnn&preset=quick&epochs=5",
        "preset=quick&epochs=5&networks=cnn",
        "epochs=5&networks=cnn&preset=quick",
    ] {
        let read = RunConfig::from_fragment(link);
        assert_eq!((&read.config, read.notices.len()), (&expected, 0), "{link}");
    }
}

#[test]
fn of_two_presets_the_last_one_counts_and_a_notice_says_so() {
    let read = RunConfig::from_fragment("preset=quick&batch=32&preset=small");
    let small = RunConfig::from_fragment("preset=small").config;
    assert_eq!(read.config, RunConfig { batch: 32, ..small });
    assert_eq!(read.notices, [ConfigError::SeveralPresets { used: "small" }]);
    assert!(read.notices[0].to_string().contains("`small`"));
    assert!(
        RunConfig::from_fragment("preset=quick&preset=quick").notices.is_empty(),
        "the same one twice is no question"
    );
}

#[test]
fn an_unknown_preset_is_called_one_and_the_known_ones_are_named() {
    let read = RunConfig::from_fragment("preset=fast&epochs=3");
    assert_eq!(read.config, RunConfig { epochs: 3, ..RunConfig::default() });
    let said = read.notices[0].to_string();
    assert!(said.contains("no preset called `fast`"), "{said}");
    assert!(PRESETS.iter().all(|preset| said.contains(preset.key)), "{said}");
    // A known one beside it still counts.
    let both = RunConfig::from_fragment("preset=quick&preset=fast");
    assert_eq!((both.config.train, both.notices.len()), (6_000, 1));
}

#[test]
fn a_link_that_was_changed_on_its_way_still_names_its_config() {
    let expected = RunConfig {
        ann_hidden: vec![512, 256],
        cnn_channels: vec![8, 16],
        learning_rate: 0.01,
        epochs: 3,
        ..RunConfig::default()
    };
    for link in [
        "#ann_hidden=512%2C256&cnn_channels=8,16&learning_rate=0.01&epochs=3",
        "ann_hidden=512,256&amp;cnn_channels=8,16&amp;learning_rate=0.01&amp;epochs=3",
        "ann_hidden=512,256&amp;amp;cnn_channels=8,16&#38;learning_rate=0.01&amp;epochs=3",
        "ann_hidden=512,256&cnn_channels=8,16&learning_rate=0.01&epochs=3.",
        "ann_hidden=512,256&cnn_channels=8,16&learning_rate=0.01&epochs=3),",
        "ann_hidden=512,256&cnn_channels=8,16&learning_rate=0.01&epochs=3&gt;",
        "ann_hidden=512,256&cnn_channels=8,16&learning_rate=0.01&epochs=3%E2%80%9D.",
        "ann_hidden%3D512%2C256%26cnn_channels%3D8%2C16%26learning_rate%3D0.01%26epochs%3D3",
        "ann_hidden=512%252C256&cnn_channels=8%252C16&learning_rate=0.01&epochs=3",
        "ann_hidden=512%2C+256&cnn_channels=8,%2016&learning_rate=1e-2&epochs=3+",
        "ann_hidden=512,256&cnn_channels=8,16%0A&learning_rate=0.01&%20epochs=3%0D%0A",
    ] {
        let read = RunConfig::from_fragment(link);
        assert_eq!(read.config, expected, "{link}");
        assert_eq!((read.notices, read.autostart), (vec![], false), "{link}");
    }
    let plus = RunConfig::from_fragment("learning_rate=1e+0&autostart.");
    assert_eq!((plus.config.learning_rate, plus.autostart), (1.0, true), "a plus inside a value is a plus");
}

#[test]
fn a_notice_repeats_at_most_sixty_characters() {
    let long = "ä".repeat(10_000);
    for link in [format!("epochs={long}"), format!("{long}=1"), format!("preset={long}"), long.clone()] {
        let read = RunConfig::from_fragment(&link);
        assert_eq!((read.config.clone(), read.notices.len()), (RunConfig::default(), 1));
        for said in [read.notices[0].to_string(), read.messages()[0].clone()] {
            assert!(said.contains(&format!("`{}…`", "ä".repeat(60))) && said.chars().count() < 250, "{said}");
        }
    }
    let short = "a".repeat(60);
    assert!(RunConfig::from_fragment(&short).notices[0].to_string().contains(&format!("`{short}`")), "nothing is cut");
}

#[test]
fn a_link_gives_a_handful_of_notices() {
    let link = (0..100).map(|i| format!("colour{i}=red")).collect::<Vec<_>>().join("&");
    let read = RunConfig::from_fragment(&link);
    assert_eq!((read.notices.len(), read.notices.last()), (5, Some(&ConfigError::More(96))));
    let five = RunConfig::from_fragment("a=1&b=1&c=1&d=1&e=1");
    assert!(five.notices.iter().all(|notice| matches!(notice, ConfigError::Unknown(_))));
}

#[test]
fn a_message_says_what_was_done_instead() {
    let said = RunConfig::from_fragment("preset=quick&epochs=0&colour=red").messages();
    assert!(
        said[0].starts_with("In the address: Epochs: `0` is not allowed") && said[0].ends_with("The value is now 3.")
    );
    assert!(said[1].contains("`colour`") && said[1].ends_with("It is ignored."), "{said:?}");
    let said = RunConfig::from_fragment("weights=best&validation=0").messages();
    assert!(said[0].contains("validation share above 0") && said[0].ends_with("All settings now have their defaults."));
}

#[test]
fn the_weights_of_the_best_epoch_need_validation_images() {
    assert_eq!(RunConfig::default().weights, ScoredWeights::Last, "the default scores what it always scored");
    let best = RunConfig { weights: ScoredWeights::Best, ..RunConfig::default() };
    assert_eq!(best.validate(), Ok(()));
    assert_eq!(best.to_fragment(), "weights=best");
    for validation in [0.0, 0.001] {
        // Of 100 images a share of 0.001 rounds to none.
        let none = RunConfig { validation, train: 100, ..best.clone() };
        let said = none.validate().unwrap_err();
        assert!(matches!(&said[0], ConfigError::Combination(text) if text.contains("validation share")), "{said:?}");
        assert_eq!(RunConfig { weights: ScoredWeights::Last, ..none }.validate(), Ok(()));
    }
}

/// A text for a field: mostly one that it takes.
fn value_of(field: &Field) -> BoxedStrategy<String> {
    match field.kind {
        Kind::Choice(options) => proptest::sample::select(options).prop_map(|(key, _)| key.to_owned()).boxed(),
        Kind::Flag => any::<bool>().prop_map(|on| on.to_string()).boxed(),
        Kind::Integer { min, max, .. } => (min..=max).prop_map(|n| n.to_string()).boxed(),
        Kind::Real { min, max, .. } => (min..=max).prop_map(|x| x.to_string()).boxed(),
        Kind::Integers { min, max, most, .. } => proptest::collection::vec(min..=max, 1..=most)
            .prop_map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
            .boxed(),
    }
}

/// Any valid config: some fields of the default are changed.
fn configs() -> impl Strategy<Value = RunConfig> {
    let change = proptest::sample::select(FIELDS).prop_flat_map(|field| (Just(field.key), value_of(&field)));
    proptest::collection::vec(change, 0..12).prop_filter_map("the fields do not go together", |changes| {
        let mut config = RunConfig::default();
        for (key, value) in changes {
            config.set(key, &value).unwrap();
        }
        config.validate().is_ok().then_some(config)
    })
}

/// Random text from the parts of links, so that much of it has a meaning.
fn links() -> impl Strategy<Value = String> {
    let keys = FIELDS.iter().map(|field| field.key).chain([
        "preset",
        "autostart",
        "quick",
        "cnn",
        "best",
        "0",
        "8,16",
        "1e999",
    ]);
    let joints = ["=", "&", "&amp;", "%26", "%3D", "%2C", "%", "%E4", "+", ".", "#", ",", "amp;", "\u{200b}", " "];
    let words: Vec<&str> = keys.chain(joints).chain(joints).collect();
    proptest::collection::vec(proptest::sample::select(words), 0..30).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_fragment_gives_a_valid_config(text in any::<String>(), link in links()) {
        for fragment in [text, link] {
            let read = RunConfig::from_fragment(&fragment);
            prop_assert_eq!(read.config.validate(), Ok(()));
            prop_assert!(read.notices.len() <= 5 && read.messages().len() == read.notices.len());
        }
    }

    #[test]
    fn a_config_survives_every_way_that_a_link_takes(config in configs()) {
        let link = config.to_fragment();
        let encoded = percent_encoding::utf8_percent_encode(&link, percent_encoding::NON_ALPHANUMERIC).to_string();
        let values = link.replace(',', "%2C");
        let escaped = link.replace('&', "&amp;");
        for way in [link.clone(), format!("#{link}"), encoded, values, escaped.clone(), escaped.replace('&', "&amp;"), format!("{link}).")] {
            let read = RunConfig::from_fragment(&way);
            prop_assert_eq!(&read.config, &config, "{}", way);
            prop_assert!(read.notices.is_empty(), "{}: {:?}", way, read.notices);
        }
    }
}

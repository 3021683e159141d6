//! A file is what its content says; nothing makes the readers panic.

use super::*;
use proptest::prelude::*;

#[test]
fn a_file_is_what_its_content_says() {
    for bytes in [ANN, CNN] {
        let read = TrainedNetwork::read(bytes).unwrap();
        assert_eq!(read_any("photo.png", bytes), Ok(Imported::Weights(Box::new(read))));
    }
    let config = config();
    let text = config_file(&config);
    let expected = Ok(Imported::Config(Box::new(config)));
    assert_eq!(read_any("ann.safetensors", text.as_bytes()), expected);
    assert_eq!(read_any("x", &[b"\xef\xbb\xbf \r\n", text.as_bytes()].concat()), expected);
    let report = format!("{{\"version\": 1, \"config\": {text}, \"networks\": {{}}}}");
    assert_eq!(read_any("x", report.as_bytes()), expected);
}

#[test]
fn what_cannot_be_used_is_named() {
    let refused = |bytes: &[u8]| read_any("a.bin", bytes).unwrap_err();
    assert_eq!(refused(b"").refusal, Refusal::Empty);
    for bytes in [&b"GIF89a"[..], b"\x89PNG\r\n", &[0; 100], b"[1]", b"words", &[0xff; 9]] {
        assert_eq!(refused(bytes).refusal, Refusal::Unknown, "{bytes:?}");
    }
    assert_eq!(refused(&npz(&network(NetworkKind::Ann, &config())).unwrap()).refusal, Refusal::Npz);
    assert_eq!(refused(&packed(&[("a.txt".to_owned(), Vec::new())])).refusal, Refusal::Unknown);
    assert!(matches!(refused(&ANN[..ANN.len() / 2]).refusal, Refusal::Weights(WeightsError::Length { .. })));
    let huge = [&(1_u64 << 40).to_le_bytes()[..], b"{\"a\":1}"].concat();
    assert!(matches!(refused(&huge).refusal, Refusal::Weights(WeightsError::Header(_))));
    assert!(matches!(refused(b"{\"epochs\": 3").refusal, Refusal::Json(_)));
    let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
    assert!(matches!(refused(deep.as_bytes()).refusal, Refusal::Json(_)));
    let wrong = refused(b"{\"epochs\": 0, \"batch\": 0, \"seed\": -1}").to_string();
    assert!(wrong.starts_with("a.bin: ") && wrong.contains("Seed"), "{wrong}");
    let wrong = refused(b"{\"epochs\": 0, \"batch\": 0}").to_string();
    assert!(wrong.contains("Epochs") && wrong.ends_with("(and one more setting is wrong)"), "{wrong}");
    let long = read_any(&format!("\u{7}\n{}", "x".repeat(500)), b"").unwrap_err();
    assert_eq!(long.name, "x".repeat(60));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_run_is_refused_or_the_same(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let whole = run().to_bytes().unwrap();
        let mut changed = whole.clone();
        changed[at.index(whole.len())] = byte;
        prop_assert!(RunFile::read(&changed).is_err() || changed == whole);
        let _ = read_any("", &changed);
        prop_assert!(read_any("", &whole[..cut.index(whole.len())]).is_err());
    }

    #[test]
    fn a_changed_record_with_the_right_checksum_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), digits in "[0-9]{1,20}") {
        let mut files = files(&run().to_bytes().unwrap());
        let at = at.index(files[1].1.len());
        files[1].1.splice(at..=at, digits.bytes().chain([byte]));
        if let Ok(read) = RunFile::read(&packed(&files)) {
            // What was read can be used: it is written again, as a table and as a file.
            let _ = metrics_csv(&[(&read.record, "")]);
            prop_assert!(read.to_bytes().is_ok());
        }
    }

    #[test]
    fn changed_weights_and_configs_never_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        for whole in [network(NetworkKind::Ann, &config()).to_bytes().unwrap(), config_file(&config()).into_bytes()] {
            let mut changed = whole.clone();
            changed[at.index(whole.len())] = byte;
            let _ = read_any("", &changed);
            changed.truncate(cut.index(whole.len()));
            let _ = read_any("", &changed);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0_usize..4) {
        let starts: [&[u8]; 4] = [b"", b"PK\x03\x04", b"{\"", b"\x10\0\0\0\0\0\0\0{\""];
        let _ = read_any("", &[starts[start], &bytes].concat());
    }
}

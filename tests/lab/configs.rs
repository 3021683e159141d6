//! Config files as people have them, read without a file system.

use fashion_lab::config::{BackendChoice, ConfigError, Networks, RunConfig, read_config};

/// The config of the files that are to be taken.
fn expected() -> RunConfig {
    let backend = BackendChoice::Flex;
    RunConfig { networks: Networks::Ann, train: 1000, epochs: 1, backend, workers: 1, ..RunConfig::default() }
}

fn said(bytes: &[u8]) -> Vec<String> {
    let errors: Vec<ConfigError> = read_config(bytes).expect_err(&String::from_utf8_lossy(bytes));
    errors.iter().map(ToString::to_string).collect()
}

/// One error, which names all of these.
fn names(bytes: &[u8], parts: &[&str]) {
    let said = said(bytes);
    assert_eq!(said.len(), 1, "{said:?}");
    for part in parts {
        assert!(said[0].contains(part), "{part} is not in {}", said[0]);
    }
}

#[test]
fn a_report_a_byte_order_mark_and_utf_16_are_taken() {
    assert_eq!(read_config(include_bytes!("configs/exported-report.json")), Ok(expected()));
    assert_eq!(read_config(include_bytes!("configs/bom.json")), Ok(expected()));
    let little = include_bytes!("configs/utf16-powershell51.json");
    assert_eq!(read_config(little), Ok(expected()));
    let big: Vec<u8> = little.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
    assert_eq!(read_config(&big), Ok(expected()));
    assert_eq!(read_config(b"{}"), Ok(RunConfig::default()));
}

#[test]
fn a_mistake_is_named_with_its_line_and_field() {
    names(include_bytes!("configs/trailing-comma.json"), &["line 6", "comma"]);
    names(include_bytes!("configs/string-numbers.json"), &["line 1", "`epochs`", "\"5\"", "1 to 200", "quotation"]);
    names(b"{\n\n  \"epochz\": 3\n}", &["line 3", "`epochz`"]);
    names(b"{\"epochs\": 3\n \"batch\": 5}", &["line 2"]);
    names(b"{\n\"epochs\": 0}", &["line 2", "`epochs` is 0", "1 to 200"]);
    names(b"{\n\"epochs\": 2.5}", &["line 2", "`epochs` is 2.5", "whole number"]);
    names(b"{\n\"ann_hidden\": [64, 4096]}", &["line 2", "`ann_hidden`", "1 to 1024"]);
    names(b"{\n\"optimizer\": \"rmsprop\"}", &["line 2", "`optimizer`", "rmsprop", "adam"]);
    names(b"{\"epochs\": 3,\n\"epochs\": 4}", &["line 2", "epochs"]);
    names(b"{\"epochs\": 3", &["line 1"]);
    // Each of several mistakes.
    assert_eq!(said(b"{\"epochs\": \"3\", \"colour\": 1}").len(), 2);
}

#[test]
fn a_mistake_in_a_report_is_named_with_the_line_of_the_file() {
    let report =
        |field: &str| format!("{{\n \"version\": 1,\n \"config\": {{\n  {field}\n }},\n \"networks\": {{}}\n}}");
    names(report("\"epochs\": \"5\"").as_bytes(), &["line 4", "`epochs`"]);
    names(report("\"epochs\": 5,").as_bytes(), &["line 4", "comma"]);
    names(report("\"epochs\": 500").as_bytes(), &["line 4", "`epochs` is 500"]);
    names(b"{\"version\": 1,\n\"config\": 7}", &["line 2", "`config`"]);
}

#[test]
fn only_an_object_is_a_config() {
    names(b"[]", &["line 1", "`[`", "object"]);
    names(b"\n\"fast\"", &["line 2", "object"]);
    names(b"", &["empty"]);
    names(b"\xef\xbb\xbf \n", &["empty"]);
    names(b"null", &["object"]);
    names(b"{\"epochs\": 3} {}", &["line 1"]);
    names(&[0xff, 0xfe, 0x7b], &["UTF-8"]);
    names(&[0x80, 0x81], &["UTF-8"]);
}

#[test]
fn a_long_value_is_shown_shortened() {
    let value = "x".repeat(10_000);
    let text = said(format!("{{\"optimizer\": \"{value}\"}}").as_bytes()).remove(0);
    assert!(text.len() < 300, "{}", text.len());
}

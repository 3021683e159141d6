//! Reads a config from the bytes of a file: a config object, or an exported report, which contains one.
//!
//! Editors and shells write UTF-8 with or without a byte-order mark, or UTF-16 with one; all three are read. An error names line and
//! field. Leaves out: opening files.

use super::{ConfigError, Kind, RunConfig, field};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The values of an object by name, as they are written in the file.
type Raw<'a> = BTreeMap<String, &'a RawValue>;

/// Reads a config, or the config of an exported report. Fields that are left out have their default.
///
/// # Errors
/// Everything that is wrong, each with its line: [`ConfigError::Json`], else what [`RunConfig::validate`] says.
pub fn read_config(bytes: &[u8]) -> Result<RunConfig, Vec<ConfigError>> {
    let text = decode(bytes).map_err(|e| vec![refused(e)])?;
    let (object, first_line) = config_object(&text).map_err(|e| vec![e])?;
    let raw: Raw = serde_json::from_str(object).map_err(|e| vec![syntax(object, first_line, &e)])?;
    let line = |key: &str| raw.get(key).map_or(first_line, |value| first_line + lines_before(object, value.get()));

    let wrong: Vec<_> = raw.iter().filter_map(|(key, value)| wrong_type(line(key), key, value.get())).collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    // Only a field that occurs twice can still be wrong here.
    let config: RunConfig = serde_json::from_str(object).map_err(|e| vec![syntax(object, first_line, &e)])?;
    config.validate().map_err(|errors| errors.into_iter().map(|e| with_line(e, &raw, line)).collect::<Vec<_>>())?;
    Ok(config)
}

fn refused(reason: impl Into<String>) -> ConfigError {
    ConfigError::Json(reason.into())
}

/// Decodes the bytes to text without a byte-order mark.
fn decode(bytes: &[u8]) -> Result<String, &'static str> {
    const NO_TEXT: &str = "it is not text in UTF-8 or UTF-16; save it as UTF-8";
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks();
        if !rest.is_empty() {
            return Err(NO_TEXT);
        }
        char::decode_utf16(pairs.iter().copied().map(unit)).collect::<Result<String, _>>().map_err(|_| NO_TEXT)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => String::from_utf8(rest.to_vec()).map_err(|_| NO_TEXT),
    }
}

/// The part of the text that is the config's object, and the line in which it begins.
fn config_object(text: &str) -> Result<(&str, usize), ConfigError> {
    match text.trim_start().chars().next() {
        None => return Err(refused("the file is empty; a config is an object such as {\"epochs\": 5}")),
        Some('{') => {}
        Some(other) => {
            let line = 1 + lines_before(text, text.trim_start());
            return Err(refused(format!(
                "line {line}: it begins with `{other}`, but a config is an object such as {{\"epochs\": 5}}"
            )));
        }
    }
    let raw: Raw = serde_json::from_str(text).map_err(|e| syntax(text, 1, &e))?;
    // `config` is no field of a config, so this is a report.
    let Some(config) = raw.get("config") else { return Ok((text, 1)) };
    let line = 1 + lines_before(text, config.get());
    if !config.get().starts_with('{') {
        return Err(refused(format!("line {line}: `config` has to be an object such as {{\"epochs\": 5}}")));
    }
    Ok((config.get(), line))
}

/// Line breaks of `text` before `part`, which is a piece of it.
fn lines_before(text: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    text.get(..offset).map_or(0, |before| before.matches('\n').count())
}

/// Names a fault that the JSON reader found, by the line in the whole file.
fn syntax(text: &str, first_line: usize, error: &serde_json::Error) -> ConfigError {
    let (line, column) = (error.line(), error.column());
    // The reader reports a surplus comma at the bracket after it, often one line too late.
    let upto: String = text.split_inclusive('\n').take(line.saturating_sub(1)).collect();
    let here = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let before = here.get(..column.saturating_sub(1)).unwrap_or_default();
    let behind = here.get(before.len()..).unwrap_or_default();
    let read = upto + before;
    let bare = read.trim_end();
    if bare.ends_with(',') && behind.starts_with(['}', ']']) {
        let line = first_line + bare.matches('\n').count();
        return refused(format!("line {line}: there is a comma after the last value; remove it"));
    }
    let said = error.to_string();
    let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said);
    refused(format!("line {}: {said}", first_line + line.saturating_sub(1)))
}

/// The error of a single field: an unknown name, or a value of the wrong type.
fn wrong_type(line: usize, key: &str, value: &str) -> Option<ConfigError> {
    let Some(row) = field(key) else {
        return Some(refused(format!("line {line}: there is no setting called `{}`", short(key))));
    };
    let alone = format!("{{\"{key}\": {value}}}");
    if serde_json::from_str::<RunConfig>(&alone).is_ok() {
        return None;
    }
    let hint = match (row.kind, value.starts_with('"')) {
        (Kind::Choice(_), _) | (_, false) => "",
        _ => " without quotation marks",
    };
    Some(refused(format!("line {line}: `{key}` is {}; {}{hint}", short(value), row.kind.expected())))
}

/// A value out of range, with its line if the file names the field.
fn with_line<'a>(error: ConfigError, raw: &Raw<'a>, line: impl Fn(&str) -> usize) -> ConfigError {
    match error {
        ConfigError::Value { key, value, expected, .. } if raw.contains_key(key) => {
            refused(format!("line {}: `{key}` is {}; {expected}", line(key), short(&value)))
        }
        other => other,
    }
}

/// At most 40 characters of a value, on one line.
fn short(value: &str) -> String {
    let mut shown: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.chars().count() > 40 {
        shown = shown.chars().take(40).chain(['…']).collect();
    }
    shown
}

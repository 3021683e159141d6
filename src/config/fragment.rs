//! Writes a config as a URL fragment, `key=value&key=value`, and reads it back, even if a mail program, a chat or a web page changed
//! the link on its way. Leaves out: where the fragment comes from and where its notices are shown (`app`).
//!
//! Reading undoes the changes below. This is safe, because no key and no value of a config holds `%`, `&`, `=`, `#` or a space.
//! - Percent-encoding, as browsers decode it, of values or of the whole fragment. A link that was encoded twice is decoded twice.
//! - `&amp;` for `&`, as HTML writes it.
//! - A full stop, comma, bracket or quote after the last value, if the link was at the end of a sentence.
//! - Spaces and line breaks around a key or a value. A `+` counts as a space only there: forms write a space as `+`, but inside a value
//!   (`1e+2`) it is a plus, as it is to a browser.

use super::{ConfigError, FIELDS, RunConfig, fields, presets};
use percent_encoding::percent_decode_str;

/// The most notices that one fragment gives.
const MOST_NOTICES: usize = 5;
/// A link is decoded at most this many times, because each program that passes it on may encode it once more.
const MOST_DECODINGS: usize = 4;
/// What is left of an HTML escape that followed the link (`&quot;`, `&gt;`), without its `&` and `;`.
const ESCAPES: [&str; 7] = ["amp", "gt", "lt", "quot", "apos", "nbsp", "#39"];

/// What a URL fragment says.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    /// A valid config.
    pub config: RunConfig,
    /// What was wrong in the fragment, each named. At most five; the last one may say that there were more.
    pub notices: Vec<ConfigError>,
    /// Whether the run shall start by itself.
    pub autostart: bool,
    /// The key of the view that the page shall show; empty where none is named.
    pub view: String,
}

impl Fragment {
    /// The notices as sentences for the page, each with what was done instead.
    pub fn messages(&self) -> Vec<String> {
        self.notices.iter().map(|notice| self.message(notice)).collect()
    }

    fn message(&self, notice: &ConfigError) -> String {
        let instead = match notice {
            ConfigError::Value { key, .. } => match self.config.get(key) {
                Ok(value) => format!(" The value is now {value}."),
                Err(_) => String::new(),
            },
            ConfigError::Combination(_) => " All settings now have their defaults.".to_owned(),
            ConfigError::Unknown(_) => " It is ignored.".to_owned(),
            ConfigError::UnknownPreset { .. }
            | ConfigError::SeveralPresets { .. }
            | ConfigError::More(_)
            | ConfigError::Json(_) => String::new(),
        };
        format!("In the address: {notice}.{instead}")
    }
}

/// See [`RunConfig::to_fragment`].
pub(super) fn write(config: &RunConfig) -> String {
    let default = RunConfig::default();
    FIELDS
        .iter()
        .filter_map(|f| {
            let value = fields::get(config, f.key).ok()?;
            (fields::get(&default, f.key).ok()? != value).then(|| format!("{}={value}", f.key))
        })
        .collect::<Vec<_>>()
        .join("&")
}

/// See [`RunConfig::from_fragment`].
pub(super) fn read(fragment: &str) -> Fragment {
    let text = decoded(fragment.trim_start_matches('#'));
    let pairs: Vec<(&str, &str)> = pairs(&text).collect();
    let mut notices = Vec::new();
    // A preset is the base wherever it is in the link. The other keys change single fields of it.
    let mut config = base(&pairs, &mut notices);
    let (mut autostart, mut view) = (false, String::new());
    for (key, value) in pairs {
        match key {
            "autostart" => autostart = !matches!(value, "0" | "false"),
            "view" => view = value.to_owned(),
            "preset" => {}
            _ => notices.extend(config.set(key, value).err()),
        }
    }
    if let Err(errors) = config.validate() {
        // These come first: they say why none of the settings holds.
        notices.splice(0..0, errors);
        config = RunConfig::default();
    }
    if notices.len() > MOST_NOTICES {
        let more = notices.len() - (MOST_NOTICES - 1);
        notices.truncate(MOST_NOTICES - 1);
        notices.push(ConfigError::More(more));
    }
    Fragment { config, notices, autostart, view }
}

/// The config of the last known preset, or the default.
fn base(pairs: &[(&str, &str)], notices: &mut Vec<ConfigError>) -> RunConfig {
    let named = pairs.iter().filter(|(key, _)| *key == "preset").map(|(_, name)| *name);
    let mut known = Vec::new();
    for name in named {
        match presets::find(name) {
            Some(preset) => known.push(preset),
            None => {
                let known: Vec<_> = presets::PRESETS.iter().map(|preset| preset.key).collect();
                notices.push(ConfigError::unknown_preset(name, &known));
            }
        }
    }
    let Some(last) = known.last() else { return RunConfig::default() };
    if known.iter().any(|preset| preset.key != last.key) {
        notices.push(ConfigError::SeveralPresets { used: last.key });
    }
    last.config()
}

/// Decodes until nothing changes, and removes the punctuation that followed the link in a sentence.
fn decoded(fragment: &str) -> String {
    let mut text = fragment.to_owned();
    for _ in 0..MOST_DECODINGS {
        let once = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if once == text {
            break;
        }
        text = once;
    }
    text.trim_end_matches(is_after_a_link).to_owned()
}

/// Each key with its value; the value is empty where there is no `=`.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = text.split('&').map(|part| {
        // What is left of `&amp;` after the split at `&`. A link that was escaped twice has `amp;amp;`.
        let mut part = part;
        while let Some(rest) = part.strip_prefix("amp;").or_else(|| part.strip_prefix("#38;")) {
            part = rest;
        }
        part.trim_matches(is_space)
    });
    parts.filter(|part| !part.is_empty() && !ESCAPES.contains(part)).map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (key.trim_matches(is_space), value.trim_matches(is_space))
    })
}

/// A space, a `+`, or an invisible character.
fn is_space(c: char) -> bool {
    c == '+'
        || c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Punctuation that follows a link in a sentence. No value ends in it.
fn is_after_a_link(c: char) -> bool {
    is_space(c)
        || matches!(
            c,
            '.' | ',' | ';' | ':' | '!' | '?' | '…' | ')' | ']' | '}' | '>' | '"' | '\'' | '`' | '*' | '_' | '~'
        )
        || matches!(c, '»' | '«' | '”' | '“' | '’' | '‘' | '›' | '、' | '。' | '）')
}

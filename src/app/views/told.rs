//! How a run is named on the page: its number, its colour, and what differs in it. SKELETON: `run` will decide this.

use crate::config::{FIELDS, Kind, RunConfig};
use crate::page::state::State;
use crate::plot::RUN_COLOURS;
use crate::run::RunRecord;

/// Its number, from 1.
pub fn number(state: &State, id: u64) -> usize {
    state.history.runs().iter().position(|run| run.id == id).map_or(0, |place| place + 1)
}

/// The place of its colour.
pub fn colour(state: &State, id: u64) -> usize {
    number(state, id).saturating_sub(1) % RUN_COLOURS
}

/// A setting in which two configs differ: its name and both values.
#[derive(Clone, PartialEq)]
pub struct Difference {
    pub label: &'static str,
    pub values: [String; 2],
}

/// Every setting in which two configs differ.
pub fn differences(a: &RunConfig, b: &RunConfig) -> Vec<Difference> {
    let value = |config: &RunConfig, key: &str, kind: &Kind| {
        let text = config.get(key).unwrap_or_default();
        match kind {
            Kind::Choice(options) => {
                options.iter().find(|(key, _)| *key == text).map_or(text.clone(), |(_, label)| (*label).to_owned())
            }
            _ => text,
        }
    };
    FIELDS
        .iter()
        .map(|field| Difference { label: field.label, values: [a, b].map(|c| value(c, field.key, &field.kind)) })
        .filter(|difference| difference.values[0] != difference.values[1])
        .collect()
}

/// What is new in a run, against the one before it; empty for the first run.
pub fn label(state: &State, run: &RunRecord) -> String {
    let runs = state.history.runs();
    let before = runs.iter().position(|other| other.id == run.id).and_then(|place| runs.get(place.checked_sub(1)?));
    let before = run.parent.and_then(|parent| state.history.get(parent.run)).or(before);
    let each = before.map_or_else(Vec::new, |before| differences(&before.config, &run.config));
    each.iter().map(|d| format!("{} {} → {}", d.label, d.values[0], d.values[1])).collect::<Vec<_>>().join(", ")
}

//! The name of a run: what is new in it. Leaves out: the person's own note (`record::Marks`).

use super::differences::{Difference, differences};
use super::history::History;
use super::record::RunRecord;
use crate::config::{PRESETS, RunConfig};

/// At most this many differences are named.
const MOST: usize = 3;

/// What differs from the run that it branched from, else from the run before it: `lr 1e-3 → 3e-3`. The first run is named after the
/// nearest preset: `Standard`, or `Quick look, batch 64 → 128`. `same settings` where nothing differs.
pub fn label(run: &RunRecord, history: &History) -> String {
    let parent = run.parent.and_then(|parent| history.get(parent.run));
    let runs = history.runs();
    let before = runs.iter().position(|other| other.id == run.id).and_then(|at| runs.get(at.checked_sub(1)?));
    match parent.or(before) {
        Some(base) => {
            let mut parts = changes(&base.config, &run.config);
            // A run that goes on from another one may be the same and longer.
            let longer = if parent.is_some() { extra(run).saturating_sub(extra(base)) } else { 0 };
            if longer > 0 {
                parts.push(format!("+{longer} {}", if longer == 1 { "epoch" } else { "epochs" }));
            }
            if parts.is_empty() { "same settings".to_owned() } else { shortened(parts) }
        }
        None => preset_label(&run.config),
    }
}

fn extra(run: &RunRecord) -> usize {
    run.networks.iter().map(|network| network.extra_epochs).max().unwrap_or(0)
}

/// The preset that differs least, and in what.
fn preset_label(config: &RunConfig) -> String {
    let near = PRESETS.iter().map(|preset| (preset.label, changes(&preset.config(), config)));
    let Some((label, parts)) = near.min_by_key(|(_, parts)| parts.len()) else { return String::new() };
    if parts.is_empty() { label.to_owned() } else { format!("{label}, {}", shortened(parts)) }
}

fn shortened(mut parts: Vec<String>) -> String {
    let more = parts.len().saturating_sub(MOST);
    parts.truncate(MOST);
    if more > 0 {
        parts.push(format!("+{more} more"));
    }
    parts.join(", ")
}

/// What a person changed. The backend is left out: it depends on the machine and moves by itself, from a broken GPU to the CPU.
fn changes(base: &RunConfig, config: &RunConfig) -> Vec<String> {
    let rows = differences(base, config).into_iter().filter(|row| row.key != "backend");
    rows.map(|Difference { key, left, right, .. }| match key {
        // The values say it all.
        "networks" | "order" | "optimizer" | "schedule" => format!("{left} → {right}"),
        _ => format!("{} {} → {}", short(key), left.replace(", ", "-"), right.replace(", ", "-")),
    })
    .collect()
}

/// A short name for a field.
fn short(key: &'static str) -> String {
    match key {
        "train" => "images".to_owned(),
        "learning_rate" => "lr".to_owned(),
        "label_smoothing" => "smoothing".to_owned(),
        "weights" => "scored".to_owned(),
        "flip" => "mirror".to_owned(),
        "ann_hidden" => "ANN units".to_owned(),
        "cnn_dense" => "CNN dense units".to_owned(),
        _ => match key.split_once('_') {
            Some(("ann", rest)) => format!("ANN {}", rest.replace('_', " ")),
            Some(("cnn", rest)) => format!("CNN {}", rest.replace('_', " ")),
            _ => key.replace('_', " "),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BackendChoice, Networks, Optimizer};
    use crate::run::Parent;

    /// Runs 1, 2, 3 ... of these configs.
    fn history(configs: impl IntoIterator<Item = RunConfig>) -> History {
        let mut history = History::default();
        for (at, config) in configs.into_iter().enumerate() {
            let run = RunRecord::begin(at as u64 + 1, config, Default::default(), None, String::new());
            history.push(run);
        }
        history
    }

    fn labels(history: &History) -> Vec<String> {
        history.runs().iter().map(|run| label(run, history)).collect()
    }

    #[test]
    fn the_first_run_is_named_after_the_nearest_preset() {
        let first = |config| labels(&history([config])).remove(0);
        assert_eq!(first(RunConfig::default()), "Standard");
        let quick = RunConfig { train: 6_000, epochs: 3, ..RunConfig::default() };
        assert_eq!(first(quick.clone()), "Quick look");
        assert_eq!(first(RunConfig { batch: 128, ..quick }), "Quick look, batch 64 → 128");
    }

    #[test]
    fn a_later_run_is_named_after_what_changed_since_the_one_before() {
        let a = RunConfig::default();
        let b = RunConfig { learning_rate: 3e-3, ..a.clone() };
        let c = RunConfig { batch: 128, backend: BackendChoice::Flex, ..b.clone() };
        let d = RunConfig { networks: Networks::Cnn, optimizer: Optimizer::Sgd, ann_hidden: vec![64, 32], ..c.clone() };
        let said = labels(&history([a, b, c.clone(), c, d]));
        assert_eq!(
            said,
            [
                "Standard",
                "lr 1e-3 → 3e-3",
                "batch 64 → 128",
                "same settings",
                "Both → CNN only, Adam → SGD, ANN units 256-128 → 64-32",
            ]
        );
    }

    #[test]
    fn a_branch_is_named_after_what_differs_from_its_parent_and_a_lost_parent_does_not_count() {
        let a = RunConfig::default();
        let b = RunConfig { learning_rate: 3e-3, ..a.clone() };
        let mut runs = history([a.clone(), b]);
        let mut branch = RunRecord::begin(3, RunConfig { epochs: 12, ..a }, Default::default(), None, String::new());
        branch.parent = Some(Parent { run: 1, epoch: 4 });
        runs.push(branch.clone());
        assert_eq!(label(&branch, &runs), "epochs 10 → 12");
        branch.networks[0].extra_epochs = 1;
        assert_eq!(label(&branch, &runs), "epochs 10 → 12, +1 epoch");
        branch.parent = Some(Parent { run: 9, epoch: 4 });
        assert_eq!(label(&branch, &runs), "epochs 10 → 12, lr 3e-3 → 1e-3", "run 2 came before it");
    }

    #[test]
    fn at_most_three_differences_are_named() {
        let a = RunConfig::default();
        let b = RunConfig { batch: 32, epochs: 5, seed: 1, shift: 1, cnn_dropout: 0.5, ..a.clone() };
        assert_eq!(labels(&history([a, b]))[1], "epochs 10 → 5, batch 64 → 32, seed 42 → 1, +2 more");
    }
}

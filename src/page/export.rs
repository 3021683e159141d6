//! Files of a run. The report is written here; all other forms are made by the program `classifier`, and here it is decided which of the
//! run's kept bytes it needs for them. Leaves out: making them (`classify::export`), and saving (`app::browser`).

use super::classifier::load;
use super::effect::Effect;
use super::state::State;
use super::storage::{BlobKey, Part};
use crate::protocol::classifier::{ExportForm, ExportOrder, RunBytes, RunPart, ToClassifier};
use crate::run::{KeptCheckpoint, ModelId, NetworkProgress, Phase, RunRecord, label, stored};

/// Bytes of the checkpoints that go into the file of a run, for each network. They lie in the memory of the program that packs them
/// more than once.
const MOST_BYTES: u64 = 128 << 20;

/// Saves the report of the shown run.
pub(super) fn export(state: &State) -> Vec<Effect> {
    let Some(report) = state.run().and_then(|run| run.report()) else { return Vec::new() };
    let Ok(json) = serde_json::to_string(&report) else { return Vec::new() }; // Plain values are always written.
    vec![Effect::Download { name: format!("fashion-lab-seed-{}.json", report.config.seed), text: indented(&json) }]
}

/// Lets the program `classifier` make files of a run that has ended, and save them.
pub(super) fn export_as(state: &mut State, id: u64, form: ExportForm) -> Vec<Effect> {
    let Some(run) = state.history.get(id).filter(|run| !run.is_active()) else { return Vec::new() };
    let Ok(record) = stored::to_json(run) else { return Vec::new() }; // Plain values are always written.
    let (parts, keys) = wanted(run, form);
    let number = state.history.number(id).unwrap_or(0);
    let order = ExportOrder { form, number, label: label(run, &state.history), record, parts };
    let mut effects = load(state);
    effects.push(Effect::BlobsToClassifier(ToClassifier::Export(Box::new(order)), keys));
    effects
}

/// The kept bytes that a form needs, and under which keys they are: none, the scored weights, or everything.
fn wanted(run: &RunRecord, form: ExportForm) -> (Vec<RunPart>, Vec<BlobKey>) {
    let whole = form == ExportForm::WholeRun;
    let (mut parts, mut keys) = (Vec::new(), Vec::new());
    if !whole && !matches!(form, ExportForm::Weights | ExportForm::Npz) {
        return (parts, keys);
    }
    for network in &run.networks {
        let mut want = |what, key| {
            parts.push(RunPart { network: network.kind, what });
            keys.push(key);
        };
        let most = if whole { MOST_BYTES } else { 0 };
        for kept in newest(network, most) {
            want(RunBytes::Checkpoint(kept.step), BlobKey::of(run.id, network, kept));
        }
        let model = ModelId { run: run.id, network: network.kind };
        if network.has_weights {
            want(RunBytes::Weights, BlobKey { part: Part::Weights, ..BlobKey::test_answers(model) });
        }
        if whole && network.phase == Phase::Done {
            want(RunBytes::TestAnswers, BlobKey::test_answers(model));
        }
    }
    (parts, keys)
}

/// The scored checkpoint of a network, and so many of the newest ones that all have at most `most` bytes.
fn newest(network: &NetworkProgress, most: u64) -> Vec<KeptCheckpoint> {
    let mut chosen = Vec::new();
    chosen.extend(network.scored_checkpoint());
    let mut bytes = chosen.iter().map(|kept| kept.bytes).sum::<u64>();
    for kept in network.checkpoints.iter().rev() {
        if chosen.contains(kept) {
            continue;
        }
        bytes = bytes.saturating_add(kept.bytes);
        if bytes > most {
            break;
        }
        chosen.push(*kept);
    }
    chosen
}

/// JSON with a line for each member of an object; lists of numbers stay on one line. Written here, because serde's own pretty form makes
/// the page's program hold the code that writes a report twice.
fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 8);
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    // Whether each open bracket is an object's.
    let mut objects = Vec::new();
    for c in json.chars() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            text.push(c);
            continue;
        }
        let line = |text: &mut String, depth: usize| {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", depth));
        };
        match c {
            '{' | '[' => {
                objects.push(c == '{');
                text.push(c);
                if c == '{' {
                    depth += 1;
                    line(&mut text, depth);
                }
            }
            '}' | ']' => {
                objects.pop();
                if c == '}' {
                    depth = depth.saturating_sub(1);
                    line(&mut text, depth);
                }
                text.push(c);
            }
            ',' => {
                text.push(c);
                if objects.last() == Some(&true) {
                    line(&mut text, depth);
                }
            }
            ':' => text.push_str(": "),
            '"' => {
                quoted = true;
                text.push(c);
            }
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indentation_changes_no_value() {
        let json = r#"{"a":[1,2.5,-3e-7],"b":{"c":"x, y: {\"}\\","d":null},"e":[{"f":true},{"g":[]}],"h":""}"#;
        let text = indented(json);
        let [before, after] = [json, &text].map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
        assert_eq!(before, after);
        assert!(text.contains("\n  \"a\": [1,2.5,-3e-7],\n"), "{text}");
        assert!(text.contains(r#""c": "x, y: {\"}\\""#), "{text}");
    }
}

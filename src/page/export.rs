//! The file of a run's report. Leaves out: saving it (`app::browser`).

use super::effect::Effect;
use super::state::State;

/// Saves the report of the shown run.
pub(super) fn export(state: &State) -> Vec<Effect> {
    let Some(report) = state.run().and_then(|run| run.report()) else { return Vec::new() };
    let Ok(json) = serde_json::to_string(&report) else { return Vec::new() }; // Plain values are always written.
    vec![Effect::Download { name: format!("fashion-lab-seed-{}.json", report.config.seed), text: indented(&json) }]
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

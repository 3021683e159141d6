//! Notes of a run: events that somebody who reads its figures should know about. Leaves out: the other parts of a report (`report`).

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Something that happened during a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Note {
    /// It was trained at the same time as the other network.
    SideBySide,
    /// It moved from a GPU to the CPU.
    FellBack {
        /// What failed.
        why: String,
    },
    /// CPU workers stopped answering.
    WorkersReplaced {
        /// How many.
        workers: u32,
    },
    /// The machine slept or stood still.
    Interrupted {
        /// In which epoch, from 1.
        epoch: usize,
        /// Seconds that are not counted as training time.
        seconds: f64,
    },
    /// A sentence of a report that was written before notes had kinds.
    #[serde(untagged)]
    Text(String),
}

/// Written by hand: the derived reader of an enum whose name is among its fields would be the largest one of the page's program.
impl<'de> Deserialize<'de> for Note {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let note = match &value {
            Value::String(text) => Some(Note::Text(text.clone())),
            value => Note::of(value),
        };
        note.ok_or_else(|| D::Error::custom("a note of an unknown kind"))
    }
}

impl Note {
    fn of(value: &Value) -> Option<Self> {
        Some(match value["kind"].as_str()? {
            "side_by_side" => Note::SideBySide,
            "fell_back" => Note::FellBack { why: value["why"].as_str()?.to_owned() },
            "workers_replaced" => Note::WorkersReplaced { workers: value["workers"].as_u64()?.try_into().ok()? },
            "interrupted" => Note::Interrupted {
                epoch: value["epoch"].as_u64()?.try_into().ok()?,
                seconds: value["seconds"].as_f64()?,
            },
            _ => return None,
        })
    }

    /// Whether the run's times are longer than those of the network alone.
    pub fn disturbs_times(&self) -> bool {
        !matches!(self, Note::Interrupted { .. })
    }
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Note::SideBySide => {
                f.write_str("trained at the same time as the other network, so its times are longer than alone")
            }
            Note::FellBack { why } => f.write_str(why),
            Note::WorkersReplaced { workers: 1 } => {
                f.write_str("a CPU worker stopped answering and was replaced; the leader computed its shard meanwhile")
            }
            Note::WorkersReplaced { workers } => write!(
                f,
                "{workers} CPU workers stopped answering and were replaced; the leader computed their shards meanwhile"
            ),
            Note::Interrupted { epoch, seconds } => {
                write!(f, "the machine stood still for {seconds:.1} s in epoch {epoch}; this is not training time")
            }
            Note::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_old_reports_are_sentences_and_of_new_ones_kinds() {
        let notes = concat!(
            r#"[{"kind":"interrupted","epoch":2,"seconds":15.5},{"kind":"side_by_side"},"#,
            r#"{"kind":"fell_back","why":"lost"},{"kind":"workers_replaced","workers":2},"a worker was replaced"]"#
        );
        let read: Vec<Note> = serde_json::from_str(notes).unwrap();
        let expected = [
            Note::Interrupted { epoch: 2, seconds: 15.5 },
            Note::SideBySide,
            Note::FellBack { why: "lost".to_owned() },
            Note::WorkersReplaced { workers: 2 },
            Note::Text("a worker was replaced".to_owned()),
        ];
        assert_eq!(read, expected);
        assert_eq!(serde_json::to_string(&read).unwrap(), notes);
        assert_eq!(read.iter().map(Note::disturbs_times).collect::<Vec<_>>(), [false, true, true, true, true]);
        assert!(serde_json::from_str::<Note>(r#"{"kind":"danced"}"#).is_err());
        assert_eq!(read[4].to_string(), "a worker was replaced");
    }
}

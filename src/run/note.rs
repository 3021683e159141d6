//! Notes of a run: events that somebody who reads its figures should know about. Leaves out: the other parts of a report (`report`).

use serde::{Deserialize, Serialize};

/// Something that happened during a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

impl Note {
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
        let notes =
            r#"[{"kind":"interrupted","epoch":2,"seconds":15.5},{"kind":"side_by_side"},"a worker was replaced"]"#;
        let read: Vec<Note> = serde_json::from_str(notes).unwrap();
        let expected = [
            Note::Interrupted { epoch: 2, seconds: 15.5 },
            Note::SideBySide,
            Note::Text("a worker was replaced".to_owned()),
        ];
        assert_eq!(read, expected);
        assert_eq!(serde_json::to_string(&read).unwrap(), notes);
        assert_eq!(read.iter().map(Note::disturbs_times).collect::<Vec<_>>(), [false, true, true]);
        assert_eq!(read[2].to_string(), "a worker was replaced");
    }
}

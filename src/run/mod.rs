//! Runs as plain data: events, progress, record, history, queue and report.
//!
//! Leaves out: who trains (`train`), who sends the events (`engine`), who shows them (`app`).

pub mod branch;
pub mod differences;
pub mod event;
pub mod hint;
pub mod history;
pub mod label;
mod note;
pub mod progress;
pub mod queue;
pub mod record;
pub mod report;
mod step_times;
pub mod stored;

pub use branch::{branch_config, networks_of};
pub use differences::{Difference, differences};
pub use event::{Control, ModelId, RunEvent, Watched};
pub use hint::{Hint, HintKind, hints, hints_of};
pub use history::History;
pub use label::label;
pub use progress::{KeptCheckpoint, NetworkProgress, Phase};
pub use queue::Queue;
pub use record::{Marks, Parent, RUN_COLOURS, RunRecord};

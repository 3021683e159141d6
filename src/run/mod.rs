//! Runs as plain data: events, progress, record, history, queue and report.
//!
//! Leaves out: who trains (`train`), who sends the events (`engine`), who shows them (`app`).

pub mod event;
pub mod history;
mod note;
pub mod progress;
pub mod queue;
pub mod record;
pub mod report;
pub mod stored;

pub use event::{Control, ModelId, RunEvent, Watched};
pub use history::History;
pub use progress::{KeptCheckpoint, NetworkProgress, Phase};
pub use queue::Queue;
pub use record::{Marks, Parent, RunRecord};

//! Trained networks by id, which can be fetched, handed to another worker and trained further; and the answers of a checkpoint.
//!
//! Leaves out: training (`train`), and keeping networks between visits.

mod answers;
mod models;

pub use answers::ValidationAnswers;
pub use models::{MAX_MODELS, Models};

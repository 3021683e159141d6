//! Trained networks by id: they can be fetched, handed to another worker, and trained further.
//!
//! Leaves out: training (`train`), and keeping networks between visits.

mod models;

pub use models::{MAX_MODELS, Models};

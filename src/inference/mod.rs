//! Trained networks by id, to go on with, to take along and to ask.
//!
//! Leaves out: training them (`train`), and where they are kept between visits.

mod models;

pub use models::{MAX_MODELS, Models};

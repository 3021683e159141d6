//! Messages between the parts of Fashion Lab that run apart from each other.
//!
//! [`engine`] has the messages between the page and an engine worker, [`embed`] those between the page and a page around it. Leaves out: both ends, and how a message travels.

pub mod embed;
pub mod engine;

pub use engine::{FileFailure, FromEngine, PROTOCOL_VERSION, ToEngine};

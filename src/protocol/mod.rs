//! Messages between the parts of Fashion Lab that run apart from each other.
//!
//! - [`engine`]: page and engine worker. - [`worker`]: an engine worker that leads a run and one that helps it.
//! - [`embed`]: this page and a page around it.
//! - `wire` (wasm): how messages between workers are posted.
//!
//! Leaves out: both ends.

pub mod embed;
pub mod engine;
#[cfg(target_arch = "wasm32")]
pub mod wire;
pub mod worker;

pub use engine::{FileFailure, FromEngine, PROTOCOL_VERSION, ToEngine};

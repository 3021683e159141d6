//! Messages between the parts of Fashion Lab that run apart from each other.
//!
//! - [`engine`]: between the page and an engine worker.
//! - [`worker`]: between an engine worker that leads a run and one that helps it.
//! - [`embed`]: between this page and a page around it.
//! - `wire` (wasm): how messages between workers are posted.
//!
//! Leaves out: sending and handling them (`page`, `app`, `engine`).

pub mod embed;
pub mod engine;
#[cfg(target_arch = "wasm32")]
pub mod wire;
pub mod worker;

pub use engine::{FileFailure, FromEngine, PROTOCOL_VERSION, ToEngine};

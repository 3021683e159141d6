//! Messages between the parts of Fashion Lab that run apart from each other.
//!
//! - [`engine`]: between the page and an engine worker.
//! - [`worker`]: between an engine worker that leads a run and one that helps it.
//! - [`classifier`]: between the page and the program of the views Inside and Try it.
//! - [`embed`] and [`asked`]: from this page to a page around it, and back.
//! - `wire` (wasm): how messages between workers are posted. `frame` (wasm): how those to a page around this one are.
//!
//! Leaves out: sending and handling them (`page`, `app`, `engine`).

pub mod asked;
pub mod classifier;
pub mod embed;
pub mod engine;
#[cfg(all(target_arch = "wasm32", any(feature = "page", feature = "classifier")))]
pub mod frame;
#[cfg(target_arch = "wasm32")]
pub mod wire;
pub mod worker;

pub use engine::{FileFailure, FromEngine, PROTOCOL_VERSION, ToEngine};

/// Reads numbers that travel or are kept as little-endian 32-bit floats. Bytes that are too few for another number are left out.
pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect()
}

//! The computations that burn does too slowly for this project, and the tools that measure them.
//!
//! | folder or file | holds | may name |
//! |---|---|---|
//! | [`cpu`] | the kernels: arithmetic on f32 slices, one thread | `config::Activation` |
//! | [`peak()`] | the highest speed of this thread | `cpu` |
//! | [`profiler`] | how long each part of a training step takes | `cpu` |
//! | [`burn_ops`] | the kernels as burn operations, forward and backward | `cpu`, `profiler`, burn |
//!
//! Leaves out threads, random numbers and the networks. All `unsafe` code of the project but one call is in `cpu`.

pub mod burn_ops;
pub mod cpu;
mod peak;
pub mod profiler;

pub use peak::peak;

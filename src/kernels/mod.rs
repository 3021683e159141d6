//! What burn does too slowly for this job, and what tells how fast it is done.
//!
//! | folder or file | holds | may name |
//! |---|---|---|
//! | [`cpu`] | the kernels: arithmetic on f32 slices | nothing of burn |
//! | [`peak()`] | what the machine can do at best | `cpu` |
//! | [`profiler`] | where the time of a training step goes | `cpu` |
//! | [`burn_ops`] | the kernels as burn operations, forward and backward | `cpu`, `profiler` |
//!
//! Threads, random numbers and the networks are elsewhere.

pub mod burn_ops;
pub mod cpu;
mod peak;
pub mod profiler;

pub use peak::peak;

//! ReLU and 2 x 2 max pool.
//!
//! - [`forward`]: the passes forward, and the byte that they save for each output.
//! - [`backward`]: the passes back to the pixels.

pub mod backward;
pub mod forward;

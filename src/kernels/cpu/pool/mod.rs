//! ReLU and 2 x 2 max pool.
//!
//! - [`forward`]: the forward passes, and the code that they save for each output.
//! - [`backward`]: the backward passes that write dense gradients.

pub mod backward;
pub mod forward;

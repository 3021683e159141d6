//! The kernels as burn operations on the Flex backend, with their gradients.
//!
//! - [`operations`]: the operations, on plain tensors and on tensors that record gradients.
//! - `forward`, `backward`: the forward and backward passes on Flex's tensors.
//! - [`buffer_pool`]: memory that is used again from step to step.
//!
//! Leaves out the arithmetic (`cpu`) and the choice of operations (`model`).

mod backward;
pub mod buffer_pool;
mod forward;
pub mod operations;

#[cfg(test)]
mod tests;

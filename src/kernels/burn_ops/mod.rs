//! The kernels as burn operations on Flex, with their gradients.
//!
//! - [`operations`]: the operations, for plain tensors and for tensors that record gradients.
//! - `forward`, `backward`: the passes on Flex's tensors.
//! - [`buffer_pool`]: memory that one step leaves for the next.

mod backward;
pub mod buffer_pool;
mod forward;
pub mod operations;

#[cfg(test)]
mod tests;

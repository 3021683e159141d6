//! Optimisers: their state, which every backend shares, the learning-rate schedule, and the step on tensors.

mod schedule;
mod state;
mod tensors;

pub use schedule::learning_rate;
pub use state::OptimizerState;
pub(super) use tensors::TensorOptimizer;

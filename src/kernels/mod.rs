//! The arithmetic of training on a CPU, on plain f32 slices, written for 128-bit SIMD and one thread.
//!
//! What Burn does too slowly for this job, and nothing of Burn but the custom operations that call them ([`operations`], with `forward`, `gradients` and `recycle` behind it). Elsewhere are threads,
//! random numbers and the networks. Activations are NHWC and contiguous, weights as Burn has them. Results are the same from run to run of one
//! build. Sizes are asserted at the entry of every public function; scratch memory comes from a [`Workspace`] that outlives the step.
//!
//! - [`conv_block_forward`], [`conv_block_backward`]: convolution + bias, ReLU, 2 x 2 max pool.
//! - [`conv_forward`], [`conv_backward`]: convolution + bias alone.
//! - [`batch_statistics`], [`batch_norm_forward`], [`batch_norm_backward`]: batch norm, ReLU, pool. [`max_pool_forward`], [`max_pool_backward`]: pool alone.
//! - [`activate`], [`activate_backward`]: the non-linearities that no other kernel has within it.
//! - [`linear_forward`], [`linear_backward`]: linear + bias, ReLU.
//! - [`peak`]: what the machine can do at best; [`stopwatch`]: what is done.
//! - [`softmax_cross_entropy`]: the loss, its gradient and the correct count. [`sgd_step`], [`adam_step`]: the optimisers.

mod activation;
mod batch_norm;
mod conv;
mod conv_backward;
mod conv_dense;
mod forward;
mod gemm;
mod gradients;
mod linear;
mod loss;
pub mod operations;
mod optimizer;
mod peak;
mod plan;
mod pool;
mod pool_backward;
mod recycle;
mod shape;
mod simd;
mod single;
mod single_winograd;
mod sparse;
pub mod stopwatch;
mod toom_cook;
mod winograd;
mod winograd_backward;
mod workspace;

pub use activation::{Function, activate, activate_backward};
pub use batch_norm::{NormShape, batch_norm_backward, batch_norm_forward, batch_statistics};
pub use conv::{conv_block_forward, conv_forward};
pub use conv_backward::{conv_backward, conv_block_backward};
pub use linear::{LinearShape, linear_backward, linear_forward};
pub use loss::{Loss, softmax_cross_entropy};
pub use optimizer::{Adam, Sgd, adam_step, sgd_step};
pub use peak::peak;
pub use pool_backward::{max_pool_backward, max_pool_forward};
pub use recycle::keep_floats;
pub use shape::{BlockShape, ConvShape};
pub use simd::NAME as INSTRUCTIONS;
pub use workspace::Workspace;

#[cfg(test)]
mod batch_norm_tests;
#[cfg(test)]
mod conv_tests;
#[cfg(test)]
mod linear_tests;
#[cfg(test)]
mod operations_tests;
#[cfg(test)]
mod reference;

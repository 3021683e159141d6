//! The arithmetic of training on a CPU: f32 slices, 128-bit SIMD, one thread.
//!
//! Images are NHWC and contiguous. Weights have burn's layout. Results are the same from run to run of one build. Every
//! public function asserts the sizes of its slices. Scratch memory comes from a [`workspace::Workspace`], which lives
//! longer than a step.
//!
//! - [`conv`]: convolution + bias, optional ReLU, optional 2 x 2 max pool.
//! - [`dense`]: dense layer + bias, optional ReLU.
//! - [`norm`]: batch norm, optional ReLU, optional max pool.
//! - [`pool`]: ReLU and max pool. [`activation`]: the activations that are not fused with a layer.
//! - [`loss`]: softmax and cross-entropy. [`optimizer`]: one step of SGD, Adam or AdamW.
//! - `gemm`: dense matrix product. `sparse`: product of a sparse and a dense matrix. `simd`: vectors of four f32.
//!   [`workspace`]: scratch memory.
//!
//! Leaves out burn, threads, random numbers and networks.

pub mod activation;
pub mod conv;
pub mod dense;
mod gemm;
pub mod loss;
pub mod norm;
pub mod optimizer;
pub mod pool;
#[cfg(test)]
pub(super) mod reference;
pub(super) mod simd;
mod sparse;
pub mod workspace;

pub use simd::NAME as INSTRUCTIONS;

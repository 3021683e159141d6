//! The arithmetic of training on a CPU, on plain f32 slices, written for 128-bit SIMD and one thread.
//!
//! It knows nothing of burn, of threads, of random numbers and of networks. Images are NHWC and contiguous; weights are laid out as burn has them.
//! Results are the same from run to run of one build. Every public function asserts the sizes of its slices. Scratch memory comes from a
//! [`workspace::Workspace`] that outlives the step.
//!
//! - [`conv`]: convolution + bias, perhaps ReLU, perhaps 2 x 2 max pool. [`dense`]: dense layer + bias, perhaps ReLU.
//! - [`norm`]: batch norm, perhaps ReLU, perhaps pool. [`pool`]: max pool alone. [`activation`]: the other non-linearities.
//! - [`loss`]: softmax and cross-entropy. [`optimizer`]: a step of SGD, Adam or AdamW.
//! - `gemm`: the dense matrix product. `sparse`: the sparse one. `simd`: the machine's vectors. [`workspace`]: scratch memory.

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

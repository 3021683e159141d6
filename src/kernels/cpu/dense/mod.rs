//! Dense layers, y = x w + b with an optional ReLU, forward and backward, as products with a sparse matrix.
//!
//! Most of a dense layer's input has one value: 0 after a ReLU, black in an image (half of the pixels of
//! Fashion-MNIST). The products leave this background out. With x = background + r we have x w = background * (column
//! sums of w) + r w, and r is sparse. The result is right for any background; only the time depends on it. The gradient
//! behind a ReLU is sparse too. The inputs are processed in blocks whose weights stay in the first-level cache.
//!
//! - [`shape`]: the sizes. [`forward`], [`backward`]: the two passes. `panel`: what both passes share.

pub mod backward;
pub mod forward;
mod panel;
pub mod shape;

#[cfg(test)]
mod tests;

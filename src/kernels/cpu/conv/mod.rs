//! Convolutions of NHWC images, with the ReLU and the max pool behind them.
//!
//! - [`shape`]: the sizes of a convolution and of a block, and an image with its border of zeros.
//! - [`forward`], [`backward`]: the entries. They choose one of the methods below.
//! - `one_channel`, `one_channel_winograd`: the first block of a network, which sees grey images.
//! - `plan`: the method of every other forward pass: Winograd or an implicit matrix product.
//! - `winograd`, `winograd_weight_gradient`, `toom_cook`: Winograd's products, their transposes, and the transforms of both.
//! - `backward_sparse`, `backward_winograd`: gradients of an output whose own gradient is sparse, and dense.

pub mod backward;
mod backward_sparse;
mod backward_winograd;
pub mod forward;
mod one_channel;
mod one_channel_winograd;
mod plan;
pub mod shape;
mod toom_cook;
mod winograd;
mod winograd_weight_gradient;

#[cfg(test)]
mod tests;

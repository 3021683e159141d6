//! Convolutions of NHWC images, with an optional ReLU and an optional max pool after them.
//!
//! - [`shape`]: the sizes of a convolution and of a block, and an image with a border of zeros.
//! - [`forward`], [`backward`]: the public functions. They choose among the methods below.
//! - `one_channel`, `one_channel_winograd`: the first block of a network, whose images are grey.
//! - `plan`: every other forward pass, by Winograd or by an implicit matrix product.
//! - `winograd`, `winograd_weight_gradient`, `toom_cook`: Winograd's method: the forward pass, the gradient of the
//!   weights, and the transforms of both.
//! - `backward_sparse`, `backward_winograd`: the gradients, if the gradient of the output is sparse or dense.

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

//! Batch normalisation of NHWC images, with the ReLU and the max pool after it, forward and backward.
//!
//! y = gamma (x - mean) / sqrt(variance + epsilon) + beta for each channel (Ioffe and Szegedy 2015). In training, mean
//! and (biased) variance are those of the batch's pixels; in evaluation they are running averages. Leaves out the
//! running averages and Bessel's correction: they are the caller's.
//!
//! - [`shape`]: the sizes. [`forward`], [`backward`]: the two passes. `channels`: the loop over channels of both.

pub mod backward;
mod channels;
pub mod forward;
pub mod shape;

#[cfg(test)]
mod tests;

//! The shape arithmetic that decides whether a config is valid: the size of an image after a convolution.

use super::{Padding, RunConfig};
use crate::fashion_mnist::SIDE;

/// The output side of a convolution (stride 1), or `None` where the kernel does not fit.
pub fn conv_side(side: usize, kernel: usize, padding: Padding) -> Option<usize> {
    match padding {
        Padding::Same => Some(side),
        Padding::Valid => (side + 1).checked_sub(kernel).filter(|&s| s > 0),
    }
}

/// The first block (from 1) of the CNN with an image too small for its convolution or pool.
pub fn vanishing_block(config: &RunConfig) -> Option<usize> {
    let mut side = SIDE;
    for block in 1..=config.cnn_channels.len() {
        match conv_side(side, config.cnn_kernel, config.cnn_padding) {
            Some(s) if s >= 2 => side = s / 2,
            _ => return Some(block),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_does_not_fit_has_no_output() {
        assert_eq!(conv_side(5, 5, Padding::Valid), Some(1));
        assert_eq!(conv_side(4, 5, Padding::Valid), None);
        assert_eq!(conv_side(1, 3, Padding::Same), Some(1));
    }
}

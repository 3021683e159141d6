//! The shape of a batch norm, with its checks.

/// Images of [batch, height, width, channels]. They are normalised, then optionally a ReLU follows, then optionally a
/// 2 x 2 max pool. The pool drops an odd last row or column, but its pixels count in the statistics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormShape {
    /// Images.
    pub batch: usize,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// Channels of a pixel.
    pub channels: usize,
    /// Whether a ReLU follows.
    pub relu: bool,
    /// Whether a max pool follows that.
    pub pool: bool,
    /// Added to the variance.
    pub epsilon: f32,
}

impl NormShape {
    /// Floats of an image.
    pub const fn in_image(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// Floats of an output image.
    pub const fn out_image(&self) -> usize {
        let scale = if self.pool { 2 } else { 1 };
        self.height / scale * (self.width / scale) * self.channels
    }

    /// Bytes that the forward pass saves for the backward pass.
    pub const fn saved(&self) -> usize {
        if self.pool || self.relu { self.batch * self.out_image() } else { 0 }
    }

    pub(super) fn check(&self, x: &[f32], y: &[f32], saved: &[u8], channels: &[&[f32]]) {
        assert!(self.batch > 0 && self.in_image() > 0, "{self:?}");
        assert_eq!(
            [x.len(), y.len(), saved.len()],
            [self.batch * self.in_image(), self.batch * self.out_image(), self.saved()]
        );
        assert!(channels.iter().all(|values| values.len() == self.channels), "{self:?}");
    }
}

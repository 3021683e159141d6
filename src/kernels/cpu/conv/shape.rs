//! The shapes of convolutions and blocks, with their checks, and the frame: an image with a border of zeros.

/// A convolution of NHWC images with a square kernel. x is [batch, height, width, inputs], w is
/// [outputs, inputs, kernel, kernel], y is [batch, out_height, out_width, outputs].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvShape {
    /// Images.
    pub batch: usize,
    /// Rows of an input image.
    pub height: usize,
    /// Columns of an input image.
    pub width: usize,
    /// Channels of an input pixel.
    pub inputs: usize,
    /// Channels of an output pixel.
    pub outputs: usize,
    /// Rows and columns of a kernel.
    pub kernel: usize,
    /// Pixels from one position of the kernel to the next.
    pub stride: usize,
    /// Rows and columns of zeros on each side of an image.
    pub padding: usize,
}

impl ConvShape {
    /// Panics if no output would be left, or if a size is 0.
    pub(super) fn check(&self) {
        assert!(
            self.batch > 0 && self.inputs > 0 && self.outputs > 0 && self.kernel > 0 && self.stride > 0,
            "{self:?}"
        );
        assert!(
            self.height.min(self.width) + 2 * self.padding >= self.kernel && self.padding < self.kernel,
            "{self:?}"
        );
    }

    /// Rows of an output image: (height + 2 padding - kernel) / stride + 1, rounded down.
    pub const fn out_height(&self) -> usize {
        (self.height + 2 * self.padding - self.kernel) / self.stride + 1
    }

    /// Columns of an output image.
    pub const fn out_width(&self) -> usize {
        (self.width + 2 * self.padding - self.kernel) / self.stride + 1
    }

    /// Floats of an input image.
    pub const fn in_image(&self) -> usize {
        self.height * self.width * self.inputs
    }

    /// Floats of an output image.
    pub const fn out_image(&self) -> usize {
        self.out_height() * self.out_width() * self.outputs
    }

    /// Floats of the weights.
    pub const fn weights(&self) -> usize {
        self.outputs * self.inputs * self.kernel * self.kernel
    }

    /// Floats of one row of a kernel over all inputs. They are contiguous in an NHWC image.
    pub(super) const fn run(&self) -> usize {
        self.kernel * self.inputs
    }
}

/// A convolution, then optionally a ReLU, then optionally a 2 x 2 max pool of stride 2. The pool drops an odd last row
/// or column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockShape {
    /// The convolution.
    pub conv: ConvShape,
    /// Whether a ReLU follows it.
    pub relu: bool,
    /// Whether a max pool follows that.
    pub pool: bool,
}

impl BlockShape {
    /// Rows of an output image.
    pub const fn out_height(&self) -> usize {
        if self.pool { self.conv.out_height() / 2 } else { self.conv.out_height() }
    }

    /// Columns of an output image.
    pub const fn out_width(&self) -> usize {
        if self.pool { self.conv.out_width() / 2 } else { self.conv.out_width() }
    }

    /// Floats of an output image.
    pub const fn out_image(&self) -> usize {
        self.out_height() * self.out_width() * self.conv.outputs
    }

    /// Bytes that the forward pass saves for the backward pass.
    pub const fn saved(&self) -> usize {
        if self.pool || self.relu { self.conv.batch * self.out_image() } else { 0 }
    }
}

/// An image with a border of zeros, as a kernel reads it: [rows, columns, channels].
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Channels.
    pub channels: usize,
    /// Rows of zeros above the image, and columns of zeros on its left.
    pub before: usize,
}

/// Floats after the end of a frame that a kernel may read or write, because it works in whole vectors.
const SLACK: usize = 4;

impl Frame {
    /// Floats of a row.
    pub const fn row(&self) -> usize {
        self.columns * self.channels
    }

    /// Floats of a frame, with the free space after it.
    pub const fn len(&self) -> usize {
        self.rows * self.row() + SLACK
    }

    /// Copies an image of `height` x `width` into a frame whose border is already zero. Pixels for which the frame has
    /// no room are left out.
    pub fn fill(&self, image: &[f32], height: usize, width: usize, frame: &mut [f32]) {
        let from = width * self.channels;
        let len = width.min(self.columns - self.before) * self.channels;
        for (y, row) in image.chunks_exact(from).enumerate().take(height.min(self.rows - self.before)) {
            frame[(y + self.before) * self.row() + self.before * self.channels..][..len].copy_from_slice(&row[..len]);
        }
    }

    /// The inverse of [`Frame::fill`]. Pixels that have no place in the frame become zero.
    pub fn crop(&self, frame: &[f32], width: usize, image: &mut [f32]) {
        let to = width * self.channels;
        let len = width.min(self.columns - self.before) * self.channels;
        for (y, row) in image.chunks_exact_mut(to).enumerate() {
            if y + self.before < self.rows {
                row[..len]
                    .copy_from_slice(&frame[(y + self.before) * self.row() + self.before * self.channels..][..len]);
                row[len..].fill(0.0);
            } else {
                row.fill(0.0);
            }
        }
    }
}

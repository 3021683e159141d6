//! Scratch memory that lives longer than a step. Once every shape has been seen, training allocates none.
//!
//! Leaves out the memory of tensors: see `burn_ops::buffer_pool`.

use super::sparse::NonZero;

/// A cache line, to which buffers are aligned.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// Floats in a buffer that grows and never shrinks. It is aligned to a cache line, so no vector crosses the border
/// between two lines.
#[derive(Clone, Debug, Default)]
pub struct Buffer(Vec<Line>);

impl Buffer {
    /// The first `len` floats. Their values are left from earlier uses.
    pub fn take(&mut self, len: usize) -> &mut [f32] {
        let lines = len.div_ceil(16);
        if self.0.len() < lines {
            self.0.resize(lines, Line([0.0; 16]));
        }
        // SAFETY: a Line is 16 f32 without padding, and there are enough lines. The slice borrows self.
        unsafe { core::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), len) }
    }

    /// The first `len` floats, all zero.
    pub fn zeroed(&mut self, len: usize) -> &mut [f32] {
        let floats = self.take(len);
        floats.fill(0.0);
        floats
    }

    fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<Line>()
    }
}

/// The scratch memory of all kernels. One workspace serves any number of layers and shapes. Its content has no meaning
/// between calls.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Weights in the order in which a kernel reads them.
    pub(super) weights: Buffer,
    /// Images, or their gradients, with a border of zeros.
    pub(super) frame: Buffer,
    /// Winograd: transformed inputs. Others: packed panels and masked gradients.
    pub(super) points: Buffer,
    /// Winograd: products before the output transform.
    pub(super) products: Buffer,
    /// A result before it is pooled, cropped or reordered.
    pub(super) result: Buffer,
    /// Sums, factors and offsets for each channel or output.
    pub(super) sums: Buffer,
    /// Sums over many images, in f64.
    pub(super) totals: Vec<f64>,
    /// The lists of a sparse matrix.
    pub(super) non_zeros: Vec<NonZero>,
    /// The length of each list.
    pub(super) row_lengths: Vec<u32>,
    /// Where the output row of each list begins.
    pub(super) output_offsets: Vec<u32>,
}

impl Workspace {
    /// An empty workspace. It grows when a kernel needs more.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes it holds.
    pub fn bytes(&self) -> usize {
        let floats = [&self.weights, &self.frame, &self.points, &self.products, &self.result, &self.sums];
        floats.iter().map(|buffer| buffer.bytes()).sum::<usize>()
            + self.totals.capacity() * size_of::<f64>()
            + self.non_zeros.capacity() * size_of::<NonZero>()
            + (self.row_lengths.capacity() + self.output_offsets.capacity()) * size_of::<u32>()
    }
}

/// The first `len` elements of a list that grows and never shrinks.
pub(super) fn take_from<T: Copy + Default>(list: &mut Vec<T>, len: usize) -> &mut [T] {
    if list.len() < len {
        list.resize(len, T::default());
    }
    &mut list[..len]
}

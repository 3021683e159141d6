//! Buffers that outlive a step, so that training allocates nothing once every shape has been seen.

use super::sparse::NonZero;

/// A cache line: what buffers are aligned to.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// Floats that grow and never shrink, aligned to a cache line so that no vector straddles two.
#[derive(Clone, Debug, Default)]
pub struct Buffer(Vec<Line>);

impl Buffer {
    /// The first `len` floats; what they hold is left from earlier uses.
    pub fn take(&mut self, len: usize) -> &mut [f32] {
        let lines = len.div_ceil(16);
        if self.0.len() < lines {
            self.0.resize(lines, Line([0.0; 16]));
        }
        // SAFETY: a Line is 16 f32 without padding, and there are enough of them; the borrow is self's.
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

/// The scratch memory of every kernel. One serves any number of layers and shapes; nothing in it has meaning between calls.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Weights in the order a kernel reads them.
    pub(super) weights: Buffer,
    /// Images with their zero border, or a gradient's.
    pub(super) frame: Buffer,
    /// Transformed inputs.
    pub(super) points: Buffer,
    /// Products.
    pub(super) products: Buffer,
    /// A result before it is pooled, cropped or reordered.
    pub(super) result: Buffer,
    /// Sums that a backward pass gathers.
    pub(super) sums: Buffer,
    /// Sums over many images.
    pub(super) totals: Vec<f64>,
    /// Non-zeros.
    pub(super) non_zeros: Vec<NonZero>,
    /// How many non-zeros each list has.
    pub(super) row_lengths: Vec<u32>,
    /// Where the sums of each list go.
    pub(super) output_offsets: Vec<u32>,
}

impl Workspace {
    /// An empty workspace: it grows as the kernels ask.
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

/// The first `len` of a list that grows and never shrinks.
pub(super) fn take_from<T: Copy + Default>(list: &mut Vec<T>, len: usize) -> &mut [T] {
    if list.len() < len {
        list.resize(len, T::default());
    }
    &mut list[..len]
}

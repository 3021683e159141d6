//! Gradients of a convolution whose output has a sparse gradient: after a pool, or after a ReLU where Winograd is not
//! faster.
//!
//! Both gradients are weighted sums of rows (`sparse`): the gradient of the input sums rows of weights, the gradient of
//! the weights sums patches of the input. So each window is listed twice: once under the pixel that the pool chose,
//! once under its channel.

use super::shape::{BlockShape, ConvShape, Frame};
use crate::kernels::cpu::pool::forward::INACTIVE;
use crate::kernels::cpu::simd::LANES;
use crate::kernels::cpu::sparse::{self, NonZero, SparseMatrix, StridedRows};
use crate::kernels::cpu::workspace::{Workspace, take_from};

/// Floats of the images whose weight gradients are summed together. More images give longer lists, but all of them must
/// stay in the cache.
const GROUP_FLOATS: usize = 24 * 1024;

/// Sizes that both gradients use.
struct Sizes {
    frame: Frame,
    /// Whether images are copied into frames. An image without padding whose rows of patches are whole vectors is read
    /// in place; any other needs the free space after a frame.
    framed: bool,
    /// Vectors of a run (one row of a kernel over all inputs), and the floats of these vectors.
    vectors: usize,
    run: usize,
    /// Floats of one output's weights: a padded run for each row of the kernel.
    row: usize,
    /// Windows of an image, and pixels of a window (1 without a pool).
    windows: usize,
    pixels: usize,
}

impl Sizes {
    fn new(block: &BlockShape) -> Self {
        let s = &block.conv;
        let vectors = s.run().div_ceil(LANES);
        Self {
            frame: Frame {
                rows: s.height + 2 * s.padding,
                columns: s.width + 2 * s.padding,
                channels: s.inputs,
                before: s.padding,
            },
            framed: s.padding > 0 || !s.run().is_multiple_of(LANES),
            vectors,
            run: vectors * LANES,
            row: s.kernel * vectors * LANES,
            windows: block.out_height() * block.out_width(),
            pixels: if block.pool { 4 } else { 1 },
        }
    }

    /// Where in a frame the patch of each pixel begins. The pixels are numbered window by window.
    fn corners(&self, block: &BlockShape, corners: &mut [u32]) {
        let (s, across) = (&block.conv, block.out_width());
        for (pixel, corner) in corners.iter_mut().enumerate() {
            let (window, within) = (pixel / self.pixels, pixel % self.pixels);
            let scale = if block.pool { 2 } else { 1 };
            let (y, x) = (window / across * scale + within / 2, window % across * scale + within % 2);
            *corner = (y * s.stride * self.frame.row() + x * s.stride * s.inputs) as u32;
        }
    }
}

/// The code of output `at`. Without ReLU and pool there are no codes, and every value counts as chosen.
/// # Safety
/// `saved` is empty, or longer than `at`.
#[inline(always)]
unsafe fn code_at(saved: &[u8], at: usize) -> usize {
    // SAFETY: the caller guarantees it.
    if saved.is_empty() { 0 } else { usize::from(unsafe { *saved.get_unchecked(at) } & 7) }
}

/// dw[o] = the sum over images and windows of the gradient of o times the patch of the chosen pixel. The sparse matrix
/// has one row for each output.
pub(super) fn weight_gradient(
    block: &BlockShape,
    x: &[f32],
    dy: &[f32],
    saved: &[u8],
    dw: &mut [f32],
    workspace: &mut Workspace,
) {
    let (s, sizes) = (&block.conv, Sizes::new(block));
    let Workspace { frame: frames, sums, non_zeros, row_lengths, output_offsets, .. } = workspace;
    let frame = sizes.frame;
    let image = if sizes.framed { frame.len() } else { s.in_image() };
    let group = (GROUP_FLOATS / image).clamp(1, s.batch);
    let sums = sums.zeroed(s.outputs * sizes.row);
    let frames = frames.zeroed(if sizes.framed { group * image } else { 0 });
    // One cache line more than a possible power of two, so that the starts of the lists spread over the cache.
    let row_stride = group * sizes.windows + 8;
    let non_zeros = take_from(non_zeros, s.outputs * row_stride);
    let row_lengths = take_from(row_lengths, s.outputs);
    let output_offsets = take_from(output_offsets, s.outputs + sizes.windows * sizes.pixels);
    let (output_offsets, corners) = output_offsets.split_at_mut(s.outputs);
    for (o, offset) in output_offsets.iter_mut().enumerate() {
        *offset = (o * sizes.row) as u32;
    }
    sizes.corners(block, corners);

    let out_image = block.out_image();
    for first in (0..s.batch).step_by(group) {
        let images = group.min(s.batch - first);
        row_lengths.fill(0);
        for i in 0..images {
            let dy = &dy[(first + i) * out_image..][..out_image];
            let saved = if saved.is_empty() { saved } else { &saved[(first + i) * out_image..][..out_image] };
            for window in 0..sizes.windows {
                // The patch for each code. The entry of an inactive value is overwritten by the next entry.
                let mut offsets = [0; 8];
                for (offset, corner) in offsets.iter_mut().zip(&corners[window * sizes.pixels..][..sizes.pixels]) {
                    *offset = (i * image) as u32 + corner;
                }
                for (o, count) in row_lengths.iter_mut().enumerate() {
                    // SAFETY: an image has windows x outputs values (and codes); a list has room for every window of
                    // the group and more.
                    unsafe {
                        let at = window * s.outputs + o;
                        let code = code_at(saved, at);
                        *non_zeros.get_unchecked_mut(o * row_stride + *count as usize) =
                            NonZero { offset: offsets[code], value: *dy.get_unchecked(at) };
                        *count += u32::from(code != usize::from(INACTIVE));
                    }
                }
            }
        }
        let mut patches = &x[first * s.in_image()..][..images * s.in_image()];
        if sizes.framed {
            for (x, to) in patches.chunks_exact(s.in_image()).zip(frames.chunks_exact_mut(image)) {
                frame.fill(x, s.height, s.width, to);
            }
            patches = frames;
        }
        let matrix = SparseMatrix { non_zeros, row_stride, row_lengths, outputs: output_offsets };
        let patches = StridedRows { start: patches.as_ptr(), stride: frame.row() };
        let gradients = StridedRows { start: sums.as_mut_ptr(), stride: sizes.run };
        // SAFETY: the patch of an entry lies in its image, or in its frame with the free space; the sums hold a padded
        // run for each row of a kernel.
        unsafe { sparse::multiply(matrix, patches, gradients, s.kernel, sizes.vectors) };
    }
    unpack_weights(s, sums, sizes.run, dw);
}

/// dx[patch of a pixel] += the gradient of o at that pixel times the weights of o. The sparse matrix has one row for
/// each pixel.
pub(super) fn input_gradient(
    block: &BlockShape,
    w: &[f32],
    dy: &[f32],
    saved: &[u8],
    dx: &mut [f32],
    workspace: &mut Workspace,
) {
    let (s, sizes) = (&block.conv, Sizes::new(block));
    let Workspace { weights, frame: padded, non_zeros, row_lengths, output_offsets, .. } = workspace;
    let frame = sizes.frame;
    let rows = weights.take(s.outputs * sizes.row);
    pack_weights(s, w, sizes.run, rows);
    let padded = padded.take(frame.len());
    let pixels = sizes.windows * sizes.pixels;
    let row_stride = s.outputs + 8;
    // One more list takes the inactive values.
    let non_zeros = take_from(non_zeros, (pixels + 1) * row_stride);
    let row_lengths = take_from(row_lengths, pixels);
    let output_offsets = take_from(output_offsets, pixels);
    sizes.corners(block, output_offsets);
    let out_image = block.out_image();
    for (i, dx) in dx.chunks_exact_mut(s.in_image()).enumerate() {
        let dy = &dy[i * out_image..][..out_image];
        let saved = if saved.is_empty() { saved } else { &saved[i * out_image..][..out_image] };
        for (window, row_lengths) in row_lengths.chunks_exact_mut(sizes.pixels).enumerate() {
            let (mut ends, mut starts) = ([0; 8], [pixels * row_stride; 8]);
            for (pixel, start) in starts.iter_mut().enumerate().take(sizes.pixels) {
                *start = (window * sizes.pixels + pixel) * row_stride;
            }
            ends.copy_from_slice(&starts);
            for o in 0..s.outputs {
                // SAFETY: an image has windows x outputs values (and codes); the list of a pixel has room for every
                // output and more.
                unsafe {
                    let at = window * s.outputs + o;
                    let end = &mut ends[code_at(saved, at)];
                    *non_zeros.get_unchecked_mut(*end) =
                        NonZero { offset: (o * sizes.row) as u32, value: *dy.get_unchecked(at) };
                    *end += 1;
                }
            }
            for ((count, end), start) in row_lengths.iter_mut().zip(ends).zip(starts) {
                *count = (end - start) as u32;
            }
        }
        let to = if sizes.framed { &mut *padded } else { &mut *dx };
        to.fill(0.0);
        let matrix = SparseMatrix { non_zeros, row_stride, row_lengths, outputs: output_offsets };
        let kernels = StridedRows { start: rows.as_ptr(), stride: sizes.run };
        let patches = StridedRows { start: to.as_mut_ptr(), stride: frame.row() };
        // SAFETY: the offset of an entry is that of an output's weights; the patch of a pixel lies in `to` as it does
        // in the input.
        unsafe { sparse::multiply(matrix, kernels, patches, s.kernel, sizes.vectors) };
        if sizes.framed {
            frame.crop(padded, s.width, dx);
        }
    }
}

/// [outputs, inputs, ky, kx] to [outputs, ky, padded run of (kx, inputs)].
fn pack_weights(s: &ConvShape, w: &[f32], padded_run: usize, rows: &mut [f32]) {
    rows.fill(0.0);
    for (kernels, row) in
        w.chunks_exact(s.inputs * s.kernel * s.kernel).zip(rows.chunks_exact_mut(s.kernel * padded_run))
    {
        for (i, kernel) in kernels.chunks_exact(s.kernel * s.kernel).enumerate() {
            for (t, &value) in kernel.iter().enumerate() {
                row[t / s.kernel * padded_run + t % s.kernel * s.inputs + i] = value;
            }
        }
    }
}

/// The inverse of [`pack_weights`].
fn unpack_weights(s: &ConvShape, rows: &[f32], padded_run: usize, w: &mut [f32]) {
    for (kernels, row) in
        w.chunks_exact_mut(s.inputs * s.kernel * s.kernel).zip(rows.chunks_exact(s.kernel * padded_run))
    {
        for (i, kernel) in kernels.chunks_exact_mut(s.kernel * s.kernel).enumerate() {
            for (t, value) in kernel.iter_mut().enumerate() {
                *value = row[t / s.kernel * padded_run + t % s.kernel * s.inputs + i];
            }
        }
    }
}

//! The first block of a network, whose images are grey: one input channel, a 3 x 3 or 5 x 5 kernel of stride 1, an
//! optional ReLU, and a max pool.
//!
//! A matrix product would have a depth of only 9 or 25 here. The forward pass computes the four pixels of a pool window
//! together for four outputs. The weights stay in registers, and only the pooled value is written. In the backward pass
//! each output has one pixel per window. The patch of this pixel is one vector (or two) for each row of the kernel.
//! Leaves out the gradient of the input, which a first block does not need (`backward` has it for any shape).

use super::one_channel_winograd::{WINDOW, winograd_image};
use super::shape::{BlockShape, Frame};
use crate::kernels::cpu::pool::forward::{self as pool, INACTIVE};
use crate::kernels::cpu::simd::{F32x4, LANES};
use crate::kernels::cpu::workspace::Buffer;

/// Whether [`backward`] can compute the gradients of a block. If the block has a pool, [`forward`] can compute it too.
pub(super) fn supports(block: &BlockShape) -> bool {
    let s = &block.conv;
    s.inputs == 1 && s.stride == 1 && (s.kernel == 3 || s.kernel == 5) && s.outputs.is_multiple_of(LANES)
}

fn frame_of(block: &BlockShape) -> Frame {
    let s = &block.conv;
    Frame { rows: s.height + 2 * s.padding, columns: s.width + 2 * s.padding, channels: 1, before: s.padding }
}

/// Like `conv_block_forward`, for the shapes that [`supports`] accepts.
#[expect(clippy::too_many_arguments)]
pub(super) fn forward(
    block: &BlockShape,
    x: &[f32],
    w: &[f32],
    b: &[f32],
    y: &mut [f32],
    saved: &mut [u8],
    scratch: &mut Buffer,
    points: &mut Buffer,
) {
    let (s, frame) = (&block.conv, frame_of(block));
    let image = block.out_image();
    let padded = scratch.zeroed(frame.len());
    for ((x, y), saved) in
        x.chunks_exact(s.in_image()).zip(y.chunks_exact_mut(image)).zip(saved.chunks_exact_mut(image))
    {
        frame.fill(x, s.height, s.width, padded);
        match s.kernel {
            3 => winograd_image(
                block,
                &frame,
                padded,
                w,
                b,
                y,
                saved,
                points.take(WINDOW * block.out_height() * block.out_width()),
            ),
            _ => forward_image::<5>(block, &frame, padded, w, b, y, saved),
        }
    }
}

fn forward_image<const K: usize>(
    block: &BlockShape,
    frame: &Frame,
    x: &[f32],
    w: &[f32],
    b: &[f32],
    y: &mut [f32],
    saved: &mut [u8],
) {
    let (down, across, outputs) = (block.out_height(), block.out_width(), block.conv.outputs);
    let row = frame.row();
    assert!(x.len() >= (2 * down + K - 1) * row && row >= 2 * across + K - 1);
    assert!(y.len() >= down * across * outputs && saved.len() >= down * across * outputs);
    for o in (0..outputs).step_by(LANES) {
        let kernels: [&[f32]; LANES] = core::array::from_fn(|lane| &w[(o + lane) * K * K..][..K * K]);
        let mut weights = [[F32x4::splat(0.0); K]; K];
        for (i, weight) in weights.as_flattened_mut().iter_mut().enumerate() {
            *weight = F32x4::from_array(kernels.map(|kernel| kernel[i]));
        }
        let bias = F32x4::from_array([b[o], b[o + 1], b[o + 2], b[o + 3]]);
        for py in 0..down {
            for px in 0..across {
                // SAFETY: by the assertions above, the patches of the windows lie in the frame, and the outputs lie in
                // y and saved.
                unsafe {
                    let from = x.as_ptr().add(2 * py * row + 2 * px);
                    let mut sums = [[bias; 2]; 2];
                    for i in 0..K + 1 {
                        for j in 0..K + 1 {
                            let value = F32x4::load_splat(from.add(i * row + j));
                            for (wy, sums) in sums.iter_mut().enumerate() {
                                for (wx, sum) in sums.iter_mut().enumerate() {
                                    if i >= wy && i - wy < K && j >= wx && j - wx < K {
                                        *sum = sum.mul_add(weights[i - wy][j - wx], value);
                                    }
                                }
                            }
                        }
                    }
                    let (most, code) = pool::window_max([sums[0][0], sums[0][1], sums[1][0], sums[1][1]], block.relu);
                    let to = (py * across + px) * outputs + o;
                    most.store(y.as_mut_ptr().add(to));
                    code.store_bytes(saved.as_mut_ptr().add(to));
                }
            }
        }
    }
}

/// The gradients of weights and bias, like `conv_block_backward`, for the shapes that [`supports`] accepts.
#[expect(clippy::too_many_arguments)]
pub(super) fn backward(
    block: &BlockShape,
    x: &[f32],
    dy: &[f32],
    saved: &[u8],
    dw: &mut [f32],
    db: &mut [f32],
    scratch: &mut Buffer,
    masked: &mut Buffer,
) {
    let (s, frame) = (&block.conv, frame_of(block));
    let image = block.out_image();
    let padded = scratch.zeroed(frame.len());
    let masked = masked.take(image);
    dw.fill(0.0);
    db.fill(0.0);
    for (i, (x, dy)) in x.chunks_exact(s.in_image()).zip(dy.chunks_exact(image)).enumerate() {
        let saved = if saved.is_empty() { saved } else { &saved[i * image..][..image] };
        frame.fill(x, s.height, s.width, padded);
        masked.copy_from_slice(dy);
        for (masked, &code) in masked.iter_mut().zip(saved) {
            *masked = if code == INACTIVE { 0.0 } else { *masked };
        }
        pool::add_bias_gradient(masked, None, s.outputs, db);
        match (s.kernel, block.pool) {
            (3, true) => weight_gradient::<3, 1>(block, &frame, padded, masked, saved, dw),
            (_, true) => weight_gradient::<5, 2>(block, &frame, padded, masked, saved, dw),
            (3, false) => dense_weight_gradient::<3>(block, &frame, padded, masked, dw),
            (_, false) => dense_weight_gradient::<5>(block, &frame, padded, masked, dw),
        }
    }
}

/// dw += each patch of one image times its gradient. V vectors hold one row of the kernel.
fn weight_gradient<const K: usize, const V: usize>(
    block: &BlockShape,
    frame: &Frame,
    x: &[f32],
    dy: &[f32],
    saved: &[u8],
    dw: &mut [f32],
) {
    /// Outputs that are computed together. With fewer, each addition would wait for the one before it.
    const PAIR: usize = 2;
    let (down, across, outputs) = (block.out_height(), block.out_width(), block.conv.outputs);
    let row = frame.row();
    // Where the patch for each code begins. The gradient of an inactive window is 0, so any place is right.
    let corners: [usize; 8] = [0, 1, row, row + 1, 0, 0, 0, 0];
    assert!(x.len() >= (2 * down + K - 1) * row + LANES && row >= 2 * across + K - 1);
    assert!(
        dy.len() >= down * across * outputs && saved.len() >= down * across * outputs && outputs.is_multiple_of(PAIR)
    );
    for o in (0..outputs).step_by(PAIR) {
        let mut sums = [[[F32x4::splat(0.0); V]; K]; PAIR];
        for py in 0..down {
            for px in 0..across {
                for (pair, sums) in sums.iter_mut().enumerate() {
                    // SAFETY: the patches lie in the frame (4 floats follow its last row); the other accesses lie in dy
                    // and saved.
                    unsafe {
                        let at = (py * across + px) * outputs + o + pair;
                        let value = F32x4::load_splat(dy.as_ptr().add(at));
                        let corner = corners[usize::from(*saved.as_ptr().add(at) & 7)];
                        let from = x.as_ptr().add(2 * py * row + 2 * px + corner);
                        for (i, sums) in sums.iter_mut().enumerate() {
                            for (v, sum) in sums.iter_mut().enumerate() {
                                *sum = sum.mul_add(F32x4::load(from.add(i * row + v * LANES)), value);
                            }
                        }
                    }
                }
            }
        }
        for (pair, sums) in sums.iter().enumerate() {
            for (i, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    for (lane, value) in sum.to_array().into_iter().enumerate().take(K - (v * LANES).min(K)) {
                        dw[(o + pair) * K * K + i * K + v * LANES + lane] += value;
                    }
                }
            }
        }
    }
}

/// dw += each patch of one image times its gradients, without a pool: four outputs together, one row of the kernel
/// after the other.
fn dense_weight_gradient<const K: usize>(block: &BlockShape, frame: &Frame, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let (rows, columns, outputs) = (block.out_height(), block.out_width(), block.conv.outputs);
    let row = frame.row();
    assert!(x.len() >= (rows + K - 1) * row && row >= columns + K - 1 && dy.len() >= rows * columns * outputs);
    for o in (0..outputs).step_by(LANES) {
        let mut sums = [[F32x4::splat(0.0); K]; K];
        for oy in 0..rows {
            // SAFETY: by the assertion above, the patches lie in the frame and the gradients in dy; o + 4 <= outputs.
            unsafe {
                // With 5 x 5 sums the registers hold only one row of them.
                let chunk = if K == 3 { K } else { 1 };
                for (i, sums) in sums.chunks_exact_mut(chunk).enumerate() {
                    let from = x.as_ptr().add((oy + i * chunk) * row);
                    let dy = dy.as_ptr().add(oy * columns * outputs + o);
                    for ox in 0..columns {
                        let value = F32x4::load(dy.add(ox * outputs));
                        for (i, sums) in sums.iter_mut().enumerate() {
                            for (j, sum) in sums.iter_mut().enumerate() {
                                *sum = sum.mul_add(F32x4::load_splat(from.add(i * row + ox + j)), value);
                            }
                        }
                    }
                }
            }
        }
        for (tap, sum) in sums.as_flattened().iter().enumerate() {
            for (lane, value) in sum.to_array().into_iter().enumerate() {
                dw[(o + lane) * K * K + tap] += value;
            }
        }
    }
}

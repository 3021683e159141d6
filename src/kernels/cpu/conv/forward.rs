//! The forward pass of a convolution: [`conv_forward`] adds the bias, [`conv_block_forward`] also does ReLU and max
//! pool.
//!
//! `one_channel` computes a first block with one input channel, `plan` all others. Pixels that the pool does not read
//! are not computed. The backward pass is in `backward`.

use super::one_channel;
use super::plan::{OutputLayout, Plan, Scratch};
use super::shape::{BlockShape, ConvShape};
use crate::kernels::cpu::pool::forward as pool;
use crate::kernels::cpu::workspace::Workspace;

/// y = conv(x, w) + b. The shapes are those of [`ConvShape`]; `b` is `[outputs]`.
pub fn conv_forward(s: &ConvShape, x: &[f32], w: &[f32], b: &[f32], y: &mut [f32], workspace: &mut Workspace) {
    let block = BlockShape { conv: *s, relu: false, pool: false };
    conv_block_forward(&block, x, w, b, y, &mut [], workspace);
}

/// y = pool(relu(conv(x, w) + b)). ReLU and pool are left out if the shape does not have them. `saved` has
/// [`BlockShape::saved`] bytes and is for the backward pass.
///
/// `y` is [batch, out_height, out_width, outputs] of the block.
pub fn conv_block_forward(
    block: &BlockShape,
    x: &[f32],
    w: &[f32],
    b: &[f32],
    y: &mut [f32],
    saved: &mut [u8],
    workspace: &mut Workspace,
) {
    let s = &block.conv;
    s.check();
    assert_eq!([x.len(), w.len(), b.len()], [s.batch * s.in_image(), s.weights(), s.outputs]);
    assert_eq!((y.len(), saved.len()), (s.batch * block.out_image(), block.saved()));
    if y.is_empty() {
        return;
    }
    if block.pool && one_channel::supports(block) {
        return one_channel::forward(block, x, w, b, y, saved, &mut workspace.frame, &mut workspace.points);
    }
    let (rows, columns) =
        if block.pool { (block.out_height() * 2, block.out_width() * 2) } else { (s.out_height(), s.out_width()) };
    let Workspace { weights, frame, points, products, result, sums, .. } = workspace;
    let bias = sums.take(s.outputs.next_multiple_of(4));
    bias[..s.outputs].copy_from_slice(b);
    let mut scratch = Scratch { weights, frame, points, products };
    let layout =
        OutputLayout { rows, columns, row_stride: columns * s.outputs, image_stride: rows * columns * s.outputs };
    let taps = s.kernel * s.kernel;
    let plan = Plan::new(s, layout, w, |o, i| (o * s.inputs + i) * taps, false, &mut scratch);
    let out_image = block.out_image();
    for first in (0..s.batch).step_by(plan.group) {
        let images = plan.group.min(s.batch - first);
        let (x, y) =
            (&x[first * s.in_image()..][..images * s.in_image()], &mut y[first * out_image..][..images * out_image]);
        if !block.pool {
            plan.run(s, images, x, bias, y, &mut scratch);
            if block.relu {
                pool::relu(y, &mut saved[first * out_image..][..images * out_image]);
            }
            continue;
        }
        let result = result.take(images * layout.image_stride);
        plan.run(s, images, x, bias, result, &mut scratch);
        for (i, full) in result.chunks_exact(layout.image_stride).enumerate() {
            let (y, saved) = (&mut y[i * out_image..][..out_image], &mut saved[(first + i) * out_image..][..out_image]);
            pool::pool_image(full, [rows, columns, s.outputs], layout.row_stride, block.relu, y, saved);
        }
    }
}

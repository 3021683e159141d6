//! The backward pass of a convolution: [`conv_backward`] for a convolution with bias, [`conv_block_backward`] for a
//! block with ReLU and max pool.
//!
//! `one_channel` computes the gradients of a first block. After a pool the gradient is sparse (at most one pixel in
//! four): see `backward_sparse`. A dense gradient goes to `backward_winograd` if Winograd's method is faster for its
//! shape.

use super::shape::{BlockShape, ConvShape};
use super::{backward_sparse, backward_winograd, one_channel};
use crate::kernels::cpu::pool::forward as pool;
use crate::kernels::cpu::workspace::Workspace;

/// Gradients of [`super::forward::conv_forward`]: see [`conv_block_backward`].
#[expect(clippy::too_many_arguments)]
pub fn conv_backward(
    s: &ConvShape,
    x: &[f32],
    w: &[f32],
    dy: &[f32],
    dx: Option<&mut [f32]>,
    dw: &mut [f32],
    db: &mut [f32],
    workspace: &mut Workspace,
) {
    let block = BlockShape { conv: *s, relu: false, pool: false };
    conv_block_backward(&block, x, w, dy, &[], dx, dw, db, workspace);
}

/// Gradients of [`super::forward::conv_block_forward`] from `dy`, the gradient of its y, and from the `saved` bytes
/// that it wrote.
///
/// The gradients of x, w and b are overwritten. `dx` is optional, because the first block of a network does not need
/// it.
#[expect(clippy::too_many_arguments)]
pub fn conv_block_backward(
    block: &BlockShape,
    x: &[f32],
    w: &[f32],
    dy: &[f32],
    saved: &[u8],
    dx: Option<&mut [f32]>,
    dw: &mut [f32],
    db: &mut [f32],
    workspace: &mut Workspace,
) {
    let s = &block.conv;
    s.check();
    assert_eq!([x.len(), w.len(), dw.len(), db.len()], [s.batch * s.in_image(), s.weights(), s.weights(), s.outputs]);
    assert_eq!((dy.len(), saved.len()), (s.batch * block.out_image(), block.saved()));
    assert!(dx.as_ref().is_none_or(|dx| dx.len() == x.len()));
    if dy.is_empty() {
        dw.fill(0.0);
        db.fill(0.0);
        return dx.into_iter().for_each(|dx| dx.fill(0.0));
    }
    if one_channel::supports(block) && dx.is_none() {
        return one_channel::backward(block, x, dy, saved, dw, db, &mut workspace.frame, &mut workspace.result);
    }
    db.fill(0.0);
    pool::add_bias_gradient(dy, (!saved.is_empty()).then_some(saved), s.outputs, db);
    if !block.pool && backward_winograd::supports_weight_gradient(s) {
        backward_winograd::weight_gradient(s, x, dy, saved, dw, workspace);
    } else {
        backward_sparse::weight_gradient(block, x, dy, saved, dw, workspace);
    }
    match dx {
        None => {}
        Some(dx) if !block.pool && backward_winograd::supports_input_gradient(s) => {
            backward_winograd::input_gradient(s, w, dy, saved, dx, workspace);
        }
        Some(dx) => backward_sparse::input_gradient(block, w, dy, saved, dx, workspace),
    }
}

//! Gradients of a convolution whose output has a dense gradient, by Winograd's method: without a pool, and without a
//! ReLU or after a ReLU where this is faster.
//!
//! The gradient of the input is a convolution of the output's gradient: its kernels are rotated by 180 degrees, and
//! inputs and outputs are exchanged. The gradient of the weights is in `winograd_weight_gradient`. `backward` decides
//! between this file and `backward_sparse`.

use super::plan::{Method, OutputLayout, Plan, Scratch, method};
use super::shape::ConvShape;
use super::toom_cook::{F4, F5, Transform};
use super::winograd_weight_gradient;
use crate::kernels::cpu::pool::forward::INACTIVE;
use crate::kernels::cpu::workspace::Workspace;

/// The convolution that gives the gradient of the input: [batch, out_height, out_width, outputs] to
/// [batch, height, width, inputs].
fn transposed(s: &ConvShape) -> ConvShape {
    ConvShape {
        batch: s.batch,
        height: s.out_height(),
        width: s.out_width(),
        inputs: s.outputs,
        outputs: s.inputs,
        kernel: s.kernel,
        stride: 1,
        padding: s.kernel - 1 - s.padding,
    }
}

/// Whether Winograd's method computes the gradient of the input.
pub(super) fn supports_input_gradient(s: &ConvShape) -> bool {
    s.stride == 1 && method(&transposed(s), s.height, s.width) != Method::Direct
}

/// Whether Winograd's method computes the gradient of the weights.
pub(super) fn supports_weight_gradient(s: &ConvShape) -> bool {
    method(s, s.out_height(), s.out_width()) != Method::Direct
}

/// The gradient before the ReLU.
fn mask_gradient<'a>(dy: &'a [f32], saved: &[u8], buffer: &'a mut [f32]) -> &'a [f32] {
    if saved.is_empty() {
        return dy;
    }
    for ((masked, &dy), &code) in buffer.iter_mut().zip(dy).zip(saved) {
        *masked = if code == INACTIVE { 0.0 } else { dy };
    }
    &buffer[..dy.len()]
}

/// Overwrites dx. `saved` is empty, or has a code for each value of dy.
pub(super) fn input_gradient(
    s: &ConvShape,
    w: &[f32],
    dy: &[f32],
    saved: &[u8],
    dx: &mut [f32],
    workspace: &mut Workspace,
) {
    let t = transposed(s);
    let Workspace { weights, frame, points, products, result, sums, .. } = workspace;
    let mut scratch = Scratch { weights, frame, points, products };
    let taps = s.kernel * s.kernel;
    let layout =
        OutputLayout { rows: s.height, columns: s.width, row_stride: s.width * s.inputs, image_stride: s.in_image() };
    let plan = Plan::new(&t, layout, w, |o, i| (i * s.inputs + o) * taps, true, &mut scratch);
    let none = sums.zeroed(t.outputs.next_multiple_of(4));
    let buffer = result.take(if saved.is_empty() { 0 } else { plan.group * s.out_image() });
    let group = plan.group * s.out_image();
    for (i, (dy, dx)) in dy.chunks(group).zip(dx.chunks_mut(plan.group * s.in_image())).enumerate() {
        let saved = if saved.is_empty() { saved } else { &saved[i * group..][..dy.len()] };
        let images = dy.len() / s.out_image();
        plan.run(&t, images, mask_gradient(dy, saved, buffer), none, dx, &mut scratch);
    }
}

/// Overwrites dw. [`supports_weight_gradient`] must be true.
pub(super) fn weight_gradient(
    s: &ConvShape,
    x: &[f32],
    dy: &[f32],
    saved: &[u8],
    dw: &mut [f32],
    workspace: &mut Workspace,
) {
    match method(s, s.out_height(), s.out_width()) {
        Method::Winograd4 => winograd::<F4>(s, x, dy, saved, dw, workspace),
        _ => winograd::<F5>(s, x, dy, saved, dw, workspace),
    }
}

fn winograd<T: Transform>(
    s: &ConvShape,
    x: &[f32],
    dy: &[f32],
    saved: &[u8],
    dw: &mut [f32],
    workspace: &mut Workspace,
) {
    let Workspace { weights: sums, frame, points, products, result, .. } = workspace;
    let (rows, columns) = (s.out_height(), s.out_width());
    let layout = OutputLayout { rows, columns, row_stride: columns * s.outputs, image_stride: s.out_image() };
    let plan = Plan::without_weights(s, layout, frame);
    let sums = sums.zeroed(winograd_weight_gradient::sums_len::<T>(&plan.geometry(s, 1)));
    let buffer = result.take(if saved.is_empty() { 0 } else { plan.group * s.out_image() });
    let group = plan.group * s.out_image();
    for (i, (dy, x)) in dy.chunks(group).zip(x.chunks(plan.group * s.in_image())).enumerate() {
        let saved = if saved.is_empty() { saved } else { &saved[i * group..][..dy.len()] };
        let images = dy.len() / s.out_image();
        let g = plan.geometry(s, images);
        let (v, p) = g.scratch_lens::<T>();
        let x = plan.framed_images(s, images, x, frame);
        winograd_weight_gradient::add_group::<T>(
            &g,
            x,
            mask_gradient(dy, saved, buffer),
            sums,
            points.take(v),
            products.take(p),
        );
    }
    winograd_weight_gradient::finish::<T>(&plan.geometry(s, 1), sums, dw);
}

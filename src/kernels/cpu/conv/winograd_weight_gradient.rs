//! The gradient of a 3 x 3 kernel if the gradient of the output is dense, by the transposed transforms of Winograd's
//! method.
//!
//! Y = A' [(G g G') . (B' d B)] A is linear in g, so dg = G' [sum over tiles of (B' d B) . (A dy A')] G. For each point
//! of a tile this is one matrix product [C_in, tiles] x [tiles, C_out], with as few multiplications as the forward
//! pass. Leaves out the gradient of the input, which is a convolution itself (`backward_winograd`).

use super::toom_cook::{MAX_POINTS, Transform, splat as s};
use super::winograd::{Geometry, transform_input};
use crate::kernels::cpu::gemm::{self, Depth, Initial, Left, Out, PANEL};
use crate::kernels::cpu::simd::F32x4;

/// Floats from the sums of one point to those of the next: one cache line more than their size, as for the tiles.
fn sums_stride(g: &Geometry) -> usize {
    g.inputs * g.outputs + 16
}

/// Floats of the sums.
pub fn sums_len<T: Transform>(g: &Geometry) -> usize {
    T::N * T::N * sums_stride(g)
}

/// Adds a group of images to the sums. `x` is as for `winograd::convolve`. `dy` is [images, rows, columns, outputs]
/// with the strides of the geometry. `v` and `p` are scratch memory of [`Geometry::scratch_lens`] floats.
pub fn add_group<T: Transform>(g: &Geometry, x: &[f32], dy: &[f32], sums: &mut [f32], v: &mut [f32], p: &mut [f32]) {
    transform_input::<T>(g, x, v);
    transform_output_gradient::<T>(g, dy, p);
    let tiles = g.tiles::<T>();
    let (v_point, p_point, point) = (g.point_stride::<T>(g.inputs), g.point_stride::<T>(g.outputs), sums_stride(g));
    for i in 0..T::N * T::N {
        let (v, p) = (&v[i * v_point..][..tiles * g.inputs], &p[i * p_point..][..tiles * g.outputs]);
        let sums = &mut sums[i * point..][..g.inputs * g.outputs];
        let left = Left { start: v.as_ptr(), row_stride: 1, column_stride: g.inputs };
        let out = Out { start: sums.as_mut_ptr(), row_stride: g.outputs, columns: g.outputs };
        // SAFETY: v holds [tiles, inputs] and is read transposed; p is packed; the sums are inputs x outputs.
        unsafe { gemm::multiply(g.inputs, Depth::run(tiles), left, p, Initial::Output, out) };
    }
}

/// A dy A' of every tile, packed for the products: [point, panel, tile, 8].
fn transform_output_gradient<T: Transform>(g: &Geometry, dy: &[f32], p: &mut [f32]) {
    let ((down, across), tiles) = (g.tile_grid::<T>(), g.tiles::<T>());
    let point = g.point_stride::<T>(g.outputs);
    assert!(g.outputs.is_multiple_of(4) && p.len() >= T::N * T::N * point && g.out_row_stride >= g.columns * g.outputs);
    assert!(dy.len() >= (g.images - 1) * g.out_image_stride + (g.rows - 1) * g.out_row_stride + g.columns * g.outputs);
    for tile in 0..tiles {
        let (image, ty, tx) = (tile / (down * across), tile / across % down, tile % across);
        let (rows, columns) = (T::M.min(g.rows - ty * T::M), T::M.min(g.columns - tx * T::M));
        let corner = image * g.out_image_stride + ty * T::M * g.out_row_stride + tx * T::M * g.outputs;
        for channel in (0..g.outputs).step_by(4) {
            let panel = channel / PANEL * PANEL;
            let width = PANEL.min(g.outputs - panel);
            // SAFETY: only rows and columns of the output are read; a panel has `width` floats for every tile.
            unsafe {
                let from = dy.as_ptr().add(corner + channel);
                let to = p.as_mut_ptr().add(panel * tiles + tile * width + channel - panel);
                let mut half = [[s(0.0); MAX_POINTS]; MAX_POINTS];
                for (i, column) in half.iter_mut().enumerate().take(columns) {
                    let mut y = [s(0.0); MAX_POINTS];
                    for (j, value) in y.iter_mut().enumerate().take(T::M) {
                        if j < rows {
                            *value = F32x4::load(from.add(j * g.out_row_stride + i * g.outputs));
                        }
                    }
                    *column = T::output_gradient(y);
                }
                for y in 0..T::N {
                    let mut row = [s(0.0); MAX_POINTS];
                    for (value, column) in row.iter_mut().zip(&half).take(T::M) {
                        *value = column[y];
                    }
                    for (i, value) in T::output_gradient(row).into_iter().enumerate().take(T::N) {
                        value.store(to.add((y * T::N + i) * point));
                    }
                }
            }
        }
    }
}

/// G' sums G of every pair of channels, written to dw [outputs, inputs, 3, 3].
pub fn finish<T: Transform>(g: &Geometry, sums: &[f32], dw: &mut [f32]) {
    let point = sums_stride(g);
    assert!(sums.len() >= T::N * T::N * point && dw.len() == g.outputs * g.inputs * 9 && g.outputs.is_multiple_of(4));
    for i in 0..g.inputs {
        for o in (0..g.outputs).step_by(4) {
            let mut half = [[s(0.0); 3]; MAX_POINTS];
            for (x, column) in half.iter_mut().enumerate().take(T::N) {
                let mut p = [s(0.0); MAX_POINTS];
                for (y, value) in p.iter_mut().enumerate().take(T::N) {
                    let from = &sums[(y * T::N + x) * point + i * g.outputs + o..][..4];
                    // SAFETY: the slice has 4 values.
                    *value = unsafe { F32x4::load(from.as_ptr()) };
                }
                *column = T::weight_gradient(p);
            }
            for y in 0..3 {
                let row = T::weight_gradient(core::array::from_fn(|x| half[x][y]));
                for (x, values) in row.into_iter().enumerate() {
                    for (lane, value) in values.to_array().into_iter().enumerate() {
                        dw[((o + lane) * g.inputs + i) * 9 + y * 3 + x] = value;
                    }
                }
            }
        }
    }
}

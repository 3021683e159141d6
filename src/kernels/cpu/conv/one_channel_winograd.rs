//! The forward pass of a first block with one input channel and a 3 x 3 kernel, by Winograd's F(2x2, 3x3). A tile is a
//! window of the pool.

use super::shape::{BlockShape, Frame};
use crate::kernels::cpu::pool::forward as pool;
use crate::kernels::cpu::simd::{F32x4, LANES};

/// Floats of a transformed window.
pub(super) const WINDOW: usize = 16;

/// Computes one image. Each window of the pool is a tile of F(2x2, 3x3) on the points 0, 1, -1, infinity. This takes 16
/// multiplications per window and output instead of 36. All outputs use the same transformed window.
#[expect(clippy::too_many_arguments)]
pub(super) fn winograd_image(
    block: &BlockShape,
    frame: &Frame,
    x: &[f32],
    w: &[f32],
    b: &[f32],
    y: &mut [f32],
    saved: &mut [u8],
    points: &mut [f32],
) {
    let (down, across, outputs) = (block.out_height(), block.out_width(), block.conv.outputs);
    let row = frame.row();
    assert!(x.len() >= (2 * down + 2) * row && row >= 2 * across + 2 && points.len() >= WINDOW * down * across);
    assert!(y.len() >= down * across * outputs && saved.len() >= down * across * outputs);
    // B' d B, transposed: [window, point across, point down].
    let input = |[d0, d1, d2, d3]: [F32x4; 4]| [d0 - d2, d1 + d2, d2 - d1, d1 - d3];
    for (window, points) in points.chunks_exact_mut(WINDOW).enumerate().take(down * across) {
        let corner = window / across * 2 * row + window % across * 2;
        // SAFETY: by the assertion above, the window's patch of 4 x 4 lies in the frame; a window has 16 points.
        unsafe {
            let rows = core::array::from_fn(|i| F32x4::load(x.as_ptr().add(corner + i * row)));
            for (i, column) in input(F32x4::transpose(input(rows))).into_iter().enumerate() {
                column.store(points.as_mut_ptr().add(i * LANES));
            }
        }
    }
    for o in (0..outputs).step_by(LANES) {
        let kernels: [&[f32]; LANES] = core::array::from_fn(|lane| &w[(o + lane) * 9..][..9]);
        let weight = |[g0, g1, g2]: [F32x4; 3]| {
            let (half, even, odd) = (F32x4::splat(0.5), g0 + g2, g1);
            [g0, (even + odd) * half, (even - odd) * half, g2]
        };
        // G g G', [point across, point down].
        let columns: [[F32x4; 4]; 3] = core::array::from_fn(|j| {
            weight(core::array::from_fn(|i| F32x4::from_array(kernels.map(|k| k[i * 3 + j]))))
        });
        let mut weights = [[F32x4::splat(0.0); 4]; 4];
        for i in 0..4 {
            for (j, value) in weight([columns[0][i], columns[1][i], columns[2][i]]).into_iter().enumerate() {
                weights[j][i] = value;
            }
        }
        let bias = F32x4::from_array([b[o], b[o + 1], b[o + 2], b[o + 3]]);
        for (window, points) in points.chunks_exact(WINDOW).enumerate().take(down * across) {
            // SAFETY: a window has 16 points; by the assertion above, the outputs lie in y and saved.
            unsafe {
                // A' p A: the columns first.
                let mut half = [[F32x4::splat(0.0); 2]; 4];
                for (j, half) in half.iter_mut().enumerate() {
                    let value = |i: usize| F32x4::load_splat(points.as_ptr().add(j * 4 + i));
                    let (one, minus) = (weights[j][1] * value(1), weights[j][2] * value(2));
                    *half = [(one + minus).mul_add(weights[j][0], value(0)), (one - minus) - weights[j][3] * value(3)];
                }
                let sums = |i: usize| {
                    let (one, minus) = (half[1][i] + bias, half[2][i]);
                    [half[0][i] + one + minus, one - minus - half[3][i]]
                };
                let ([a, b], [c, d]) = (sums(0), sums(1));
                let (most, code) = pool::window_max([a, b, c, d], block.relu);
                let to = window * outputs + o;
                most.store(y.as_mut_ptr().add(to));
                code.store_bytes(saved.as_mut_ptr().add(to));
            }
        }
    }
}

//! The backward pass of a dense layer.

use super::panel::{INPUT_BLOCK, PANEL, add_product, add_rows, copy_rows, list_non_zeros, pack, row_offsets};
use super::shape::DenseShape;
use crate::kernels::cpu::simd::{F32x4, LANES};
use crate::kernels::cpu::sparse::{NonZero, SparseMatrix};
use crate::kernels::cpu::workspace::{Workspace, take_from};

/// Gradients of [`super::forward::dense_forward`] from its `y` (read only if the shape has a ReLU) and `dy`, the
/// gradient of y. The gradients of x (optional), w and b are overwritten.
#[expect(clippy::too_many_arguments)]
pub fn dense_backward(
    s: &DenseShape,
    x: &[f32],
    w: &[f32],
    y: &[f32],
    dy: &[f32],
    dx: Option<&mut [f32]>,
    dw: &mut [f32],
    db: &mut [f32],
    workspace: &mut Workspace,
) {
    s.check(x, w, db, dy);
    assert_eq!((dw.len(), y.len()), (w.len(), if s.relu { dy.len() } else { y.len() }));
    assert!(dx.as_ref().is_none_or(|dx| dx.len() == x.len()));
    let padded = s.padded();
    let Workspace { weights, frame, result, sums, points, products, non_zeros, row_lengths, output_offsets, .. } =
        workspace;

    // The gradient before the ReLU.
    let masked = points.take(s.batch * padded);
    copy_rows(dy, s.outputs, masked, padded);
    if s.relu {
        for (masked, y) in masked.chunks_exact_mut(padded).zip(y.chunks_exact(s.outputs)) {
            for (masked, &y) in masked.iter_mut().zip(y) {
                *masked = if y <= 0.0 { 0.0 } else { *masked };
            }
        }
    }
    let start = sums.zeroed(padded);
    add_rows(masked, padded, 1.0, start);
    db.copy_from_slice(&start[..s.outputs]);
    start.iter_mut().for_each(|sum| *sum *= s.background);

    // dw[i] = background * db + the sum over the batch of r[i] dy. The sparse matrix has one row for each input.
    let row_stride = s.batch + 8;
    let rows = if padded == s.outputs { &mut *dw } else { result.take(s.inputs * padded) };
    for row in rows.chunks_exact_mut(padded) {
        row.copy_from_slice(start);
    }
    let panels = frame.take(padded.div_ceil(PANEL) * PANEL * s.batch);
    for (i, panel) in panels.chunks_exact_mut(PANEL * s.batch).enumerate() {
        pack(masked, padded, i * PANEL, panel);
    }
    {
        let non_zeros = take_from(non_zeros, INPUT_BLOCK * row_stride);
        let output_offsets = row_offsets(output_offsets, INPUT_BLOCK, padded);
        for first in (0..s.inputs).step_by(INPUT_BLOCK) {
            let block = INPUT_BLOCK.min(s.inputs - first);
            let row_lengths = take_from(row_lengths, block);
            list_columns_non_zeros(s, x, first, row_lengths, row_stride, non_zeros);
            let matrix = SparseMatrix { non_zeros, row_stride, row_lengths, outputs: &output_offsets[..block] };
            for (i, panel) in panels.chunks_exact(PANEL * s.batch).enumerate() {
                add_product(matrix, panel, &mut rows[first * padded..][..block * padded], i * PANEL, padded);
            }
        }
    }
    if padded != s.outputs {
        copy_rows(result.take(s.inputs * padded), padded, dw, s.outputs);
    }

    // dx = dy w'. The sparse matrix has one row for each row of the batch; the weights are transposed.
    let Some(dx) = dx else { return };
    let transposed = weights.take(s.inputs.div_ceil(PANEL) * PANEL * s.outputs);
    transpose(s, w, transposed);
    let row_stride = s.outputs + 8;
    let non_zeros = take_from(non_zeros, s.batch * row_stride);
    let row_lengths = take_from(row_lengths, s.batch);
    for ((masked, non_zeros), count) in
        masked.chunks_exact(padded).zip(non_zeros.chunks_exact_mut(row_stride)).zip(&mut *row_lengths)
    {
        *count = list_non_zeros(&masked[..s.outputs], 0.0, non_zeros);
    }
    let wide = s.inputs.next_multiple_of(LANES);
    let whole = wide == s.inputs;
    let sums = if whole { &mut *dx } else { products.take(s.batch * wide) };
    sums.fill(0.0);
    let output_offsets = row_offsets(output_offsets, s.batch, wide);
    for (i, panel) in transposed.chunks_exact(PANEL * s.outputs).enumerate() {
        add_product(
            SparseMatrix { non_zeros, row_stride, row_lengths, outputs: output_offsets },
            panel,
            sums,
            i * PANEL,
            wide,
        );
    }
    if !whole {
        copy_rows(products.take(s.batch * wide), wide, dx, s.inputs);
    }
}

/// For each input from `first` on, lists the rows of the batch in which it differs from the background.
fn list_columns_non_zeros(
    s: &DenseShape,
    x: &[f32],
    first: usize,
    row_lengths: &mut [u32],
    row_stride: usize,
    non_zeros: &mut [NonZero],
) {
    assert!(row_stride > s.batch && non_zeros.len() >= row_lengths.len() * row_stride);
    row_lengths.fill(0);
    for (row, x) in x.chunks_exact(s.inputs).enumerate() {
        let offset = (row * PANEL) as u32;
        for (i, (&value, count)) in x[first..].iter().zip(&mut *row_lengths).enumerate() {
            // SAFETY: i is below the number of lists, and a list is not longer than the number of rows before this one.
            unsafe {
                *non_zeros.get_unchecked_mut(i * row_stride + *count as usize) =
                    NonZero { offset, value: value - s.background }
            };
            *count += u32::from(value != s.background);
        }
    }
}

/// [inputs, outputs] to [panel of 48 inputs, outputs, 48].
fn transpose(s: &DenseShape, w: &[f32], transposed: &mut [f32]) {
    for (panel, transposed) in transposed.chunks_exact_mut(PANEL * s.outputs).enumerate() {
        let w = &w[panel * PANEL * s.outputs..];
        let columns = PANEL.min(w.len() / s.outputs);
        let (i_vectors, o_vectors) = (columns / LANES * LANES, s.outputs / LANES * LANES);
        for i in (0..i_vectors).step_by(LANES) {
            for o in (0..o_vectors).step_by(LANES) {
                // SAFETY: i + 4 <= columns and o + 4 <= outputs.
                unsafe {
                    let rows = core::array::from_fn(|lane| F32x4::load(w.as_ptr().add((i + lane) * s.outputs + o)));
                    for (lane, column) in F32x4::transpose(rows).into_iter().enumerate() {
                        column.store(transposed.as_mut_ptr().add((o + lane) * PANEL + i));
                    }
                }
            }
        }
        for (i, row) in w.chunks_exact(s.outputs).enumerate().take(columns) {
            for o in if i < i_vectors { o_vectors } else { 0 }..s.outputs {
                transposed[o * PANEL + i] = row[o];
            }
        }
        for transposed in transposed.chunks_exact_mut(PANEL) {
            transposed[columns..].fill(0.0);
        }
    }
}

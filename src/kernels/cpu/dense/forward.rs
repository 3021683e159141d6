//! The forward pass of a dense layer.

use super::panel::{INPUT_BLOCK, PANEL, add_product, add_rows, copy_rows, list_non_zeros, pack, row_offsets};
use super::shape::DenseShape;
use crate::kernels::cpu::sparse::SparseMatrix;
use crate::kernels::cpu::workspace::{Workspace, take_from};

/// y = x w + b, then ReLU if the shape has it.
pub fn dense_forward(s: &DenseShape, x: &[f32], w: &[f32], b: &[f32], y: &mut [f32], workspace: &mut Workspace) {
    s.check(x, w, b, y);
    let padded = s.padded();
    let Workspace { weights, result, sums, points, non_zeros, row_lengths, output_offsets, .. } = workspace;
    let w = if padded == s.outputs {
        w
    } else {
        let rows = weights.take(s.inputs * padded);
        copy_rows(w, s.outputs, rows, padded);
        rows
    };
    let start = sums.zeroed(padded);
    start[..s.outputs].copy_from_slice(b);
    if s.background != 0.0 {
        add_rows(w, padded, s.background, start);
    }
    // If the rows of y are whole vectors, the sums are written directly into y.
    let sums = if padded == s.outputs { &mut *y } else { result.take(s.batch * padded) };
    for row in sums.chunks_exact_mut(padded) {
        row.copy_from_slice(start);
    }
    let row_stride = INPUT_BLOCK + 8;
    let non_zeros = take_from(non_zeros, s.batch * row_stride);
    let row_lengths = take_from(row_lengths, s.batch);
    let output_offsets = row_offsets(output_offsets, s.batch, padded);
    let panel = points.take(INPUT_BLOCK * PANEL);
    for first in (0..s.inputs).step_by(INPUT_BLOCK) {
        let block = INPUT_BLOCK.min(s.inputs - first);
        for ((x, non_zeros), count) in
            x.chunks_exact(s.inputs).zip(non_zeros.chunks_exact_mut(row_stride)).zip(&mut *row_lengths)
        {
            *count = list_non_zeros(&x[first..][..block], s.background, non_zeros);
        }
        for column in (0..padded).step_by(PANEL) {
            pack(&w[first * padded..][..block * padded], padded, column, panel);
            add_product(
                SparseMatrix { non_zeros, row_stride, row_lengths, outputs: output_offsets },
                panel,
                sums,
                column,
                padded,
            );
        }
    }
    if s.relu {
        // Not f32::max: a NaN must remain visible.
        sums.iter_mut().for_each(|sum| *sum = if *sum <= 0.0 { 0.0 } else { *sum });
    }
    if padded != s.outputs {
        copy_rows(result.take(s.batch * padded), padded, y, s.outputs);
    }
}

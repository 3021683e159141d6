//! Linear layers, y = x w + b and perhaps ReLU, forward and backward, as products with a sparse matrix.
//!
//! What a linear layer sees is mostly one value: 0 behind a ReLU, black in an image (half of Fashion-MNIST's pixels). The products leave that value
//! out: with x = background + r, x w = background * (column sums of w) + r w, and r is sparse. The result is right whatever the background is; only the time depends
//! on it. The gradient behind a ReLU is sparse too. Inputs are taken in blocks whose weights stay in the first-level cache.

use super::simd::{F32x4, LANES};
use super::sparse::{self, MAX_VECTORS, NonZero, SparseMatrix, StridedRows};
use super::workspace::{Workspace, take_from};

#[cfg(test)]
mod tests;

/// Rows of weights taken together: 128 rows of 48 are 24 KiB.
const INPUT_BLOCK: usize = 128;
/// Columns of a packed panel: as many as there are registers for. Panels lie contiguous, because rows a power of two apart would share a
/// few sets of the cache.
const PANEL: usize = MAX_VECTORS * LANES;

/// A linear layer: x is [batch, inputs], w is [inputs, outputs] (as Burn has it), b is `[outputs]`, y is [batch, outputs].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseShape {
    /// Rows of x.
    pub batch: usize,
    /// Columns of x.
    pub inputs: usize,
    /// Columns of y.
    pub outputs: usize,
    /// Whether a ReLU follows.
    pub relu: bool,
    /// The value that x has most often. Any is right; the true one is fast.
    pub background: f32,
}

impl DenseShape {
    /// Outputs in whole vectors.
    fn padded(&self) -> usize {
        self.outputs.next_multiple_of(LANES)
    }

    fn check(&self, x: &[f32], w: &[f32], b: &[f32], y: &[f32]) {
        assert!(self.batch > 0 && self.inputs > 0 && self.outputs > 0, "{self:?}");
        let expected = [self.batch * self.inputs, self.inputs * self.outputs, self.outputs, self.batch * self.outputs];
        assert_eq!([x.len(), w.len(), b.len(), y.len()], expected, "{self:?}");
    }
}

/// Copies rows of `from` floats into rows of `to`, of which the rest is zero (or is dropped, if they are shorter).
fn copy_rows(source: &[f32], from: usize, target: &mut [f32], to: usize) {
    let len = from.min(to);
    for (source, target) in source.chunks_exact(from).zip(target.chunks_exact_mut(to)) {
        target[..len].copy_from_slice(&source[..len]);
        target[len..].fill(0.0);
    }
}

/// Where rows of `width` floats begin.
fn row_offsets(output_offsets: &mut Vec<u32>, rows: usize, width: usize) -> &[u32] {
    let output_offsets = take_from(output_offsets, rows);
    for (row, offset) in output_offsets.iter_mut().enumerate() {
        *offset = (row * width) as u32;
    }
    output_offsets
}

/// Copies 48 columns of rows of `width` floats (fewer at the end; the rest of a packed row is left as it was).
fn pack(rows: &[f32], width: usize, column: usize, panel: &mut [f32]) {
    let len = PANEL.min(width - column);
    for (row, packed) in rows.chunks_exact(width).zip(panel.chunks_exact_mut(PANEL)) {
        packed[..len].copy_from_slice(&row[column..][..len]);
    }
}

/// Adds the product of a sparse matrix and a packed panel to the columns of `sums` ([lists, width]) from `column` on.
fn add_product(matrix: SparseMatrix, panel: &[f32], sums: &mut [f32], column: usize, width: usize) {
    assert!(width.is_multiple_of(LANES) && column < width && sums.len() >= matrix.row_lengths.len() * width);
    let (dense, to) = (
        StridedRows { start: panel.as_ptr(), stride: 0 },
        StridedRows { start: sums[column..].as_mut_ptr(), stride: 0 },
    );
    // SAFETY: `list` and its like write offsets of the panel's rows, which are PANEL long; the columns end at `width`.
    unsafe { sparse::multiply(matrix, dense, to, 1, (width - column).min(PANEL) / LANES) };
}

/// SparseMatrix the values of a row that are not the background, less the background; returns how many. NonZero i names row i of a panel.
#[inline(always)]
fn list_non_zeros(values: &[f32], background: f32, non_zeros: &mut [NonZero]) -> u32 {
    assert!(non_zeros.len() > values.len());
    let mut count = 0;
    for (i, &value) in values.iter().enumerate() {
        // SAFETY: count <= i, and there are more non_zeros than values.
        unsafe {
            *non_zeros.get_unchecked_mut(count as usize) =
                NonZero { offset: (i * PANEL) as u32, value: value - background }
        };
        count += u32::from(value != background);
    }
    count
}

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
    // Sums go straight to y where its rows are whole vectors.
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
        // Not f32::max: a NaN must show.
        sums.iter_mut().for_each(|sum| *sum = if *sum <= 0.0 { 0.0 } else { *sum });
    }
    if padded != s.outputs {
        copy_rows(result.take(s.batch * padded), padded, y, s.outputs);
    }
}

/// sums += scale * the sum of the rows.
fn add_rows(rows: &[f32], width: usize, scale: f32, sums: &mut [f32]) {
    for row in rows.chunks_exact(width) {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += scale * value;
        }
    }
}

/// Gradients of [`dense_forward`] from its `y` (read only where the shape has a ReLU) and `dy`, y's gradient: of x (if wanted), w and b, all overwritten.
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

    // What reaches the sums before the ReLU.
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

    // dw[i] = background * db + the sum over the batch of r[i] dy: a list for each input.
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

    // dx = dy w': a list for each row of the batch, and the weights transposed.
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

/// For each of some inputs, lists the rows of the batch where it is not the background.
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
            // SAFETY: i is below the number of row_lengths, and a list is no longer than the rows before this one.
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

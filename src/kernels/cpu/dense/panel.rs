//! The pieces of both passes of a dense layer: rows, packed panels, and lists of non-zeros.

use crate::kernels::cpu::simd::LANES;
use crate::kernels::cpu::sparse::{self, MAX_VECTORS, NonZero, SparseMatrix, StridedRows};
use crate::kernels::cpu::workspace::take_from;

/// Inputs per block. 128 rows of 48 weights are 24 KiB.
pub(super) const INPUT_BLOCK: usize = 128;
/// Columns of a packed panel: as many as fit the registers. Panels are contiguous, because rows that are a power of two
/// apart would share a few sets of the cache.
pub(super) const PANEL: usize = MAX_VECTORS * LANES;

/// Copies rows of `from` floats into rows of `to` floats. If the new rows are longer, their rest is zero. If they are
/// shorter, the rest of the old rows is dropped.
pub(super) fn copy_rows(source: &[f32], from: usize, target: &mut [f32], to: usize) {
    let len = from.min(to);
    for (source, target) in source.chunks_exact(from).zip(target.chunks_exact_mut(to)) {
        target[..len].copy_from_slice(&source[..len]);
        target[len..].fill(0.0);
    }
}

/// The offsets of rows of `width` floats.
pub(super) fn row_offsets(output_offsets: &mut Vec<u32>, rows: usize, width: usize) -> &[u32] {
    let output_offsets = take_from(output_offsets, rows);
    for (row, offset) in output_offsets.iter_mut().enumerate() {
        *offset = (row * width) as u32;
    }
    output_offsets
}

/// Copies 48 columns of rows of `width` floats into a panel. At the end there are fewer columns; then the rest of each
/// packed row keeps its old values.
pub(super) fn pack(rows: &[f32], width: usize, column: usize, panel: &mut [f32]) {
    let len = PANEL.min(width - column);
    for (row, packed) in rows.chunks_exact(width).zip(panel.chunks_exact_mut(PANEL)) {
        packed[..len].copy_from_slice(&row[column..][..len]);
    }
}

/// Adds the product of a sparse matrix and a packed panel to the columns of `sums` ([rows, width]) from `column` on.
pub(super) fn add_product(matrix: SparseMatrix, panel: &[f32], sums: &mut [f32], column: usize, width: usize) {
    assert!(width.is_multiple_of(LANES) && column < width && sums.len() >= matrix.row_lengths.len() * width);
    let (dense, to) = (
        StridedRows { start: panel.as_ptr(), stride: 0 },
        StridedRows { start: sums[column..].as_mut_ptr(), stride: 0 },
    );
    // SAFETY: `list_non_zeros` and `backward::list_columns_non_zeros` write offsets of the panel's rows, which have
    // PANEL floats; the columns end at `width`.
    unsafe { sparse::multiply(matrix, dense, to, 1, (width - column).min(PANEL) / LANES) };
}

/// Lists the values of a row that differ from the background, minus the background. Returns how many there are. The
/// list names row i of a panel for value i.
#[inline(always)]
pub(super) fn list_non_zeros(values: &[f32], background: f32, non_zeros: &mut [NonZero]) -> u32 {
    assert!(non_zeros.len() > values.len());
    let mut count = 0;
    for (i, &value) in values.iter().enumerate() {
        // SAFETY: count <= i, and there are more places than values.
        unsafe {
            *non_zeros.get_unchecked_mut(count as usize) =
                NonZero { offset: (i * PANEL) as u32, value: value - background }
        };
        count += u32::from(value != background);
    }
    count
}

/// sums += scale * the sum of the rows.
pub(super) fn add_rows(rows: &[f32], width: usize, scale: f32, sums: &mut [f32]) {
    for row in rows.chunks_exact(width) {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += scale * value;
        }
    }
}

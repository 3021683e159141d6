//! Sparse times dense: what the backward pass of a max pool and of a ReLU is made of.
//!
//! A 2 x 2 max pool passes a gradient to one pixel in four, and a ReLU to fewer, so the gradients of a convolution block are a sparse
//! matrix times a dense one; so is what a ReLU leaves for the next layer. A list holds the non-zeros of one row of the sparse matrix, and the product sums
//! the dense rows that it names, with up to 12 vectors of sums in registers: one load, one multiplication and one addition for each vector, the
//! arithmetic units being the limit as in a dense product, for a half or a quarter of the work.

use super::simd::{F32x4, LANES};

/// One non-zero: where its dense row begins, and its value.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct NonZero {
    /// Floats from the first dense row's start.
    pub offset: u32,
    /// The weight of that row.
    pub value: f32,
}

/// The most vectors of sums that fit the registers beside a row's value and a product.
pub const MAX_VECTORS: usize = 12;

/// A sparse matrix: a list of non-zeros for each row.
#[derive(Clone, Copy)]
pub struct SparseMatrix<'a> {
    /// The lists, each in its place.
    pub non_zeros: &'a [NonZero],
    /// Entries from one list's start to the next.
    pub row_stride: usize,
    /// The length of each list.
    pub row_lengths: &'a [u32],
    /// Where the sums of each list begin, in floats.
    pub outputs: &'a [u32],
}

/// The dense rows, or the sums: `rows` runs of floats each, `stride` apart.
#[derive(Clone, Copy)]
pub struct StridedRows<T> {
    /// The first float.
    pub start: T,
    /// Floats from one run to the next.
    pub stride: usize,
}

/// For each list: sums[to + r * sums.stride + i] += sum over entries of value * dense[offset + r * dense.stride + i], for r < `runs` and i < 4 `vectors`.
/// # Safety
/// `dense` must be valid for reading at those places for every entry, `sums` for reading and writing for every list, and they must not
/// overlap; `to` must be as long as `counts`, and every list lie in `entries`.
pub unsafe fn multiply(
    matrix: SparseMatrix,
    dense: StridedRows<*const f32>,
    sums: StridedRows<*mut f32>,
    runs: usize,
    vectors: usize,
) {
    debug_assert!(
        matrix.outputs.len() == matrix.row_lengths.len()
            && matrix.non_zeros.len() >= matrix.row_lengths.len() * matrix.row_stride
    );
    // SAFETY: the caller's promise; the pieces cut the runs without overlap.
    unsafe {
        let whole = match (runs, vectors) {
            (3, 1) => multiply_block::<3, 1>(matrix, dense, sums),
            (3, 2) => multiply_block::<3, 2>(matrix, dense, sums),
            (3, 3) => multiply_block::<3, 3>(matrix, dense, sums),
            (3, 4) => multiply_block::<3, 4>(matrix, dense, sums),
            (5, 2) => multiply_block::<5, 2>(matrix, dense, sums),
            _ => 0,
        };
        if whole > 0 {
            return;
        }
        for run in 0..runs {
            let mut done = 0;
            while done < vectors {
                let dense = StridedRows { start: dense.start.add(run * dense.stride + done * LANES), ..dense };
                let sums = StridedRows { start: sums.start.add(run * sums.stride + done * LANES), ..sums };
                done += match vectors - done {
                    1 => multiply_block::<1, 1>(matrix, dense, sums),
                    2 => multiply_block::<1, 2>(matrix, dense, sums),
                    3 => multiply_block::<1, 3>(matrix, dense, sums),
                    4..=7 => multiply_block::<1, 4>(matrix, dense, sums),
                    8..=11 => multiply_block::<1, 8>(matrix, dense, sums),
                    _ => multiply_block::<1, MAX_VECTORS>(matrix, dense, sums),
                };
            }
        }
    }
}

/// [`multiply`] for R runs of V vectors; returns V.
/// # Safety
/// As for [`multiply`].
unsafe fn multiply_block<const R: usize, const V: usize>(
    matrix: SparseMatrix,
    dense: StridedRows<*const f32>,
    to: StridedRows<*mut f32>,
) -> usize {
    for (i, (&length, &at)) in matrix.row_lengths.iter().zip(matrix.outputs).enumerate() {
        if length == 0 {
            continue;
        }
        // SAFETY: the caller's promise.
        unsafe {
            let non_zeros =
                matrix.non_zeros.get_unchecked(i * matrix.row_stride..i * matrix.row_stride + length as usize);
            let output = to.start.add(at as usize);
            let mut sums = [[F32x4::splat(0.0); V]; R];
            for (r, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = F32x4::load(output.add(r * to.stride + LANES * v));
                }
            }
            for non_zero in non_zeros {
                let row = dense.start.add(non_zero.offset as usize);
                let value = F32x4::load_splat(&raw const non_zero.value);
                for (r, sums) in sums.iter_mut().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.mul_add(F32x4::load(row.add(r * dense.stride + LANES * v)), value);
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    sum.store(output.add(r * to.stride + LANES * v));
                }
            }
        }
    }
    V
}

//! The product of a sparse and a dense matrix. The backward passes of a max pool and of a ReLU consist of such
//! products.
//!
//! A 2 x 2 max pool passes a gradient to one pixel in four, a ReLU to fewer. So the gradients of a convolution block
//! are a sparse matrix times a dense one. The input of the layer after a ReLU is sparse too. Each row of the sparse
//! matrix is a list of its non-zeros. For each row the product adds up the dense rows that the list names. Up to 12
//! vectors of sums stay in registers. Each vector takes one load, one multiplication and one addition. As in a dense
//! product the arithmetic units are the limit, but there is only half or a quarter of the work.

use super::simd::{F32x4, LANES};

/// One non-zero of the sparse matrix.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct NonZero {
    /// Where its dense row begins: floats from the start of the first dense row.
    pub offset: u32,
    /// The factor of that row.
    pub value: f32,
}

/// The largest number of vectors of sums that fits the registers, beside one factor and one product.
pub const MAX_VECTORS: usize = 12;

/// A sparse matrix: a list of non-zeros for each of its rows.
#[derive(Clone, Copy)]
pub struct SparseMatrix<'a> {
    /// The lists of all rows. Each list begins a fixed distance after the one before it.
    pub non_zeros: &'a [NonZero],
    /// Non-zeros from the start of one list to the start of the next.
    pub row_stride: usize,
    /// The length of each list.
    pub row_lengths: &'a [u32],
    /// Where the output row of each list begins, in floats.
    pub outputs: &'a [u32],
}

/// Dense rows, or rows of sums. One "row" may consist of several pieces of floats that are `stride` apart.
#[derive(Clone, Copy)]
pub struct StridedRows<T> {
    /// The first float.
    pub start: T,
    /// Floats from one piece to the next.
    pub stride: usize,
}

/// Multiplies. For each list, for p < `pieces` and i < 4 `vectors`: sums[output + p * sums.stride + i] += the sum over
/// its non-zeros of value * dense[offset + p * dense.stride + i].
/// # Safety
/// `dense` must be valid for reading at those places for every non-zero. `sums` must be valid for reading and writing
/// for every list. The two must not overlap. `outputs` must be as long as `row_lengths`, and every list must lie in
/// `non_zeros`.
pub unsafe fn multiply(
    matrix: SparseMatrix,
    dense: StridedRows<*const f32>,
    sums: StridedRows<*mut f32>,
    pieces: usize,
    vectors: usize,
) {
    debug_assert!(
        matrix.outputs.len() == matrix.row_lengths.len()
            && matrix.non_zeros.len() >= matrix.row_lengths.len() * matrix.row_stride
    );
    // SAFETY: the caller guarantees it; the calls below divide the pieces without overlap.
    unsafe {
        let whole = match (pieces, vectors) {
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
        for piece in 0..pieces {
            let mut done = 0;
            while done < vectors {
                let dense = StridedRows { start: dense.start.add(piece * dense.stride + done * LANES), ..dense };
                let sums = StridedRows { start: sums.start.add(piece * sums.stride + done * LANES), ..sums };
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

/// [`multiply`] for P pieces of V vectors. Returns V.
/// # Safety
/// As for [`multiply`].
unsafe fn multiply_block<const P: usize, const V: usize>(
    matrix: SparseMatrix,
    dense: StridedRows<*const f32>,
    to: StridedRows<*mut f32>,
) -> usize {
    for (i, (&length, &at)) in matrix.row_lengths.iter().zip(matrix.outputs).enumerate() {
        if length == 0 {
            continue;
        }
        // SAFETY: the caller guarantees it.
        unsafe {
            let non_zeros =
                matrix.non_zeros.get_unchecked(i * matrix.row_stride..i * matrix.row_stride + length as usize);
            let output = to.start.add(at as usize);
            let mut sums = [[F32x4::splat(0.0); V]; P];
            for (p, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = F32x4::load(output.add(p * to.stride + LANES * v));
                }
            }
            for non_zero in non_zeros {
                let row = dense.start.add(non_zero.offset as usize);
                let value = F32x4::load_splat(&raw const non_zero.value);
                for (p, sums) in sums.iter_mut().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.mul_add(F32x4::load(row.add(p * dense.stride + LANES * v)), value);
                    }
                }
            }
            for (p, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    sum.store(output.add(p * to.stride + LANES * v));
                }
            }
        }
    }
    V
}

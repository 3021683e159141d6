//! The dense matrix product, with a register tile of up to 4 rows by 8 columns.
//!
//! The left matrix is read in place, one value at a time into all lanes (a load that needs no arithmetic unit). It may
//! have any row and column stride, so a transposed operand needs no copy. The right matrix is packed into panels of 8
//! columns (the last panel has 4 if that is enough), so that a step of the inner loop reads 32 consecutive bytes. V8
//! gives 15 registers of x86-64 to WebAssembly, and a tile of 4 x 8 fits: 8 sums, 2 vectors of columns, 1 row value and
//! 1 product. The depth is not divided into blocks: the depths of all callers fit the caches.

use super::simd::F32x4;

/// Columns of a packed panel.
pub const PANEL: usize = 8;
/// Rows of a register tile.
pub const ROWS: usize = 4;

/// Floats of a packed right matrix of `k` rows and `n` columns.
pub const fn packed_len(k: usize, n: usize) -> usize {
    n.div_ceil(4) * 4 * k
}

/// acc[i][j] += the sum over p < k of a[i * a_row + p * a_step] * b[p][j], where b is a panel of 4 * `NV` columns.
/// # Safety
/// `a` must be valid for reading at those offsets for i < MR, `b` for 4 * NV * k values.
#[inline(always)]
pub unsafe fn register_tile<const MR: usize, const NV: usize>(
    k: usize,
    a: *const f32,
    a_row: usize,
    a_step: usize,
    b: *const f32,
    mut acc: [[F32x4; NV]; MR],
) -> [[F32x4; NV]; MR] {
    let (mut a, mut b) = (a, b);
    // SAFETY: the caller guarantees every offset below.
    unsafe {
        for _ in 0..k {
            let mut columns = [F32x4::splat(0.0); NV];
            for (j, column) in columns.iter_mut().enumerate() {
                *column = F32x4::load(b.add(4 * j));
            }
            for (i, sums) in acc.iter_mut().enumerate() {
                let value = F32x4::load_splat(a.add(i * a_row));
                for (sum, &column) in sums.iter_mut().zip(&columns) {
                    *sum = sum.mul_add(column, value);
                }
            }
            a = a.add(a_step);
            b = b.add(4 * NV);
        }
    }
    acc
}

/// The initial value of the sums.
#[derive(Clone, Copy)]
pub enum Initial<'a> {
    /// Zero.
    Zero,
    /// The bias of each column. The slice is at least as long as the columns, rounded up to a multiple of 4.
    Bias(&'a [f32]),
    /// The present value of the output. Its columns are then a multiple of 4.
    Output,
}

/// The left matrix, with strides. It is read one value at a time.
#[derive(Clone, Copy)]
pub struct Left {
    /// The first value.
    pub start: *const f32,
    /// Floats from one row to the next.
    pub row_stride: usize,
    /// Floats from one column to the next.
    pub column_stride: usize,
}

/// The output, row by row. It is written in vectors of four columns; the rest of a row is written one by one.
#[derive(Clone, Copy)]
pub struct Out {
    /// The first value.
    pub start: *mut f32,
    /// Floats from one row to the next.
    pub row_stride: usize,
    /// Columns.
    pub columns: usize,
}

/// Writes a tile whose first column is `column`. Columns beyond the matrix are dropped.
/// # Safety
/// `out` must be valid for writing MR rows of its columns.
#[inline(always)]
unsafe fn store<const MR: usize, const NV: usize>(acc: [[F32x4; NV]; MR], out: Out, column: usize) {
    // SAFETY: the caller guarantees it; only columns below out.columns are written.
    unsafe {
        for (i, sums) in acc.iter().enumerate() {
            for (j, sum) in sums.iter().enumerate() {
                let (first, to) = (column + 4 * j, out.start.add(i * out.row_stride + column + 4 * j));
                if first + 4 <= out.columns {
                    sum.store(to);
                } else {
                    for (lane, value) in sum.to_array().into_iter().enumerate().take(out.columns.saturating_sub(first))
                    {
                        to.add(lane).write(value);
                    }
                }
            }
        }
    }
}

/// Reads the output of a tile: the inverse of [`store`].
/// # Safety
/// `out` must be valid for reading MR rows of its columns, which are a multiple of 4.
#[inline(always)]
unsafe fn load<const MR: usize, const NV: usize>(out: Out, column: usize) -> [[F32x4; NV]; MR] {
    // SAFETY: the caller guarantees it.
    core::array::from_fn(|i| {
        core::array::from_fn(|j| unsafe { F32x4::load(out.start.add(i * out.row_stride + column + 4 * j)) })
    })
}

/// The product of `m` rows with one panel. The depth consists of segments of `k` values. Each segment begins
/// `segment_stride` after the one before it in the left matrix, and `k` rows after it in the panel. (A convolution has
/// one segment for each row of its kernel.)
#[inline(always)]
unsafe fn panel<const NV: usize>(
    m: usize,
    depth: Depth,
    a: Left,
    b: *const f32,
    initial: Initial,
    out: Out,
    column: usize,
) {
    #[inline(always)]
    unsafe fn rows<const MR: usize, const NV: usize>(
        depth: Depth,
        a: Left,
        b: *const f32,
        initial: Initial,
        out: Out,
        column: usize,
    ) {
        // SAFETY: as for `multiply`.
        unsafe {
            let mut acc = match initial {
                Initial::Zero => [[F32x4::splat(0.0); NV]; MR],
                Initial::Bias(bias) => [core::array::from_fn(|j| F32x4::load(bias.as_ptr().add(column + 4 * j))); MR],
                Initial::Output => load::<MR, NV>(out, column),
            };
            for s in 0..depth.segments {
                let (a_at, b_at) = (a.start.add(s * depth.segment_stride), b.add(s * depth.k * 4 * NV));
                // There are two calls so that the common stride of 1 is a constant in the inner loop.
                acc = match a.column_stride {
                    1 => register_tile::<MR, NV>(depth.k, a_at, a.row_stride, 1, b_at, acc),
                    _ => register_tile::<MR, NV>(depth.k, a_at, a.row_stride, a.column_stride, b_at, acc),
                };
            }
            store::<MR, NV>(acc, out, column);
        }
    }
    // SAFETY: as for `multiply`.
    unsafe {
        let mut i = 0;
        while i < m {
            let (a, out) = (
                Left { start: a.start.add(i * a.row_stride), ..a },
                Out { start: out.start.add(i * out.row_stride), ..out },
            );
            match m - i {
                1 => rows::<1, NV>(depth, a, b, initial, out, column),
                2 => rows::<2, NV>(depth, a, b, initial, out, column),
                3 => rows::<3, NV>(depth, a, b, initial, out, column),
                _ => rows::<ROWS, NV>(depth, a, b, initial, out, column),
            }
            i += ROWS;
        }
    }
}

/// The depth of a product.
#[derive(Clone, Copy)]
pub struct Depth {
    /// Values in a segment.
    pub k: usize,
    /// Segments.
    pub segments: usize,
    /// Floats from one segment of the left matrix to the next.
    pub segment_stride: usize,
}

impl Depth {
    /// One segment of `k` values.
    pub const fn run(k: usize) -> Self {
        Self { k, segments: 1, segment_stride: 0 }
    }
}

/// out = initial + a x b, for `m` rows. `b` is packed.
/// # Safety
/// `a` must be valid for reading `m` rows of the depth. `b` must hold [`packed_len`] values for the depth and out's
/// columns. `out` must be valid for `m` rows and must not overlap either of them.
pub unsafe fn multiply(m: usize, depth: Depth, a: Left, b: &[f32], initial: Initial, out: Out) {
    let total = depth.k * depth.segments;
    debug_assert!(b.len() >= packed_len(total, out.columns));
    match initial {
        Initial::Zero => {}
        Initial::Bias(bias) => debug_assert!(bias.len() >= out.columns.next_multiple_of(4)),
        Initial::Output => debug_assert!(out.columns.is_multiple_of(4)),
    }
    let mut column = 0;
    while column < out.columns {
        // SAFETY: the caller guarantees it; the panel of `column` begins at column * total.
        unsafe {
            let b = b.as_ptr().add(column * total);
            if out.columns - column > 4 {
                panel::<2>(m, depth, a, b, initial, out, column);
            } else {
                panel::<1>(m, depth, a, b, initial, out, column);
            }
        }
        column += PANEL;
    }
}

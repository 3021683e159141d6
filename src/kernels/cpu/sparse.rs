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
pub struct Entry {
    /// Floats from the first dense row's start.
    pub offset: u32,
    /// The weight of that row.
    pub value: f32,
}

/// The most vectors of sums that fit the registers beside a row's value and a product.
pub const WIDEST: usize = 12;

/// A sparse matrix: a list of non-zeros for each row.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    /// The lists, each in its place.
    pub entries: &'a [Entry],
    /// Entries from one list's start to the next.
    pub place: usize,
    /// The length of each list.
    pub counts: &'a [u32],
    /// Where the sums of each list begin, in floats.
    pub to: &'a [u32],
}

/// The dense rows, or the sums: `rows` runs of floats each, `stride` apart.
#[derive(Clone, Copy)]
pub struct Runs<T> {
    /// The first float.
    pub at: T,
    /// Floats from one run to the next.
    pub stride: usize,
}

/// For each list: sums[to + r * sums.stride + i] += sum over entries of value * dense[offset + r * dense.stride + i], for r < `runs` and i < 4 `vectors`.
/// # Safety
/// `dense` must be valid for reading at those places for every entry, `sums` for reading and writing for every list, and they must not
/// overlap; `to` must be as long as `counts`, and every list lie in `entries`.
pub unsafe fn multiply(lists: Lists, dense: Runs<*const f32>, sums: Runs<*mut f32>, runs: usize, vectors: usize) {
    debug_assert!(lists.to.len() == lists.counts.len() && lists.entries.len() >= lists.counts.len() * lists.place);
    // SAFETY: the caller's promise; the pieces cut the runs without overlap.
    unsafe {
        let whole = match (runs, vectors) {
            (3, 1) => piece::<3, 1>(lists, dense, sums),
            (3, 2) => piece::<3, 2>(lists, dense, sums),
            (3, 3) => piece::<3, 3>(lists, dense, sums),
            (3, 4) => piece::<3, 4>(lists, dense, sums),
            (5, 2) => piece::<5, 2>(lists, dense, sums),
            _ => 0,
        };
        if whole > 0 {
            return;
        }
        for run in 0..runs {
            let mut done = 0;
            while done < vectors {
                let dense = Runs { at: dense.at.add(run * dense.stride + done * LANES), ..dense };
                let sums = Runs { at: sums.at.add(run * sums.stride + done * LANES), ..sums };
                done += match vectors - done {
                    1 => piece::<1, 1>(lists, dense, sums),
                    2 => piece::<1, 2>(lists, dense, sums),
                    3 => piece::<1, 3>(lists, dense, sums),
                    4..=7 => piece::<1, 4>(lists, dense, sums),
                    8..=11 => piece::<1, 8>(lists, dense, sums),
                    _ => piece::<1, WIDEST>(lists, dense, sums),
                };
            }
        }
    }
}

/// [`multiply`] for R runs of V vectors; returns V.
/// # Safety
/// As for [`multiply`].
unsafe fn piece<const R: usize, const V: usize>(lists: Lists, dense: Runs<*const f32>, to: Runs<*mut f32>) -> usize {
    for (i, (&count, &place)) in lists.counts.iter().zip(lists.to).enumerate() {
        if count == 0 {
            continue;
        }
        // SAFETY: the caller's promise.
        unsafe {
            let entries = lists.entries.get_unchecked(i * lists.place..i * lists.place + count as usize);
            let to_at = to.at.add(place as usize);
            let mut sums = [[F32x4::splat(0.0); V]; R];
            for (r, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = F32x4::load(to_at.add(r * to.stride + LANES * v));
                }
            }
            for entry in entries {
                let row = dense.at.add(entry.offset as usize);
                let value = F32x4::load_splat(&raw const entry.value);
                for (r, sums) in sums.iter_mut().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.mul_add(F32x4::load(row.add(r * dense.stride + LANES * v)), value);
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    sum.store(to_at.add(r * to.stride + LANES * v));
                }
            }
        }
    }
    V
}

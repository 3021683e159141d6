//! Linear layers, y = x w + b and perhaps ReLU, forward and backward, as products with a sparse matrix.
//!
//! What a linear layer sees is mostly one value: 0 behind a ReLU, black in an image (half of Fashion-MNIST's pixels). The products leave that value
//! out: with x = background + r, x w = background * (column sums of w) + r w, and r is sparse. The result is right whatever the background is; only the time depends
//! on it. The gradient behind a ReLU is sparse too. Inputs are taken in blocks whose weights stay in the first-level cache.

use super::simd::{F32x4, LANES};
use super::sparse::{self, Entry, Lists, Runs, WIDEST};
use super::workspace::{Workspace, grown};

#[cfg(test)]
mod tests;

/// Rows of weights taken together: 128 rows of 48 are 24 KiB.
const BLOCK: usize = 128;
/// Columns of a packed panel: as many as there are registers for. Panels lie contiguous, because rows a power of two apart would share a
/// few sets of the cache.
const PANEL: usize = WIDEST * LANES;

/// A linear layer: x is [batch, inputs], w is [inputs, outputs] (as Burn has it), b is `[outputs]`, y is [batch, outputs].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearShape {
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

impl LinearShape {
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
fn rows_at(places: &mut Vec<u32>, rows: usize, width: usize) -> &[u32] {
    let places = grown(places, rows);
    for (row, place) in places.iter_mut().enumerate() {
        *place = (row * width) as u32;
    }
    places
}

/// Copies 48 columns of rows of `width` floats (fewer at the end; the rest of a packed row is left as it was).
fn pack(rows: &[f32], width: usize, column: usize, panel: &mut [f32]) {
    let len = PANEL.min(width - column);
    for (row, packed) in rows.chunks_exact(width).zip(panel.chunks_exact_mut(PANEL)) {
        packed[..len].copy_from_slice(&row[column..][..len]);
    }
}

/// Adds the product of a sparse matrix and a packed panel to the columns of `sums` ([lists, width]) from `column` on.
fn add_product(lists: Lists, panel: &[f32], sums: &mut [f32], column: usize, width: usize) {
    assert!(width.is_multiple_of(LANES) && column < width && sums.len() >= lists.counts.len() * width);
    let (dense, to) = (Runs { at: panel.as_ptr(), stride: 0 }, Runs { at: sums[column..].as_mut_ptr(), stride: 0 });
    // SAFETY: `list` and its like write offsets of the panel's rows, which are PANEL long; the columns end at `width`.
    unsafe { sparse::multiply(lists, dense, to, 1, (width - column).min(PANEL) / LANES) };
}

/// Lists the values of a row that are not the background, less the background; returns how many. Entry i names row i of a panel.
#[inline(always)]
fn list(values: &[f32], background: f32, entries: &mut [Entry]) -> u32 {
    assert!(entries.len() > values.len());
    let mut count = 0;
    for (i, &value) in values.iter().enumerate() {
        // SAFETY: count <= i, and there are more entries than values.
        unsafe {
            *entries.get_unchecked_mut(count as usize) = Entry { offset: (i * PANEL) as u32, value: value - background }
        };
        count += u32::from(value != background);
    }
    count
}

/// y = x w + b, then ReLU if the shape has it.
pub fn linear_forward(s: &LinearShape, x: &[f32], w: &[f32], b: &[f32], y: &mut [f32], workspace: &mut Workspace) {
    s.check(x, w, b, y);
    let padded = s.padded();
    let Workspace { weights, result, sums, points, entries, counts, places, .. } = workspace;
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
    let place = BLOCK + 8;
    let entries = grown(entries, s.batch * place);
    let counts = grown(counts, s.batch);
    let places = rows_at(places, s.batch, padded);
    let panel = points.take(BLOCK * PANEL);
    for first in (0..s.inputs).step_by(BLOCK) {
        let block = BLOCK.min(s.inputs - first);
        for ((x, entries), count) in x.chunks_exact(s.inputs).zip(entries.chunks_exact_mut(place)).zip(&mut *counts) {
            *count = list(&x[first..][..block], s.background, entries);
        }
        for column in (0..padded).step_by(PANEL) {
            pack(&w[first * padded..][..block * padded], padded, column, panel);
            add_product(Lists { entries, place, counts, to: places }, panel, sums, column, padded);
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

/// Gradients of [`linear_forward`] from its `y` (read only where the shape has a ReLU) and `dy`, y's gradient: of x (if wanted), w and b, all overwritten.
#[expect(clippy::too_many_arguments)]
pub fn linear_backward(
    s: &LinearShape,
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
    let Workspace { weights, frame, result, sums, points, products, entries, counts, places, .. } = workspace;

    // What reaches the sums before the ReLU.
    let live = points.take(s.batch * padded);
    copy_rows(dy, s.outputs, live, padded);
    if s.relu {
        for (live, y) in live.chunks_exact_mut(padded).zip(y.chunks_exact(s.outputs)) {
            for (live, &y) in live.iter_mut().zip(y) {
                *live = if y <= 0.0 { 0.0 } else { *live };
            }
        }
    }
    let start = sums.zeroed(padded);
    add_rows(live, padded, 1.0, start);
    db.copy_from_slice(&start[..s.outputs]);
    start.iter_mut().for_each(|sum| *sum *= s.background);

    // dw[i] = background * db + the sum over the batch of r[i] dy: a list for each input.
    let place = s.batch + 8;
    let rows = if padded == s.outputs { &mut *dw } else { result.take(s.inputs * padded) };
    for row in rows.chunks_exact_mut(padded) {
        row.copy_from_slice(start);
    }
    let panels = frame.take(padded.div_ceil(PANEL) * PANEL * s.batch);
    for (i, panel) in panels.chunks_exact_mut(PANEL * s.batch).enumerate() {
        pack(live, padded, i * PANEL, panel);
    }
    {
        let entries = grown(entries, BLOCK * place);
        let places = rows_at(places, BLOCK, padded);
        for first in (0..s.inputs).step_by(BLOCK) {
            let block = BLOCK.min(s.inputs - first);
            let counts = grown(counts, block);
            list_columns(s, x, first, counts, place, entries);
            let lists = Lists { entries, place, counts, to: &places[..block] };
            for (i, panel) in panels.chunks_exact(PANEL * s.batch).enumerate() {
                add_product(lists, panel, &mut rows[first * padded..][..block * padded], i * PANEL, padded);
            }
        }
    }
    if padded != s.outputs {
        copy_rows(result.take(s.inputs * padded), padded, dw, s.outputs);
    }

    // dx = dy w': a list for each row of the batch, and the weights transposed.
    let Some(dx) = dx else { return };
    let turned = weights.take(s.inputs.div_ceil(PANEL) * PANEL * s.outputs);
    transpose(s, w, turned);
    let place = s.outputs + 8;
    let entries = grown(entries, s.batch * place);
    let counts = grown(counts, s.batch);
    for ((live, entries), count) in live.chunks_exact(padded).zip(entries.chunks_exact_mut(place)).zip(&mut *counts) {
        *count = list(&live[..s.outputs], 0.0, entries);
    }
    let wide = s.inputs.next_multiple_of(LANES);
    let whole = wide == s.inputs;
    let sums = if whole { &mut *dx } else { products.take(s.batch * wide) };
    sums.fill(0.0);
    let places = rows_at(places, s.batch, wide);
    for (i, panel) in turned.chunks_exact(PANEL * s.outputs).enumerate() {
        add_product(Lists { entries, place, counts, to: places }, panel, sums, i * PANEL, wide);
    }
    if !whole {
        copy_rows(products.take(s.batch * wide), wide, dx, s.inputs);
    }
}

/// For each of some inputs, lists the rows of the batch where it is not the background.
fn list_columns(s: &LinearShape, x: &[f32], first: usize, counts: &mut [u32], place: usize, entries: &mut [Entry]) {
    assert!(place > s.batch && entries.len() >= counts.len() * place);
    counts.fill(0);
    for (row, x) in x.chunks_exact(s.inputs).enumerate() {
        let offset = (row * PANEL) as u32;
        for (i, (&value, count)) in x[first..].iter().zip(&mut *counts).enumerate() {
            // SAFETY: i is below the number of counts, and a list is no longer than the rows before this one.
            unsafe {
                *entries.get_unchecked_mut(i * place + *count as usize) = Entry { offset, value: value - s.background }
            };
            *count += u32::from(value != s.background);
        }
    }
}

/// [inputs, outputs] to [panel of 48 inputs, outputs, 48].
fn transpose(s: &LinearShape, w: &[f32], turned: &mut [f32]) {
    for (panel, turned) in turned.chunks_exact_mut(PANEL * s.outputs).enumerate() {
        let w = &w[panel * PANEL * s.outputs..];
        let columns = PANEL.min(w.len() / s.outputs);
        let (i_vectors, o_vectors) = (columns / LANES * LANES, s.outputs / LANES * LANES);
        for i in (0..i_vectors).step_by(LANES) {
            for o in (0..o_vectors).step_by(LANES) {
                // SAFETY: i + 4 <= columns and o + 4 <= outputs.
                unsafe {
                    let rows = core::array::from_fn(|lane| F32x4::load(w.as_ptr().add((i + lane) * s.outputs + o)));
                    for (lane, column) in F32x4::transpose(rows).into_iter().enumerate() {
                        column.store(turned.as_mut_ptr().add((o + lane) * PANEL + i));
                    }
                }
            }
        }
        for (i, row) in w.chunks_exact(s.outputs).enumerate().take(columns) {
            for o in if i < i_vectors { o_vectors } else { 0 }..s.outputs {
                turned[o * PANEL + i] = row[o];
            }
        }
        for turned in turned.chunks_exact_mut(PANEL) {
            turned[columns..].fill(0.0);
        }
    }
}

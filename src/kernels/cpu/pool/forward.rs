//! ReLU and 2 x 2 max pool over one NHWC image, and what their backward passes need: a byte for each output.
//!
//! The byte of a pooled value says which pixel of its window won (0 to 3 in row-major order; the first of equals), or [`INACTIVE`] where the ReLU held
//! the value at 0 (a NaN is not held: a run that diverges
//! must show it). The byte of a value without pool is 0, or [`INACTIVE`].

use crate::kernels::cpu::simd::{F32x4, LANES, U32x4};

/// The byte of a value to which the ReLU passes no gradient.
pub const INACTIVE: u8 = 4;

/// The winner of four values, and its number (or [`INACTIVE`]).
#[inline(always)]
pub(in crate::kernels::cpu) fn window_max(v: [F32x4; 4], relu: bool) -> (F32x4, U32x4) {
    let (right, lower_right, below) = (v[1].gt(v[0]), v[3].gt(v[2]), v[2].max(v[3]).gt(v[0].max(v[1])));
    let most = v[0].max(v[1]).max(v[2].max(v[3]));
    let (one, two) = (U32x4::splat(1), U32x4::splat(2));
    let code = below.select((lower_right & one) | two, right & one);
    if !relu {
        return (most, code);
    }
    let dead = most.le(F32x4::splat(0.0));
    (most.without(dead), dead.select(U32x4::splat(u32::from(INACTIVE)), code))
}

/// One pooled value as [`window_max`] does it.
fn window_max_scalar(v: [f32; 4], relu: bool) -> (f32, u8) {
    let mut code = 0;
    for (i, &value) in v.iter().enumerate().skip(1) {
        if value > v[code] {
            code = i;
        }
    }
    if relu && v[code] <= 0.0 { (0.0, INACTIVE) } else { (v[code], code as u8) }
}

/// Pools one image: `x` is [rows, columns, channels] with `row` floats from one row to the next, `y` and `codes` are [rows / 2, columns / 2, channels].
pub fn pool_image(
    x: &[f32],
    [rows, columns, channels]: [usize; 3],
    row: usize,
    relu: bool,
    y: &mut [f32],
    codes: &mut [u8],
) {
    let (down, across) = (rows / 2, columns / 2);
    assert!(
        row >= columns * channels && y.len() >= down * across * channels && codes.len() >= down * across * channels
    );
    assert!(down == 0 || x.len() >= (2 * down - 1) * row + columns * channels);
    let vectors = channels / LANES * LANES;
    for py in 0..down {
        for px in 0..across {
            let (from, to) = (2 * py * row + 2 * px * channels, (py * across + px) * channels);
            for c in (0..vectors).step_by(LANES) {
                // SAFETY: the window's pixels and the outputs lie in the slices, by the assertions above.
                unsafe {
                    let at = x.as_ptr().add(from + c);
                    let window = [at, at.add(channels), at.add(row), at.add(row + channels)].map(|at| F32x4::load(at));
                    let (most, code) = window_max(window, relu);
                    most.store(y.as_mut_ptr().add(to + c));
                    code.store_bytes(codes.as_mut_ptr().add(to + c));
                }
            }
            for c in vectors..channels {
                let at = from + c;
                (y[to + c], codes[to + c]) =
                    window_max_scalar([x[at], x[at + channels], x[at + row], x[at + row + channels]], relu);
            }
        }
    }
}

/// ReLU in place, with its bytes.
pub fn relu(y: &mut [f32], codes: &mut [u8]) {
    assert_eq!(y.len(), codes.len());
    let (vectors, rest) = y.as_chunks_mut::<LANES>();
    let (code_vectors, code_rest) = codes.as_chunks_mut::<LANES>();
    for (v, code) in vectors.iter_mut().zip(code_vectors) {
        // SAFETY: both hold four values.
        unsafe {
            let value = F32x4::load(v.as_ptr());
            let dead = value.le(F32x4::splat(0.0));
            value.without(dead).store(v.as_mut_ptr());
            (dead & U32x4::splat(u32::from(INACTIVE))).store_bytes(code.as_mut_ptr());
        }
    }
    for (v, code) in rest.iter_mut().zip(code_rest) {
        (*v, *code) = if *v <= 0.0 { (0.0, INACTIVE) } else { (*v, 0) };
    }
}

/// sums[c] += the gradients of channel c that reach the values before ReLU and pool; `dy` and `codes` are [pixels, channels].
pub fn add_bias_gradient(dy: &[f32], codes: Option<&[u8]>, channels: usize, sums: &mut [f32]) {
    assert!(
        sums.len() >= channels
            && dy.len().is_multiple_of(channels)
            && codes.is_none_or(|codes| codes.len() == dy.len())
    );
    let dead = U32x4::splat(u32::from(INACTIVE));
    let vectors = channels / LANES * LANES;
    for first in (0..dy.len()).step_by(channels) {
        for c in (0..vectors).step_by(LANES) {
            // SAFETY: c + 4 <= channels, and there are channels values at first and in sums.
            unsafe {
                let mut value = F32x4::load(dy.as_ptr().add(first + c));
                if let Some(codes) = codes {
                    value = value.keep(U32x4::load_bytes(codes.as_ptr().add(first + c)).lt(dead));
                }
                let sum = sums.as_mut_ptr().add(c);
                (F32x4::load(sum) + value).store(sum);
            }
        }
        for c in vectors..channels {
            if codes.is_none_or(|codes| codes[first + c] != INACTIVE) {
                sums[c] += dy[first + c];
            }
        }
    }
}

/// The max pool alone (of stride 2, dropping an odd last row and column): [batch, height, width, channels] to half the height and width.
pub fn max_pool_forward(shape: [usize; 4], x: &[f32], y: &mut [f32], saved: &mut [u8]) {
    let [batch, rows, columns, channels] = shape;
    let (image, out) = (rows * columns * channels, rows / 2 * (columns / 2) * channels);
    assert!(x.len() == batch * image && y.len() == batch * out && saved.len() == y.len());
    if out == 0 {
        return;
    }
    for ((x, y), saved) in x.chunks_exact(image).zip(y.chunks_exact_mut(out)).zip(saved.chunks_exact_mut(out)) {
        pool_image(x, [rows, columns, channels], columns * channels, false, y, saved);
    }
}

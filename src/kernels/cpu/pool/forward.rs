//! ReLU and 2 x 2 max pool of an NHWC image, and the codes for their backward passes: one byte for each output.
//!
//! The code of a pooled value is the number of the largest pixel of its window: 0 to 3 in row-major order, the first of
//! equal ones. Without a pool the code is 0. Where the ReLU set the value to 0, the code is [`INACTIVE`]. The ReLU
//! keeps a NaN, so that a run that diverges is noticed.

use crate::kernels::cpu::simd::{F32x4, LANES, U32x4};

/// The code of a value to which the ReLU passes no gradient.
pub const INACTIVE: u8 = 4;

/// The largest of four values, and its code.
#[inline(always)]
pub(in crate::kernels::cpu) fn window_max(v: [F32x4; 4], relu: bool) -> (F32x4, U32x4) {
    let (right, lower_right, below) = (v[1].gt(v[0]), v[3].gt(v[2]), v[2].max(v[3]).gt(v[0].max(v[1])));
    let most = v[0].max(v[1]).max(v[2].max(v[3]));
    let (one, two) = (U32x4::splat(1), U32x4::splat(2));
    let code = below.select((lower_right & one) | two, right & one);
    if !relu {
        return (most, code);
    }
    let inactive = most.le(F32x4::splat(0.0));
    (most.without(inactive), inactive.select(U32x4::splat(u32::from(INACTIVE)), code))
}

/// [`window_max`] for a single channel.
fn window_max_scalar(v: [f32; 4], relu: bool) -> (f32, u8) {
    let mut code = 0;
    for (i, &value) in v.iter().enumerate().skip(1) {
        if value > v[code] {
            code = i;
        }
    }
    if relu && v[code] <= 0.0 { (0.0, INACTIVE) } else { (v[code], code as u8) }
}

/// Optional ReLU and max pool of one image. `x` is [rows, columns, channels] with `row` floats from one row to the
/// next. `y` and `codes` are [rows / 2, columns / 2, channels].
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

/// ReLU in place. Writes the code of each value.
pub fn relu(y: &mut [f32], codes: &mut [u8]) {
    assert_eq!(y.len(), codes.len());
    let (vectors, rest) = y.as_chunks_mut::<LANES>();
    let (code_vectors, code_rest) = codes.as_chunks_mut::<LANES>();
    for (v, code) in vectors.iter_mut().zip(code_vectors) {
        // SAFETY: both hold four values.
        unsafe {
            let value = F32x4::load(v.as_ptr());
            let inactive = value.le(F32x4::splat(0.0));
            value.without(inactive).store(v.as_mut_ptr());
            (inactive & U32x4::splat(u32::from(INACTIVE))).store_bytes(code.as_mut_ptr());
        }
    }
    for (v, code) in rest.iter_mut().zip(code_rest) {
        (*v, *code) = if *v <= 0.0 { (0.0, INACTIVE) } else { (*v, 0) };
    }
}

/// `sums[c]` += the gradients of channel c that pass through the ReLU. `dy` and `codes` are [pixels, channels].
pub fn add_bias_gradient(dy: &[f32], codes: Option<&[u8]>, channels: usize, sums: &mut [f32]) {
    assert!(
        sums.len() >= channels
            && dy.len().is_multiple_of(channels)
            && codes.is_none_or(|codes| codes.len() == dy.len())
    );
    let inactive = U32x4::splat(u32::from(INACTIVE));
    let vectors = channels / LANES * LANES;
    for first in (0..dy.len()).step_by(channels) {
        for c in (0..vectors).step_by(LANES) {
            // SAFETY: c + 4 <= channels, and there are `channels` values at `first` and in `sums`.
            unsafe {
                let mut value = F32x4::load(dy.as_ptr().add(first + c));
                if let Some(codes) = codes {
                    value = value.keep(U32x4::load_bytes(codes.as_ptr().add(first + c)).lt(inactive));
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

/// A separate max pool: [batch, height, width, channels] to half the height and width. Its stride is 2; an odd last row
/// or column is dropped.
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

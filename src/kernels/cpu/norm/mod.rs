//! Batch normalisation of NHWC images, with the ReLU and the max pool that follow it, forward and backward.
//!
//! Ioffe and Szegedy 2015: y = gamma (x - mean) / sqrt(variance + epsilon) + beta for each channel, with the mean and the (biased) variance of the batch's
//! pixels in training, and running ones in evaluation. The running averages, and Bessel's correction of them, are the callers'.

use super::pool::backward::scatter_image;
use super::pool::forward as pool;
use super::simd::{F32x4, LANES};
use super::workspace::Workspace;

#[cfg(test)]
mod tests;

/// Images of [batch, height, width, channels] that are normalised, then perhaps rectified, then perhaps pooled 2 x 2 (an odd last row and column is dropped from
/// the result, but counts in the statistics).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormShape {
    /// Images.
    pub batch: usize,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// Channels of a pixel.
    pub channels: usize,
    /// Whether a ReLU follows.
    pub relu: bool,
    /// Whether a pool follows that.
    pub pool: bool,
    /// Added to the variance.
    pub epsilon: f32,
}

impl NormShape {
    /// Floats of an image.
    pub const fn in_image(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// Floats of an image of the result.
    pub const fn out_image(&self) -> usize {
        let scale = if self.pool { 2 } else { 1 };
        self.height / scale * (self.width / scale) * self.channels
    }

    /// Bytes that the forward pass saves for the backward pass.
    pub const fn saved(&self) -> usize {
        if self.pool || self.relu { self.batch * self.out_image() } else { 0 }
    }

    fn check(&self, x: &[f32], y: &[f32], saved: &[u8], channels: &[&[f32]]) {
        assert!(self.batch > 0 && self.in_image() > 0, "{self:?}");
        assert_eq!(
            [x.len(), y.len(), saved.len()],
            [self.batch * self.in_image(), self.batch * self.out_image(), self.saved()]
        );
        assert!(channels.iter().all(|values| values.len() == self.channels), "{self:?}");
    }
}

/// StridedRows a body for 16, 4 or 1 channels from `$c` on, until all are done: V vectors, or a single value if not WHOLE. A cache line of an image is
/// read at a time, and what belongs to the channels stays in registers.
macro_rules! by_channels {
    ($channels:expr, $c:ident, $v:ident, $whole:ident, $body:block) => {{
        let mut $c = 0;
        while $c + 16 <= $channels {
            const $v: usize = 4;
            const $whole: bool = true;
            $body
            $c += 16;
        }
        while $c + LANES <= $channels {
            const $v: usize = 1;
            const $whole: bool = true;
            $body
            $c += LANES;
        }
        while $c < $channels {
            const $v: usize = 1;
            const $whole: bool = false;
            $body
            $c += 1;
        }
    }};
}

/// V vectors, or a single value in all lanes.
/// # Safety
/// `from` must have that many values.
#[inline(always)]
unsafe fn load<const V: usize, const WHOLE: bool>(from: &[f32]) -> [F32x4; V] {
    debug_assert!(from.len() >= if WHOLE { V * LANES } else { 1 });
    // SAFETY: the caller's promise.
    core::array::from_fn(|v| unsafe {
        if WHOLE { F32x4::load(from.as_ptr().add(v * LANES)) } else { F32x4::load_splat(from.as_ptr()) }
    })
}

/// The opposite of [`load`].
/// # Safety
/// `to` must have that many values.
#[inline(always)]
unsafe fn store<const V: usize, const WHOLE: bool>(values: [F32x4; V], to: &mut [f32]) {
    debug_assert!(to.len() >= if WHOLE { V * LANES } else { 1 });
    for (v, value) in values.into_iter().enumerate() {
        if WHOLE {
            // SAFETY: the caller's promise.
            unsafe { value.store(to.as_mut_ptr().add(v * LANES)) };
        } else {
            to[0] = value.to_array()[0];
        }
    }
}

/// The mean and the biased variance of each channel over the batch's pixels.
pub fn batch_statistics(s: &NormShape, x: &[f32], mean: &mut [f32], variance: &mut [f32], workspace: &mut Workspace) {
    assert!(x.len() == s.batch * s.in_image() && mean.len() == s.channels && variance.len() == s.channels);
    let channels = s.channels;
    // Sums of deviations from the first pixel, which is as near to the mean as the pixels are to each other: squares do not
    // cancel. In f32 within an image, in f64 over the images.
    let sums = workspace.sums.take(2 * channels);
    let (first, second) = sums.split_at_mut(channels);
    let totals = &mut workspace.totals;
    totals.clear();
    totals.resize(2 * channels, 0.0f64);
    let shift = &x[..channels];
    for image in x.chunks_exact(s.in_image()) {
        first.fill(0.0);
        second.fill(0.0);
        by_channels!(channels, c, V, WHOLE, {
            // SAFETY: the image is pixels of `channels` values, as are the sums.
            unsafe {
                let shift = load::<V, WHOLE>(&shift[c..]);
                let (mut one, mut two) = ([F32x4::splat(0.0); V], [F32x4::splat(0.0); V]);
                for pixel in image.chunks_exact(channels) {
                    let x = load::<V, WHOLE>(&pixel[c..]);
                    for v in 0..V {
                        let d = x[v] - shift[v];
                        one[v] = one[v] + d;
                        two[v] = two[v].mul_add(d, d);
                    }
                }
                store::<V, WHOLE>(one, &mut first[c..]);
                store::<V, WHOLE>(two, &mut second[c..]);
            }
        });
        for (total, &sum) in totals.iter_mut().zip(first.iter().chain(&*second)) {
            *total += f64::from(sum);
        }
    }
    let count = (s.batch * s.height * s.width) as f64;
    for c in 0..channels {
        let (first, second) = (totals[c] / count, totals[channels + c] / count);
        mean[c] = (f64::from(shift[c]) + first) as f32;
        // Written so that a NaN stays one.
        let spread = second - first * first;
        variance[c] = if spread < 0.0 { 0.0 } else { spread as f32 };
    }
}

/// y = pool(relu(gamma (x - mean) / sqrt(variance + epsilon) + beta)), with what the shape leaves out left out; `saved` is for the backward pass.
#[expect(clippy::too_many_arguments)]
pub fn batch_norm_forward(
    s: &NormShape,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    gamma: &[f32],
    beta: &[f32],
    y: &mut [f32],
    saved: &mut [u8],
    workspace: &mut Workspace,
) {
    s.check(x, y, saved, &[mean, variance, gamma, beta]);
    let Workspace { sums, result, .. } = workspace;
    // y = scale x + offset
    let (scale, offset) = sums.take(2 * s.channels).split_at_mut(s.channels);
    for c in 0..s.channels {
        scale[c] = gamma[c] / (variance[c] + s.epsilon).sqrt();
        offset[c] = beta[c] - mean[c] * scale[c];
    }
    let normalise = |x: &[f32], y: &mut [f32]| {
        by_channels!(s.channels, c, V, WHOLE, {
            // SAFETY: x and y are pixels of `channels` values, as are the factors.
            unsafe {
                let (scale, offset) = (load::<V, WHOLE>(&scale[c..]), load::<V, WHOLE>(&offset[c..]));
                for (x, y) in x.chunks_exact(s.channels).zip(y.chunks_exact_mut(s.channels)) {
                    let x = load::<V, WHOLE>(&x[c..]);
                    let values = core::array::from_fn(|v| offset[v].mul_add(x[v], scale[v]));
                    store::<V, WHOLE>(values, &mut y[c..]);
                }
            }
        });
    };
    if !s.pool {
        normalise(x, y);
        if s.relu {
            pool::relu(y, saved);
        }
        return;
    }
    let out = s.out_image();
    if out == 0 {
        return;
    }
    let image = result.take(s.in_image());
    for ((x, y), saved) in x.chunks_exact(s.in_image()).zip(y.chunks_exact_mut(out)).zip(saved.chunks_exact_mut(out)) {
        normalise(x, image);
        pool::pool_image(image, [s.height, s.width, s.channels], s.width * s.channels, s.relu, y, saved);
    }
}

/// Gradients of [`batch_norm_forward`] with the batch's own statistics, from `dy` and the `saved` bytes: of x, gamma and beta, all overwritten.
///
/// With g the gradient behind ReLU and pool, n the pixels and h = (x - mean) / deviation: dgamma = sum g h, dbeta = sum g, and
/// dx = gamma / deviation (g - dbeta / n - h dgamma / n).
#[expect(clippy::too_many_arguments)]
pub fn batch_norm_backward(
    s: &NormShape,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    gamma: &[f32],
    dy: &[f32],
    saved: &[u8],
    dx: &mut [f32],
    d_gamma: &mut [f32],
    d_beta: &mut [f32],
    workspace: &mut Workspace,
) {
    s.check(x, dy, saved, &[mean, variance, gamma, d_gamma, d_beta]);
    assert_eq!(dx.len(), x.len());
    let (image, channels) = (s.in_image(), s.channels);
    let (inverse, rest) = workspace.sums.take(5 * channels).split_at_mut(channels);
    let (sums, factors) = rest.split_at_mut(2 * channels);
    for (inverse, &variance) in inverse.iter_mut().zip(variance) {
        *inverse = 1.0 / (variance + s.epsilon).sqrt();
    }
    let totals = &mut workspace.totals;
    totals.clear();
    totals.resize(2 * channels, 0.0f64);
    let out = s.out_image();
    for (i, (x, g)) in x.chunks_exact(image).zip(dx.chunks_exact_mut(image)).enumerate() {
        // First g, where it goes: into dx.
        let saved = if saved.is_empty() { saved } else { &saved[i * out..][..out] };
        scatter_image([s.height, s.width, channels], s.pool, &dy[i * out..][..out], saved, g);
        let (beta, gamma) = sums.split_at_mut(channels);
        by_channels!(channels, c, V, WHOLE, {
            // SAFETY: x and g are pixels of `channels` values, as are the sums.
            unsafe {
                let mean = load::<V, WHOLE>(&mean[c..]);
                let (mut one, mut two) = ([F32x4::splat(0.0); V], [F32x4::splat(0.0); V]);
                for (x, g) in x.chunks_exact(channels).zip(g.chunks_exact(channels)) {
                    let (x, g) = (load::<V, WHOLE>(&x[c..]), load::<V, WHOLE>(&g[c..]));
                    for v in 0..V {
                        one[v] = one[v] + g[v];
                        two[v] = two[v].mul_add(g[v], x[v] - mean[v]);
                    }
                }
                store::<V, WHOLE>(one, &mut beta[c..]);
                store::<V, WHOLE>(two, &mut gamma[c..]);
            }
        });
        for (total, &sum) in totals.iter_mut().zip(&*sums) {
            *total += f64::from(sum);
        }
    }
    // dx = scale g + slope (x - mean) + offset
    let count = (s.batch * s.height * s.width) as f64;
    let (slope, offset) = factors.split_at_mut(channels);
    for c in 0..channels {
        let deviation = f64::from(inverse[c]);
        let (beta, raw) = (totals[c], totals[channels + c] * deviation);
        let scale = f64::from(gamma[c]) * deviation;
        (d_beta[c], d_gamma[c]) = (beta as f32, raw as f32);
        slope[c] = (-scale * raw * deviation / count) as f32;
        offset[c] = (-scale * beta / count) as f32;
        inverse[c] = scale as f32;
    }
    for (x, g) in x.chunks_exact(image).zip(dx.chunks_exact_mut(image)) {
        by_channels!(channels, c, V, WHOLE, {
            // SAFETY: x and g are pixels of `channels` values, as are the factors.
            unsafe {
                let (mean, scale) = (load::<V, WHOLE>(&mean[c..]), load::<V, WHOLE>(&inverse[c..]));
                let (slope, offset) = (load::<V, WHOLE>(&slope[c..]), load::<V, WHOLE>(&offset[c..]));
                for (x, g) in x.chunks_exact(channels).zip(g.chunks_exact_mut(channels)) {
                    let (x, before) = (load::<V, WHOLE>(&x[c..]), load::<V, WHOLE>(&g[c..]));
                    let values = core::array::from_fn(|v| {
                        offset[v].mul_add(x[v] - mean[v], slope[v]).mul_add(before[v], scale[v])
                    });
                    store::<V, WHOLE>(values, &mut g[c..]);
                }
            }
        });
    }
}

//! The forward pass of batch norm, and the statistics of a batch.

use super::channels::{by_channels, load, store};
use super::shape::NormShape;
use crate::kernels::cpu::pool::forward as pool;
use crate::kernels::cpu::simd::F32x4;
use crate::kernels::cpu::workspace::Workspace;

/// The mean and the biased variance of each channel over the batch's pixels.
pub fn batch_statistics(s: &NormShape, x: &[f32], mean: &mut [f32], variance: &mut [f32], workspace: &mut Workspace) {
    assert!(x.len() == s.batch * s.in_image() && mean.len() == s.channels && variance.len() == s.channels);
    let channels = s.channels;
    // These are sums of deviations from the first pixel. It is as near to the mean as the pixels are to each other, so
    // the squares do not cancel. The sums are f32 within an image and f64 over the images.
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
            // SAFETY: the image consists of pixels of `channels` values, and the sums have as many.
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
        // Not f64::max: a NaN must remain visible.
        let spread = second - first * first;
        variance[c] = if spread < 0.0 { 0.0 } else { spread as f32 };
    }
}

/// y = pool(relu(gamma (x - mean) / sqrt(variance + epsilon) + beta)). ReLU and pool are left out if the shape does not
/// have them. `saved` is for the backward pass.
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
            // SAFETY: x and y consist of pixels of `channels` values, and the factors have as many.
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

//! The backward pass of batch norm.

use super::channels::{by_channels, load, store};
use super::shape::NormShape;
use crate::kernels::cpu::pool::backward::scatter_image;
use crate::kernels::cpu::simd::F32x4;
use crate::kernels::cpu::workspace::Workspace;

/// Gradients of [`super::forward::batch_norm_forward`] with the statistics of the batch, from `dy` and the `saved`
/// bytes. The gradients of x, gamma and beta are overwritten.
///
/// Let g be the gradient before ReLU and pool, n the number of pixels, and h = (x - mean) / deviation. Then dgamma =
/// sum g h, dbeta = sum g, and dx = gamma / deviation (g - dbeta / n - h dgamma / n).
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
        // First write g into dx.
        let saved = if saved.is_empty() { saved } else { &saved[i * out..][..out] };
        scatter_image([s.height, s.width, channels], s.pool, &dy[i * out..][..out], saved, g);
        let (beta, gamma) = sums.split_at_mut(channels);
        by_channels!(channels, c, V, WHOLE, {
            // SAFETY: x and g consist of pixels of `channels` values, and the sums have as many.
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
            // SAFETY: x and g consist of pixels of `channels` values, and the factors have as many.
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

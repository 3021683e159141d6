//! Compares batch normalisation with its definition in f64, and its gradients with finite differences.

use super::backward::batch_norm_backward;
use super::forward::{batch_norm_forward, batch_statistics};
use super::shape::NormShape;
use crate::kernels::cpu::pool::backward::max_pool_backward;
use crate::kernels::cpu::pool::forward::max_pool_forward;
use crate::kernels::cpu::reference::{Lcg, error};
use crate::kernels::cpu::workspace::Workspace;

/// The definition: mean, variance and the normalised values before ReLU and pool.
fn normalised(s: &NormShape, x: &[f64], gamma: &[f32], beta: &[f32]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (n, mut y) = ((x.len() / s.channels) as f64, vec![0.0; x.len()]);
    let (mut means, mut variances) = (Vec::new(), Vec::new());
    for c in 0..s.channels {
        let values = || x.iter().skip(c).step_by(s.channels);
        let mean = values().sum::<f64>() / n;
        let variance = values().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        for (y, x) in y.iter_mut().skip(c).step_by(s.channels).zip(values()) {
            *y = f64::from(gamma[c]) * (x - mean) / (variance + f64::from(s.epsilon)).sqrt() + f64::from(beta[c]);
        }
        means.push(mean);
        variances.push(variance);
    }
    (means, variances, y)
}

/// The place in the normalised values from which output `i` comes, given its code.
fn source(s: &NormShape, i: usize, code: u8) -> usize {
    let (c, pixel) = (i % s.channels, i / s.channels);
    if !s.pool {
        return i;
    }
    let (across, down) = (s.width / 2, s.height / 2);
    let (px, py, n) = (pixel % across, pixel / across % down, pixel / across / down);
    let (y, x) = (2 * py + usize::from(code) / 2, 2 * px + usize::from(code) % 2);
    ((n * s.height + y) * s.width + x) * s.channels + c
}

#[test]
fn agrees_with_the_definition() {
    let mut workspace = Workspace::new();
    for seed in 0..80 {
        let mut random = Lcg(seed * 13 + 1);
        let s = NormShape {
            batch: 1 + random.below(3),
            height: 2 + random.below(6),
            width: 2 + random.below(6),
            channels: 1 + random.below(13),
            relu: random.below(2) == 0,
            pool: random.below(2) == 0,
            epsilon: 1e-3,
        };
        let x: Vec<f32> = random.values(s.batch * s.in_image()).into_iter().map(|v| v * 2.0 + 3.0).collect();
        let (gamma, beta) = (random.values(s.channels), random.values(s.channels));
        let (mut mean, mut variance) = (vec![0.0; s.channels], vec![0.0; s.channels]);
        batch_statistics(&s, &x, &mut mean, &mut variance, &mut workspace);
        let (mut y, mut saved) = (vec![f32::NAN; s.batch * s.out_image()], vec![255; s.saved()]);
        batch_norm_forward(&s, &x, &mean, &variance, &gamma, &beta, &mut y, &mut saved, &mut workspace);
        let x64: Vec<f64> = x.iter().map(|&v| f64::from(v)).collect();
        let (mean64, variance64, full) = normalised(&s, &x64, &gamma, &beta);
        // The values are about 3 with a spread near 1, so rounding alone gives a few 1e-6.
        assert!(error(&mean, &mean64) < 1e-6 && error(&variance, &variance64) < 1e-5, "{s:?}");
        let code = |i: usize| if s.saved() == 0 { 0 } else { saved[i] };
        let expected: Vec<f64> =
            (0..y.len()).map(|i| if code(i) == 4 { 0.0 } else { full[source(&s, i, code(i))] }).collect();
        assert!(y.iter().zip(&expected).all(|(&y, &e)| (f64::from(y) - e).abs() < 1e-4), "{s:?}");
        // A value that the ReLU set to 0 was not above 0. The chosen value is not below the others of its window. Both
        // hold up to rounding.
        for i in 0..y.len() {
            let pixels = if s.pool { 0..4 } else { 0..1 };
            let best = pixels.map(|p| full[source(&s, i, p)]).fold(f64::MIN, f64::max);
            let best = if s.relu { best.max(0.0) } else { best };
            assert!((expected[i] - best).abs() < 1e-4, "{s:?}");
        }

        let dy = random.values(y.len());
        let (mut dx, mut d_gamma, mut d_beta) = (vec![f32::NAN; x.len()], vec![0.0; s.channels], vec![0.0; s.channels]);
        batch_norm_backward(
            &s,
            &x,
            &mean,
            &variance,
            &gamma,
            &dy,
            &saved,
            &mut dx,
            &mut d_gamma,
            &mut d_beta,
            &mut workspace,
        );
        // Slopes of the definition in f64, with the pool's choices held fixed. The function is then smooth, so the
        // truncation error is near step^2.
        let mut g = vec![0.0; x.len()];
        for (i, &dy) in dy.iter().enumerate() {
            if code(i) != 4 {
                g[source(&s, i, code(i))] += f64::from(dy);
            }
        }
        let loss = |x: &[f64]| normalised(&s, x, &gamma, &beta).2.iter().zip(&g).map(|(y, g)| y * g).sum::<f64>();
        for i in (0..x.len()).step_by(5) {
            let mut x = x64.clone();
            x[i] += 1e-5;
            let up = loss(&x);
            x[i] -= 2e-5;
            let slope = (up - loss(&x)) / 2e-5;
            assert!((slope - f64::from(dx[i])).abs() < 1e-3 * (1.0 + slope.abs()), "{s:?}: dx[{i}] {} {slope}", dx[i]);
        }
        for c in 0..s.channels {
            let sum = |f: &dyn Fn(usize) -> f64| (c..x.len()).step_by(s.channels).map(|i| g[i] * f(i)).sum::<f64>();
            let deviation = (variance64[c] + f64::from(s.epsilon)).sqrt();
            assert!((sum(&|_| 1.0) - f64::from(d_beta[c])).abs() < 1e-4);
            assert!((sum(&|i| (x64[i] - mean64[c]) / deviation) - f64::from(d_gamma[c])).abs() < 1e-3, "{s:?}");
        }
    }
}

#[test]
fn max_pool_alone() {
    let x = [1.0, 2.0, 9.0, 4.0, 3.0, 9.0, 9.0, 9.0, 9.0]; // 3 x 3: the last row and column are dropped.
    let (mut y, mut saved, mut dx) = ([0.0], [0], [f32::NAN; 9]);
    max_pool_forward([1, 3, 3, 1], &x, &mut y, &mut saved);
    assert_eq!((y, saved), ([4.0], [2]));
    max_pool_backward([1, 3, 3, 1], &[7.0], &saved, &mut dx);
    assert_eq!(dx, [0.0, 0.0, 0.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

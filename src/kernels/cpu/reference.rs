//! What the tests compare with: plain definitions in f64, and pseudo-random test data.

use super::conv::shape::{BlockShape, ConvShape};

/// Knuth's 64-bit linear congruential generator. It is good enough for test data.
pub struct Lcg(pub u64);

impl Lcg {
    /// Uniform in [-1, 1).
    pub fn value(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    /// Uniform below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((f64::from(self.value()) + 1.0) / 2.0 * end as f64) as usize
    }

    /// Many values.
    pub fn values(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.value()).collect()
    }
}

/// The largest difference, relative to the root mean square of the expected values.
pub fn error(got: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(got.len(), expected.len());
    let size = (expected.iter().map(|v| v * v).sum::<f64>() / expected.len().max(1) as f64).sqrt();
    let worst = got.iter().zip(expected).map(|(&g, &e)| (f64::from(g) - e).abs()).fold(0.0, f64::max);
    worst / size.max(1e-30)
}

/// Calls `f(y index, x index, w index)` for every product of a convolution.
fn products(s: &ConvShape, mut f: impl FnMut(usize, usize, usize)) {
    for n in 0..s.batch {
        for oy in 0..s.out_height() {
            for ox in 0..s.out_width() {
                for o in 0..s.outputs {
                    let y = ((n * s.out_height() + oy) * s.out_width() + ox) * s.outputs + o;
                    for ky in 0..s.kernel {
                        for kx in 0..s.kernel {
                            let (iy, ix) = (oy * s.stride + ky, ox * s.stride + kx);
                            if iy < s.padding
                                || ix < s.padding
                                || iy - s.padding >= s.height
                                || ix - s.padding >= s.width
                            {
                                continue;
                            }
                            let x = ((n * s.height + iy - s.padding) * s.width + ix - s.padding) * s.inputs;
                            for i in 0..s.inputs {
                                f(y, x + i, ((o * s.inputs + i) * s.kernel + ky) * s.kernel + kx);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// conv(x, w) + b
pub fn conv(s: &ConvShape, x: &[f32], w: &[f32], b: &[f32]) -> Vec<f64> {
    let mut y: Vec<f64> = (0..s.batch * s.out_image()).map(|i| f64::from(b[i % s.outputs])).collect();
    products(s, |yi, xi, wi| y[yi] += f64::from(x[xi]) * f64::from(w[wi]));
    y
}

/// The gradients of x, w and b.
pub fn conv_gradients(s: &ConvShape, x: &[f32], w: &[f32], dy: &[f64]) -> [Vec<f64>; 3] {
    let (mut dx, mut dw, mut db) = (vec![0.0; x.len()], vec![0.0; w.len()], vec![0.0; s.outputs]);
    products(s, |yi, xi, wi| {
        dx[xi] += dy[yi] * f64::from(w[wi]);
        dw[wi] += dy[yi] * f64::from(x[xi]);
    });
    for (i, dy) in dy.iter().enumerate() {
        db[i % s.outputs] += dy;
    }
    [dx, dw, db]
}

/// ReLU and pool of a convolution's result. Also gives for each value its place in the result; `None` if the ReLU set
/// it to 0.
pub fn relu_pool(block: &BlockShape, full: &[f64]) -> (Vec<f64>, Vec<Option<usize>>) {
    let s = &block.conv;
    let (mut y, mut from) = (Vec::new(), Vec::new());
    for n in 0..s.batch {
        for py in 0..block.out_height() {
            for px in 0..block.out_width() {
                for o in 0..s.outputs {
                    let at = |y: usize, x: usize| ((n * s.out_height() + y) * s.out_width() + x) * s.outputs + o;
                    let places = if block.pool {
                        vec![
                            at(2 * py, 2 * px),
                            at(2 * py, 2 * px + 1),
                            at(2 * py + 1, 2 * px),
                            at(2 * py + 1, 2 * px + 1),
                        ]
                    } else {
                        vec![at(py, px)]
                    };
                    let mut best = places[0];
                    for &place in &places {
                        if full[place] > full[best] {
                            best = place;
                        }
                    }
                    let dead = block.relu && full[best] <= 0.0;
                    y.push(if dead { 0.0 } else { full[best] });
                    from.push((!dead).then_some(best));
                }
            }
        }
    }
    (y, from)
}

//! Activations, element by element, forward and backward.
//!
//! These are plain loops without branches, which the compiler turns into vector instructions. A library's `exp` or
//! `erf` would be one call per element. The errors are a few units in the last place of a 32-bit 1; the tests compare
//! with 64-bit values. A ReLU after a convolution, a dense layer or batch norm is fused with that layer instead.

use crate::config::Activation;

/// The slope of the leaky ReLU below 0.
pub const LEAKY_RELU_SLOPE: f64 = 0.01;

const SLOPE: f32 = LEAKY_RELU_SLOPE as f32;

/// e^x. An x below -87 counts as -87, where e^x is 0 for every use here. An x above 88 counts as 88.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // e^x = 2^n e^r with an integer n and |r| of at most ln 2 / 2. Adding and subtracting 1.5 * 2^23 rounds to an
    // integer. A NaN remains a NaN.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let n = (x * core::f32::consts::LOG2_E + ROUND) - ROUND;
    // ln 2 is split in two parts; n times the first part is exact (Cody and Waite 1980).
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    // Taylor series. The first term that is left out is at most 5e-9.
    let series = 1.0 / 5040.0;
    let series = series * r + 1.0 / 720.0;
    let series = series * r + 1.0 / 120.0;
    let series = series * r + 1.0 / 24.0;
    let series = series * r + 1.0 / 6.0;
    let series = series * r + 0.5;
    let series = series * r + 1.0;
    let series = series * r + 1.0;
    series * f32::from_bits(((n as i32 + 127) << 23) as u32)
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[inline(always)]
fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

/// The cumulative distribution function of the normal distribution, and its density, at x.
#[inline(always)]
fn normal(x: f32) -> [f32; 2] {
    // erf at |x| / sqrt 2 by Abramowitz and Stegun 7.1.26. Its error is at most 1.5e-7.
    let t = 1.0 / (1.0 + 0.327_591_1 * core::f32::consts::FRAC_1_SQRT_2 * x.abs());
    let bell = exp(-0.5 * x * x);
    let series = 1.061_405_4 * t - 1.453_152;
    let series = series * t + 1.421_413_7;
    let series = series * t - 0.284_496_74;
    let series = series * t + 0.254_829_6;
    let tail = 0.5 * series * t * bell;
    [if x > 0.0 { 1.0 - tail } else { tail }, bell * 0.398_942_3]
}

#[inline(always)]
fn map(x: &[f32], y: &mut [f32], f: impl Fn(f32) -> f32) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y = f(x));
}

/// y = f(x).
pub fn activate(activation: Activation, x: &[f32], y: &mut [f32]) {
    assert_eq!(x.len(), y.len());
    match activation {
        // Not f32::max: a NaN must remain visible.
        Activation::Relu => map(x, y, |x| if x <= 0.0 { 0.0 } else { x }),
        Activation::LeakyRelu => map(x, y, |x| if x > 0.0 { x } else { SLOPE * x }),
        Activation::Gelu => map(x, y, |x| x * normal(x)[0]),
        Activation::Silu => map(x, y, |x| x * sigmoid(x)),
        Activation::Tanh => map(x, y, tanh),
        Activation::Sigmoid => map(x, y, sigmoid),
    }
}

#[inline(always)]
fn map_gradient(x: &[f32], dy: &[f32], dx: &mut [f32], slope: impl Fn(f32) -> f32) {
    dx.iter_mut().zip(x).zip(dy).for_each(|((dx, &x), &dy)| *dx = dy * slope(x));
}

/// The gradient of x, from x and the gradient of y. `dx` is overwritten.
pub fn activate_backward(activation: Activation, x: &[f32], dy: &[f32], dx: &mut [f32]) {
    assert!(x.len() == dy.len() && x.len() == dx.len());
    match activation {
        Activation::Relu => map_gradient(x, dy, dx, |x| if x <= 0.0 { 0.0 } else { 1.0 }),
        Activation::LeakyRelu => map_gradient(x, dy, dx, |x| if x > 0.0 { 1.0 } else { SLOPE }),
        Activation::Gelu => map_gradient(x, dy, dx, |x| {
            let [cumulative, density] = normal(x);
            cumulative + x * density
        }),
        Activation::Silu => map_gradient(x, dy, dx, |x| {
            let s = sigmoid(x);
            s + x * s * (1.0 - s)
        }),
        Activation::Tanh => map_gradient(x, dy, dx, |x| {
            let t = tanh(x);
            1.0 - t * t
        }),
        Activation::Sigmoid => map_gradient(x, dy, dx, |x| {
            let s = sigmoid(x);
            s * (1.0 - s)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Activation::{Gelu, LeakyRelu, Relu, Sigmoid, Silu, Tanh};

    const ALL: [Activation; 6] = [Relu, LeakyRelu, Gelu, Silu, Tanh, Sigmoid];

    /// The error function in 64 bits: its series about 0 for |x| < 3, its continued fraction for larger |x|.
    fn erf(x: f64) -> f64 {
        let scale = std::f64::consts::FRAC_2_SQRT_PI;
        if x.abs() < 3.0 {
            let (mut term, mut sum) = (x, x);
            for n in 1..80 {
                term *= -x * x / f64::from(n);
                sum += term / f64::from(2 * n + 1);
            }
            return scale * sum;
        }
        let fraction = (1..=60).rev().fold(0.0, |below, n| f64::from(n) / 2.0 / (x.abs() + below));
        x.signum() * (1.0 - (-x * x).exp() * scale / 2.0 / (x.abs() + fraction))
    }

    /// The activation and its slope in 64 bits, by definition.
    fn definition(activation: Activation, x: f64) -> [f64; 2] {
        let sigmoid = 1.0 / (1.0 + (-x).exp());
        match activation {
            Activation::Relu | Activation::LeakyRelu if x > 0.0 => [x, 1.0],
            Activation::Relu => [0.0, 0.0],
            Activation::LeakyRelu => [f64::from(SLOPE) * x, f64::from(SLOPE)],
            Activation::Gelu => {
                let cumulative = 0.5 * (1.0 + erf(x / 2f64.sqrt()));
                let density = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
                [x * cumulative, cumulative + x * density]
            }
            Activation::Silu => [x * sigmoid, sigmoid + x * sigmoid * (1.0 - sigmoid)],
            Activation::Tanh => [x.tanh(), 1.0 - x.tanh().powi(2)],
            Activation::Sigmoid => [sigmoid, sigmoid * (1.0 - sigmoid)],
        }
    }

    #[test]
    fn values_and_slopes_are_those_of_the_definitions() {
        let x: Vec<f32> = (-40_000..=40_000).map(|i| i as f32 * 2.5e-4).chain([-1e30, -200.0, 200.0, 1e30]).collect();
        let ones = vec![1.0; x.len()];
        let (mut y, mut dx) = (vec![f32::NAN; x.len()], vec![f32::NAN; x.len()]);
        for activation in ALL {
            activate(activation, &x, &mut y);
            activate_backward(activation, &x, &ones, &mut dx);
            for ((&x, &y), &dx) in x.iter().zip(&y).zip(&dx) {
                let [value, slope] = definition(activation, f64::from(x));
                // Four units in the last place of 1, or of the value if it is larger.
                let allowed = 5e-7 * f64::from(x).abs().max(1.0);
                assert!((f64::from(y) - value).abs() < allowed, "{activation:?} of {x}: {y}, not {value}");
                assert!((f64::from(dx) - slope).abs() < 1e-6, "slope of {activation:?} at {x}: {dx}, not {slope}");
            }
        }
    }

    #[test]
    fn a_nan_remains_a_nan() {
        let (mut y, mut dx) = ([0.0], [0.0]);
        for activation in ALL {
            activate(activation, &[f32::NAN], &mut y);
            activate_backward(activation, &[1.0], &[f32::NAN], &mut dx);
            assert!(y[0].is_nan() && dx[0].is_nan(), "{activation:?}");
        }
    }
}

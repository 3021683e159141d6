//! The non-linearities, element by element, in 32-bit floats by the standard library.

use crate::config::Activation;

/// The slope of the leaky ReLU below 0, as in training.
pub const LEAKY_RELU_SLOPE: f32 = 0.01;

/// Applies an activation in place.
pub(super) fn apply(kind: Activation, x: &mut [f32]) {
    let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
    for x in x {
        *x = match kind {
            // Not f32::max: a NaN must remain visible.
            Activation::Relu => {
                if *x <= 0.0 {
                    0.0
                } else {
                    *x
                }
            }
            Activation::LeakyRelu => {
                if *x > 0.0 {
                    *x
                } else {
                    LEAKY_RELU_SLOPE * *x
                }
            }
            Activation::Gelu => *x * normal(*x),
            Activation::Silu => *x * sigmoid(*x),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => sigmoid(*x),
        };
    }
}

/// The cumulative distribution function of the normal distribution.
fn normal(x: f32) -> f32 {
    // erf at |x| / sqrt 2 by Abramowitz and Stegun 7.1.26. Its error is at most 1.5e-7.
    let t = 1.0 / (1.0 + 0.327_591_1 * std::f32::consts::FRAC_1_SQRT_2 * x.abs());
    let series = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_7) * t - 0.284_496_74) * t + 0.254_829_6) * t;
    let tail = 0.5 * series * (-0.5 * x * x).exp();
    if x > 0.0 { 1.0 - tail } else { tail }
}

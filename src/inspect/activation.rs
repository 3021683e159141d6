//! The non-linearities and their derivatives in 64 bits.

use crate::config::Activation;
use crate::forward::LEAKY_RELU_SLOPE;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// The value at `x`.
pub(super) fn value(kind: Activation, x: f64) -> f64 {
    match kind {
        // Not f64::max: a NaN must remain visible.
        Activation::Relu => {
            if x <= 0.0 {
                0.0
            } else {
                x
            }
        }
        Activation::LeakyRelu => {
            if x > 0.0 {
                x
            } else {
                f64::from(LEAKY_RELU_SLOPE) * x
            }
        }
        Activation::Gelu => x * normal(x),
        Activation::Silu => x * sigmoid(x),
        Activation::Tanh => x.tanh(),
        Activation::Sigmoid => sigmoid(x),
    }
}

/// The derivative at `x`. Where a rectifier has a kink, at 0, it is that of the negative side, as in training.
pub(super) fn derivative(kind: Activation, x: f64) -> f64 {
    match kind {
        Activation::Relu => f64::from(u8::from(x > 0.0)),
        Activation::LeakyRelu => {
            if x > 0.0 {
                1.0
            } else {
                f64::from(LEAKY_RELU_SLOPE)
            }
        }
        // The derivative of the normal distribution's Φ is exp(-x² / 2) / sqrt(2 π).
        Activation::Gelu => normal(x) + x * (-0.5 * x * x).exp() * 0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2,
        Activation::Silu => {
            let s = sigmoid(x);
            s + x * s * (1.0 - s)
        }
        Activation::Tanh => 1.0 - x.tanh() * x.tanh(),
        Activation::Sigmoid => sigmoid(x) * (1.0 - sigmoid(x)),
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The cumulative distribution function of the normal distribution, to about 1e-15.
fn normal(x: f64) -> f64 {
    if x.abs() > 9.0 {
        // What is left out is below 1e-18.
        return f64::from(u8::from(x > 0.0));
    }
    // Abramowitz and Stegun 26.2.11: all terms have one sign, so nothing cancels. At |x| = 9 it takes about 150 terms.
    let (mut term, mut sum, mut n) = (x, x, 1.0);
    while term.abs() > 1e-17 * sum.abs() {
        n += 2.0;
        term *= x * x / n;
        sum += term;
    }
    0.5 + 0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * (-0.5 * x * x).exp() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_is_that_of_the_tables() {
        // To the last digit of the table (Abramowitz and Stegun, table 26.1, has 15).
        for (x, expected) in [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_543),
            (2.0, 0.977_249_868_051_821),
            (-3.0, 0.001_349_898_031_630),
            (40.0, 1.0),
            (-40.0, 0.0),
        ] {
            assert!((normal(x) - expected).abs() < 1e-15, "{x}: {}", normal(x));
        }
        assert!(normal(f64::NAN).is_nan());
    }

    #[test]
    fn the_derivatives_are_those_of_the_values() {
        use Activation::*;
        for kind in [Relu, LeakyRelu, Gelu, Silu, Tanh, Sigmoid] {
            for x in [-8.7, -2.3, -0.4, 0.3, 1.9, 8.9] {
                let h = 1e-5;
                let slope = (value(kind, x + h) - value(kind, x - h)) / (2.0 * h);
                // Rounding gives 1e-15 / h = 1e-10, the third derivative h² / 6 times less than 1.
                assert!((slope - derivative(kind, x)).abs() < 1e-9, "{kind:?} at {x}");
            }
        }
    }
}

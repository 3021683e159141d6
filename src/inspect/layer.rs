//! The operation of each stage in 64 bits, forwards and backwards, with the weights as they are in the file.
//!
//! Batch norm is an operation of its own here; `forward` puts it into the weights before it. Values are channels last.

use super::activation;
use super::conv::{Conv, add_scaled, dot};
use super::trace::Shape;
use crate::config::Activation;
use crate::forward::NORM_EPSILON;

/// What a stage computes from the stage before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Layer {
    /// Nothing: the image.
    Input,
    Convolution(Conv),
    BatchNorm(BatchNorm),
    Activation(Activation),
    MaxPool,
    Average,
    Flatten,
    Dense(Dense),
    Softmax,
}

/// y = x W + b.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dense {
    /// `[inputs, units]`
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Dense {
    /// The weights of one unit, input by input.
    pub(super) fn unit(&self, unit: usize) -> impl Iterator<Item = f32> {
        self.weight.iter().skip(unit).step_by(self.bias.len().max(1)).copied()
    }
}

/// y = scale (x - mean) / sqrt(variance + epsilon) + shift, of each channel (Ioffe and Szegedy 2015).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BatchNorm {
    pub(super) scale: Vec<f32>,
    pub(super) shift: Vec<f32>,
    pub(super) mean: Vec<f32>,
    pub(super) variance: Vec<f32>,
}

impl BatchNorm {
    /// The factor of a channel.
    pub(super) fn factor(&self, channel: usize) -> f64 {
        f64::from(self.scale[channel]) / (f64::from(self.variance[channel]) + f64::from(NORM_EPSILON)).sqrt()
    }

    fn apply(&self, x: &[f64]) -> Vec<f64> {
        let channels = self.scale.len();
        let factors: Vec<f64> = (0..channels).map(|channel| self.factor(channel)).collect();
        let value = |(at, x): (usize, &f64)| {
            let channel = at % channels;
            (x - f64::from(self.mean[channel])) * factors[channel] + f64::from(self.shift[channel])
        };
        x.iter().enumerate().map(value).collect()
    }
}

impl Layer {
    /// The stage's values from those of the stage before it. `x` has the values of `from`.
    pub(super) fn apply(&self, x: &[f64], from: Shape, to: Shape) -> Vec<f64> {
        match self {
            Self::Input | Self::Flatten => x.to_vec(),
            Self::Convolution(conv) => conv.apply(x, from, to),
            Self::BatchNorm(norm) => norm.apply(x),
            Self::Activation(kind) => x.iter().map(|x| activation::value(*kind, *x)).collect(),
            Self::MaxPool => (0..to.values()).map(|at| x[winner(x, at, from, to)]).collect(),
            Self::Average => {
                let mut sums = vec![0.0; to.values()];
                for pixel in x.chunks_exact(from.channels()) {
                    sums.iter_mut().zip(pixel).for_each(|(sum, x)| *sum += x);
                }
                sums.into_iter().map(|sum| sum / from.pixels() as f64).collect()
            }
            Self::Dense(dense) => {
                let mut y: Vec<f64> = dense.bias.iter().map(|bias| f64::from(*bias)).collect();
                for (&x, weights) in x.iter().zip(dense.weight.chunks_exact(dense.bias.len())) {
                    add_scaled(&mut y, x, weights);
                }
                y
            }
            Self::Softmax => {
                let exponentials = exponentials(x);
                let sum: f64 = exponentials.iter().sum();
                exponentials.into_iter().map(|e| e / sum).collect()
            }
        }
    }

    /// From the gradient by the stage's values to the gradient by the values `x` of the stage before it (reverse mode). The gradient of
    /// the softmax is never asked for: what is derived is a logit.
    pub(super) fn backward(&self, x: &[f64], dy: Vec<f64>, from: Shape, to: Shape) -> Vec<f64> {
        match self {
            Self::Input | Self::Flatten | Self::Softmax => dy,
            Self::Convolution(conv) => conv.backward(&dy, from, to),
            Self::BatchNorm(norm) => {
                let factors: Vec<f64> = (0..to.channels()).map(|channel| norm.factor(channel)).collect();
                dy.iter().zip(factors.iter().cycle()).map(|(dy, factor)| dy * factor).collect()
            }
            Self::Activation(kind) => dy.iter().zip(x).map(|(dy, x)| dy * activation::derivative(*kind, *x)).collect(),
            Self::MaxPool => {
                let mut dx = vec![0.0; from.values()];
                dy.iter().enumerate().for_each(|(at, dy)| dx[winner(x, at, from, to)] += dy);
                dx
            }
            Self::Average => {
                let share = dy.iter().map(|dy| dy / from.pixels() as f64);
                share.cycle().take(from.values()).collect()
            }
            Self::Dense(dense) => {
                dense.weight.chunks_exact(dense.bias.len()).map(|weights| dot(&dy, weights)).collect()
            }
        }
    }
}

/// The places of the four values behind value `at` of a max pool: above left, above right, below left, below right.
pub(super) fn window(at: usize, from: Shape, to: Shape) -> [usize; 4] {
    let (channels, side) = (to.channels(), from.side());
    let [row, column, channel] = to.place(at).unwrap_or_default();
    let start = (2 * row * side + 2 * column) * channels + channel;
    let below = start + side * channels;
    [start, start + channels, below, below + channels]
}

/// The place of the largest of the four; the first of several equal ones.
fn winner(x: &[f64], at: usize, from: Shape, to: Shape) -> usize {
    let places = window(at, from, to);
    places[first_largest(places.map(|place| x[place]))]
}

/// Which of four values is the largest; the first of several equal ones. NaN is smaller than a number, as in `forward`.
pub(super) fn first_largest(values: [f64; 4]) -> usize {
    (1..4).fold(0, |best, at| if values[at] > values[best] || values[best].is_nan() { at } else { best })
}

/// e to the power of each logit less the largest one, so that nothing overflows.
pub(super) fn exponentials(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logits.iter().map(|logit| (logit - largest).exp()).collect()
}

//! How one value of a stage came about: every number that goes into it.

use super::layer::{Dense, Layer, exponentials, first_largest, window};
use super::trace::{Stage, Trace};
use super::{Inspector, activation, conv::Conv};
use crate::config::Activation;
use crate::data::{MEAN, STD};
use crate::forward::NORM_EPSILON;
use crate::order::ascending;

/// How many inputs of a dense unit are listed. The others are summed.
pub const LARGEST_TERMS: usize = 12;

/// How one value of a stage came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Arithmetic {
    /// What the parts give. It is the stage's value.
    pub total: f64,
    /// What goes in.
    pub parts: Parts,
}

/// What goes into one value, by the kind of its stage.
#[derive(Debug, Clone, PartialEq)]
pub enum Parts {
    /// (pixel / 255 - mean) / deviation
    Input {
        /// The byte, 0 black to 255 white.
        pixel: u8,
        /// The mean of the training set's pixels, each divided by 255.
        mean: f64,
        /// Their standard deviation.
        deviation: f64,
    },
    /// The sum of all products of patch and kernel, plus the bias.
    Convolution {
        /// Row and column of the patch's first value in the stage before. It is negative where the patch begins in the padding.
        start: [isize; 2],
        /// Height and width of the patch.
        kernel: usize,
        /// Which values of the patch lie outside of the image, `[kernel * kernel]`. They are zero.
        outside: Vec<bool>,
        /// What each input channel gives.
        inputs: Vec<ConvChannel>,
        /// The bias of the output's channel.
        bias: f64,
    },
    /// scale (value - mean) / sqrt(variance + epsilon) + shift
    BatchNorm {
        /// The value before.
        value: f64,
        /// The channel's running mean.
        mean: f64,
        /// Its running variance.
        variance: f64,
        /// What is added to the variance, so that nothing is divided by zero.
        epsilon: f64,
        /// The learned factor.
        scale: f64,
        /// The learned offset.
        shift: f64,
    },
    /// The function of one value.
    Activation {
        /// The function.
        function: Activation,
        /// The value before.
        before: f64,
        /// The function's value there.
        after: f64,
    },
    /// The largest of four values.
    MaxPool {
        /// Above left, above right, below left, below right.
        values: [f64; 4],
        /// Their places in the stage before.
        places: [usize; 4],
        /// Which of the four is the largest, from 0; the first of several equal ones.
        winner: usize,
    },
    /// The mean of one channel.
    Average {
        /// All values of the channel, row by row.
        values: Vec<f64>,
        /// Their sum.
        sum: f64,
    },
    /// The value is moved, not changed.
    Flatten {
        /// Row, column and channel in the stage before.
        place: [usize; 3],
    },
    /// The sum of all inputs times their weights, plus the bias.
    Dense {
        /// The terms that are largest in size, the largest first; at most [`LARGEST_TERMS`].
        terms: Vec<DenseTerm>,
        /// How many other terms there are.
        others: usize,
        /// Their sum.
        rest: f64,
        /// The unit's bias.
        bias: f64,
    },
    /// exp(logit - largest) divided by the sum of that over all classes.
    Softmax {
        /// The ten logits.
        logits: Vec<f64>,
        /// exp(logit - largest logit) of each. Without the subtraction the shares are the same, but large logits overflow.
        exponentials: Vec<f64>,
        /// Their sum.
        sum: f64,
    },
}

/// What one input channel gives to a value of a convolution. All lists are `[kernel * kernel]`, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvChannel {
    /// The values under the kernel.
    pub patch: Vec<f64>,
    /// The kernel.
    pub kernel: Vec<f64>,
    /// Patch times kernel.
    pub products: Vec<f64>,
    /// The sum of the products.
    pub sum: f64,
}

/// One input of a dense unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DenseTerm {
    /// The place of the input in the stage before.
    pub input: usize,
    /// Its value.
    pub value: f64,
    /// Its weight.
    pub weight: f64,
    /// Value times weight.
    pub product: f64,
}

impl Inspector {
    /// How value `index` of stage `stage` of a trace came about. `None` where there is no such value, or the trace is of a network with
    /// other stages. The trace must be of this network, or the numbers do not go together.
    pub fn arithmetic(&self, trace: &Trace, stage: usize, index: usize) -> Option<Arithmetic> {
        let step = self.steps.get(stage).filter(|_| self.fits(trace))?;
        let place = step.shape.place(index)?;
        // The image has no stage before it.
        let before = &trace.stages[stage.saturating_sub(1)];
        let value = |at: usize| before.values.get(at).copied();
        let channel = place[2];
        Some(match &step.layer {
            Layer::Input => {
                let pixel = *trace.pixels.get(index)?;
                let (mean, deviation) = (f64::from(MEAN), f64::from(STD));
                Arithmetic { total: value(index)?, parts: Parts::Input { pixel, mean, deviation } }
            }
            Layer::Convolution(conv) => convolution(conv, before, place),
            Layer::BatchNorm(norm) => {
                let [mean, variance, scale, shift] =
                    [&norm.mean, &norm.variance, &norm.scale, &norm.shift].map(|part| f64::from(part[channel]));
                let (value, epsilon) = (value(index)?, f64::from(NORM_EPSILON));
                let total = scale * (value - mean) / (variance + epsilon).sqrt() + shift;
                Arithmetic { total, parts: Parts::BatchNorm { value, mean, variance, epsilon, scale, shift } }
            }
            Layer::Activation(function) => {
                let before = value(index)?;
                let after = activation::value(*function, before);
                Arithmetic { total: after, parts: Parts::Activation { function: *function, before, after } }
            }
            Layer::MaxPool => {
                let places = window(index, before.shape, step.shape);
                let values = places.map(|place| before.values[place]);
                let winner = first_largest(values);
                Arithmetic { total: values[winner], parts: Parts::MaxPool { values, places, winner } }
            }
            Layer::Average => {
                let values = before.channel(channel);
                let sum = values.iter().sum::<f64>();
                Arithmetic { total: sum / values.len() as f64, parts: Parts::Average { values, sum } }
            }
            Layer::Flatten => {
                let place = before.shape.place(index)?;
                Arithmetic { total: value(index)?, parts: Parts::Flatten { place } }
            }
            Layer::Dense(dense) => dense_unit(dense, &before.values, channel),
            Layer::Softmax => {
                let exponentials = exponentials(&before.values);
                let sum = exponentials.iter().sum::<f64>();
                let (total, logits) = (exponentials.get(index)? / sum, before.values.clone());
                Arithmetic { total, parts: Parts::Softmax { logits, exponentials, sum } }
            }
        })
    }
}

fn convolution(conv: &Conv, before: &Stage, [row, column, channel]: [usize; 3]) -> Arithmetic {
    let taps: Vec<Option<usize>> = conv.taps(row, column, before.shape.side()).collect();
    let input = |input: usize| {
        let value = |pixel: &Option<usize>| pixel.map_or(0.0, |pixel| before.values[pixel * conv.inputs() + input]);
        let patch: Vec<f64> = taps.iter().map(value).collect();
        let kernel: Vec<f64> = conv.filter(input, channel).into_iter().map(f64::from).collect();
        let products: Vec<f64> = patch.iter().zip(&kernel).map(|(value, weight)| value * weight).collect();
        let sum = products.iter().sum();
        ConvChannel { patch, kernel, products, sum }
    };
    let inputs: Vec<ConvChannel> = (0..conv.inputs()).map(input).collect();
    let bias = f64::from(conv.bias()[channel]);
    let start = [row, column].map(|at| at as isize - conv.padding() as isize);
    let outside = taps.iter().map(Option::is_none).collect();
    let total = inputs.iter().map(|input| input.sum).sum::<f64>() + bias;
    Arithmetic { total, parts: Parts::Convolution { start, kernel: conv.kernel(), outside, inputs, bias } }
}

fn dense_unit(dense: &Dense, values: &[f64], unit: usize) -> Arithmetic {
    let term = |(input, (&value, weight)): (usize, (&f64, f32))| {
        let weight = f64::from(weight);
        DenseTerm { input, value, weight, product: value * weight }
    };
    let all: Vec<DenseTerm> = values.iter().zip(dense.unit(unit)).enumerate().map(term).collect();
    let sizes: Vec<f64> = all.iter().map(|term| -term.product.abs()).collect();
    let order = ascending(&sizes);
    let (largest, others) = order.split_at(LARGEST_TERMS.min(order.len()));
    let terms: Vec<DenseTerm> = largest.iter().map(|place| all[*place]).collect();
    let rest: f64 = others.iter().map(|place| all[*place].product).sum();
    let bias = f64::from(dense.bias[unit]);
    let total = terms.iter().map(|term| term.product).sum::<f64>() + rest + bias;
    Arithmetic { total, parts: Parts::Dense { terms, others: others.len(), rest, bias } }
}

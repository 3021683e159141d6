//! One image through a trained network, stage by stage, for people to look at: what each stage gives, how one value came about, which
//! pixels matter, and where images lie among others.
//!
//! It computes in 64 bits with the weights as they are in the file, batch norm by itself. So the parts that are shown add up to the value
//! that is shown. `forward` computes the same network in 32 bits, with batch norm in the weights before it; the two differ by rounding
//! alone. Where many passes are needed (occlusion, penultimate layer), `forward` computes them. Leaves out: drawing, training.

mod activation;
mod arithmetic;
mod conv;
mod layer;
mod network;
mod occlusion;
mod pca;
mod scale;
mod trace;

pub use arithmetic::{Arithmetic, ConvChannel, DenseTerm, LARGEST_TERMS, Parts};
pub use occlusion::{Cover, Occlusion};
pub use pca::{Pca, pca};
pub use scale::{Grey, Signed, nearest, to_grey, to_grey_between, to_signed};
pub use trace::{Shape, Stage, StageKind, Trace};

use crate::data::normalise;
use crate::fashion_mnist::{CLASSES, PIXELS, SIDE};
use crate::forward::Forward;
use crate::weights::{TrainedNetwork, WeightsError};
use layer::Layer;
use network::Step;
use std::rc::Rc;

/// A trained network that can be looked into.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspector {
    steps: Vec<Step>,
    /// The same network, for many passes.
    forward: Rc<Forward>,
}

/// Weights as a square picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Height and width.
    pub side: usize,
    /// `[side * side]`, row by row.
    pub values: Vec<f32>,
}

impl Inspector {
    /// Prepares a network.
    ///
    /// # Errors
    /// [`WeightsError::Metadata`] where the config's sizes give no network, [`WeightsError::Values`] where the number of weights is not
    /// that of the config.
    pub fn new(network: &TrainedNetwork) -> Result<Self, WeightsError> {
        network::check(network)?;
        Ok(Self { forward: Rc::new(Forward::new(network)?), steps: network::steps(network) })
    }

    /// What each stage gives for an image of 784 bytes, row by row, 0 black. Pixels that are missing count as black.
    pub fn trace(&self, pixels: &[u8]) -> Trace {
        let pixels = whole(pixels);
        let mut x: Vec<f64> = pixels.iter().map(|pixel| f64::from(normalise(*pixel))).collect(); // [784]
        let mut from = Shape::Image { side: SIDE, channels: 1 };
        let mut stages: Vec<Stage> = Vec::with_capacity(self.steps.len());
        for Step { layer, kind, name, label, shape } in &self.steps {
            x = layer.apply(&x, from, *shape);
            from = *shape;
            let (name, label) = (name.clone(), label.clone());
            stages.push(Stage { kind: *kind, name, label, shape: *shape, values: x.clone() });
        }
        Trace { pixels, stages }
    }

    /// The ten probabilities of an image, by the way that is made for many passes, as [`Forward::probabilities`].
    pub fn probabilities(&self, pixels: &[u8]) -> Vec<f32> {
        self.forward.probabilities(pixels)
    }

    /// What the last dense layer takes in, as [`Forward::penultimate`].
    pub fn penultimate(&self, pixels: &[u8]) -> Vec<f32> {
        self.forward.penultimate(pixels)
    }

    /// The derivative of a class's logit by each of the 784 normalised pixels: where it is positive, a lighter pixel speaks for the class.
    /// (One step of a byte changes a normalised pixel by 1 / (255 * 0.353), about 0.011.) All are 0 where there is no such class.
    pub fn gradient(&self, trace: &Trace, class: usize) -> Vec<f32> {
        self.derivative(trace, class, 0).into_iter().map(|value| value as f32).collect()
    }

    /// What each unit of the ANN's first hidden layer, or each channel of the CNN's first block, speaks for a class: the derivative of the
    /// class's logit by the activation times the activation; of a channel, the sum over all pixels. Empty in a network without one.
    ///
    /// With one hidden layer in the ANN this is exact for every activation: a logit is its bias plus these contributions, because it is a
    /// weighted sum of the activations. With more layers it is a linear approximation at this image ("gradient times input", Shrikumar et
    /// al. 2016). With ReLU and leaky ReLU, whose pieces are linear, the contributions still sum up to the logit less a part that the biases (and the
    /// shifts of batch norm) of later layers give; with other activations not even that is so.
    pub fn contributions(&self, trace: &Trace, class: usize) -> Vec<f64> {
        let first = self.steps.iter().position(|step| step.kind == StageKind::Activation);
        let Some((first, stage)) = first.and_then(|first| Some((first, trace.stages.get(first)?))) else {
            return Vec::new();
        };
        let mut sums = vec![0.0; stage.shape.channels()];
        let derivative = self.derivative(trace, class, first);
        for (values, derivatives) in
            stage.values.chunks_exact(sums.len()).zip(derivative.chunks_exact(stage.shape.channels()))
        {
            sums.iter_mut().zip(values.iter().zip(derivatives)).for_each(|(sum, (x, d))| *sum += x * d);
        }
        sums
    }

    /// The kernels of the CNN's first convolution, one for each channel, `[kernel, kernel]`. Empty for the ANN.
    pub fn filters(&self) -> Vec<Picture> {
        match self.first_weights() {
            Some(Layer::Convolution(conv)) => {
                let picture = |channel| Picture { side: conv.kernel(), values: conv.filter(0, channel) };
                (0..conv.bias().len()).map(picture).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The weights of the ANN's first dense layer, one picture of 28 x 28 for each unit. Empty for the CNN.
    pub fn first_layer_pictures(&self) -> Vec<Picture> {
        match self.first_weights() {
            Some(Layer::Dense(dense)) => {
                let picture = |unit| Picture { side: SIDE, values: dense.unit(unit).collect() };
                (0..dense.bias.len()).map(picture).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Prepares to cover an image with a square patch, place by place: [`Occlusion::step`] computes a few places at a time. `size` is the
    /// side of the patch and `step` how far it moves, in pixels. Both are brought into 1 to 28, and `step` is at most `size`, so that
    /// every pixel is covered.
    pub fn occlusion(&self, pixels: &[u8], class: usize, size: usize, step: usize, cover: Cover) -> Occlusion {
        Occlusion::new(Rc::clone(&self.forward), whole(pixels), class, size, step, cover)
    }

    fn first_weights(&self) -> Option<&Layer> {
        self.steps.get(1).map(|step| &step.layer)
    }

    /// The derivative of a logit by each value of a stage. Zeros where the trace is of another network.
    fn derivative(&self, trace: &Trace, class: usize, stage: usize) -> Vec<f64> {
        let fits = self.fits(trace);
        let mut gradient = vec![0.0; CLASSES];
        match gradient.get_mut(class) {
            Some(logit) if fits => *logit = 1.0,
            _ => return vec![0.0; trace.stages.get(stage).map_or(0, |stage| stage.values.len())],
        }
        // From the logits, which the softmax follows, back to the stage.
        for at in (stage + 1..self.steps.len() - 1).rev() {
            let (before, step) = (&trace.stages[at - 1], &self.steps[at]);
            gradient = step.layer.backward(&before.values, gradient, before.shape, step.shape);
        }
        gradient
    }

    /// Whether a trace has this network's stages, so that no index is out of range.
    fn fits(&self, trace: &Trace) -> bool {
        let same = |(step, stage): (&Step, &Stage)| step.kind == stage.kind && step.shape == stage.shape;
        self.steps.len() == trace.stages.len() && self.steps.iter().zip(&trace.stages).all(same)
    }
}

/// The image with 784 pixels.
fn whole(pixels: &[u8]) -> Vec<u8> {
    pixels.iter().copied().chain(std::iter::repeat(0)).take(PIXELS).collect()
}

#[cfg(test)]
mod tests;

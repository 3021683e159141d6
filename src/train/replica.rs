//! One worker's own copy of a network in training on the CPU: gradients of a share of a batch, and the step.

use super::crew::{Job, add};
use super::descent::Descent;
use super::schedule::learning_rate;
use crate::config::{NetworkKind, RunConfig};
use crate::cost::CLASSES;
use crate::kernels::softmax_cross_entropy;
use crate::kernels::stopwatch::{Part, time};
use crate::model::{Dropper, Network, gradients_on_cpu, trained_ranges, weights_on_cpu, with_trained, with_weights};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use std::ops::Range;

/// What one training step gave, or a share of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Sum of the cross-entropies over the size of the whole batch, with label smoothing, in nats: of a whole batch the mean.
    pub loss: f32,
    /// Right answers, before the step, with dropout and augmentation.
    pub right: f32,
}

/// All that another replica needs to go on from here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Steps of the run.
    pub step: usize,
    /// Weights and the optimiser's state.
    pub descent: Descent,
}

/// A network, its gradients and its optimiser.
pub struct Replica {
    config: RunConfig,
    device: Device,
    network: Network,
    trained: Vec<Range<usize>>,
    state: State,
    /// Of the last job, or the sum that the next step takes.
    pub(super) gradients: Vec<f32>,
}

impl Replica {
    /// Initial weights and a fresh optimiser. `device` has this project's own kernels and is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, device: &Device) -> Self {
        let network = Network::new(kind, config, &device.clone().autodiff());
        let state = State { step: 0, descent: Descent::new(weights_on_cpu(&network)) };
        let trained = trained_ranges(&network);
        Self { config: config.clone(), device: device.clone(), network, trained, state, gradients: Vec::new() }
    }

    /// The network as it is.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// Steps so far.
    pub(super) fn step(&self) -> usize {
        self.state.step
    }

    /// What another replica needs; of batch norm the running statistics as they were at the beginning.
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// Takes weights with a fresh optimiser, as after step `step`.
    pub(super) fn restore(&mut self, weights: &[f32], step: usize) {
        self.take(State { step, descent: Descent::new(weights.to_vec()) });
    }

    /// Goes on from another replica's state. A state of another network changes nothing.
    pub fn take(&mut self, state: State) {
        if state.descent.weights.len() == self.state.descent.weights.len() {
            self.network = with_weights(self.network.clone(), &state.descent.weights);
            self.state = state;
        }
    }

    /// Gradients of the last job, in the order of the weights.
    pub fn gradients(&self) -> &[f32] {
        &self.gradients
    }

    /// Forward and backward pass of a job.
    pub fn compute(&mut self, job: &Job) -> Outcome {
        let count = job.labels.len();
        let images = time(Part::Images, || job.images(&self.device.clone().autodiff())); // [count, 784]
        let mut dropper = Dropper::new(self.config.seed, self.state.step, job.first);
        let logits = self.network.forward(images, Some(&mut dropper)); // [count, 10]

        // The loss and its gradient in one pass on the host; burn's own would be a dozen small operations.
        let (smoothing, scale) = (self.config.label_smoothing as f32, 1.0 / job.batch as f32);
        let (loss, d_logits) = time(Part::Loss, || {
            let values: Vec<f32> = logits.clone().inner().into_data().iter::<f32>().collect();
            let mut d_logits = vec![0.0; values.len()];
            let loss = softmax_cross_entropy(&values, &job.labels, CLASSES, smoothing, scale, &mut d_logits);
            (loss, Tensor::<2>::from_data(TensorData::new(d_logits, [count, CLASSES]), &logits.device()))
        });
        // The gradient of this sum with respect to the logits is `d_logits`.
        let gradients = (logits * d_logits).sum().backward();
        time(Part::Gradients, || {
            let gradients = GradientsParams::from_grads(gradients, &self.network);
            gradients_on_cpu(&self.network, gradients, &mut self.gradients);
        });
        Outcome { loss: loss.mean * count as f32 * scale, right: loss.correct as f32 }
    }

    /// One step with the sum of this job's gradients and these, or with these alone where they are the `whole` batch's.
    pub fn conclude(&mut self, gradients: &[f32], whole: bool) {
        if whole {
            self.gradients.copy_from_slice(gradients);
        } else {
            add(&mut self.gradients, gradients);
        }
        self.advance();
    }

    /// One step with the gradients as they are.
    pub(super) fn advance(&mut self) {
        let steps = self.config.epochs * self.config.steps_per_epoch();
        let rate = learning_rate(&self.config, self.state.step, steps);
        time(Part::Optimizer, || {
            self.state.descent.step(&self.config, rate, &self.gradients, &self.trained);
            self.network = with_trained(self.network.clone(), &self.state.descent.weights);
        });
        self.state.step += 1;
    }
}

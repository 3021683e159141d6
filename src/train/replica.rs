//! One worker's own copy of a network in training on the CPU: gradients of a share of a batch, and the step.

use super::crew::{Job, add};
use super::descent::Descent;
use super::schedule::learning_rate;
use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::CLASSES;
use crate::kernels::burn_ops::operations::with_gradient;
use crate::kernels::cpu::loss::softmax_cross_entropy;
use crate::kernels::profiler::{Part, time};
use crate::model::{Dropper, Half, Network, gradients_on_cpu, weights_on_cpu, with_trained, with_weights};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use std::ops::Range;

/// What one training step gave, or a share of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcome {
    /// Sum of the cross-entropies over the size of the whole batch, with label smoothing, in nats: of a whole batch the mean.
    pub loss: f32,
    /// Right answers, before the step, with dropout and augmentation.
    pub right: f32,
}

impl std::ops::Add for Outcome {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { loss: self.loss + other.loss, right: self.right + other.right }
    }
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
///
/// A job is computed in two halves, because the upper layers' gradients can be on their way to other workers while those of the
/// lower layers are computed; the step is taken in the same halves.
pub struct Replica {
    config: RunConfig,
    device: Device,
    network: Network,
    /// The upper half's and the lower half's places in a flat list, and those of them that an optimiser moves.
    places: [(Range<usize>, Vec<Range<usize>>); 2],
    state: State,
    /// Of the last job, or the sum that the next step takes.
    pub(super) gradients: Vec<f32>,
    /// The features of a job whose lower half is not computed yet, `[count, features]`, and their gradient.
    features: Option<(Tensor<2>, Tensor<2>)>,
}

impl Replica {
    /// Initial weights and a fresh optimiser. `device` has this project's own kernels and is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, device: &Device) -> Self {
        let network = Network::new(kind, config, &device.clone().autodiff());
        let state = State { step: 0, descent: Descent::new(weights_on_cpu(&network)) };
        let places = Half::ALL.map(|half| (half.range(&network), half.trained(&network)));
        let gradients = vec![0.0; state.descent.weights.len()];
        Self { config: config.clone(), device: device.clone(), network, places, state, gradients, features: None }
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

    /// The places of a half in the list of gradients.
    pub(super) fn range(&self, half: Half) -> Range<usize> {
        self.places[half as usize].0.clone()
    }

    /// One half's gradients of the last job, in the order of the weights.
    pub fn gradients(&self, half: Half) -> &[f32] {
        &self.gradients[self.range(half)]
    }

    /// Forward pass of a job, and the upper half of its backward pass.
    pub fn compute_upper(&mut self, job: &Job) -> Outcome {
        let count = job.labels.len();
        let images = time(Part::Images, || job.images(&self.device.clone().autodiff())); // [count, 784]
        let mut dropper = Dropper::new(self.config.seed, self.state.step, job.first);
        let features = self.network.lower(images, Some(&mut dropper)); // [count, features]
        let cut = Tensor::from_inner(features.clone().inner()).require_grad(); // [count, features]
        let logits = self.network.upper(cut.clone(), Some(&mut dropper)); // [count, 10]

        // The loss and its gradient in one pass on the host; burn's own would be a dozen small operations.
        let (smoothing, scale) = (self.config.label_smoothing as f32, 1.0 / job.batch as f32);
        let (loss, d_logits) = time(Part::Loss, || {
            let values: Vec<f32> = logits.clone().inner().into_data().iter::<f32>().collect();
            let mut d_logits = vec![0.0; values.len()];
            let loss = softmax_cross_entropy(&values, &job.labels, CLASSES, smoothing, scale, &mut d_logits);
            (loss, Tensor::<2>::from_data(TensorData::new(d_logits, [count, CLASSES]), &logits.device()))
        });
        let mut gradients = with_gradient(logits, d_logits).backward();
        self.features = cut.grad_remove(&mut gradients).map(|d_features| (features, Tensor::from_inner(d_features)));
        self.collect(Half::Upper, &mut gradients);
        Outcome { loss: loss.mean * count as f32 * scale, right: loss.correct as f32 }
    }

    /// The rest of the job's backward pass.
    pub fn compute_lower(&mut self) {
        if let Some((features, d_features)) = self.features.take() {
            let mut gradients = with_gradient(features, d_features).backward();
            self.collect(Half::Lower, &mut gradients);
        }
    }

    /// Forward and backward pass of a job.
    pub(super) fn compute(&mut self, job: &Job) -> Outcome {
        let outcome = self.compute_upper(job);
        self.compute_lower();
        outcome
    }

    fn collect(&mut self, half: Half, gradients: &mut Gradients) {
        let range = self.range(half);
        time(Part::Gradients, || gradients_on_cpu(&self.network, half, gradients, &mut self.gradients[range]));
    }

    /// One half of a step with the sum of this job's gradients and these, or with these alone where they are the `whole` batch's.
    pub fn conclude(&mut self, half: Half, gradients: &[f32], whole: bool) {
        let range = self.range(half);
        if whole {
            self.gradients[range].copy_from_slice(gradients);
        } else {
            add(&mut self.gradients[range], gradients);
        }
        self.advance(half);
    }

    /// One half of a step with the gradients as they are; the upper half comes first. The network has its new weights after the
    /// lower half, so until then a job can be computed again.
    pub(super) fn advance(&mut self, half: Half) {
        let steps = self.config.epochs * self.config.steps_per_epoch();
        let rate = learning_rate(&self.config, self.state.step, steps);
        time(Part::Optimizer, || {
            if half == Half::Upper {
                self.state.descent.begin();
            }
            self.state.descent.step(&self.config, rate, &self.gradients, &self.places[half as usize].1);
            if half == Half::Lower {
                self.network = with_trained(self.network.clone(), &self.state.descent.weights);
                self.state.step += 1;
            }
        });
    }
}

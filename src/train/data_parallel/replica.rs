//! One worker's own copy of a network in training on the CPU: gradients of a shard of a batch, and the step.

use super::shard::{Shard, StepOutcome, accumulate};
use crate::architecture::GradientBucket;
use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::CLASSES;
use crate::kernels::burn_ops::operations::with_gradient;
use crate::kernels::cpu::loss::softmax_cross_entropy;
use crate::kernels::profiler::{Part, time};
use crate::model::{Dropper, Network, gradients_on_cpu, weights_on_cpu, with_trained, with_weights};
use crate::train::optim::{OptimizerState, learning_rate};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use std::ops::Range;

/// Everything that another replica needs to go on from here.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicaState {
    /// Steps of the run.
    pub step: usize,
    /// What the schedule's learning rate is multiplied with.
    pub rate_factor: f64,
    /// Weights and moments.
    pub optimizer: OptimizerState,
}

/// A network, its gradients and its optimiser.
///
/// A shard is computed in two buckets, because the gradients of the upper layers can travel to other workers while those of the
/// lower layers are computed. The step is taken in the same two buckets.
pub struct Replica {
    config: RunConfig,
    device: Device,
    network: Network,
    /// For each bucket: its places in a flat list, and those of them that an optimiser moves.
    places: [(Range<usize>, Vec<Range<usize>>); 2],
    state: ReplicaState,
    /// Of the last shard, or the sum that the next step takes.
    pub(super) gradients: Vec<f32>,
    /// The features of a shard whose lower bucket is not computed yet, `[count, features]`, and their gradient.
    features: Option<(Tensor<2>, Tensor<2>)>,
}

impl Replica {
    /// Initial weights and a fresh optimiser. `device` has the custom kernels and is without autodiff.
    pub fn new(kind: NetworkKind, config: &RunConfig, device: &Device) -> Self {
        let network = Network::new(kind, config, &device.clone().autodiff());
        let state =
            ReplicaState { step: 0, rate_factor: 1.0, optimizer: OptimizerState::new(weights_on_cpu(&network)) };
        let places = GradientBucket::ALL.map(|bucket| (bucket.range(&network), bucket.trained(&network)));
        let gradients = vec![0.0; state.optimizer.weights.len()];
        Self { config: config.clone(), device: device.clone(), network, places, state, gradients, features: None }
    }

    /// The network as it is.
    pub(in crate::train) fn network(&self) -> &Network {
        &self.network
    }

    /// Steps so far.
    pub(in crate::train) fn step(&self) -> usize {
        self.state.step
    }

    /// Weights and optimiser state. Of batch norm it has the running statistics as they were at the last [`Replica::restore`].
    pub(in crate::train) fn state(&self) -> &ReplicaState {
        &self.state
    }

    /// Goes on from a state. A state of another network changes nothing.
    pub fn restore(&mut self, state: ReplicaState) {
        if state.optimizer.weights.len() == self.state.optimizer.weights.len() {
            self.network = with_weights(self.network.clone(), &state.optimizer.weights);
            self.state = state;
        }
    }

    /// Multiplies the learning rate of all further steps. The other replicas of the run need this state again.
    pub(in crate::train) fn set_rate_factor(&mut self, factor: f64) {
        self.state.rate_factor = factor;
    }

    /// The places of a bucket in the list of gradients.
    pub(super) fn range(&self, bucket: GradientBucket) -> Range<usize> {
        self.places[bucket as usize].0.clone()
    }

    /// One bucket's gradients of the last shard, in the order of the weights.
    pub fn gradients(&self, bucket: GradientBucket) -> &[f32] {
        &self.gradients[self.range(bucket)]
    }

    /// Forward pass of a shard, and the upper part of its backward pass.
    pub fn compute_upper(&mut self, shard: &Shard) -> StepOutcome {
        let count = shard.labels.len();
        let images = time(Part::Images, || shard.images(&self.device.clone().autodiff())); // [count, 784]
        let mut dropper = Dropper::new(self.config.seed, self.state.step, shard.first);
        let features = self.network.lower(images, Some(&mut dropper)); // [count, features]
        let cut = Tensor::from_inner(features.clone().inner()).require_grad(); // [count, features]
        let logits = self.network.upper(cut.clone(), Some(&mut dropper)); // [count, 10]

        // The loss and its gradient in one pass on the host. burn's own would be a dozen small operations.
        let (smoothing, scale) = (self.config.label_smoothing as f32, 1.0 / shard.batch as f32);
        let (loss, d_logits) = time(Part::Loss, || {
            let values: Vec<f32> = logits.clone().inner().into_data().iter::<f32>().collect();
            let mut d_logits = vec![0.0; values.len()];
            let loss = softmax_cross_entropy(&values, &shard.labels, CLASSES, smoothing, scale, &mut d_logits);
            (loss, Tensor::<2>::from_data(TensorData::new(d_logits, [count, CLASSES]), &logits.device()))
        });
        let mut gradients = with_gradient(logits, d_logits).backward();
        self.features = cut.grad_remove(&mut gradients).map(|d_features| (features, Tensor::from_inner(d_features)));
        self.collect(GradientBucket::Upper, &mut gradients);
        StepOutcome { loss: loss.mean * count as f32 * scale, correct: loss.correct as f32 }
    }

    /// The rest of the shard's backward pass.
    pub fn compute_lower(&mut self) {
        if let Some((features, d_features)) = self.features.take() {
            let mut gradients = with_gradient(features, d_features).backward();
            self.collect(GradientBucket::Lower, &mut gradients);
        }
    }

    /// Forward and backward pass of a shard.
    pub(super) fn compute(&mut self, shard: &Shard) -> StepOutcome {
        let outcome = self.compute_upper(shard);
        self.compute_lower();
        outcome
    }

    fn collect(&mut self, bucket: GradientBucket, gradients: &mut Gradients) {
        let range = self.range(bucket);
        time(Part::Gradients, || gradients_on_cpu(&self.network, bucket, gradients, &mut self.gradients[range]));
    }

    /// Applies `gradients` to one bucket: already reduced if `whole`, else added to the local ones.
    pub fn apply_gradients(&mut self, bucket: GradientBucket, gradients: &[f32], whole: bool) {
        let range = self.range(bucket);
        if whole {
            self.gradients[range].copy_from_slice(gradients);
        } else {
            accumulate(&mut self.gradients[range], gradients);
        }
        self.advance(bucket);
    }

    /// One bucket of a step with the gradients as they are; the upper bucket comes first. The network has its new weights after the
    /// lower bucket, so until then a shard can be computed again.
    pub(super) fn advance(&mut self, bucket: GradientBucket) {
        let schedule = learning_rate(&self.config, self.state.step, self.config.total_steps());
        let rate = schedule * self.state.rate_factor;
        time(Part::Optimizer, || {
            if bucket == GradientBucket::Upper {
                self.state.optimizer.begin();
            }
            self.state.optimizer.step(&self.config, rate, &self.gradients, &self.places[bucket as usize].1);
            if bucket == GradientBucket::Lower {
                self.network = with_trained(self.network.clone(), &self.state.optimizer.weights);
                self.state.step += 1;
            }
        });
    }
}

//! Trains one network with burn's operations alone. Results are read back after a group of steps, so that a GPU is not waited for after
//! every step.

use super::TrainError;
use super::batches::BatchLoader;
use super::data_parallel::{Shard, StepOutcome};
use super::optim::{OptimizerState, TensorOptimizer, learning_rate};
use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::CLASSES;
use crate::model::{Dropper, Network, flat_weights, parameter_lengths, with_weights};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData, Transaction, activation};

/// The network and its optimiser.
pub(super) struct BurnStepper {
    pub(super) network: Network,
    optimizer: TensorOptimizer,
    /// Steps so far.
    pub(super) step: usize,
    /// What the schedule's learning rate is multiplied with.
    pub(super) rate_factor: f64,
}

impl BurnStepper {
    pub(super) fn new(kind: NetworkKind, config: &RunConfig, device: &Device) -> Self {
        let network = Network::new(kind, config, &device.clone().autodiff());
        Self { network, optimizer: TensorOptimizer::new(config), step: 0, rate_factor: 1.0 }
    }

    /// Goes on from weights and moments, as after step `step`.
    pub(super) fn restore(&mut self, state: &OptimizerState, step: usize, device: &Device) {
        let lengths = parameter_lengths(&self.network);
        self.network = with_weights(self.network.clone(), &state.weights);
        self.optimizer.restore(state, &lengths, device);
        self.step = step;
    }

    /// Weights and moments, read back.
    pub(super) async fn state(&self) -> Result<OptimizerState, TrainError> {
        let lengths: Vec<usize> = parameter_lengths(&self.network).into_iter().map(|(length, _)| length).collect();
        let weights = flat_weights(&self.network).await?;
        let [first, second] = self.optimizer.read(&lengths).await?;
        Ok(OptimizerState { weights, first, second, steps: self.optimizer.steps() })
    }

    /// Trains on each batch in turn, and reads the outcomes of all of them back at the end.
    pub(super) async fn steps(
        &mut self,
        loader: &BatchLoader,
        device: &Device,
        epoch: usize,
        batches: &[&[u32]],
    ) -> Result<Vec<StepOutcome>, TrainError> {
        let mut transaction = Transaction::default();
        for batch in batches {
            let (loss, correct) = self.one(&loader.config, device, &loader.shard(epoch, batch, 0..batch.len()));
            transaction = transaction.register(loss).register(correct);
        }
        let read = transaction.execute_async().await?;
        let values: Vec<f32> = read.iter().filter_map(|data| data.iter::<f32>().next()).collect();
        Ok(values.chunks_exact(2).map(|pair| StepOutcome { loss: pair[0], correct: pair[1] }).collect())
    }

    /// One step. Gives the mean loss and the count of correct answers, `[1]` each, still on the device.
    fn one(&mut self, config: &RunConfig, device: &Device, shard: &Shard) -> (Tensor<1>, Tensor<1>) {
        let device = device.clone().autodiff();
        let count = shard.labels.len();
        let images = shard.images(&device); // [count, 784]
        let targets = targets(&shard.labels, config.label_smoothing);
        let targets: Tensor<2> = Tensor::from_data(TensorData::new(targets, [count, CLASSES]), &device); // [count, 10]

        let mut dropper = Dropper::new(config.seed, self.step, shard.first);
        let logits = self.network.forward(images, Some(&mut dropper)); // [count, 10]
        let correct = count_correct(logits.clone().inner(), targets.clone().inner()); // [1]
        let log_probabilities = activation::log_softmax(logits, 1); // [count, 10]
        let loss = (log_probabilities * targets).sum().mul_scalar(-1.0 / shard.batch as f64); // [1]
        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        let rate = learning_rate(config, self.step, config.total_steps()) * self.rate_factor;
        self.network = self.optimizer.step(rate, self.network.clone(), gradients);
        self.step += 1;
        (loss.inner(), correct)
    }
}

/// One-hot rows with `smoothing` of the mass spread evenly over the classes (Szegedy et al. 2016).
fn targets(labels: &[u8], smoothing: f64) -> Vec<f32> {
    let rest = (smoothing / CLASSES as f64) as f32;
    let mut rows = vec![rest; labels.len() * CLASSES];
    for (row, &label) in rows.chunks_exact_mut(CLASSES).zip(labels) {
        row[usize::from(label)] += (1.0 - smoothing) as f32;
    }
    rows
}

/// The number of rows in which `logits` and `targets` have their largest value in the same place, `[1]`.
fn count_correct(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let largest = |x: Tensor<2>| {
        let shape = x.shape();
        x.clone().equal(x.max_dim(1).expand(shape)).float() // [count, 10]
    };
    (largest(logits) * largest(targets)).sum()
}

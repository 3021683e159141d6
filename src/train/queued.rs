//! One network in training on a device that is not waited for after every step, with burn's own loss and optimiser.

use super::TrainError;
use super::crew::Job;
use super::optimizer::optimizer;
use super::replica::Outcome;
use super::schedule::learning_rate;
use super::trainer::Source;
use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::CLASSES;
use crate::model::{Dropper, Network, with_weights};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData, Transaction, activation};

/// The network and its optimiser.
pub(super) struct Queued {
    pub(super) network: Network,
    optimizer: ModuleOptimizer,
    /// Steps so far.
    pub(super) step: usize,
}

impl Queued {
    pub(super) fn new(kind: NetworkKind, config: &RunConfig, device: &Device) -> Self {
        let network = Network::new(kind, config, &device.clone().autodiff());
        Self { network, optimizer: optimizer(config), step: 0 }
    }

    /// Takes weights with a fresh optimiser.
    pub(super) fn restore(&mut self, weights: &[f32], step: usize, config: &RunConfig) {
        self.network = with_weights(self.network.clone(), weights);
        self.optimizer = optimizer(config);
        self.step = step;
    }

    /// Trains on each batch in turn, and reads back at the end what came of all of them.
    pub(super) async fn steps(
        &mut self,
        source: &Source,
        device: &Device,
        epoch: usize,
        batches: &[&[u32]],
    ) -> Result<Vec<Outcome>, TrainError> {
        let mut transaction = Transaction::default();
        for batch in batches {
            let (loss, right) = self.one(&source.config, device, &source.job(epoch, batch, 0..batch.len()));
            transaction = transaction.register(loss).register(right);
        }
        let read = transaction.execute_async().await?;
        let values: Vec<f32> = read.iter().filter_map(|data| data.iter::<f32>().next()).collect();
        Ok(values.chunks_exact(2).map(|pair| Outcome { loss: pair[0], right: pair[1] }).collect())
    }

    /// One step. Gives the mean loss and the count of right answers, `[1]` each, still on the device.
    fn one(&mut self, config: &RunConfig, device: &Device, job: &Job) -> (Tensor<1>, Tensor<1>) {
        let device = device.clone().autodiff();
        let count = job.labels.len();
        let images = job.images(&device); // [count, 784]
        let targets = targets(&job.labels, config.label_smoothing);
        let targets: Tensor<2> = Tensor::from_data(TensorData::new(targets, [count, CLASSES]), &device); // [count, 10]

        let mut dropper = Dropper::new(config.seed, self.step, job.first);
        let logits = self.network.forward(images, Some(&mut dropper)); // [count, 10]
        let right = count_right(logits.clone().inner(), targets.clone().inner()); // [1]
        let log_probabilities = activation::log_softmax(logits, 1); // [count, 10]
        let loss = (log_probabilities * targets).sum().mul_scalar(-1.0 / job.batch as f64); // [1]
        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        let rate = learning_rate(config, self.step, config.epochs * config.steps_per_epoch());
        self.network = self.optimizer.step(rate, self.network.clone(), gradients);
        self.step += 1;
        (loss.inner(), right)
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

/// How many rows of `logits` have their largest value where `targets` has its own, `[1]`.
fn count_right(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let largest = |x: Tensor<2>| {
        let shape = x.shape();
        x.clone().equal(x.max_dim(1).expand(shape)).float() // [count, 10]
    };
    (largest(logits) * largest(targets)).sum()
}

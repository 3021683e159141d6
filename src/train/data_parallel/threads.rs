//! A [`WorkerPool`] of threads, for native runs.

use super::pool::WorkerPool;
use super::replica::{Replica, ReplicaState};
use super::shard::{Shard, StepOutcome, accumulate};
use crate::architecture::GradientBucket;
use crate::config::{NetworkKind, RunConfig};
use burn::tensor::Device;
use std::sync::mpsc::{Receiver, Sender, channel};

enum Order {
    Restore(ReplicaState),
    Compute(Shard),
    ApplyGradients { bucket: GradientBucket, gradients: Vec<f32>, whole: bool },
}

struct WorkerHandle {
    orders: Sender<Order>,
    answers: Receiver<(StepOutcome, Vec<f32>)>,
    has_replica: bool,
    /// Answers that were not taken yet.
    awaited: usize,
}

impl WorkerHandle {
    /// A helper that is gone is noticed when its answer is awaited.
    fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }
}

/// Helpers on threads of this process, each with a replica of its own on Flex.
#[derive(Default)]
pub struct ThreadPool {
    workers: Vec<WorkerHandle>,
}

fn work(kind: NetworkKind, config: &RunConfig, orders: &Receiver<Order>, answers: &Sender<(StepOutcome, Vec<f32>)>) {
    let mut replica = Replica::new(kind, config, &Device::flex());
    while let Ok(order) = orders.recv() {
        match order {
            Order::Restore(state) => replica.restore(state),
            Order::Compute(shard) => {
                let outcome = replica.compute_upper(&shard);
                let upper = answers.send((outcome, replica.gradients(GradientBucket::Upper).to_vec()));
                replica.compute_lower();
                let lower = answers.send((StepOutcome::default(), replica.gradients(GradientBucket::Lower).to_vec()));
                if upper.and(lower).is_err() {
                    return;
                }
            }
            Order::ApplyGradients { bucket, gradients, whole } => replica.apply_gradients(bucket, &gradients, whole),
        }
    }
}

impl WorkerPool for ThreadPool {
    fn max_workers(&self) -> usize {
        15
    }

    fn idle_cores(&self) -> usize {
        std::thread::available_parallelism().map_or(0, |cores| cores.get() - 1).min(self.max_workers())
    }

    fn replaced(&self) -> u32 {
        0
    }

    async fn resize(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig) {
        self.workers.truncate(helpers);
        while self.workers.len() < helpers {
            let (orders, received) = channel();
            let (sent, answers) = channel();
            let config = config.clone();
            std::thread::spawn(move || work(kind, &config, &received, &sent));
            self.workers.push(WorkerHandle { orders, answers, has_replica: false, awaited: 0 });
        }
    }

    fn invalidate_replicas(&mut self) {
        self.workers.iter_mut().for_each(|worker| worker.has_replica = false);
    }

    fn needs_replica(&self, helper: usize) -> bool {
        self.workers.get(helper).is_some_and(|worker| !worker.has_replica)
    }

    fn send_state(&mut self, helper: usize, state: &ReplicaState) {
        if let Some(worker) = self.workers.get_mut(helper) {
            worker.order(Order::Restore(state.clone()));
            worker.has_replica = true;
        }
    }

    fn send(&mut self, helper: usize, shard: Shard) {
        if let Some(worker) = self.workers.get_mut(helper).filter(|worker| worker.has_replica) {
            worker.order(Order::Compute(shard));
            worker.awaited += GradientBucket::ALL.len();
        }
    }

    async fn receive(&mut self, helper: usize, _: GradientBucket, sum: &mut [f32]) -> Option<StepOutcome> {
        let worker = self.workers.get_mut(helper).filter(|worker| worker.awaited > 0)?;
        worker.awaited -= 1;
        let (outcome, gradients) = worker.answers.recv().ok()?;
        accumulate(sum, &gradients);
        Some(outcome)
    }

    fn apply_gradients(&mut self, helper: usize, bucket: GradientBucket, gradients: &[f32], whole: bool) {
        if let Some(worker) = self.workers.get(helper).filter(|worker| worker.has_replica) {
            worker.order(Order::ApplyGradients { bucket, gradients: gradients.to_vec(), whole });
        }
    }
}

//! The helpers of a run as its leader sees them.

use super::replica::ReplicaState;
use super::shard::{Shard, StepOutcome};
use crate::architecture::GradientBucket;
use crate::config::{NetworkKind, RunConfig};

/// The helpers of a run. What is sent to one helper arrives in order.
#[allow(async_fn_in_trait)] // Every pool is used on one thread.
pub trait WorkerPool {
    /// The largest number of helpers that can be had; 0 where a run has to go alone.
    fn max_workers(&self) -> usize;
    /// Processors that the leader leaves idle. Calibration stops there.
    fn idle_cores(&self) -> usize;
    /// Helpers that died in this run and were replaced.
    fn replaced(&self) -> u32;
    /// Starts or ends helpers until there are `helpers` of them, ready for this network.
    async fn resize(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig);
    /// From here on no helper's replica counts as equal to the leader's.
    fn invalidate_replicas(&mut self);
    /// Whether a helper is ready but has no valid replica.
    fn needs_replica(&self, helper: usize) -> bool;
    /// Gives a helper the leader's weights and optimiser state.
    fn send_state(&mut self, helper: usize, state: &ReplicaState);
    /// Sends a helper its shard and returns at once. Nothing is sent to a helper without a replica.
    fn send(&mut self, helper: usize, shard: Shard);
    /// Waits for one bucket of a helper's answer to its oldest shard, the upper bucket first, and adds its gradients to `sum`. The
    /// shard's outcome comes with the upper bucket; zero comes with the lower one. `None` where the helper has no shard or died: then
    /// it has been replaced, and the caller has to compute its shard.
    async fn receive(&mut self, helper: usize, bucket: GradientBucket, sum: &mut [f32]) -> Option<StepOutcome>;
    /// Tells a helper to apply `gradients` to one bucket: already reduced if `whole`, else added to its own.
    fn apply_gradients(&mut self, helper: usize, bucket: GradientBucket, gradients: &[f32], whole: bool);
}

/// No helpers.
pub struct NoWorkers;

impl WorkerPool for NoWorkers {
    fn max_workers(&self) -> usize {
        0
    }

    fn idle_cores(&self) -> usize {
        0
    }

    fn replaced(&self) -> u32 {
        0
    }

    async fn resize(&mut self, _: usize, _: NetworkKind, _: &RunConfig) {}

    fn invalidate_replicas(&mut self) {}

    fn needs_replica(&self, _: usize) -> bool {
        false
    }

    fn send_state(&mut self, _: usize, _: &ReplicaState) {}

    fn send(&mut self, _: usize, _: Shard) {}

    async fn receive(&mut self, _: usize, _: GradientBucket, _: &mut [f32]) -> Option<StepOutcome> {
        None
    }

    fn apply_gradients(&mut self, _: usize, _: GradientBucket, _: &[f32], _: bool) {}
}

//! Data-parallel training: several workers compute the gradients of their shards of one batch, and all take the same step.
//!
//! Every worker has a replica of the weights and of the optimiser's state ([`Replica`]). The leader sends each helper its shard of
//! the images. Each worker computes its gradients. The gradients are exchanged and added in the helpers' order, and every replica
//! takes the same step with the same sum. So a run is the same from time to time, and the weights travel only once. Sums are
//! divided by the size of the whole batch: without batch norm the result equals the run of one worker within rounding. Batch norm
//! normalises each shard by itself, and the running statistics of the leader are those of the run, as is usual in data-parallel
//! training.
//!
//! Leaves out: how messages travel. A [`WorkerPool`] is workers of a browser (`engine`) or threads ([`ThreadPool`]).

mod all_reduce;
mod pool;
mod replica;
mod shard;
#[cfg(not(target_arch = "wasm32"))]
mod threads;

pub(super) use all_reduce::all_reduce_steps;
pub use pool::{NoWorkers, WorkerPool};
pub use replica::{Replica, ReplicaState};
pub use shard::{Shard, StepOutcome, accumulate, shard_ranges};
#[cfg(not(target_arch = "wasm32"))]
pub use threads::ThreadPool;

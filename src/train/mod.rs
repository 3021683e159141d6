//! The training loop: batches, loss, gradients, schedule, validation, early stopping, checkpoints, the test set at the end.
//!
//! [`run`] trains one network and returns it with its report. It knows no browser worker, clock, DOM or page. Its caller is its
//! [`Host`]: it has a clock, receives the events, and is asked between steps whether to go on. If a GPU fails in the middle of a run,
//! [`run`] goes on with the CPU from the last good weights.
//!
//! - `run`, `epoch`, `state`: the loop, one epoch, what a run holds.
//! - `calibrate`, `controls`, `score`, `clock`, `early_stopping`, `agreement`: the loop's parts.
//! - `checkpoint`: the whole state as versioned bytes. `answers`: what a checkpoint answers to its validation images.
//! - `trainer`, `burn_stepper`, `batches`: one network on one device, with the custom kernels or with burn's operations.
//! - `optim`: optimiser state, schedule, steps on tensors. `data_parallel`: several workers share each batch.
//! - `parity`: whether a GPU trains as the CPU does. `step_profile`: where a step's time goes.

mod agreement;
mod answers;
mod batches;
mod burn_stepper;
mod calibrate;
pub mod checkpoint;
mod clock;
mod controls;
mod data_parallel;
mod early_stopping;
mod epoch;
mod error;
mod host;
mod optim;
mod parity;
mod run;
mod score;
mod state;
mod step_profile;
mod trainer;

pub use crate::model::reference_cpu;
pub use answers::ValidationAnswers;
pub use checkpoint::Checkpoint;
#[cfg(not(target_arch = "wasm32"))]
pub use data_parallel::ThreadPool;
pub use data_parallel::{NoWorkers, Replica, ReplicaState, Shard, StepOutcome, WorkerPool, accumulate, shard_ranges};
pub use error::TrainError;
pub use host::{Host, YieldPoint};
pub use optim::{OptimizerState, learning_rate};
pub use parity::{PARITY_STEPS, PARITY_TOLERANCE, parity};
pub use run::{Trained, run};
pub use state::Plan;
pub use trainer::Trainer;

#[cfg(test)]
mod tests;

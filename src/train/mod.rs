//! The training loop: batches, loss, gradients, schedule, validation, early stopping, the test set at the end.
//!
//! [`run`] trains one network and gives its report. It knows no worker, clock, DOM or page: whoever calls it is its [`Host`], who
//! has a clock, is told the [`Event`]s and is asked between steps whether to go on. Where a GPU fails in mid-run, [`run`] goes on
//! with the CPU from the last good weights.

mod budget;
mod crew;
mod descent;
mod optimizer;
mod parity;
mod queued;
mod replica;
mod run;
mod schedule;
#[cfg(not(target_arch = "wasm32"))]
mod threads;
mod together;
mod trainer;

pub use crate::model::reference_cpu;
pub use crew::{Crew, Job, Solo, add, shares};
pub use descent::Descent;
pub use parity::{PARITY_STEPS, PARITY_TOLERANCE, parity};
pub use replica::{Outcome, Replica, State};
pub use run::{Control, Event, Host, Moment, Plan, Score, run};
pub use schedule::learning_rate;
#[cfg(not(target_arch = "wasm32"))]
pub use threads::Threads;
pub use trainer::Trainer;

/// Why training cannot go on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// The device failed: it was lost, or a result could not be read back.
    #[error("the device failed: {0}")]
    Device(String),
    /// The loss is not a number any more.
    #[error(
        "the loss is no longer a finite number at step {step} (training diverged); use a smaller learning rate or another optimiser"
    )]
    Diverged {
        /// The step, from 1.
        step: usize,
    },
    /// The GPU's logits are not the CPU's for the same weights and images.
    #[error("WebGPU disagrees with the CPU: {0}")]
    Disagreement(String),
    /// Somebody dropped the run.
    #[error("the run was dropped")]
    Discarded,
}

impl From<burn::tensor::ExecutionError> for TrainError {
    fn from(e: burn::tensor::ExecutionError) -> Self {
        // Without the backtrace, which only a debugger's reader would want.
        let said = e.to_string();
        let causes =
            said.split("Backtrace:").next().unwrap_or_default().lines().map(str::trim).filter(|l| !l.is_empty());
        Self::Device(causes.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests;

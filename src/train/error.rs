//! Why training cannot go on.

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

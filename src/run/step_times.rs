//! Where the time of a training step goes, as the report tells it. Leaves out: measuring it (`kernels::profiler`).

use serde::{Deserialize, Serialize};

/// One layer's part of a training step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerTime {
    /// The layer, as in [`crate::architecture::Layer`]. Its times include activation and max pool if they are computed together with it.
    pub label: String,
    /// Multiply-accumulates of one image's forward pass.
    pub macs: usize,
    /// Milliseconds of the forward pass.
    pub forward_ms: f64,
    /// Milliseconds of the backward pass.
    pub backward_ms: f64,
}

/// Another part of a training step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OtherTime {
    /// In words.
    pub label: String,
    /// Milliseconds.
    pub ms: f64,
}

/// Where the time of a training step goes: means over some of the run's steps, of the worker that leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepTimes {
    /// Steps that were timed.
    pub steps: usize,
    /// Images of a batch that this worker computes.
    pub images: usize,
    /// Milliseconds of a step: the sum of all parts.
    pub ms: f64,
    /// What the worker can compute at best, in floating-point operations a second on values in registers.
    pub peak_flops: f64,
    /// The layers, in order.
    pub layers: Vec<LayerTime>,
    /// Everything else.
    pub others: Vec<OtherTime>,
}

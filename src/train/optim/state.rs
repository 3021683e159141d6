//! Weights and moments as flat lists, and the step of the optimiser on the CPU: one pass over all weights.
//!
//! The pass reads and writes each weight and moment once. burn makes about ten passes, each with a fresh buffer. The arithmetic is the
//! same. The running statistics of batch norm are in the list too, but the optimiser does not change them.

use crate::config::{Optimizer, RunConfig};
use crate::kernels::cpu::optimizer::{Adam, Sgd, adam_step, sgd_step};
use std::ops::Range;

/// Weights and moments, each in the order of [`crate::model::flat_weights`]. A run can go on from it on every backend.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OptimizerState {
    /// The weights.
    pub weights: Vec<f32>,
    /// First moments, or SGD's momentum.
    pub first: Vec<f32>,
    /// Second moments.
    pub second: Vec<f32>,
    /// Steps taken by this optimiser.
    pub steps: u32,
}

impl OptimizerState {
    /// No step taken yet.
    pub fn new(weights: Vec<f32>) -> Self {
        let moment = vec![0.0; weights.len()];
        Self { first: moment.clone(), second: moment, weights, steps: 0 }
    }

    /// Begins a step. Any number of calls of [`OptimizerState::step`] then change its parts of the lists.
    pub(in crate::train) fn begin(&mut self) {
        self.steps += 1;
    }

    /// Takes the step for the parts of the lists that are `trained`.
    pub(in crate::train) fn step(
        &mut self,
        config: &RunConfig,
        rate: f64,
        gradients: &[f32],
        trained: &[Range<usize>],
    ) {
        let (rate, decay) = (rate as f32, config.weight_decay as f32);
        let adam = |coupled, decoupled| Adam {
            learning_rate: rate,
            beta1: Adam::BETA1,
            beta2: Adam::BETA2,
            epsilon: Adam::EPSILON,
            coupled_decay: coupled,
            decoupled_decay: decoupled,
        };
        for range in trained {
            let (weights, gradients) = (&mut self.weights[range.clone()], &gradients[range.clone()]);
            let first = &mut self.first[range.clone()];
            let adam = match config.optimizer {
                Optimizer::Sgd => {
                    let momentum = config.momentum as f32;
                    let sgd = Sgd { learning_rate: rate, momentum, nesterov: config.nesterov, weight_decay: decay };
                    sgd_step(&sgd, self.steps == 1, weights, gradients, first);
                    continue;
                }
                Optimizer::Adam => adam(decay, 0.0),
                Optimizer::AdamW => adam(0.0, decay),
            };
            adam_step(&adam, self.steps, weights, gradients, first, &mut self.second[range.clone()]);
        }
    }
}

//! The step of the optimiser: burn's own on any device, or on the CPU one pass over all weights as one flat list.
//!
//! The flat form reads and writes each weight and moment once, where burn's makes about ten passes with a fresh buffer each. It is
//! the same arithmetic. A network with batch norm keeps burn's form, because its running statistics stand among the weights.

use super::optimizer::optimizer;
use crate::config::{Optimizer, RunConfig};
use crate::kernels::{Adam, Sgd, adam_step, sgd_step};
use crate::model::{Network, with_flat_gradients, with_flat_weights};
use burn::optim::{GradientsParams, ModuleOptimizer};

/// An optimiser and its state.
pub(super) enum Descent {
    /// burn's.
    Burn(Box<ModuleOptimizer>),
    /// This project's, with the weights themselves.
    Flat(Flat),
}

/// Weights and moments in the order of [`crate::model::flat_weights`].
pub(super) struct Flat {
    pub(super) weights: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    step: u32,
}

impl Flat {
    fn new(weights: Vec<f32>) -> Self {
        let moment = vec![0.0; weights.len()];
        Self { first: moment.clone(), second: moment, weights, step: 0 }
    }

    fn step(&mut self, config: &RunConfig, rate: f64, gradients: &[f32]) {
        let (rate, decay) = (rate as f32, config.weight_decay as f32);
        self.step += 1;
        let adam = |coupled, decoupled| Adam { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, coupled, decoupled };
        let adam = match config.optimizer {
            Optimizer::Sgd => {
                let momentum = config.momentum as f32;
                let sgd = Sgd { rate, momentum, nesterov: config.nesterov, decay };
                return sgd_step(&sgd, self.step == 1, &mut self.weights, gradients, &mut self.first);
            }
            Optimizer::Adam => adam(decay, 0.0),
            Optimizer::AdamW => adam(0.0, decay),
        };
        adam_step(&adam, self.step, &mut self.weights, gradients, &mut self.first, &mut self.second);
    }
}

impl Descent {
    /// A fresh optimiser; with `weights` the flat one.
    pub(super) fn new(config: &RunConfig, weights: Option<Vec<f32>>) -> Self {
        match weights {
            Some(weights) => Self::Flat(Flat::new(weights)),
            None => Self::Burn(Box::new(optimizer(config))),
        }
    }

    /// One step by gradients on the device.
    pub(super) fn by_burn(&mut self, config: &RunConfig, rate: f64, network: Network, g: GradientsParams) -> Network {
        match self {
            Self::Burn(optimizer) => optimizer.step(rate, network, g),
            // A flat optimiser is only made where gradients come as a flat list.
            Self::Flat(_) => optimizer(config).step(rate, network, g),
        }
    }

    /// One step by a flat list of gradients.
    pub(super) fn by_list(&mut self, config: &RunConfig, rate: f64, network: Network, gradients: &[f32]) -> Network {
        match self {
            Self::Flat(flat) => {
                flat.step(config, rate, gradients);
                with_flat_weights(network, &flat.weights)
            }
            Self::Burn(optimizer) => {
                let gradients = with_flat_gradients(&network, gradients);
                optimizer.step(rate, network, gradients)
            }
        }
    }
}

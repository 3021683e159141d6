//! The optimiser of a config, with its constants where burn's defaults differ from the papers'.

use crate::config::{Optimizer, RunConfig};
use crate::kernels::cpu::optimizer::Adam;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, ModuleOptimizer, SgdConfig};

/// A fresh optimiser.
pub(super) fn optimizer(config: &RunConfig) -> ModuleOptimizer {
    let decay = config.weight_decay as f32;
    let coupled = (decay > 0.0).then(|| WeightDecayConfig::new(decay));
    match config.optimizer {
        Optimizer::Sgd => {
            let momentum = (config.momentum > 0.0).then(|| {
                MomentumConfig::new().with_momentum(config.momentum).with_dampening(0.0).with_nesterov(config.nesterov)
            });
            SgdConfig::new().with_weight_decay(coupled).with_momentum(momentum).init()
        }
        Optimizer::Adam => AdamConfig::new()
            .with_beta_1(Adam::BETA1)
            .with_beta_2(Adam::BETA2)
            .with_epsilon(Adam::EPSILON)
            .with_weight_decay(coupled)
            .init(),
        Optimizer::AdamW => AdamWConfig::new()
            .with_beta_1(Adam::BETA1)
            .with_beta_2(Adam::BETA2)
            .with_epsilon(Adam::EPSILON)
            .with_weight_decay(decay)
            .init(),
    }
}

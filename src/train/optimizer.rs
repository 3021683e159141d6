//! The optimiser of a config, with its constants where burn's defaults differ from the papers'.

use crate::config::{Optimizer, RunConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, ModuleOptimizer, SgdConfig};

/// Adam's ε: the paper's value (Kingma and Ba 2015); burn's default is 1e-5.
const ADAM_EPSILON: f32 = 1e-8;

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
        Optimizer::Adam => AdamConfig::new().with_epsilon(ADAM_EPSILON).with_weight_decay(coupled).init(),
        Optimizer::AdamW => AdamWConfig::new().with_epsilon(ADAM_EPSILON).with_weight_decay(decay).init(),
    }
}

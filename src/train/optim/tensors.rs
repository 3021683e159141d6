//! The step of the optimiser on tensors of any backend, with burn's arithmetic for each parameter.
//!
//! burn's `ModuleOptimizer` hides its moments and can only read them synchronously, which fails in a browser. Here they
//! are tensors in the order of the parameters, so that a checkpoint can read and restore them.

use super::state::OptimizerState;
use crate::config::{Optimizer, RunConfig};
use crate::kernels::cpu::optimizer::Adam as Constants;
use burn::module::{Module, ModuleMapper, Param};
use burn::optim::decay::{WeightDecay, WeightDecayConfig};
use burn::optim::{
    Adam, AdamConfig, AdamState, AdamW, AdamWConfig, AdamWState, AdaptiveMomentumState, GradientsParams, Optimizer as _,
};
use burn::tensor::{Device, ExecutionError, Tensor, TensorData, Transaction};

/// How a parameter moves.
enum Rule {
    Sgd { momentum: f64, nesterov: bool, decay: Option<WeightDecay> },
    Adam(Adam),
    AdamW(AdamW),
}

/// The moments of one parameter, `[values]`.
#[derive(Clone)]
struct Moments {
    first: Tensor<1>,
    /// Only Adam and AdamW have it.
    second: Option<Tensor<1>>,
}

/// The optimiser of a run on a backend without the custom kernels.
pub(in crate::train) struct TensorOptimizer {
    rule: Rule,
    /// In the order in which a network visits its parameters; `None` where no step was taken or nothing is trained.
    moments: Vec<Option<Moments>>,
    steps: u32,
}

impl TensorOptimizer {
    /// A fresh one.
    pub(in crate::train) fn new(config: &RunConfig) -> Self {
        let decay = config.weight_decay as f32;
        let coupled = (decay > 0.0).then(|| WeightDecayConfig::new(decay));
        let rule = match config.optimizer {
            Optimizer::Sgd => Rule::Sgd {
                momentum: config.momentum,
                nesterov: config.nesterov,
                decay: coupled.as_ref().map(WeightDecay::new),
            },
            Optimizer::Adam => Rule::Adam(
                AdamConfig::new()
                    .with_beta_1(Constants::BETA1)
                    .with_beta_2(Constants::BETA2)
                    .with_epsilon(Constants::EPSILON)
                    .with_weight_decay(coupled)
                    .build(),
            ),
            Optimizer::AdamW => Rule::AdamW(
                AdamWConfig::new()
                    .with_beta_1(Constants::BETA1)
                    .with_beta_2(Constants::BETA2)
                    .with_epsilon(Constants::EPSILON)
                    .with_weight_decay(decay)
                    .build(),
            ),
        };
        Self { rule, moments: Vec::new(), steps: 0 }
    }

    /// Steps taken.
    pub(in crate::train) fn steps(&self) -> u32 {
        self.steps
    }

    /// Moves each trained parameter of a module.
    pub(in crate::train) fn step<M: Module>(&mut self, rate: f64, module: M, gradients: GradientsParams) -> M {
        self.steps += 1;
        module.map(&mut Step { optimizer: self, gradients, rate, parameter: 0 })
    }

    /// The moments as flat lists in the order of the weights; `lengths` has the values of each parameter.
    ///
    /// # Errors
    /// What the device says where they cannot be read.
    pub(in crate::train) async fn read(&self, lengths: &[usize]) -> Result<[Vec<f32>; 2], ExecutionError> {
        let mut lists = [Vec::new(), Vec::new()];
        for (which, list) in lists.iter_mut().enumerate() {
            let moment = |m: &Option<Moments>| {
                m.as_ref().and_then(|m| if which == 0 { Some(m.first.clone()) } else { m.second.clone() })
            };
            let tensors: Vec<Option<Tensor<1>>> =
                (0..lengths.len()).map(|i| self.moments.get(i).and_then(moment)).collect();
            let transaction = tensors.iter().flatten().cloned().fold(Transaction::default(), Transaction::register);
            let read =
                if tensors.iter().any(Option::is_some) { transaction.execute_async().await? } else { Vec::new() };
            let mut read = read.into_iter();
            for (tensor, &length) in tensors.iter().zip(lengths) {
                match tensor.as_ref().and_then(|_| read.next()) {
                    Some(data) => list.extend(data.iter::<f32>()),
                    None => list.resize(list.len() + length, 0.0),
                }
            }
        }
        Ok(lists)
    }

    /// Takes the moments of a state; `lengths` has the values of each parameter and whether it is trained.
    pub(in crate::train) fn restore(&mut self, state: &OptimizerState, lengths: &[(usize, bool)], device: &Device) {
        self.steps = state.steps;
        let second = !matches!(self.rule, Rule::Sgd { .. });
        let mut start = 0;
        self.moments = lengths
            .iter()
            .map(|&(length, trained)| {
                let range = start..start + length;
                start += length;
                let part = |list: &[f32]| {
                    let values = list.get(range.clone())?.to_vec();
                    Some(Tensor::<1>::from_data(TensorData::new(values, [length]), device))
                };
                if !trained || state.steps == 0 {
                    return None;
                }
                Some(Moments {
                    first: part(&state.first)?,
                    second: if second { Some(part(&state.second)?) } else { None },
                })
            })
            .collect();
    }
}

impl Rule {
    /// The parameter and its moments after step number `time` (from 1).
    fn apply(
        &self,
        rate: f64,
        time: usize,
        value: Tensor<1>,
        gradient: Tensor<1>,
        moments: Option<Moments>,
    ) -> (Tensor<1>, Option<Moments>) {
        // burn counts the steps that were taken.
        let state = moments.clone().and_then(|m| Some(AdaptiveMomentumState::new(time - 1, m.first, m.second?)));
        let kept = |state: AdaptiveMomentumState<1>| Moments { first: state.moment_1, second: Some(state.moment_2) };
        match self {
            // As burn's `Momentum` without dampening, whose velocity cannot be read.
            Rule::Sgd { momentum, nesterov, decay } => {
                let gradient = match decay {
                    Some(decay) => decay.transform(gradient, value.clone()),
                    None => gradient,
                };
                if *momentum == 0.0 {
                    return (value - gradient.mul_scalar(rate), None);
                }
                let velocity = match moments {
                    Some(m) => gradient.clone() + m.first.mul_scalar(*momentum as f32),
                    None => gradient.clone(),
                };
                let step =
                    if *nesterov { velocity.clone().mul_scalar(*momentum as f32) + gradient } else { velocity.clone() };
                (value - step.mul_scalar(rate), Some(Moments { first: velocity, second: None }))
            }
            Rule::Adam(adam) => {
                let (value, state) = adam.step(rate, value, gradient, state.map(AdamState::new));
                (value, state.map(|state| kept(state.momentum)))
            }
            Rule::AdamW(adam) => {
                let (value, state) = adam.step(rate, value, gradient, state.map(AdamWState::new));
                (value, state.map(|state| kept(state.momentum)))
            }
        }
    }
}

struct Step<'a> {
    optimizer: &'a mut TensorOptimizer,
    gradients: GradientsParams,
    rate: f64,
    parameter: usize,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let place = self.parameter;
        self.parameter += 1;
        if self.optimizer.moments.len() <= place {
            self.optimizer.moments.resize(place + 1, None);
        }
        let Some(gradient) = self.gradients.remove::<D>(param.id) else { return param };
        let moments = self.optimizer.moments[place].take();
        let (rule, time) = (&self.optimizer.rule, self.optimizer.steps as usize);
        let mut moved = None;
        let param = param.map(|value| {
            let shape = value.shape();
            let count = shape.num_elements();
            // The rules work element by element, so every parameter is a flat list to them.
            let flat = value.inner().reshape([count]);
            let (flat, moments) = rule.apply(self.rate, time, flat, gradient.reshape([count]), moments);
            moved = moments;
            Tensor::from_inner(flat.reshape(shape)).require_grad()
        });
        self.optimizer.moments[place] = moved;
        param
    }
}

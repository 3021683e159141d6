//! A network's weights and gradients as one flat list of 32-bit floats, in the order in which the network visits its parameters.
//!
//! Used to keep the last good weights, to move a run to another device, to compare devices and to add up the gradients of workers.
//! Running statistics of batch norm travel with the weights, at their layer's place. Reading is asynchronous: nothing else works in a browser.

use super::Network;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{ExecutionError, Tensor, TensorData, Transaction};

/// All weights, read back.
///
/// # Errors
/// What the device says where it cannot be read.
pub async fn flat_weights(network: &Network) -> Result<Vec<f32>, ExecutionError> {
    let mut visitor = Weights(Some(Transaction::default()));
    network.visit(&mut visitor);
    read(visitor.0).await
}

struct Weights(Option<Transaction>);

impl ModuleVisitor for Weights {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0 = self.0.take().map(|t| t.register(param.val().inner()));
    }
}

/// The gradients of one backward pass, read back; a parameter without gradient gives zeros.
///
/// # Errors
/// What the device says where it cannot be read.
pub async fn flat_gradients(network: &Network, gradients: &GradientsParams) -> Result<Vec<f32>, ExecutionError> {
    let mut visitor = Gradients { gradients, transaction: Some(Transaction::default()) };
    network.visit(&mut visitor);
    read(visitor.transaction).await
}

struct Gradients<'a> {
    gradients: &'a GradientsParams,
    transaction: Option<Transaction>,
}

impl ModuleVisitor for Gradients<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = self.gradients.get::<D>(param.id);
        let gradient = gradient.unwrap_or_else(|| param.val().inner().zeros_like());
        self.transaction = self.transaction.take().map(|t| t.register(gradient));
    }
}

/// All weights of a network on the CPU, where nothing has to be waited for.
pub fn weights_on_cpu(network: &Network) -> Vec<f32> {
    struct Visitor(Vec<f32>);
    impl ModuleVisitor for Visitor {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(param.val().inner().into_data().iter::<f32>());
        }
    }
    let mut visitor = Visitor(Vec::new());
    network.visit(&mut visitor);
    visitor.0
}

async fn read(transaction: Option<Transaction>) -> Result<Vec<f32>, ExecutionError> {
    let Some(transaction) = transaction else { return Ok(Vec::new()) };
    let mut flat = Vec::new();
    for data in transaction.execute_async().await? {
        match data.as_slice::<f32>() {
            Ok(values) => flat.extend_from_slice(values),
            // A device may compute in another format.
            Err(_) => flat.extend(data.iter::<f32>()),
        }
    }
    Ok(flat)
}

/// The network with its weights taken from a flat list of the same network. A list that is too short leaves the rest as it is.
pub fn with_flat_weights(network: Network, flat: &[f32]) -> Network {
    network.map(&mut Load { flat })
}

struct Load<'a> {
    flat: &'a [f32],
}

impl ModuleMapper for Load<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let count = param.shape().num_elements();
        let Some((values, rest)) = self.flat.split_at_checked(count) else { return param };
        self.flat = rest;
        param.map(|old| {
            let data = TensorData::new(values.to_vec(), old.shape());
            let new = Tensor::from_data(data, &old.device());
            if old.is_require_grad() { new.require_grad() } else { new }
        })
    }
}

/// Gradients for an optimiser from a flat list, as [`flat_gradients`] gives them.
pub fn with_flat_gradients(network: &Network, flat: &[f32]) -> GradientsParams {
    let mut visitor = Register { flat, gradients: GradientsParams::new() };
    network.visit(&mut visitor);
    visitor.gradients
}

struct Register<'a> {
    flat: &'a [f32],
    gradients: GradientsParams,
}

impl ModuleVisitor for Register<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val().inner();
        let Some((values, rest)) = self.flat.split_at_checked(value.shape().num_elements()) else { return };
        self.flat = rest;
        if !param.val().is_require_grad() {
            return; // Running statistics of batch norm: no optimiser may move or decay them.
        }
        let data = TensorData::new(values.to_vec(), value.shape());
        self.gradients.register(param.id, Tensor::<D>::from_data(data, &value.device()));
    }
}

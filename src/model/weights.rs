//! A network's weights and gradients as one flat list of 32-bit floats, in the order in which the network visits its parameters.
//!
//! Used to keep the last good weights, to move a run to another device, to compare devices and to add up the gradients of workers.
//! Running statistics of batch norm travel with the weights, at their layer's place. Reading is asynchronous, because a
//! browser allows nothing else.

use super::Network;
use crate::architecture::GradientBucket;
use crate::kernels::burn_ops::buffer_pool::release_floats;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{ExecutionError, Gradients, Tensor, TensorData, Transaction};
use std::ops::Range;

/// All weights, read back.
///
/// # Errors
/// What the device says where it cannot be read.
pub async fn flat_weights(network: &Network) -> Result<Vec<f32>, ExecutionError> {
    settle(network);
    let mut visitor = Weights(Some(Transaction::default()));
    network.visit(&mut visitor);
    let mut flat = Vec::new();
    if let Some(transaction) = visitor.0 {
        transaction.execute_async().await?.iter().for_each(|data| extend(&mut flat, data));
    }
    Ok(flat)
}

/// burn applies the last update of batch norm's running statistics only when they are read. This applies it now, so that the next
/// read or replacement sees the present value.
fn settle(network: &Network) {
    let _ = network.valid(); // Only its side effect is wanted.
}

/// How many values each parameter has, and whether an optimiser moves it, in the order of the flat lists.
pub fn parameter_lengths(network: &Network) -> Vec<(usize, bool)> {
    struct Visitor(Vec<(usize, bool)>);
    impl ModuleVisitor for Visitor {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push((param.shape().num_elements(), param.val().is_require_grad()));
        }
    }
    let mut visitor = Visitor(Vec::new());
    network.visit(&mut visitor);
    visitor.0
}

struct Weights(Option<Transaction>);

impl ModuleVisitor for Weights {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0 = self.0.take().map(|t| t.register(param.val().inner()));
    }
}

/// All weights of a network on the CPU, where nothing has to be waited for.
pub fn weights_on_cpu(network: &Network) -> Vec<f32> {
    struct Visitor(Vec<f32>);
    impl ModuleVisitor for Visitor {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            extend(&mut self.0, &param.val().inner().into_data());
        }
    }
    let mut visitor = Visitor(Vec::new());
    network.visit(&mut visitor);
    visitor.0
}

impl GradientBucket {
    fn visit(self, network: &Network, visitor: &mut impl ModuleVisitor) {
        match self {
            Self::Upper => network.visit_upper(visitor),
            Self::Lower => network.visit_lower(visitor),
        }
    }

    /// The places of this bucket's parameters in a flat list of the whole network.
    pub fn range(self, network: &Network) -> Range<usize> {
        struct Visitor(usize);
        impl ModuleVisitor for Visitor {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                self.0 += param.shape().num_elements();
            }
        }
        let count = |bucket: Self| {
            let mut visitor = Visitor(0);
            bucket.visit(network, &mut visitor);
            visitor.0
        };
        match self {
            Self::Upper => count(Self::Lower)..count(Self::Lower) + count(Self::Upper),
            Self::Lower => 0..count(Self::Lower),
        }
    }

    /// The places of a flat list of the whole network that belong to this bucket and that an optimiser may move: all but running
    /// statistics.
    pub fn trained(self, network: &Network) -> Vec<Range<usize>> {
        struct Visitor(Vec<Range<usize>>, usize);
        impl ModuleVisitor for Visitor {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                let (start, end) = (self.1, self.1 + param.shape().num_elements());
                self.1 = end;
                match self.0.last_mut() {
                    _ if !param.val().is_require_grad() => {}
                    Some(last) if last.end == start => last.end = end,
                    _ => self.0.push(start..end),
                }
            }
        }
        let mut visitor = Visitor(Vec::new(), self.range(network).start);
        self.visit(network, &mut visitor);
        visitor.0
    }
}

/// Takes one bucket's gradients out of a backward pass on the CPU, in the order of the weights, into `out`; a parameter without
/// gradient has zeros. `out` is as long as [`GradientBucket::range`].
pub fn gradients_on_cpu(network: &Network, bucket: GradientBucket, gradients: &mut Gradients, out: &mut [f32]) {
    struct Visitor<'a>(&'a mut Gradients, &'a mut [f32]);
    impl ModuleVisitor for Visitor<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let (place, rest) = std::mem::take(&mut self.1).split_at_mut(param.shape().num_elements());
            self.1 = rest;
            let Some(data) = param.val().grad_remove(self.0).map(Tensor::into_data) else { return place.fill(0.0) };
            match data.as_slice::<f32>() {
                Ok(values) => place.copy_from_slice(values),
                // A device may compute in another format.
                Err(_) => place.iter_mut().zip(data.iter::<f32>()).for_each(|(to, from)| *to = from),
            }
            // A list of another format is not reused.
            data.try_into_vec::<f32>().map(release_floats).unwrap_or_default();
        }
    }
    bucket.visit(network, &mut Visitor(gradients, out));
}

fn extend(flat: &mut Vec<f32>, data: &TensorData) {
    match data.as_slice::<f32>() {
        Ok(values) => flat.extend_from_slice(values),
        // A device may compute in another format.
        Err(_) => flat.extend(data.iter::<f32>()),
    }
}

/// The network with all its weights taken from a flat list of the same network. A list that is too short leaves the rest as it is.
pub fn with_weights(network: Network, flat: &[f32]) -> Network {
    // An update that is still kept apart would replace the new running statistics at the next step.
    settle(&network);
    network.map(&mut Load { flat, all: true })
}

/// The same, but running statistics stay as they are.
pub fn with_trained(network: Network, flat: &[f32]) -> Network {
    network.map(&mut Load { flat, all: false })
}

struct Load<'a> {
    flat: &'a [f32],
    all: bool,
}

impl ModuleMapper for Load<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let count = param.shape().num_elements();
        let Some((values, rest)) = self.flat.split_at_checked(count) else { return param };
        self.flat = rest;
        if !self.all && !param.val().is_require_grad() {
            return param;
        }
        param.map(|old| {
            let data = TensorData::new(values.to_vec(), old.shape());
            let new = Tensor::from_data(data, &old.device());
            if old.is_require_grad() { new.require_grad() } else { new }
        })
    }
}

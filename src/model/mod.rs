//! The two networks behind one small enum: pixels in, logits out, with the same random numbers on every backend.
//!
//! Images come as `[batch, 784]`, normalised; logits leave as `[batch, 10]`. Initial weights and dropout masks are
//! drawn on the host from the run's seed. So a WebGPU run and a CPU run of one config start from the same weights, drop
//! the same units, and can be compared step by step. Leaves out: losses, optimisers and data (`train`).

mod activation;
mod ann;
mod cnn;
mod dropout;
mod init;
mod norm;
mod weights;

pub use ann::Ann;
pub use cnn::Cnn;
pub use dropout::Dropper;
pub use weights::{flat_weights, gradients_on_cpu, parameter_lengths, weights_on_cpu, with_trained, with_weights};

use crate::config::{Activation, BackendChoice, NetworkKind, RunConfig};
use crate::kernels::burn_ops::operations;
use activation::{activate, activate_with_custom_kernel};
use burn::module::{Module, ModuleVisitor};
use burn::nn::{BatchNorm, Linear};
use burn::tensor::{Device, ExecutionError, Tensor};
use norm::{folded, norm_rows};

/// burn-ndarray, which burn is about to drop in favour of Flex: kept as a second, independent CPU backend to compare
/// with.
#[allow(deprecated)]
pub fn reference_cpu() -> Device {
    Device::ndarray()
}

/// Whether networks of `config` compute with the custom kernels on `device`.
pub fn custom_kernels(config: &RunConfig, device: &Device) -> bool {
    config.backend != BackendChoice::PlainFlex && operations::supported_on(device)
}

/// One of the two networks.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // There is one of them, and it is never moved in a loop.
pub enum Network {
    /// The multilayer perceptron.
    Ann(Ann),
    /// The convolutional network.
    Cnn(Cnn),
}

impl Network {
    /// A network of `config` with initial weights from its seed, on `device` (with or without autodiff).
    pub fn new(kind: NetworkKind, config: &RunConfig, device: &Device) -> Self {
        let mut init = init::Init::new(config.seed, kind, device, custom_kernels(config, device));
        match kind {
            NetworkKind::Ann => Self::Ann(Ann::new(config, &mut init)),
            NetworkKind::Cnn => Self::Cnn(Cnn::new(config, &mut init)),
        }
    }

    /// Logits `[batch, 10]` of normalised images `[batch, 784]`. `dropper` draws the dropout masks of a training step;
    /// without it nothing is dropped.
    pub fn forward(&self, images: Tensor<2>, mut dropper: Option<&mut Dropper>) -> Tensor<2> {
        let features = self.lower(images, dropper.as_deref_mut());
        self.upper(features, dropper)
    }

    /// The lower half of [`Network::forward`]: images to features, `[batch, features]`. A network is cut in two so that
    /// the upper half's gradients can be on their way to other workers while the lower half's are computed.
    pub fn lower(&self, images: Tensor<2>, dropper: Option<&mut Dropper>) -> Tensor<2> {
        match self {
            Self::Ann(net) => net.lower(images, dropper),
            Self::Cnn(net) => net.lower(images),
        }
    }

    /// The upper half of [`Network::forward`]: features to logits.
    pub fn upper(&self, features: Tensor<2>, dropper: Option<&mut Dropper>) -> Tensor<2> {
        match self {
            Self::Ann(net) => net.upper(features, dropper),
            Self::Cnn(net) => net.upper(features, dropper),
        }
    }

    /// Hidden units that answer none of some images, `[batch, 784]`, and all hidden units. A channel of a convolution counts as one unit.
    /// `None` where the activation is not ReLU: only a ReLU that never answers learns nothing more from these images.
    ///
    /// # Errors
    /// Where the device cannot be read back.
    pub async fn dead_units(&self, images: Tensor<2>) -> Result<Option<[usize; 2]>, ExecutionError> {
        let (activation, layers) = match self {
            Self::Ann(net) => (net.activation(), net.hidden(images)),
            Self::Cnn(net) => (net.activation(), net.hidden(images)),
        };
        if activation != Activation::Relu {
            return Ok(None);
        }
        let [mut dead, mut all] = [0, 0];
        for layer in layers {
            let largest = layer.max_dim(0).into_data_async().await?; // [1, units]
            all += largest.iter::<f32>().count();
            dead += largest.iter::<f32>().filter(|&largest| largest <= 0.0).count();
        }
        Ok(Some([dead, all]))
    }

    fn visit_lower(&self, visitor: &mut impl ModuleVisitor) {
        match self {
            Self::Ann(net) => net.visit_lower(visitor),
            Self::Cnn(net) => net.visit_lower(visitor),
        }
    }

    fn visit_upper(&self, visitor: &mut impl ModuleVisitor) {
        match self {
            Self::Ann(net) => net.visit_upper(visitor),
            Self::Cnn(net) => net.visit_upper(visitor),
        }
    }
}

/// A dense layer, perhaps batch norm, perhaps a non-linearity: `[batch, inputs]` to `[batch, units]`. `background` is
/// the most frequent value of `x`.
fn dense(
    layer: &Linear,
    norm: Option<&BatchNorm>,
    x: Tensor<2>,
    background: f32,
    activation: Option<Activation>,
    custom_kernels: bool,
) -> Tensor<2> {
    let (Some(bias), true) = (&layer.bias, custom_kernels) else {
        let x = layer.forward(x);
        let x = match norm {
            Some(norm) => norm.forward(x),
            None => x,
        };
        return match activation {
            Some(activation) => activate(activation, x),
            None => x,
        };
    };
    let (weight, bias, training) = (layer.weight.val(), bias.val(), x.device().is_autodiff());
    let relu = activation == Some(Activation::Relu);
    let y = match norm {
        Some(norm) if training => norm_rows(norm, operations::dense(x, weight, bias, background, false), relu),
        Some(norm) => {
            let (weight, bias) = folded(norm, weight, bias, 1);
            operations::dense(x, weight, bias, background, relu)
        }
        None => operations::dense(x, weight, bias, background, relu),
    };
    match activation {
        Some(activation) if !relu => activate_with_custom_kernel(activation, y),
        _ => y,
    }
}

#[cfg(test)]
mod forward_tests;
#[cfg(test)]
mod tests;

//! The forward pass in plain Rust (`forward`) gives the logits of the burn networks, whose weights it takes.

use super::{Network, weights_on_cpu, with_weights};
use crate::config::{Activation, Head, NetworkKind, Padding, RunConfig};
use crate::data::normalise;
use crate::fashion_mnist::{CLASSES, PIXELS};
use crate::forward::Forward;
use crate::weights::{TensorShape, TrainedNetwork, layout};
use burn::tensor::{Device, Tensor, TensorData};

/// The logits of a few images, by burn and by plain Rust, from weights of which none is zero or has a special value.
fn both(kind: NetworkKind, config: &RunConfig) -> [Vec<f32>; 2] {
    const IMAGES: usize = 3;
    let device = Device::flex();
    let network = Network::new(kind, config, &device);
    let mut weights = weights_on_cpu(&network);
    let mut start = 0;
    for TensorShape { name, shape } in layout(kind, config) {
        let end = start + shape.iter().product::<usize>();
        for (at, value) in weights[start..end].iter_mut().enumerate() {
            let wave = (at as f32 * 0.7 + 0.3).sin();
            match name.rsplit('.').next() {
                // As drawn for this network.
                Some("weight") => {}
                Some("variance" | "scale") => *value = 1.0 + 0.5 * wave,
                _ => *value = 0.3 * wave,
            }
        }
        start = end;
    }
    assert_eq!(start, weights.len(), "the layout is the network's");
    let pixels: Vec<u8> = (0..IMAGES * PIXELS).map(|at| if at % 3 == 0 { 0 } else { (at * at % 251) as u8 }).collect();
    let x: Vec<f32> = pixels.iter().map(|pixel| normalise(*pixel)).collect();
    let x = Tensor::from_data(TensorData::new(x, [IMAGES, PIXELS]), &device); // [images, 784]
    let network = with_weights(network, &weights);
    let burn: Vec<f32> = network.forward(x, None).into_data().iter::<f32>().collect();
    let trained = TrainedNetwork { kind, config: config.clone(), dataset: String::new(), test: None, weights };
    // Through the file, so that its order is tested too.
    let trained = TrainedNetwork::read(&trained.to_bytes().unwrap()).unwrap();
    let forward = Forward::new(&trained).unwrap();
    let plain: Vec<f32> = pixels.chunks(PIXELS).flat_map(|image| forward.logits(image)).collect();
    assert_eq!(plain.len(), IMAGES * CLASSES);
    [burn, plain]
}

fn agree(kind: NetworkKind, config: &RunConfig) {
    assert_eq!(config.validate(), Ok(()));
    let [burn, plain] = both(kind, config);
    let largest = burn.iter().fold(1.0, |a: f32, b| a.max(b.abs()));
    for (a, b) in burn.iter().zip(&plain) {
        // Both add up the same products of 32-bit floats, in another order: a thousand products give an error of about 1e-6 of the
        // values, and Winograd's convolutions some times as much. The largest seen is 4e-6 of the largest logit.
        assert!((a - b).abs() < 5e-5 * largest, "{kind:?}: {a} and {b} of {config:?}");
    }
}

const ACTIVATIONS: [Activation; 6] = [
    Activation::Relu,
    Activation::LeakyRelu,
    Activation::Gelu,
    Activation::Silu,
    Activation::Tanh,
    Activation::Sigmoid,
];

#[test]
fn plain_rust_computes_the_ann_as_burn_does() {
    for activation in ACTIVATIONS {
        for (hidden, batch_norm) in [(vec![], false), (vec![20], true), (vec![33, 7, 12], false), (vec![16, 16], true)]
        {
            let config = RunConfig {
                ann_hidden: hidden,
                ann_activation: activation,
                ann_batch_norm: batch_norm,
                ..RunConfig::default()
            };
            if config.validate().is_ok() {
                agree(NetworkKind::Ann, &config);
            }
        }
    }
}

#[test]
fn plain_rust_computes_the_cnn_as_burn_does() {
    for activation in ACTIVATIONS {
        for (channels, kernel, padding, head, batch_norm) in [
            (vec![5, 7], 3, Padding::Valid, Head::Dense, false),
            (vec![6, 3], 5, Padding::Same, Head::Average, true),
            (vec![4, 5, 6], 3, Padding::Same, Head::Dense, true),
            (vec![8], 5, Padding::Valid, Head::Average, false),
        ] {
            let config = RunConfig {
                cnn_channels: channels,
                cnn_kernel: kernel,
                cnn_padding: padding,
                cnn_head: head,
                cnn_batch_norm: batch_norm,
                cnn_dense: 11,
                cnn_activation: activation,
                ..RunConfig::default()
            };
            agree(NetworkKind::Cnn, &config);
        }
    }
}

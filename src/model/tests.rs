use super::*;
use crate::architecture::{self, GradientBucket};
use crate::config::{Head, Padding};
use crate::fashion_mnist::{CLASSES, PIXELS};
use burn::tensor::{Gradients, TensorData, activation};
use rand::RngExt;

fn small(kind: NetworkKind) -> RunConfig {
    RunConfig {
        ann_hidden: vec![12, 8],
        cnn_channels: vec![4, 6],
        cnn_dense: 10,
        // Smooth, so that a finite difference never steps over a kink.
        ann_activation: Activation::Tanh,
        cnn_activation: Activation::Gelu,
        seed: 5 + kind as u64,
        ..RunConfig::default()
    }
}

fn images(batch: usize, device: &Device) -> Tensor<2> {
    let mut rng = crate::data::random::stream(9, crate::data::random::Stream::Subset);
    let pixels: Vec<f32> = (0..batch * PIXELS).map(|_| rng.random::<f32>() * 2.0 - 1.0).collect();
    Tensor::from_data(TensorData::new(pixels, [batch, PIXELS]), device)
}

/// The mean cross-entropy of a fixed batch whose labels are 0, 1, 2, …
fn loss(network: &Network, device: &Device) -> Tensor<1> {
    let batch = 6;
    let logits = network.forward(images(batch, device), None);
    let mut targets = vec![0f32; batch * CLASSES];
    (0..batch).for_each(|i| targets[i * CLASSES + i] = 1.0);
    let targets: Tensor<2> = Tensor::from_data(TensorData::new(targets, [batch, CLASSES]), device);
    (activation::log_softmax(logits, 1) * targets).sum().mul_scalar(-1.0 / batch as f64)
}

fn value(network: &Network, device: &Device) -> f64 {
    f64::from(loss(network, device).into_scalar::<f32>())
}

#[test]
fn logits_have_ten_columns_and_parameters_are_as_many_as_the_cost_says() {
    let device = Device::flex();
    let variants = [
        RunConfig::default(),
        RunConfig { cnn_head: Head::Average, cnn_padding: Padding::Same, cnn_kernel: 5, ..RunConfig::default() },
        RunConfig { cnn_channels: vec![3, 5, 7, 9], cnn_padding: Padding::Same, ..RunConfig::default() },
    ];
    for config in &variants {
        for kind in NetworkKind::ALL {
            let network = Network::new(kind, config, &device);
            assert_eq!(network.forward(images(3, &device), None).dims(), [3, CLASSES]);
            assert_eq!(network.num_params(), architecture::of(kind, config).parameters(), "{kind:?}");
        }
    }
}

#[test]
fn the_seed_names_the_weights_on_cpu_on_every_backend() {
    let config = RunConfig::default();
    for kind in NetworkKind::ALL {
        let weights = |seed, device: &Device| {
            let network = Network::new(kind, &RunConfig { seed, ..config.clone() }, device);
            pollster::block_on(flat_weights(&network)).unwrap()
        };
        assert_eq!(weights(1, &Device::flex()), weights(1, &reference_cpu()));
        assert_ne!(weights(1, &Device::flex()), weights(2, &Device::flex()));
    }
}

/// Gradients of the whole network.
fn flat(network: &Network, mut gradients: Gradients) -> Vec<f32> {
    let mut flat = vec![f32::NAN; GradientBucket::Upper.range(network).end];
    for bucket in GradientBucket::ALL {
        gradients_on_cpu(network, bucket, &mut gradients, &mut flat[bucket.range(network)]);
    }
    flat
}

#[test]
fn gradients_of_both_networks_agree_with_finite_differences() {
    let device = Device::flex().autodiff();
    for kind in NetworkKind::ALL {
        for norm in [false, true] {
            let config = RunConfig { ann_batch_norm: norm, cnn_batch_norm: norm, ..small(kind) };
            let network = Network::new(kind, &config, &device);
            let weights = pollster::block_on(flat_weights(&network)).unwrap();
            let gradients = loss(&network, &device).backward();
            let gradient = flat(&network, gradients);
            assert_eq!(weights.len(), gradient.len());
            let norm_of_all = gradient.iter().map(|g| f64::from(g * g)).sum::<f64>().sqrt();

            // Along the gradient itself, then along single weights that have the largest share of each stretch of the
            // list (every layer has some): a wrong or missing part of the gradient shows in one of them.
            let along = |step: f64, direction: &dyn Fn(usize) -> f64| {
                let moved = |sign: f64| {
                    let moved: Vec<f32> = weights
                        .iter()
                        .enumerate()
                        .map(|(i, &w)| (f64::from(w) + sign * step * direction(i)) as f32)
                        .collect();
                    value(&with_weights(network.clone(), &moved), &device)
                };
                (moved(1.0) - moved(-1.0)) / (2.0 * step)
            };
            let slope = along(1e-2, &|i| f64::from(gradient[i]) / norm_of_all);
            // Third derivatives times the step squared, and 1e-7 of rounding over a step of 1e-2, are both below 1 %.
            assert!((slope / norm_of_all - 1.0).abs() < 0.01, "{kind:?} norm {norm}: {slope} against {norm_of_all}");
            let stretch = gradient.len().div_ceil(24);
            for start in (0..gradient.len()).step_by(stretch) {
                let end = gradient.len().min(start + stretch);
                let largest = (start..end).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs())).unwrap();
                let slope = along(3e-3, &|i| f64::from(u8::from(i == largest)));
                let expected = f64::from(gradient[largest]);
                // Rounding is 1e-7 of a loss of 2.3 over twice the step; a max pool whose winner changes within the
                // step adds 1 %.
                assert!(
                    (slope - expected).abs() < 0.02 * expected.abs() + 3e-4,
                    "{kind:?} norm {norm}, weight {largest}: {slope} against {expected}"
                );
            }
        }
    }
}

#[test]
fn flex_and_ndarray_give_the_same_gradients() {
    for kind in NetworkKind::ALL {
        let found = [Device::flex(), reference_cpu()].map(|device| {
            let device = device.autodiff();
            let network = Network::new(kind, &RunConfig { cnn_channels: vec![5, 7], ..RunConfig::default() }, &device);
            let gradients = loss(&network, &device).backward();
            flat(&network, gradients)
        });
        let largest = found[0].iter().fold(0f32, |m, g| m.max(g.abs()));
        for (a, b) in found[0].iter().zip(&found[1]) {
            // Sums of a few thousand 32-bit terms in another order.
            assert!((a - b).abs() < 1e-4 * largest, "{kind:?}: {a} against {b}");
        }
    }
}

/// Loss in training, gradients, running statistics and, with those, logits without training: all that batch norm and
/// the activations may change. Against plain Flex, because burn's gradient of GELU on NdArray is an approximation that
/// is off by 1e-3.
#[test]
fn custom_kernels_do_what_burns_operations_do_with_every_activation_and_batch_norm() {
    use Activation::{Gelu, LeakyRelu, Relu, Sigmoid, Silu, Tanh};
    for cnn_activation in [Relu, LeakyRelu, Gelu, Silu, Tanh, Sigmoid] {
        for norm in [false, true] {
            let config = RunConfig {
                cnn_activation,
                ann_activation: cnn_activation,
                ann_batch_norm: norm,
                cnn_batch_norm: norm,
                // Too few for Winograd, whose rounding lets a max pool take another of two nearly equal pixels in one
                // of ten such networks.
                cnn_channels: vec![6, 7],
                ann_hidden: vec![20, 12],
                ..RunConfig::default()
            };
            for kind in NetworkKind::ALL {
                let found = [BackendChoice::Flex, BackendChoice::PlainFlex].map(|backend| {
                    let (config, device) = (RunConfig { backend, ..config.clone() }, Device::flex());
                    let training = device.clone().autodiff();
                    let network = Network::new(kind, &config, &training);
                    // Twice, so that the running statistics move on from what they moved to.
                    let first = loss(&network, &training);
                    let gradients = loss(&network, &training).backward();
                    let gradients = flat(&network, gradients);
                    let network = network.valid();
                    let weights = pollster::block_on(flat_weights(&network)).unwrap();
                    let logits = network.forward(images(6, &device), None).into_data().iter::<f32>().collect();
                    [vec![first.into_scalar::<f32>()], gradients, weights, logits]
                });
                for (name, (own, reference)) in
                    ["loss", "gradients", "weights", "logits"].iter().zip(found[0].iter().zip(&found[1]))
                {
                    let largest = reference.iter().fold(0f32, |m, x| m.max(x.abs()));
                    for (a, b) in own.iter().zip(reference) {
                        // Sums of a few thousand 32-bit terms in another order.
                        assert!(
                            (a - b).abs() < 1e-4 * largest,
                            "{kind:?}, {cnn_activation:?}, norm {norm}, {name}: {a} against {b}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn weights_survive_the_way_to_a_flat_list_and_back() {
    let device = Device::flex();
    let config = RunConfig { cnn_batch_norm: true, ann_batch_norm: true, ..RunConfig::default() };
    for kind in NetworkKind::ALL {
        let from = Network::new(kind, &config, &device);
        let to = Network::new(kind, &RunConfig { seed: 77, ..config.clone() }, &device);
        let weights = pollster::block_on(flat_weights(&from)).unwrap();
        let to = with_weights(to, &weights);
        assert_eq!(pollster::block_on(flat_weights(&to)).unwrap(), weights);
        assert_eq!(
            to.forward(images(2, &device), None).into_data(),
            from.forward(images(2, &device), None).into_data()
        );
    }
}

#[test]
fn dropout_keeps_the_mean_and_an_image_keeps_its_mask_whichever_worker_has_it() {
    let device = Device::flex();
    let ones = Tensor::<2>::ones([64, 100], &device);
    let whole: Vec<f32> = Dropper::new(3, 7, 0).apply(ones.clone(), 0.25).into_data().iter().collect();
    let mean = whole.iter().sum::<f32>() / whole.len() as f32;
    // 6,400 draws with a standard deviation of 0.577: four standard errors are 0.029.
    assert!((mean - 1.0).abs() < 0.029, "{mean}");
    assert!(whole.iter().all(|&x| x == 0.0 || (x - 4.0 / 3.0).abs() < 1e-6));
    let second: Vec<f32> = Dropper::new(3, 7, 32).apply(ones.slice([0..32, 0..100]), 0.25).into_data().iter().collect();
    assert_eq!(whole[32 * 100..], second);
    let next: Vec<f32> =
        Dropper::new(3, 8, 0).apply(Tensor::ones([64, 100], &device), 0.25).into_data().iter().collect();
    assert_ne!(whole, next);
}

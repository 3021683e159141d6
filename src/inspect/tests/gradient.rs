//! Gradients against differences, and the contributions of the first layer.

use super::*;

/// The ten logits of normalised pixels, which need not be those of bytes.
fn logits(inspector: &Inspector, x: &[f64]) -> Vec<f64> {
    let (mut x, mut from) = (x.to_vec(), Shape::Image { side: SIDE, channels: 1 });
    for step in &inspector.steps[..inspector.steps.len() - 1] {
        x = step.layer.apply(&x, from, step.shape);
        from = step.shape;
    }
    x
}

/// Which side of its kink each rectifier is on, and which value each max pool takes, for normalised pixels.
fn sides(inspector: &Inspector, x: &[f64]) -> Vec<usize> {
    let (mut x, mut from, mut sides) = (x.to_vec(), Shape::Image { side: SIDE, channels: 1 }, Vec::new());
    for step in &inspector.steps {
        match step.layer {
            Layer::Activation(Activation::Relu | Activation::LeakyRelu) => {
                sides.extend(x.iter().map(|x| usize::from(*x > 0.0)));
            }
            Layer::MaxPool => sides.extend((0..step.shape.values()).map(|at| {
                let values = layer::window(at, from, step.shape).map(|place| x[place]);
                layer::first_largest(values)
            })),
            _ => {}
        }
        x = step.layer.apply(&x, from, step.shape);
        from = step.shape;
    }
    sides
}

#[test]
fn the_gradient_is_that_of_central_differences_for_every_choice() {
    const H: f64 = 1e-4;
    let mut compared = 0;
    for (at, network) in every_choice().iter().enumerate() {
        let inspector = Inspector::new(network).unwrap();
        let pixels = image(at as u32 + 50);
        let trace = inspector.trace(&pixels);
        let x = &trace.stages()[0].values;
        let class = at % CLASSES;
        let gradient = inspector.derivative(&trace, class, 0);
        let rounded = inspector.gradient(&inspector.trace(&pixels), class);
        assert!(gradient.iter().zip(&rounded).all(|(a, b)| *a as f32 == *b));
        let largest = gradient.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        assert!(largest > 0.0, "{:?}", network.config);
        // 53 is no divisor of 28, so the pixels lie in all rows and columns.
        for pixel in (at % 53..PIXELS).step_by(53) {
            let moved = |by: f64| {
                let mut x = x.clone();
                x[pixel] += by;
                x
            };
            // Between two pieces of the function a difference is no derivative.
            if sides(&inspector, &moved(H)) != sides(&inspector, &moved(-H)) {
                continue;
            }
            let slope = (logits(&inspector, &moved(H))[class] - logits(&inspector, &moved(-H))[class]) / (2.0 * H);
            // Everything is in 64 bits. Rounding: 1e-15 of a logit / 1e-4 = 1e-11. The rest of the difference is h² / 6 = 2e-9 times the
            // third derivative, which in these networks is below 1. The largest difference seen
            // is 2e-10.
            assert!(
                (slope - gradient[pixel]).abs() < 1e-8,
                "{pixel}: {slope} {} {:?}",
                gradient[pixel],
                network.config
            );
            compared += 1;
        }
    }
    // Of 60 networks with 14 or 15 pixels each, few differences cross a kink.
    assert!(compared > 800, "only {compared} differences were compared");
}

#[test]
fn the_gradient_of_the_shipped_networks_is_that_of_central_differences() {
    const H: f64 = 1e-6;
    for network in shipped() {
        let inspector = Inspector::new(&network).unwrap();
        for (at, pixels) in garments().enumerate() {
            let (trace, class) = (inspector.trace(pixels), at / 2);
            let gradient = inspector.derivative(&trace, class, 0);
            for pixel in [200, 300, 406, 520] {
                let moved = |by: f64| {
                    let mut x = trace.stages()[0].values.clone();
                    x[pixel] += by;
                    x
                };
                if sides(&inspector, &moved(H)) != sides(&inspector, &moved(-H)) {
                    continue;
                }
                let slope = (logits(&inspector, &moved(H))[class] - logits(&inspector, &moved(-H))[class]) / (2.0 * H);
                // ReLU is linear on both sides, so there is rounding alone: 1e-15 * 10 * 10 / 1e-6.
                assert!((slope - gradient[pixel]).abs() < 1e-7, "{slope} {}", gradient[pixel]);
            }
        }
    }
}

#[test]
fn a_class_that_is_not_there_has_no_gradient() {
    let inspector = Inspector::new(&shipped()[1]).unwrap();
    assert_eq!(inspector.gradient(&inspector.trace(&image(1)), 10), vec![0.0; PIXELS]);
    let foreign = Inspector::new(&shipped()[0]).unwrap().trace(&image(1));
    assert!(inspector.contributions(&foreign, 1).iter().all(|value| *value == 0.0));
}

#[test]
fn with_one_hidden_layer_the_contributions_and_the_bias_are_the_logit() {
    for activation in ACTIVATIONS {
        let config =
            RunConfig { ann_hidden: vec![9], ann_activation: activation, ann_batch_norm: true, ..RunConfig::default() };
        let network = random(NetworkKind::Ann, config, 3);
        let inspector = Inspector::new(&network).unwrap();
        let trace = inspector.trace(&image(2));
        let biases = &network.weights[network.weights.len() - CLASSES..];
        for (class, (logit, bias)) in trace.logits().iter().zip(biases).enumerate() {
            let contributions = inspector.contributions(&trace, class);
            assert_eq!(contributions.len(), 9);
            // The same ten products in 64 bits, in another order.
            assert!((contributions.iter().sum::<f64>() + f64::from(*bias) - logit).abs() < 1e-12);
        }
    }
}

#[test]
fn without_later_biases_the_contributions_of_a_deep_rectifier_network_sum_up_to_the_logit() {
    for kind in NetworkKind::ALL {
        for activation in [Activation::Relu, Activation::LeakyRelu] {
            let config = RunConfig {
                ann_hidden: vec![9, 8, 7],
                ann_activation: activation,
                cnn_channels: vec![3, 4],
                cnn_dense: 6,
                cnn_activation: activation,
                ..RunConfig::default()
            };
            let mut network = random(kind, config, 4);
            let mut start = 0;
            for TensorShape { name, shape } in layout(kind, &network.config) {
                let end = start + shape.iter().product::<usize>();
                if name.ends_with("bias") && !["dense1.bias", "conv1.bias"].contains(&name.as_str()) {
                    network.weights[start..end].fill(0.0);
                }
                start = end;
            }
            let inspector = Inspector::new(&network).unwrap();
            let trace = inspector.trace(&image(7));
            for (class, logit) in trace.logits().iter().enumerate() {
                let sum: f64 = inspector.contributions(&trace, class).iter().sum();
                // Some thousand products in 64 bits, in another order.
                assert!((sum - logit).abs() < 1e-11, "{kind:?}: {sum} for {logit}");
            }
        }
    }
}

#[test]
fn a_network_without_a_hidden_layer_has_no_contributions() {
    let network = random(NetworkKind::Ann, RunConfig { ann_hidden: vec![], ..RunConfig::default() }, 1);
    let inspector = Inspector::new(&network).unwrap();
    assert!(inspector.contributions(&inspector.trace(&[]), 0).is_empty());
    // Then the gradient is the column of the weights, which are in 32 bits as well.
    assert_eq!(inspector.gradient(&inspector.trace(&image(1)), 3), inspector.first_layer_pictures()[3].values);
}

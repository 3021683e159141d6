//! Stages, names and shapes, and the agreement with `forward`.

use super::*;
use crate::architecture::{self, LayerKind};

/// The largest difference from `forward`, as a share of the largest logit (at least 1).
fn difference(network: &TrainedNetwork, pixels: &[u8]) -> f64 {
    let forward = Forward::new(network).unwrap();
    let trace = Inspector::new(network).unwrap().trace(pixels);
    let plain = forward.logits(pixels);
    assert_eq!(plain.len(), trace.logits().len());
    let largest = plain.iter().fold(1.0, |a: f64, b| a.max(f64::from(b.abs())));
    plain.iter().zip(trace.logits()).map(|(a, b)| (f64::from(*a) - b).abs() / largest).fold(0.0, f64::max)
}

// `forward` adds up in 32 bits: a thousand products give an error of about 1e-6 of the values, and its GELU differs by 1.5e-7. The largest
// difference seen in these tests is 4e-6.
const TOLERANCE: f64 = 1e-5;

#[test]
fn the_shipped_networks_give_the_logits_of_forward() {
    for network in shipped() {
        for pixels in garments() {
            let difference = difference(&network, pixels);
            assert!(difference < TOLERANCE, "{:?}: {difference}", network.kind);
        }
    }
}

#[test]
fn every_choice_gives_the_logits_of_forward() {
    for (at, network) in every_choice().iter().enumerate() {
        for pixels in [&image(at as u32 + 1000)[..], &[], &[255; 800]] {
            let difference = difference(network, pixels);
            assert!(difference < TOLERANCE, "{:?} {:?}: {difference}", network.kind, network.config);
        }
    }
}

#[test]
fn the_stages_are_the_layers_of_the_architecture() {
    for network in every_choice().iter().chain(&shipped()) {
        let trace = Inspector::new(network).unwrap().trace(&image(1));
        let layers = architecture::of(network.kind, &network.config).layers;
        let layers: Vec<_> = layers.iter().filter(|layer| layer.kind != LayerKind::Dropout).collect();
        assert_eq!(trace.stages().len(), layers.len() + 1);
        for (stage, layer) in trace.stages().iter().zip(layers) {
            assert_eq!(stage.label, layer.label);
            assert_eq!(stage.shape.values(), layer.output.iter().product::<usize>());
            assert_eq!(stage.values.len(), stage.shape.values());
        }
        // Each stage with weights has the name that its tensors have, in the same order.
        let tensors = layout(network.kind, &network.config).into_iter().map(|tensor| tensor.name);
        let mut expected: Vec<String> = tensors.filter_map(|name| Some(name.split_once('.')?.0.to_owned())).collect();
        expected.dedup();
        let weighty = [StageKind::Convolution, StageKind::BatchNorm, StageKind::Dense];
        let found = trace.stages().iter().filter(|stage| weighty.contains(&stage.kind));
        assert_eq!(found.map(|stage| stage.name.clone()).collect::<Vec<_>>(), expected);
        assert_eq!(trace.find("softmax"), Some(trace.stages().len() - 1));
    }
}

#[test]
fn the_shipped_cnn_has_these_stages() {
    let [ann, cnn] = shipped().map(|network| Inspector::new(&network).unwrap().trace(garments().next().unwrap()));
    let names = |trace: &Trace| trace.stages().iter().map(|stage| stage.name.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&ann), "input dense1 activation1 dense2 activation2 logits softmax");
    assert_eq!(
        names(&cnn),
        "input conv1 activation1 pool1 conv2 activation2 pool2 flatten dense activation logits softmax"
    );
    assert_eq!(cnn.stages()[4].shape, Shape::Image { side: 14, channels: 32 });
    assert_eq!(cnn.find("pool2"), Some(6));
    assert_eq!(cnn.find("pool3"), None);
    assert_eq!(ann.pixels(), garments().next().unwrap());
    assert!((cnn.probabilities().iter().sum::<f64>() - 1.0).abs() < 1e-12, "ten shares of one sum");
}

#[test]
fn a_shape_finds_places_and_indices() {
    let shape = Shape::Image { side: 3, channels: 2 };
    for index in 0..shape.values() {
        assert_eq!(shape.index(shape.place(index).unwrap()), Some(index));
    }
    assert_eq!(shape.place(11), Some([1, 2, 1]));
    assert_eq!((shape.place(18), shape.index([0, 3, 0]), shape.index([0, 0, 2])), (None, None, None));
    assert_eq!(Shape::Units(4).place(3), Some([0, 0, 3]));
    let values = (0..18).map(f64::from).collect();
    let stage = Stage { kind: StageKind::Input, name: String::new(), label: String::new(), shape, values };
    assert_eq!(stage.channel(1), [1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0]);
    assert!(stage.channel(2).is_empty());
}

#[test]
fn what_is_no_network_is_refused() {
    let [ann, cnn] = shipped();
    let refused = |base: &TrainedNetwork, change: &dyn Fn(&mut TrainedNetwork)| {
        let mut network = base.clone();
        change(&mut network);
        Inspector::new(&network).unwrap_err()
    };
    assert!(matches!(refused(&ann, &|n| n.weights.truncate(99)), WeightsError::Values { found: 99, .. }));
    let sizes: [&dyn Fn(&mut TrainedNetwork); 7] = [
        &|n| n.config.cnn_channels = vec![16, 0],
        &|n| n.config.cnn_channels = vec![2; 40],
        &|n| n.config.cnn_channels = vec![usize::MAX, 2],
        &|n| n.config.cnn_kernel = 0,
        &|n| n.config.cnn_kernel = 4,
        &|n| n.config.cnn_kernel = usize::MAX,
        &|n| n.config.cnn_dense = 0,
    ];
    for change in sizes {
        assert!(matches!(refused(&cnn, change), WeightsError::Metadata { key: "config", .. }));
    }
    assert!(matches!(refused(&ann, &|n| n.config.ann_hidden = vec![0]), WeightsError::Metadata { .. }));
}

#[test]
fn the_penultimate_layer_is_what_the_logits_take_in() {
    for network in every_choice().iter().chain(&shipped()) {
        let inspector = Inspector::new(network).unwrap();
        let trace = inspector.trace(&image(5));
        let before = &trace.stages()[trace.stages().len() - 3].values;
        let found = inspector.penultimate(&image(5));
        assert_eq!(found.len(), before.len());
        let largest = before.iter().fold(1.0_f64, |a, b| a.max(b.abs()));
        for (a, b) in found.iter().zip(before) {
            assert!((f64::from(*a) - b).abs() < TOLERANCE * largest, "{a} and {b}");
        }
    }
}

//! The parts of every value give the value.

use super::*;

/// The parts are added up anew, in another order than the stage's own sum. In 64 bits a sum of a thousand products differs by 1e-13 of the
/// largest; some times as much is allowed.
const TOLERANCE: f64 = 1e-12;

fn close(a: f64, b: f64, largest: f64) -> bool {
    (a - b).abs() <= TOLERANCE * largest.max(1.0)
}

/// What the shown numbers give by the formulas of the documentation.
fn recomputed(parts: &Parts) -> f64 {
    match parts {
        Parts::Input { pixel, mean, deviation } => (f64::from(*pixel) / 255.0 - mean) / deviation,
        Parts::Convolution { inputs, bias, kernel, outside, .. } => {
            let mut sum = *bias;
            for input in inputs {
                assert_eq!([input.patch.len(), input.kernel.len(), outside.len()], [kernel * kernel; 3]);
                let products = input.patch.iter().zip(&input.kernel).zip(&input.products).zip(outside);
                for (((value, weight), product), outside) in products {
                    assert_eq!(value * weight, *product);
                    assert!(!outside || *value == 0.0);
                    sum += product;
                }
            }
            sum
        }
        Parts::BatchNorm { value, mean, variance, epsilon, scale, shift } => {
            (value - mean) * (scale / (variance + epsilon).sqrt()) + shift
        }
        Parts::Activation { after, .. } => *after,
        Parts::MaxPool { values, winner, .. } => {
            assert!(values.iter().all(|value| *value <= values[*winner]));
            values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        }
        Parts::Average { values, .. } => values.iter().map(|value| value / values.len() as f64).sum(),
        Parts::Flatten { .. } => f64::NAN,
        Parts::Dense { terms, rest, bias, others } => {
            assert!(terms.windows(2).all(|two| two[0].product.abs() >= two[1].product.abs()));
            assert!(terms.len() <= LARGEST_TERMS && (*others == 0 || terms.len() == LARGEST_TERMS));
            terms.iter().rev().map(|term| term.value * term.weight).sum::<f64>() + bias + rest
        }
        Parts::Softmax { logits, exponentials, sum } => {
            assert_eq!(logits.len(), CLASSES);
            assert!(exponentials.iter().all(|e| (0.0..=1.0).contains(e)));
            assert!(close(exponentials.iter().sum(), *sum, 10.0));
            f64::NAN
        }
    }
}

fn check(inspector: &Inspector, trace: &Trace, stage: usize, index: usize) {
    let found = inspector.arithmetic(trace, stage, index).unwrap();
    let Stage { kind, name, values, .. } = &trace.stages()[stage];
    let largest = values.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
    assert!(close(found.total, values[index], largest), "{name} {index}: {} for {}", found.total, values[index]);
    let again = recomputed(&found.parts);
    match kind {
        // The input is normalised in 32 bits, for every network alike.
        StageKind::Input => assert!((again - found.total).abs() < 1e-6),
        StageKind::Flatten => assert_eq!(found.total, trace.stages()[stage - 1].values[index]),
        StageKind::Softmax => {
            let share = trace.logits()[index].exp() / trace.logits().iter().map(|logit| logit.exp()).sum::<f64>();
            assert!(close(share, found.total, 1.0));
        }
        _ => assert!(close(again, found.total, largest), "{name} {index}: {again} for {}", found.total),
    }
}

#[test]
fn every_value_of_every_choice_is_the_total_of_its_parts() {
    for (at, network) in every_choice().iter().enumerate() {
        let inspector = Inspector::new(network).unwrap();
        let trace = inspector.trace(&image(at as u32));
        for (stage, Stage { values, .. }) in trace.stages().iter().enumerate() {
            (0..values.len()).for_each(|index| check(&inspector, &trace, stage, index));
        }
    }
}

#[test]
fn values_of_the_shipped_networks_are_the_totals_of_their_parts() {
    for network in shipped() {
        let inspector = Inspector::new(&network).unwrap();
        for pixels in garments() {
            let trace = inspector.trace(pixels);
            for (stage, Stage { values, .. }) in trace.stages().iter().enumerate() {
                // A step that has no factor in common with the numbers of channels, so that all of them come.
                let samples = (0..values.len()).step_by(1 + values.len() / 101).chain([values.len() - 1]);
                samples.for_each(|index| check(&inspector, &trace, stage, index));
            }
        }
    }
}

#[test]
fn the_parts_of_a_convolution_are_where_they_are_said_to_be() {
    let [_, cnn] = shipped();
    let inspector = Inspector::new(&cnn).unwrap();
    let trace = inspector.trace(garments().next().unwrap());
    let shape = trace.stages()[1].shape;
    let at = |place| inspector.arithmetic(&trace, 1, shape.index(place).unwrap()).unwrap().parts;
    let Parts::Convolution { start, kernel: 3, outside, inputs, .. } = at([5, 9, 2]) else { panic!("a convolution") };
    assert_eq!((start, outside), ([4, 8], vec![false; 9]));
    let input = &trace.stages()[0].values;
    let expected: Vec<f64> = (0..9).map(|tap| input[(4 + tap / 3) * SIDE + 8 + tap % 3]).collect();
    assert_eq!(inputs[0].patch, expected);
    // The third channel's kernel: the first axis of `conv1.weight` is the channel, and the tensor comes first in the list.
    let kernel: Vec<f64> = cnn.weights[2 * 9..3 * 9].iter().map(|weight| f64::from(*weight)).collect();
    assert_eq!(inputs[0].kernel, kernel);
    let Parts::Convolution { start, outside, .. } = at([0, 27, 0]) else { panic!("a convolution") };
    assert_eq!(start, [-1, 26]);
    assert_eq!(outside, [true, true, true, false, false, true, false, false, true]);
}

#[test]
fn a_value_that_is_not_there_has_no_arithmetic() {
    let [ann, cnn] = shipped().map(|network| Inspector::new(&network).unwrap());
    let trace = ann.trace(&[]);
    assert_eq!(ann.arithmetic(&trace, 0, 784), None);
    assert_eq!(ann.arithmetic(&trace, 99, 0), None);
    assert_eq!(cnn.arithmetic(&trace, 1, 0), None);
}

#[test]
fn weights_that_are_no_numbers_do_not_stop_it() {
    for kind in NetworkKind::ALL {
        let mut network = random(kind, RunConfig { cnn_channels: vec![2, 2], ..RunConfig::default() }, 1);
        network.weights.iter_mut().step_by(3).for_each(|weight| *weight = f32::NAN);
        let inspector = Inspector::new(&network).unwrap();
        let trace = inspector.trace(&image(1));
        for stage in 0..trace.stages().len() {
            assert!(inspector.arithmetic(&trace, stage, 0).is_some());
        }
        assert_eq!(inspector.gradient(&inspector.trace(&image(1)), 0).len(), PIXELS);
        assert_eq!(inspector.occlusion(&image(1), 0, 14, 14, Cover::Black).map().len(), PIXELS);
    }
}

//! The times of a training step, from `kernels::profiler`, by the layers of the network.

use crate::architecture::{self, LayerKind};
use crate::config::{NetworkKind, RunConfig};
use crate::kernels::profiler::{Operation, Part, Times};
use crate::run::report::{LayerTime, OtherTime, StepTimes};

/// One step in this many is timed, so that reading the browser's clock costs next to nothing.
pub(super) const EVERY: usize = 8;

fn kind(operation: Operation) -> LayerKind {
    match operation {
        Operation::Conv(_) => LayerKind::Conv,
        Operation::Dense(_) => LayerKind::Dense,
        Operation::BatchNorm(_) => LayerKind::BatchNorm,
        Operation::MaxPool(_) => LayerKind::MaxPool,
        Operation::Activation(_) => LayerKind::Activation,
    }
}

/// The report of the times; `None` if no step was timed. `images` is the size of the leader's shard, `peak` its thread's
/// [`crate::kernels::peak`].
pub(super) fn step_times(
    network: NetworkKind,
    config: &RunConfig,
    images: usize,
    times: &Times,
    peak: f64,
) -> Option<StepTimes> {
    if times.steps == 0 {
        return None;
    }
    let milliseconds = |part, which| {
        let found = times.parts.iter().find(|(p, w, _)| (*p, *w) == (part, which));
        found.map_or(0.0, |(.., seconds)| 1e3 * seconds)
    };
    let mut layers = Vec::new();
    // The forward passes come in the order of the layers. A layer that is computed together with the one before it has no pass of its own.
    let mut seen: Vec<(Operation, usize)> = times
        .parts
        .iter()
        .filter_map(|(p, which, _)| match p {
            Part::Forward(operation) => Some((*operation, *which)),
            _ => None,
        })
        .collect();
    for layer in architecture::of(network, config).layers {
        let Some(at) = seen.iter().position(|&(o, _)| kind(o) == layer.kind) else { continue };
        let (operation, which) = seen.remove(at);
        layers.push(LayerTime {
            label: layer.label,
            macs: layer.macs,
            forward_ms: milliseconds(Part::Forward(operation), which),
            backward_ms: milliseconds(Part::Backward(operation), which),
        });
    }
    let named = [
        ("Images", Part::Images),
        ("Loss", Part::Loss),
        ("Gradients into one list", Part::Gradients),
        ("Exchange with other workers", Part::Exchange),
        ("Optimiser", Part::Optimizer),
    ];
    let mut others: Vec<OtherTime> =
        named.map(|(label, part)| OtherTime { label: label.to_owned(), ms: milliseconds(part, 0) }).into();
    others.retain(|other| other.ms > 0.0);
    let whole = 1e3 * times.whole;
    let known = times.parts.iter().map(|(.., seconds)| 1e3 * seconds).sum::<f64>();
    others.push(OtherTime { label: "All else".to_owned(), ms: (whole - known).max(0.0) });
    Some(StepTimes { steps: times.steps, images, ms: whole, peak_flops: peak, layers, others })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_their_times_and_all_parts_add_up() {
        let config = RunConfig { cnn_batch_norm: true, ..RunConfig::default() };
        let operations = [
            Operation::Conv([28, 28, 1, 32]),
            Operation::BatchNorm([26, 26, 32]),
            Operation::Conv([13, 13, 32, 64]),
            Operation::BatchNorm([11, 11, 64]),
            Operation::Dense([1600, 128]),
            Operation::Dense([128, 10]),
        ];
        let mut parts: Vec<(Part, usize, f64)> = vec![(Part::Images, 0, 1e-3)];
        parts.extend(operations.iter().enumerate().map(|(i, &o)| (Part::Forward(o), 0, 1e-3 * (i + 1) as f64)));
        parts.extend(operations.iter().rev().map(|&o| (Part::Backward(o), 0, 10e-3)));
        let times = Times { steps: 3, whole: 0.1, parts };
        let found = step_times(NetworkKind::Cnn, &config, 64, &times, 1e9).unwrap();
        let labels: Vec<&str> = found.layers.iter().map(|l| l.label.as_str()).collect();
        assert_eq!(labels, ["Conv 3×3, 32", "Batch norm", "Conv 3×3, 64", "Batch norm", "Dense 128", "Logits 10"]);
        for (i, layer) in found.layers.iter().enumerate() {
            assert!((layer.forward_ms - (i + 1) as f64).abs() < 1e-9 && (layer.backward_ms - 10.0).abs() < 1e-9);
        }
        let sum: f64 = found.layers.iter().map(|l| l.forward_ms + l.backward_ms).sum::<f64>()
            + found.others.iter().map(|o| o.ms).sum::<f64>();
        assert!((sum - 100.0).abs() < 1e-9, "{sum}");
        assert_eq!(step_times(NetworkKind::Cnn, &config, 64, &Times::default(), 1e9), None);
    }
}

//! What the times of a training step mean, in words. Leaves out: measuring (`train`) and the table (`app`).

use super::format::percent;
use crate::run::report::{LayerTime, StepTimes};

/// Multiply-accumulates of one image's forward pass through the layers; at least 1, so that a share of it is a number.
pub fn step_macs(times: &StepTimes) -> f64 {
    times.layers.iter().map(|layer| layer.macs).sum::<usize>().max(1) as f64
}

/// Which layer takes the longest, with its share of the time and of the MACs. Empty without layers.
pub fn slowest_layer(times: &StepTimes) -> String {
    let time = |layer: &LayerTime| layer.forward_ms + layer.backward_ms;
    times.layers.iter().max_by(|a, b| time(a).total_cmp(&time(b))).map_or_else(String::new, |layer| {
        format!(
            "{} takes the longest: {} of the time, {} of the MACs.",
            layer.label,
            percent(time(layer) / times.ms),
            percent(layer.macs as f64 / step_macs(times))
        )
    })
}

/// How the times were measured, and how the step compares with what the machine can compute.
pub fn step_rate(times: &StepTimes) -> String {
    // A backward pass has the gradients of the inputs and of the weights, each with as many MACs as the forward pass. A MAC is two
    // operations, so an image has 6 operations for each MAC. The rate is in billions a second: ms become s, and units billions.
    let counted = 6.0 * step_macs(times) * times.images as f64 / times.ms / 1e6;
    let peak = times.peak_flops / 1e9;
    let why = if counted > peak {
        ". The count is higher than what is really computed: zeros are skipped, and convolutions need fewer multiplications (Winograd)"
    } else {
        ""
    };
    format!(
        "Means over {} steps. If a step counts as three times the MACs of the forward pass, this is {counted:.0} billion floating-point \
         operations a second. This thread can compute at most {peak:.0} billion{why}.",
        times.steps
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(ms: f64) -> StepTimes {
        let layer = |label: &str, macs, forward_ms, backward_ms| LayerTime {
            label: label.into(),
            macs,
            forward_ms,
            backward_ms,
        };
        StepTimes {
            steps: 20,
            images: 100,
            ms,
            peak_flops: 30e9,
            layers: vec![layer("Dense 10", 250_000, 1.0, 2.0), layer("Convolution 3 × 3", 750_000, 2.0, 3.0)],
            others: vec![],
        }
    }

    #[test]
    fn the_slowest_layer_is_named_with_its_shares() {
        let said = slowest_layer(&times(10.0));
        assert_eq!(said, "Convolution 3 × 3 takes the longest: 50.0 % of the time, 75.0 % of the MACs.");
        assert_eq!(slowest_layer(&StepTimes { layers: vec![], ..times(10.0) }), "");
    }

    #[test]
    fn a_rate_above_the_peak_is_explained() {
        // 6 operations x 1,000,000 MACs x 100 images: 600 million operations, in 30 ms 20 billion a second, in 10 ms 60 billion.
        let slow = step_rate(&times(30.0));
        assert!(slow.contains("this is 20 billion") && slow.ends_with("at most 30 billion."), "{slow}");
        let fast = step_rate(&times(10.0));
        assert!(fast.contains("this is 60 billion") && fast.contains("Winograd"), "{fast}");
    }
}

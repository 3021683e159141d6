//! Measures how long each part of a training step takes, on the thread that calls it.
//!
//! To read a browser's clock takes time, and the clock is coarse (0.1 ms without isolation headers). So only some steps
//! are timed, and [`read`] gives their mean. The caller chooses the steps. Leaves out the names of layers: `train` adds
//! them.

use super::cpu::conv::shape::BlockShape;
use super::cpu::dense::shape::DenseShape;
use super::cpu::norm::shape::NormShape;
use std::cell::RefCell;
use web_time::Instant;

/// The computation of a layer, with the sizes that distinguish it from other layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A convolution and everything that is fused with it: height, width and channels of its input, and its output
    /// channels.
    Conv([usize; 4]),
    /// A dense layer and everything that is fused with it: inputs and outputs.
    Dense([usize; 2]),
    /// Batch norm and everything that is fused with it: height, width, channels.
    BatchNorm([usize; 3]),
    /// A separate max pool: height, width, channels.
    MaxPool([usize; 3]),
    /// A separate activation: values of one image.
    Activation(usize),
}

impl From<&BlockShape> for Operation {
    fn from(BlockShape { conv, .. }: &BlockShape) -> Self {
        Self::Conv([conv.height, conv.width, conv.inputs, conv.outputs])
    }
}

impl From<&DenseShape> for Operation {
    fn from(s: &DenseShape) -> Self {
        Self::Dense([s.inputs, s.outputs])
    }
}

impl From<&NormShape> for Operation {
    fn from(s: &NormShape) -> Self {
        Self::BatchNorm([s.height, s.width, s.channels])
    }
}

/// A part of a training step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The images of the batch are gathered, augmented and normalised.
    Images,
    /// A layer's forward pass.
    Forward(Operation),
    /// A layer's backward pass.
    Backward(Operation),
    /// Loss and gradient of the logits.
    Loss,
    /// The gradients are copied from burn's graph into one flat list.
    Gradients,
    /// The gradients are exchanged with other workers: sent, waited for, added up.
    Exchange,
    /// The optimiser's step. Then the network takes its new weights.
    Optimizer,
}

/// Mean times of a step, in seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Steps that were timed.
    pub steps: usize,
    /// The whole step.
    pub whole: f64,
    /// The parts of the step, in the order in which they were first seen: the part, its number among equal layers (from
    /// 0), and its seconds. The difference between their sum and the whole is everything else.
    pub parts: Vec<(Part, usize, f64)>,
}

#[derive(Default)]
struct Profiler {
    /// When the step began. `None` if the current step is not timed.
    begin: Option<Instant>,
    /// The parts of that step that have ended so far.
    passes: Vec<Part>,
    sums: Times,
}

thread_local! {
    static PROFILER: RefCell<Profiler> = RefCell::default();
}

/// Discards all times.
pub fn reset() {
    PROFILER.take();
}

/// Mean times since [`reset`].
pub fn read() -> Times {
    let mut times = PROFILER.with_borrow(|profiler| profiler.sums.clone());
    let count = times.steps.max(1) as f64;
    times.whole /= count;
    times.parts.iter_mut().for_each(|(_, _, seconds)| *seconds /= count);
    times
}

/// Begins to time a step.
pub fn begin_step() {
    PROFILER.with_borrow_mut(|profiler| {
        profiler.passes.clear();
        profiler.begin = Some(Instant::now());
    });
}

/// Ends the step that is being timed, if there is one.
pub fn end_step() {
    PROFILER.with_borrow_mut(|profiler| {
        if let Some(begin) = profiler.begin.take() {
            profiler.sums.steps += 1;
            profiler.sums.whole += begin.elapsed().as_secs_f64();
        }
    });
}

/// Starts a part that does not fit into a closure; [`stop`] ends it. `None` if the current step is not timed.
pub fn start() -> Option<Instant> {
    PROFILER.with_borrow(|profiler| profiler.begin.map(|_| Instant::now()))
}

/// Adds the time since `start` to a part.
pub fn stop(start: Option<Instant>, part: Part) {
    let Some(start) = start else { return };
    let seconds = start.elapsed().as_secs_f64();
    PROFILER.with_borrow_mut(|profiler| {
        let passes = |of| profiler.passes.iter().filter(|&&pass| pass == of).count();
        // Equal layers go backward in the opposite order: the last one comes first.
        let occurrence = match part {
            Part::Forward(_) => passes(part),
            Part::Backward(operation) => passes(Part::Forward(operation)).saturating_sub(1 + passes(part)),
            _ => 0,
        };
        profiler.passes.push(part);
        let parts = &mut profiler.sums.parts;
        match parts.iter_mut().find(|(known, at, _)| (*known, *at) == (part, occurrence)) {
            Some((_, _, sum)) => *sum += seconds,
            None => parts.push((part, occurrence, seconds)),
        }
    });
}

/// Runs `work` and adds its time to a part of the step.
pub fn time<T>(part: Part, work: impl FnOnce() -> T) -> T {
    let start = start();
    let result = work();
    stop(start, part);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_steps_that_were_begun_are_timed_and_parts_add_up_to_no_more_than_the_whole() {
        reset();
        time(Part::Loss, || ());
        assert_eq!(read(), Times::default());
        for _ in 0..3 {
            begin_step();
            for part in [Part::Images, Part::Loss, Part::Images] {
                time(part, || std::thread::sleep(std::time::Duration::from_millis(2)));
            }
            end_step();
        }
        end_step();
        let times = read();
        assert_eq!(times.steps, 3);
        assert_eq!(times.parts.iter().map(|(part, ..)| *part).collect::<Vec<_>>(), [Part::Images, Part::Loss]);
        // A sleep never takes less time than asked for.
        assert!(times.parts[0].2 >= 0.004 && times.parts[1].2 >= 0.002, "{times:?}");
        assert!(times.parts.iter().map(|(.., seconds)| seconds).sum::<f64>() <= times.whole, "{times:?}");
        reset();
        assert_eq!(read(), Times::default());
    }

    #[test]
    fn equal_layers_are_told_apart_by_their_order() {
        reset();
        let dense = Operation::Dense([128, 128]);
        for _ in 0..2 {
            begin_step();
            for part in [Part::Forward(dense), Part::Forward(dense), Part::Backward(dense), Part::Backward(dense)] {
                time(part, || ());
            }
            end_step();
        }
        let order: Vec<(Part, usize)> = read().parts.iter().map(|(part, which, _)| (*part, *which)).collect();
        let (forward, backward) = (Part::Forward(dense), Part::Backward(dense));
        assert_eq!(order, [(forward, 0), (forward, 1), (backward, 1), (backward, 0)]);
        reset();
    }
}

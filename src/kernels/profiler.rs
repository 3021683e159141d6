//! Where the time of a training step goes, part by part, on the thread that asks.
//!
//! Reading a browser's clock is not free and it is coarse (0.1 ms without isolation headers), so only some steps are timed; their
//! mean is what is read.

use super::cpu::conv::shape::BlockShape;
use super::cpu::dense::DenseShape;
use super::cpu::norm::NormShape;
use std::cell::RefCell;
use web_time::Instant;

/// What a layer is to the kernels, with the sizes that tell one from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A convolution with what is fused behind it: height, width and channels of its input, and its outputs.
    Conv([usize; 4]),
    /// A dense layer with what is fused behind it: inputs and outputs.
    Dense([usize; 2]),
    /// Batch norm with what is fused behind it: height, width, channels.
    BatchNorm([usize; 3]),
    /// A max pool alone: height, width, channels.
    MaxPool([usize; 3]),
    /// A non-linearity alone: values of an image.
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
    /// The batch's images are gathered, augmented and normalised.
    Images,
    /// A layer's forward pass.
    Forward(Operation),
    /// A layer's backward pass.
    Backward(Operation),
    /// Loss and gradient of the logits.
    Loss,
    /// Gradients leave the graph for one flat list.
    Gradients,
    /// Gradients go to other workers, are waited for and added up.
    Exchange,
    /// The optimiser's step, and the network with its new weights.
    Optimizer,
}

/// Mean seconds of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Steps that were timed.
    pub steps: usize,
    /// A whole step.
    pub whole: f64,
    /// Its parts, in the order of their first time, and which one of equal layers it is, from 0. What they leave of the whole is
    /// everything else.
    pub parts: Vec<(Part, usize, f64)>,
}

#[derive(Default)]
struct Profiler {
    /// When the step began that is being timed.
    begin: Option<Instant>,
    /// The passes of that step so far.
    passes: Vec<Part>,
    sums: Times,
}

thread_local! {
    static PROFILER: RefCell<Profiler> = RefCell::default();
}

/// Forgets all times.
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

/// A step begins whose parts are timed.
pub fn begin_step() {
    PROFILER.with_borrow_mut(|profiler| {
        profiler.passes.clear();
        profiler.begin = Some(Instant::now());
    });
}

/// The step ends that is being timed, if one is.
pub fn end_step() {
    PROFILER.with_borrow_mut(|profiler| {
        if let Some(begin) = profiler.begin.take() {
            profiler.sums.steps += 1;
            profiler.sums.whole += begin.elapsed().as_secs_f64();
        }
    });
}

/// The time now, where a step is being timed: for a part that a closure cannot hold. [`stop`] takes it.
pub fn start() -> Option<Instant> {
    PROFILER.with_borrow(|profiler| profiler.begin.map(|_| Instant::now()))
}

/// Adds the time since `start` to a part.
pub fn stop(start: Option<Instant>, part: Part) {
    let Some(start) = start else { return };
    let seconds = start.elapsed().as_secs_f64();
    PROFILER.with_borrow_mut(|profiler| {
        let passes = |of| profiler.passes.iter().filter(|&&pass| pass == of).count();
        // Of equal layers the last is the first on the way back.
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

/// Does some work as a part of a step.
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
        // A sleep is never shorter than asked for.
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

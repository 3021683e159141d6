//! The training time of a run: the seconds of its steps, without the time in which the machine slept.

/// If a group of steps takes this many times as long as the steps before it, it was interrupted. Another program that shares the
/// processor makes steps a few times as long, not ten times.
const FACTOR: f64 = 10.0;
/// An interruption is at least this long, in seconds: shorter pauses are common and change no figure.
const SHORTEST: f64 = 1.0;

/// Seconds of training, and how long a step takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TrainingClock {
    /// Training seconds since the start of the run.
    pub(super) seconds: f64,
    /// Seconds of a step, as last seen; 0 where none was seen.
    pub(super) pace: f64,
}

impl TrainingClock {
    /// A clock that goes on from so many training seconds.
    pub(super) fn new(seconds: f64) -> Self {
        Self { seconds, pace: 0.0 }
    }

    /// Counts `steps` steps that took `took` seconds by the wall clock. Gives the seconds that are not counted, because the machine
    /// slept or stood still; 0 as a rule.
    pub(super) fn count(&mut self, took: f64, steps: usize) -> f64 {
        let expected = self.pace * steps as f64;
        let lost = if self.pace > 0.0 && took > FACTOR * expected && took - expected > SHORTEST {
            took - expected
        } else {
            self.pace = took / steps.max(1) as f64;
            0.0
        };
        self.seconds += took - lost;
        lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_not_training_time() {
        let mut clock = TrainingClock::new(0.0);
        assert_eq!(clock.count(0.08, 8), 0.0);
        // The machine sleeps for 15 s in the middle of a group of 80 ms.
        let lost = clock.count(15.08, 8);
        assert!((lost - 15.0).abs() < 1e-9, "{lost}");
        assert!((clock.seconds - 0.16).abs() < 1e-9, "{}", clock.seconds);
        assert!((clock.pace - 0.01).abs() < 1e-9, "the pace stays as it was before the sleep");
    }

    #[test]
    fn a_slow_machine_is_not_a_sleeping_one() {
        let mut clock = TrainingClock::new(2.0);
        clock.count(0.08, 8);
        // Six times as slow, and a step that takes 0.9 s longer than the others: both are counted.
        assert_eq!(clock.count(0.48, 8), 0.0);
        assert_eq!(clock.count(0.96, 1), 0.0);
        // The first group is counted whatever it takes: there is nothing to compare it with.
        assert_eq!(TrainingClock::new(0.0).count(100.0, 1), 0.0);
        assert!((clock.seconds - 3.52).abs() < 1e-9);
    }
}

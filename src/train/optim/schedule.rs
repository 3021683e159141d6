//! The learning rate of each step of a run.

use crate::config::{RunConfig, Schedule};
use std::f64::consts::PI;

/// Share of a one-cycle run in which the learning rate rises.
const WARM_UP: f64 = 0.3;
/// Where one-cycle begins, as a share of the peak.
const ONE_CYCLE_START: f64 = 1.0 / 25.0;
/// The learning rate of epochs that were added to a run, as a share of the peak. Most schedules end near zero, where nothing more would
/// be learnt.
const EXTRA_EPOCHS: f64 = 0.1;

/// The learning rate of step `step` (from 0) of `steps`. Later steps, of epochs that were added to the run, have a tenth of the peak.
///
/// Step: times 0.1 at half and again at three quarters. Cosine: Loshchilov and Hutter 2017 (SGDR) without restarts. One-cycle:
/// Smith and Topin 2018, with cosine ramps, from 1/25 of the peak up over 30 % of the steps and down to zero.
pub fn learning_rate(config: &RunConfig, step: usize, steps: usize) -> f64 {
    let peak = config.learning_rate;
    if step >= steps {
        return peak * EXTRA_EPOCHS;
    }
    let t = step as f64 / steps.max(1) as f64;
    let ramp = |from: f64, to: f64, t: f64| from + (to - from) * 0.5 * (1.0 - (PI * t).cos());
    match config.schedule {
        Schedule::Constant => peak,
        Schedule::Step if t < 0.5 => peak,
        Schedule::Step if t < 0.75 => peak * 0.1,
        Schedule::Step => peak * 0.01,
        Schedule::Cosine => ramp(peak, 0.0, t),
        Schedule::OneCycle if t < WARM_UP => ramp(peak * ONE_CYCLE_START, peak, t / WARM_UP),
        Schedule::OneCycle => ramp(peak, 0.0, (t - WARM_UP) / (1.0 - WARM_UP)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schedule: Schedule, step: usize) -> f64 {
        let config = RunConfig { schedule, learning_rate: 2.0, ..RunConfig::default() };
        learning_rate(&config, step, 100)
    }

    #[test]
    fn each_schedule_passes_through_its_hand_worked_points() {
        assert_eq!(at(Schedule::Constant, 99), 2.0);
        assert_eq!([at(Schedule::Step, 49), at(Schedule::Step, 50), at(Schedule::Step, 75)], [2.0, 0.2, 0.02]);
        assert!((at(Schedule::Cosine, 0) - 2.0).abs() < 1e-12);
        assert!((at(Schedule::Cosine, 50) - 1.0).abs() < 1e-12);
        assert!((at(Schedule::OneCycle, 0) - 0.08).abs() < 1e-12);
        assert!((at(Schedule::OneCycle, 30) - 2.0).abs() < 1e-12);
        assert!((at(Schedule::OneCycle, 65) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn added_epochs_have_a_tenth_of_the_peak() {
        for schedule in [Schedule::Constant, Schedule::Step, Schedule::Cosine, Schedule::OneCycle] {
            assert_eq!([at(schedule, 100), at(schedule, 250)], [0.2, 0.2]);
        }
    }

    #[test]
    fn cosine_and_one_cycle_end_near_zero() {
        assert!(at(Schedule::Cosine, 99) < 0.001 && at(Schedule::OneCycle, 99) < 0.002);
    }
}

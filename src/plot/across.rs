//! The x axis of the learning curves: epochs or training time, its unit and its end. Leaves out: the frame and its ticks (`axis`).

use super::{Axis, Labels};
use crate::run::report::EpochRecord;

/// From this many seconds on the axis counts minutes.
const MINUTES_FROM: f64 = 300.0;

/// What the x axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Epochs.
    Epochs,
    /// Training time.
    Time,
}

/// What the x axis counts and how far it goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Across {
    /// What it counts.
    pub unit: Unit,
    /// Seconds in one unit of time: 1 or 60.
    pub per: f64,
    /// Its end, in its unit; it begins at 0.
    pub max: f64,
}

impl Across {
    /// The axis of a run that has trained for so many seconds and epochs (of the network that is furthest). `planned` is the number of
    /// epochs of the run, or of the next run where there is none; `active` says whether the run still trains.
    pub fn new(unit: Unit, seconds: f64, done: usize, planned: usize, active: bool) -> Self {
        let per = if seconds > MINUTES_FROM { 60.0 } else { 1.0 };
        let max = match unit {
            // A run that ended early must not leave half of the plot empty.
            Unit::Epochs if done > 0 && !active => done as f64,
            Unit::Epochs => planned as f64,
            // A round end does not move with every step.
            Unit::Time => Axis::round(0.0, seconds.max(1.0) / per, 5, Labels::Plain).max,
        };
        Self { unit, per, max }
    }

    /// The axis' title, with its unit.
    pub fn title(&self) -> &'static str {
        match (self.unit, self.per > 1.0) {
            (Unit::Epochs, _) => "Epoch",
            (Unit::Time, false) => "Training time, s",
            (Unit::Time, true) => "Training time, min",
        }
    }

    /// The least distance of two ticks.
    pub fn least(&self) -> f64 {
        if self.unit == Unit::Epochs { 1.0 } else { 0.0 }
    }

    /// Where the end of an epoch stands.
    pub fn of(&self, record: &EpochRecord) -> f64 {
        match self.unit {
            Unit::Epochs => record.epoch as f64,
            Unit::Time => record.seconds / self.per,
        }
    }
}

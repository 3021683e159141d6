//! Precision, recall and F1 of each class, and their averages.
//!
//! A share of nothing is 0: the precision of a class that was never predicted, the recall of a class without images, the F1 of a
//! class with neither. Classes with neither images nor predictions are left out of the averages.

use super::share;
use crate::fashion_mnist::CLASSES;
use crate::run::report::ConfusionCounts;

/// One class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassReport {
    /// Share of right ones among the images that were predicted to be of this class.
    pub precision: f64,
    /// Share of right ones among the images of this class.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Images of this class.
    pub support: u32,
    /// Images that were predicted to be of this class.
    pub predicted: u32,
}

/// Averages over the classes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// Of the precision.
    pub precision: f64,
    /// Of the recall.
    pub recall: f64,
    /// Of the F1.
    pub f1: f64,
}

/// The report of each class.
pub fn class_reports(confusion: &ConfusionCounts) -> [ClassReport; CLASSES] {
    std::array::from_fn(|class| {
        let right = confusion[class][class];
        let support = confusion[class].iter().sum();
        let predicted = confusion.iter().map(|row| row[class]).sum();
        ClassReport {
            precision: share(right, predicted),
            recall: share(right, support),
            // 2PR / (P + R), written in counts.
            f1: share(2 * right, support + predicted),
            support,
            predicted,
        }
    })
}

/// The plain average: each class counts the same.
pub fn macro_average(reports: &[ClassReport]) -> Average {
    average(reports, |report| f64::from(u8::from(report.support + report.predicted > 0)))
}

/// The average weighted by the number of images of each class.
pub fn weighted_average(reports: &[ClassReport]) -> Average {
    average(reports, |report| f64::from(report.support))
}

fn average(reports: &[ClassReport], weight: impl Fn(&ClassReport) -> f64) -> Average {
    let sum: f64 = reports.iter().map(&weight).sum();
    let of = |value: fn(&ClassReport) -> f64| {
        if sum == 0.0 { 0.0 } else { reports.iter().map(|report| weight(report) * value(report)).sum::<f64>() / sum }
    };
    Average { precision: of(|r| r.precision), recall: of(|r| r.recall), f1: of(|r| r.f1) }
}

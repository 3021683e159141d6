//! Precision, recall and F1 of each class, and their averages over the classes.
//!
//! A share of nothing has no value, so it is `None` and never 0: the precision of a class that was never predicted, the recall of
//! a class without images, the F1 of a class with neither. The averages leave out the classes whose value is undefined, and
//! [`undefined_classes`] names them, so that a reader knows what an average is made of. scikit-learn does the same with
//! `zero_division=np.nan`; with its default it counts such classes as 0.

use super::format::list;
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use crate::run::report::ConfusionCounts;

/// What is measured of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Share of correct predictions among the images that were predicted to be of the class.
    Precision,
    /// Share of correct predictions among the images of the class.
    Recall,
    /// Harmonic mean of the two.
    F1,
}

impl Measure {
    /// All of them, in the order in which the page shows them.
    pub const ALL: [Measure; 3] = [Measure::Precision, Measure::Recall, Measure::F1];

    /// The name on the page.
    pub fn label(self) -> &'static str {
        match self {
            Measure::Precision => "Precision",
            Measure::Recall => "Recall",
            Measure::F1 => "F1",
        }
    }

    /// Why a class has no such value, as a sentence.
    pub fn why_undefined(self) -> &'static str {
        match self {
            Measure::Precision => "Undefined: the network never predicted this class.",
            Measure::Recall => "Undefined: there is no image of this class.",
            Measure::F1 => "Undefined: there is no image of this class, and the network never predicted it.",
        }
    }
}

/// One class. Precision, recall and F1 are shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassReport {
    /// See [`Measure::Precision`]; `None` where the class was never predicted.
    pub precision: Option<f64>,
    /// See [`Measure::Recall`]; `None` where there is no image of the class.
    pub recall: Option<f64>,
    /// See [`Measure::F1`]; `None` where there is neither an image nor a prediction.
    pub f1: Option<f64>,
    /// Images of this class.
    pub support: u32,
    /// Images that were predicted to be of this class.
    pub predicted: u32,
}

impl ClassReport {
    /// One of the three values.
    pub fn get(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Precision => self.precision,
            Measure::Recall => self.recall,
            Measure::F1 => self.f1,
        }
    }
}

/// The report of each class.
pub fn class_reports(confusion: &ConfusionCounts) -> [ClassReport; CLASSES] {
    std::array::from_fn(|class| {
        let correct = confusion[class][class];
        let support = confusion[class].iter().sum();
        let predicted = confusion.iter().map(|row| row[class]).sum();
        ClassReport {
            precision: share(correct, predicted),
            recall: share(correct, support),
            // 2PR / (P + R), written in counts: it is 0 where the class has images and none of them was found.
            f1: share(2 * correct, support + predicted),
            support,
            predicted,
        }
    })
}

/// The plain average: each class in which the value is defined counts the same. `None` where it is defined in no class.
pub fn macro_average(reports: &[ClassReport], measure: Measure) -> Option<f64> {
    average(reports, measure, |_| 1.0)
}

/// The average weighted by the number of images of each class in which the value is defined.
pub fn weighted_average(reports: &[ClassReport], measure: Measure) -> Option<f64> {
    average(reports, measure, |report| f64::from(report.support))
}

/// The classes that the averages leave out, because the value is undefined there.
pub fn undefined_classes(reports: &[ClassReport], measure: Measure) -> Vec<usize> {
    let undefined = reports.iter().enumerate().filter(|(_, report)| report.get(measure).is_none());
    undefined.map(|(class, _)| class).collect()
}

/// Which classes the averages of a network leave out and why: a sentence for each measure that is undefined somewhere.
pub fn averages_leave_out(network: &str, reports: &[ClassReport]) -> Vec<String> {
    let sentence = |measure: Measure| {
        let classes = undefined_classes(reports, measure);
        let names: Vec<String> = classes.iter().map(|class| CLASS_NAMES[*class % CLASSES].to_owned()).collect();
        let them = if names.len() == 1 { "it" } else { "them" };
        let why = match measure {
            Measure::Precision => format!("the network never predicted {them}"),
            Measure::Recall => format!("there is no image of {them}"),
            Measure::F1 => format!("there is no image of {them} and no prediction"),
        };
        let (label, names) = (measure.label(), list(&names));
        (!classes.is_empty())
            .then(|| format!("{label} of the {network}: the averages leave out {names}, because {why}."))
    };
    Measure::ALL.into_iter().filter_map(sentence).collect()
}

/// The class that is hardest for the networks together: the one with the smallest sum of F1. A class in which one of them has no
/// F1 is not compared. `None` where no class can be compared.
pub fn hardest_class(networks: &[[ClassReport; CLASSES]]) -> Option<usize> {
    let sum = |class: usize| networks.iter().map(|reports| reports[class].f1).sum::<Option<f64>>();
    let sums = (0..CLASSES).filter_map(|class| Some((class, sum(class)?)));
    sums.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| !networks.is_empty()).map(|(class, _)| class)
}

/// Whether this value reads as more than every other one that is defined beside it, in percent with one decimal.
pub fn reads_as_largest(value: Option<f64>, all: &[Option<f64>]) -> bool {
    let shown = |share: f64| (1000.0 * share).round();
    value.is_some_and(|value| {
        all.iter().flatten().any(|other| shown(*other) < shown(value))
            && all.iter().flatten().all(|other| shown(*other) <= shown(value))
    })
}

fn average(reports: &[ClassReport], measure: Measure, weight: impl Fn(&ClassReport) -> f64) -> Option<f64> {
    let defined = || reports.iter().filter_map(|report| Some((weight(report), report.get(measure)?)));
    let weights: f64 = defined().map(|(weight, _)| weight).sum();
    (weights > 0.0).then(|| defined().map(|(weight, value)| weight * value).sum::<f64>() / weights)
}

/// A part of a whole; a share of nothing is undefined.
fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

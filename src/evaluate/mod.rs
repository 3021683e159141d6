//! What predictions are worth, in plain numbers: confusion matrix, per-class report, intervals, paired comparison, calibration and
//! the paragraph that compares two networks. Leaves out: tensors (logits come in as `&[f32]`, ten a row) and drawing.
//!
//! The page computes from here what its panels show, so this is small code without dependencies.

mod calibration;
mod classes;
mod losses;
mod paired;
mod summary;
pub mod words;

pub use calibration::{Calibration, CalibrationBin, calibration};
pub use classes::{Average, ClassReport, class_reports, macro_average, weighted_average};
pub use losses::loss_difference;
pub use paired::{Paired, paired, wilson};
pub use summary::summary;

use crate::fashion_mnist::CLASSES;
use crate::run::report::ConfusionCounts;

/// Counts images by true class and predicted class. Labels and predictions are below 10 and go by the same order; what one list has
/// more than the other is not counted.
pub fn confusion(labels: &[u8], predictions: &[u8]) -> ConfusionCounts {
    let mut counts = [[0; CLASSES]; CLASSES];
    for (&label, &prediction) in labels.iter().zip(predictions) {
        if let Some(count) = counts.get_mut(usize::from(label)).and_then(|row| row.get_mut(usize::from(prediction))) {
            *count += 1;
        }
    }
    counts
}

/// Share of images on the diagonal, 0 to 1; 0 where there are none.
pub fn accuracy(confusion: &ConfusionCounts) -> f64 {
    let right: u32 = (0..CLASSES).map(|class| confusion[class][class]).sum();
    let all: u32 = confusion.iter().flatten().sum();
    share(right, all)
}

/// The class with the largest value of each row of ten (the first of equals). A row of NaN gives class 0.
pub fn arg_max(rows: &[f32]) -> Vec<u8> {
    let largest = |row: &[f32]| {
        let best = (0, f32::NEG_INFINITY);
        row.iter().enumerate().fold(best, |best, (class, &value)| if value > best.1 { (class, value) } else { best }).0
    };
    rows.chunks_exact(CLASSES).map(|row| largest(row) as u8).collect()
}

/// Turns each row of ten logits into probabilities, in place. The row's largest logit is taken off first, so nothing overflows.
pub fn softmax(rows: &mut [f32]) {
    for row in rows.chunks_exact_mut(CLASSES) {
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for value in row.iter_mut() {
            *value = (*value - largest).exp();
            sum += *value;
        }
        for value in row {
            *value /= sum;
        }
    }
}

/// The value below which a share `p` (0 to 1) of rising values lies, interpolated between neighbours (Hyndman and Fan's type 7, the
/// usual one). `None` where there are no values.
pub fn percentile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(below + (above - below) * at.fract())
}

/// A part of a whole; 0 of nothing is 0.
fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

//! How good predictions are, in plain numbers: confusion matrix, per-class report, intervals, paired comparison, calibration. Also the
//! table and the paragraph that compare two networks, and the choice of test images to look at.
//!
//! The page computes from here what its panels show, so this is small code without dependencies, and native tests hold every
//! decision. Leaves out: tensors (logits come in as `&[f32]`, ten for each image), the page's state and drawing.

mod calibration;
mod classes;
mod costs;
pub mod format;
mod images;
mod losses;
mod paired;
mod scored_epoch;
mod step_times;
mod summary;
mod table;

pub use calibration::{Calibration, CalibrationBin, calibration};
pub use classes::{
    ClassReport, Measure, averages_leave_out, class_reports, hardest_class, macro_average, reads_as_largest,
    undefined_classes, weighted_average,
};
pub use images::{Answers, Filter, Outcome, filtered, first_of_each_class, of_cell, of_outcome, outcomes};
pub use losses::{loss_difference, mean_cross_entropy};
pub use paired::{Paired, paired, wilson};
pub use scored_epoch::{scored_epoch_cell, scored_epoch_sentence};
pub use step_times::{slowest_layer, step_macs, step_rate};
pub use summary::summary;
pub use table::{Progress, Row, Side, rows};

use crate::fashion_mnist::CLASSES;
use crate::order::ascending;
use crate::run::report::ConfusionCounts;

/// Counts images by true class and predicted class. Labels and predictions are below 10 and in the same order. Where one list is
/// longer, the rest of it is not counted.
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
    let correct: u32 = (0..CLASSES).map(|class| confusion[class][class]).sum();
    let all: u32 = confusion.iter().flatten().sum();
    if all == 0 { 0.0 } else { f64::from(correct) / f64::from(all) }
}

/// The cell `[true class, predicted class]` with the most mistakes; the first one where several are equal, `None` without mistakes.
pub fn most_confused(confusion: &ConfusionCounts) -> Option<[usize; 2]> {
    largest_confusions(confusion, 1).first().map(|(cell, _)| *cell)
}

/// The cells `[true class, predicted class]` with the most mistakes and how many these are, at most `most` of them: the largest first,
/// equal ones in the order of the matrix. A cell without mistakes is left out.
pub fn largest_confusions(confusion: &ConfusionCounts, most: usize) -> Vec<([usize; 2], u32)> {
    let cells = (0..CLASSES).flat_map(|t| (0..CLASSES).filter(move |p| *p != t).map(move |p| [t, p]));
    let counted: Vec<_> = cells.map(|[t, p]| ([t, p], confusion[t][p])).filter(|(_, count)| *count > 0).collect();
    let negative: Vec<f64> = counted.iter().map(|(_, count)| -f64::from(*count)).collect();
    ascending(&negative).into_iter().take(most).map(|place| counted[place]).collect()
}

/// The class with the largest value of each row of ten; the first one where several are equal. A row of NaN gives class 0.
pub fn arg_max(rows: &[f32]) -> Vec<u8> {
    let largest = |row: &[f32]| {
        let best = (0, f32::NEG_INFINITY);
        row.iter().enumerate().fold(best, |best, (class, &value)| if value > best.1 { (class, value) } else { best }).0
    };
    rows.chunks_exact(CLASSES).map(|row| largest(row) as u8).collect()
}

/// Turns each row of ten logits into probabilities, in place. The row's largest logit is subtracted first, so nothing overflows.
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

/// The quantile `p` (0 to 1) of values that are sorted from small to large. Between two neighbours it is interpolated (type 7 of Hyndman
/// and Fan 1996, the usual one). `None` where there are no values.
pub fn percentile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(below + (above - below) * at.fract())
}

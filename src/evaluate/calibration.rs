//! Whether a network's confidence agrees with its accuracy: of the predictions with a confidence of 80 %, 80 % should be correct.

use super::arg_max;
use crate::fashion_mnist::CLASSES;

/// The images whose confidence lies in one of several bins of equal width from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CalibrationBin {
    /// Images.
    pub count: u32,
    /// Their mean confidence: the probability of the predicted class. 0 without images.
    pub confidence: f64,
    /// Share of correct predictions. 0 without images.
    pub accuracy: f64,
}

/// Confidence beside accuracy.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Bins of equal width from 0 to 1. A confidence on a border belongs to the lower bin.
    pub bins: Vec<CalibrationBin>,
    /// Expected calibration error (Guo et al. 2017): the mean distance between confidence and accuracy over the bins, weighted by
    /// their images.
    pub expected_error: f64,
    /// Mean confidence minus accuracy: above 0 the network is over-confident.
    pub overconfidence: f64,
}

/// Sorts images into `bins` bins by their confidence. `probabilities` has ten values for each label.
pub fn calibration(labels: &[u8], probabilities: &[f32], bins: usize) -> Calibration {
    // These hold sums until the means are made at the end.
    let mut sums = vec![CalibrationBin::default(); bins.max(1)];
    let rows = probabilities.chunks_exact(CLASSES);
    for ((&label, row), prediction) in labels.iter().zip(rows).zip(arg_max(probabilities)) {
        let confidence = f64::from(row[usize::from(prediction)]).clamp(0.0, 1.0);
        let above = (confidence * sums.len() as f64).ceil() as usize;
        let bin = &mut sums[above.saturating_sub(1)];
        bin.count += 1;
        bin.confidence += confidence;
        bin.accuracy += f64::from(u8::from(prediction == label));
    }
    let all: u32 = sums.iter().map(|bin| bin.count).sum();
    let per_image = |sum: f64, images: u32| sum / f64::from(images.max(1));
    Calibration {
        expected_error: per_image(sums.iter().map(|bin| (bin.confidence - bin.accuracy).abs()).sum(), all),
        overconfidence: per_image(sums.iter().map(|bin| bin.confidence - bin.accuracy).sum(), all),
        bins: sums
            .into_iter()
            .map(|bin| CalibrationBin {
                count: bin.count,
                confidence: per_image(bin.confidence, bin.count),
                accuracy: per_image(bin.accuracy, bin.count),
            })
            .collect(),
    }
}

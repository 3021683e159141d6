//! Whether a network's probabilities mean what they say: of the images that it is 80 % sure of, 80 % should be right.

use super::arg_max;
use crate::fashion_mnist::CLASSES;

/// The images whose confidence lies in one of some equal steps from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CalibrationBin {
    /// Images.
    pub count: u32,
    /// Their mean confidence: the probability of the predicted class. 0 without images.
    pub confidence: f64,
    /// Share of them that is right. 0 without images.
    pub accuracy: f64,
}

/// Confidence beside accuracy.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Equal steps of confidence from 0 to 1; a value on a border belongs to the step below it.
    pub bins: Vec<CalibrationBin>,
    /// Expected calibration error (Guo et al. 2017): the mean distance of confidence and accuracy, each bin counting by its images.
    pub expected_error: f64,
    /// Mean confidence less accuracy: above 0 the network is surer than it is right.
    pub overconfidence: f64,
}

/// Sorts images into `bins` steps by their confidence. `probabilities` has ten for each label.
pub fn calibration(labels: &[u8], probabilities: &[f32], bins: usize) -> Calibration {
    // Sums while counting, means at the end.
    let mut sums = vec![CalibrationBin::default(); bins.max(1)];
    let rows = probabilities.chunks_exact(CLASSES);
    for ((&label, row), prediction) in labels.iter().zip(rows).zip(arg_max(probabilities)) {
        let confidence = f64::from(row[usize::from(prediction)]).clamp(0.0, 1.0);
        let step = (confidence * sums.len() as f64).ceil() as usize;
        let bin = &mut sums[step.saturating_sub(1)];
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

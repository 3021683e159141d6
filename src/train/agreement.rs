//! Checks whether two devices compute the same numbers.

use super::TrainError;

/// Largest difference of a GPU's logits from the CPU's, as a share of the largest logit. 32-bit sums of some thousand terms in
/// another order differ by about 1e-5; a kernel that did not run differs by about 1.
pub(super) const LOGIT_TOLERANCE: f32 = 1e-3;

/// Compares two devices' numbers. Gives the largest difference, as a share of the largest of the CPU's.
///
/// # Errors
/// [`TrainError::Disagreement`] where it is more than [`LOGIT_TOLERANCE`], or not a number.
pub(super) fn agree(gpu: &[f32], cpu: &[f32]) -> Result<f32, TrainError> {
    let scale = cpu.iter().fold(1f32, |m, x| m.max(x.abs()));
    let difference = gpu.iter().zip(cpu).fold(0f32, |m, (a, b)| {
        let d = (a - b).abs() / scale;
        if d.is_nan() { f32::INFINITY } else { m.max(d) }
    });
    if gpu.len() == cpu.len() && difference <= LOGIT_TOLERANCE {
        Ok(difference)
    } else {
        Err(TrainError::Disagreement(format!(
            "logits differ by {difference:.1e} of the largest (allowed are {LOGIT_TOLERANCE:.0e})"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_of_a_kernel_that_did_not_run_are_a_disagreement() {
        assert!(agree(&[1.0, -4.0], &[1.0001, -4.0]).is_ok());
        assert!(matches!(agree(&[0.0, 0.0], &[1.0, -4.0]), Err(TrainError::Disagreement(_))));
        assert!(agree(&[f32::NAN, -4.0], &[1.0, -4.0]).is_err());
        assert!(agree(&[], &[1.0]).is_err());
    }
}

//! The loss of a network, and whether two networks differ in it on the same images.

use crate::fashion_mnist::CLASSES;

/// A smaller probability counts as this one: a softmax in 32 bits can give 0, which has no logarithm.
const SMALLEST: f64 = 1e-12;

/// Mean cross-entropy in nats of some images' logits. It is computed from the logits, because a probability can be rounded to 0.
pub fn mean_cross_entropy(logits: &[f32], labels: &[u8]) -> f64 {
    let mut loss = 0.0;
    for (row, &label) in logits.chunks_exact(CLASSES).zip(labels) {
        let largest = row.iter().fold(f32::NEG_INFINITY, |m, &x| m.max(x));
        let sum: f64 = row.iter().map(|&x| f64::from(x - largest).exp()).sum();
        loss += sum.ln() - f64::from(row[usize::from(label)] - largest);
    }
    loss / labels.len().max(1) as f64
}

/// 95 % interval of the mean loss of b minus that of a, in nats, from the difference on each image. It is paired, and takes the mean
/// as normally distributed, which holds for thousands of images. `None` where the lists do not belong together or there are fewer
/// than two images.
pub fn loss_difference(labels: &[u8], a: &[f32], b: &[f32]) -> Option<[f64; 2]> {
    let n = labels.len();
    if n < 2 || a.len() != n * CLASSES || b.len() != a.len() {
        return None;
    }
    let loss = |row: &[f32], label: u8| -f64::from(row[usize::from(label)]).max(SMALLEST).ln();
    let rows = a.chunks_exact(CLASSES).zip(b.chunks_exact(CLASSES));
    let differences = || labels.iter().zip(rows.clone()).map(|(&label, (a, b))| loss(b, label) - loss(a, label));
    let mean = differences().sum::<f64>() / n as f64;
    let variance = differences().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1) as f64;
    let half = super::paired::Z * (variance / n as f64).sqrt();
    Some([mean - half, mean + half])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that give the true class 0 these probabilities.
    fn rows(of_truth: &[f32]) -> Vec<f32> {
        let row = |p: &f32| std::iter::once(*p).chain(std::iter::repeat_n((1.0 - p) / 9.0, CLASSES - 1));
        of_truth.iter().flat_map(row).collect()
    }

    #[test]
    fn the_interval_is_that_of_the_paired_differences() {
        // The losses differ by ln 2 and by ln 4: mean 1.5 ln 2, deviation ln 2 / sqrt 2, so half a width of 1.96 ln 2 / 2.
        let (a, b) = (rows(&[0.5, 0.8]), rows(&[0.25, 0.2]));
        let [low, high] = loss_difference(&[0, 0], &a, &b).unwrap();
        let ln2 = 2_f64.ln();
        assert!(((low + high) / 2.0 - 1.5 * ln2).abs() < 1e-6, "{low} {high}");
        assert!(((high - low) / 2.0 - 1.959_963_985 * ln2 / 2.0).abs() < 1e-6, "{low} {high}");
    }

    #[test]
    fn equal_networks_do_not_differ_and_strange_lists_are_refused() {
        let a = rows(&[0.5, 0.0, 1.0]);
        assert_eq!(loss_difference(&[0; 3], &a, &a), Some([0.0, 0.0]));
        assert_eq!(loss_difference(&[0; 2], &a, &a), None);
        assert_eq!(loss_difference(&[], &[], &[]), None);
    }
}

//! Softmax and cross-entropy in one pass over the logits, with the gradient.

/// The loss and the correct predictions of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// Mean cross-entropy over the batch, in nats.
    pub mean: f32,
    /// Rows in which the logit of the label is the largest.
    pub correct: usize,
}

/// Cross-entropy of softmax(`logits`) with smoothed labels, and its gradient.
///
/// `logits` is [batch, classes]. The smoothed labels are t = (1 - smoothing) * one-hot + smoothing / classes (Szegedy
/// et al. 2016). The gradient is `d_logits` = (softmax - t) * `scale`. For a mean over the batch `scale` is 1 / batch.
/// For a worker's share of a larger batch it is 1 / (size of the whole batch).
pub fn softmax_cross_entropy(
    logits: &[f32],
    labels: &[u8],
    classes: usize,
    smoothing: f32,
    scale: f32,
    d_logits: &mut [f32],
) -> Loss {
    assert!(
        classes > 0 && !labels.is_empty() && logits.len() == labels.len() * classes && d_logits.len() == logits.len()
    );
    let (mut total, mut correct) = (0.0f64, 0);
    let shared = smoothing / classes as f32;
    for ((row, d_row), &label) in logits.chunks_exact(classes).zip(d_logits.chunks_exact_mut(classes)).zip(labels) {
        let label = usize::from(label);
        assert!(label < classes, "label {label} of {classes} classes");
        let mut best = 0;
        for (class, &logit) in row.iter().enumerate() {
            if logit > row[best] {
                best = class;
            }
        }
        correct += usize::from(best == label);
        // The largest exponent is 0, so nothing overflows.
        let (mut sum, mut shifted) = (0.0, 0.0);
        for (d, &logit) in d_row.iter_mut().zip(row) {
            *d = (logit - row[best]).exp();
            sum += *d;
            shifted += logit - row[best];
        }
        // The loss is the sum of -t log p, with log p = logit - largest - log sum.
        let expected = (1.0 - smoothing) * (row[label] - row[best]) + shared * shifted;
        total += f64::from(sum.ln() - expected);
        let inverse = 1.0 / sum;
        for d in d_row.iter_mut() {
            *d = (*d * inverse - shared) * scale;
            // Such a gradient changes no weight. As a subnormal number it would only slow down all later computations.
            *d = if d.abs() < 1e-20 { 0.0 } else { *d };
        }
        d_row[label] -= (1.0 - smoothing) * scale;
    }
    Loss { mean: (total / labels.len() as f64) as f32, correct }
}

#[cfg(test)]
mod tests {
    use super::super::reference::Lcg;
    use super::*;

    fn loss(logits: &[f32], labels: &[u8], smoothing: f64) -> f64 {
        let classes = logits.len() / labels.len();
        let rows = logits.chunks_exact(classes).zip(labels).map(|(row, &label)| {
            let sum: f64 = row.iter().map(|&v| f64::from(v).exp()).sum();
            let one_hot = |class: usize| if class == usize::from(label) { 1.0 - smoothing } else { 0.0 };
            let target = |class: usize| one_hot(class) + smoothing / classes as f64;
            row.iter().enumerate().map(|(class, &v)| -target(class) * (f64::from(v) - sum.ln())).sum::<f64>()
        });
        rows.sum::<f64>() / labels.len() as f64
    }

    #[test]
    fn loss_and_gradient_agree_with_the_definition() {
        let mut random = Lcg(1);
        for smoothing in [0.0, 0.1] {
            let mut logits: Vec<f32> = random.values(70).into_iter().map(|v| v * 5.0).collect();
            let labels: Vec<u8> = (0..7).map(|_| random.below(10) as u8).collect();
            let mut gradient = vec![0.0; 70];
            let got = softmax_cross_entropy(&logits, &labels, 10, smoothing, 1.0 / 7.0, &mut gradient);
            let smoothing = f64::from(smoothing);
            assert!((f64::from(got.mean) - loss(&logits, &labels, smoothing)).abs() < 1e-5);
            for i in 0..logits.len() {
                let old = logits[i];
                let step = 1.0 / 1024.0; // Exact in f32. The truncation error is step^2.
                logits[i] = old + step;
                let up = loss(&logits, &labels, smoothing);
                logits[i] = old - step;
                let slope = (up - loss(&logits, &labels, smoothing)) / f64::from(2.0 * step);
                logits[i] = old;
                assert!((slope - f64::from(gradient[i])).abs() < 1e-5, "{i}: {slope} {}", gradient[i]);
            }
        }
    }

    #[test]
    fn counts_correct_rows_and_survives_large_logits() {
        let mut gradient = [0.0; 4];
        let got = softmax_cross_entropy(&[1000.0, 0.0, -1000.0, 1000.0], &[0, 0], 2, 0.0, 0.5, &mut gradient);
        assert_eq!((got.correct, got.mean), (1, 1000.0));
        assert_eq!(gradient, [0.0, 0.0, -0.5, 0.5]);
    }

    #[test]
    fn a_nan_remains_visible() {
        assert!(softmax_cross_entropy(&[f32::NAN, 0.0], &[1], 2, 0.0, 1.0, &mut [0.0; 2]).mean.is_nan());
    }
}

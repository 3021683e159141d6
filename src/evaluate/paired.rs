//! How certain an accuracy is, and whether two networks that classified the same images really differ.

/// The 97.5 % quantile of the normal distribution.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// 95 % interval of the share `correct` of `of` (Wilson 1927, without continuity correction): all true shares from which the
/// observed one is less than 1.96 standard deviations away. [0, 1] where `of` is 0.
pub fn wilson(correct: usize, of: usize) -> [f64; 2] {
    if of == 0 {
        return [0.0, 1.0];
    }
    let (n, p) = (of as f64, correct as f64 / of as f64);
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    [((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)]
}

/// Two networks, a and b, on the same images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// Images that both classify correctly.
    pub both_correct: usize,
    /// Images that only a classifies correctly.
    pub only_a: usize,
    /// Images that only b classifies correctly.
    pub only_b: usize,
    /// Images that neither classifies correctly.
    pub both_wrong: usize,
    /// Accuracy of b less that of a.
    pub difference: f64,
    /// 95 % interval of the difference (Newcombe 1998, method 10: from the two Wilson intervals and the correlation of the answers).
    pub interval: [f64; 2],
    /// How often chance alone would give a difference at least as large if neither were better: McNemar's exact test (a two-sided
    /// binomial test of the images that only one classifies correctly). It holds for any number of images.
    pub p_value: f64,
}

/// Compares the predictions of a and b with the labels. Where one list is longer, the rest of it is not counted.
pub fn paired(labels: &[u8], a: &[u8], b: &[u8]) -> Paired {
    let mut counts = [0; 4];
    for ((label, a), b) in labels.iter().zip(a).zip(b) {
        counts[usize::from(a != label) * 2 + usize::from(b != label)] += 1;
    }
    let [both_correct, only_a, only_b, both_wrong] = counts;
    Paired::of_counts(both_correct, only_a, only_b, both_wrong)
}

impl Paired {
    /// The comparison from these counts.
    pub fn of_counts(both_correct: usize, only_a: usize, only_b: usize, both_wrong: usize) -> Self {
        let all = both_correct + only_a + only_b + both_wrong;
        let difference = if all == 0 { 0.0 } else { (only_b as f64 - only_a as f64) / all as f64 };
        let interval = newcombe([both_correct, only_a, only_b, both_wrong].map(|n| n as f64), difference);
        Self { both_correct, only_a, only_b, both_wrong, difference, interval, p_value: mcnemar(only_a, only_b) }
    }

    /// Whether the interval excludes zero: the difference is more than chance.
    pub fn is_real(&self) -> bool {
        self.interval[0] > 0.0 || self.interval[1] < 0.0
    }
}

fn newcombe([both, only_a, only_b, neither]: [f64; 4], difference: f64) -> [f64; 2] {
    let all = both + only_a + only_b + neither;
    if all == 0.0 {
        return [-1.0, 1.0];
    }
    // How far each accuracy is from the lower and from the upper end of its own interval.
    let sides = |correct: f64| {
        let [low, high] = wilson(correct as usize, all as usize);
        (correct / all - low, high - correct / all)
    };
    let ((below_a, above_a), (below_b, above_b)) = (sides(both + only_a), sides(both + only_b));
    // How the correct answers of the two are correlated; a positive correlation is corrected for continuity.
    let cross = both * neither - only_a * only_b;
    let cross = if cross > 0.0 { (cross - all / 2.0).max(0.0) } else { cross };
    let margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither);
    let phi = if margins > 0.0 { cross / margins.sqrt() } else { 0.0 };
    let joined = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt();
    [(difference - joined(below_b, above_a)).max(-1.0), (difference + joined(above_b, below_a)).min(1.0)]
}

/// Twice the smaller tail of the binomial distribution of `only_a + only_b` tosses of a fair coin.
fn mcnemar(only_a: usize, only_b: usize) -> f64 {
    let (few, all) = (only_a.min(only_b), only_a + only_b);
    // C(all, few) / 2^all by logarithms, because an f64 holds no 2^-1075. Each smaller count follows from the one above it.
    let log = (0..few).map(|i| ((all - i) as f64 / (few - i) as f64).ln()).sum::<f64>() - all as f64 * 2_f64.ln();
    let mut term = log.exp();
    let mut tail = term;
    for count in (1..=few).rev() {
        term *= count as f64 / (all - count + 1) as f64;
        tail += term;
    }
    (2.0 * tail).min(1.0)
}

//! How sure networks are of an answer.

/// An answer is sure where its entropy is at most so many bits. (The largest possible is log2(10), 3.32 bits.)
///
/// Measured on the shipped networks (docs/pictures.md, with the pictures that settings were compared on): at 0.5 bits, 92 % of the ANN's
/// sure answers to garments and 96 % of the CNN's were right; at 0.8 bits 88 % and 95 %. It does not keep out what is no garment, because
/// the networks never learned that: nearly every picture of noise is surely a bag for the CNN. It helps more to ask two networks, see
/// [`Verdict`].
pub const SURE_ENTROPY: f32 = 0.5;

/// How sure one network is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sureness {
    /// The class of the largest probability.
    pub class: usize,
    /// That probability, 0 to 1.
    pub probability: f32,
    /// The entropy of all, in bits.
    pub entropy: f32,
    /// Whether the entropy is at most [`SURE_ENTROPY`].
    pub sure: bool,
}

/// What one or more networks say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All are sure of the same class.
    Sure {
        /// The class.
        class: usize,
    },
    /// Some are sure and some are not, and the sure ones name one class.
    Unsure {
        /// That class.
        class: usize,
    },
    /// Two are sure of different classes.
    Contradiction,
    /// None is sure: it may be no garment.
    NoneSure,
}

/// The entropy of probabilities in bits, `-sum(p log2 p)` (Shannon 1948). What is not above 0 counts nothing.
pub fn entropy(probabilities: &[f32]) -> f32 {
    let bits = probabilities.iter().filter(|&&p| p > 0.0).map(|p| -p * p.log2()).sum::<f32>();
    bits.max(0.0)
}

/// How sure a network is that gives these ten probabilities. Without probabilities, or where one is no number, it is not sure.
pub fn sureness(probabilities: &[f32]) -> Sureness {
    let best = probabilities.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
    let (class, probability) = best.map_or((0, 0.0), |(class, &probability)| (class, probability));
    let entropy = entropy(probabilities);
    let numbers = probabilities.iter().all(|probability| probability.is_finite());
    Sureness { class, probability, entropy, sure: !probabilities.is_empty() && numbers && entropy <= SURE_ENTROPY }
}

/// What networks say together, one list of ten probabilities for each.
pub fn verdict(networks: &[&[f32]]) -> Verdict {
    let mut sure = networks.iter().map(|probabilities| sureness(probabilities)).filter(|answer| answer.sure);
    let Some(first) = sure.next() else {
        return Verdict::NoneSure;
    };
    let (mut count, mut same) = (1, true);
    for answer in sure {
        count += 1;
        same &= answer.class == first.class;
    }
    match (same, count == networks.len()) {
        (false, _) => Verdict::Contradiction,
        (true, true) => Verdict::Sure { class: first.class },
        (true, false) => Verdict::Unsure { class: first.class },
    }
}

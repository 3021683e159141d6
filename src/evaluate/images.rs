//! Chooses and sorts the test images that a panel shows: by the answer of one network, by the answers of both, or by a cell of a
//! confusion matrix. Leaves out: the images' pixels and how they are shown.
//!
//! An image is named by its index in the test set. If two images are equal in the sort order, the lower index is first.

use crate::fashion_mnist::CLASSES;
use crate::order::ascending;

/// What one network answered to each test image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answers<'a> {
    /// The predicted class of each image.
    pub predictions: &'a [u8],
    /// Ten probabilities for each image.
    pub probabilities: &'a [f32],
}

impl Answers<'_> {
    /// The predicted class of an image; class 0 where the index does not exist.
    pub fn prediction(&self, image: usize) -> usize {
        self.predictions.get(image).map_or(0, |p| usize::from(*p).min(CLASSES - 1))
    }

    /// The ten probabilities of an image; zeros where the index does not exist.
    pub fn row(&self, image: usize) -> [f32; CLASSES] {
        let row = self.probabilities.get(image * CLASSES..(image + 1) * CLASSES);
        row.and_then(|row| row.try_into().ok()).unwrap_or_default()
    }

    /// The probability of the predicted class.
    pub fn confidence(&self, image: usize) -> f32 {
        self.row(image)[self.prediction(image)]
    }
}

/// Which images of one network are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Wrong predictions, the largest confidence first.
    ConfidentWrong,
    /// Wrong predictions, in the order of the test set.
    Wrong,
    /// Correct predictions, in the order of the test set.
    Correct,
    /// All images, the smallest confidence first.
    LeastConfident,
    /// All images, in the order of the test set.
    All,
}

impl Filter {
    /// All filters, in the order in which the page shows them, with their labels.
    pub const ALL: [(Filter, &'static str); 5] = [
        (Filter::ConfidentWrong, "Confident mistakes"),
        (Filter::Wrong, "Wrong"),
        (Filter::Correct, "Correct"),
        (Filter::LeastConfident, "Least confident"),
        (Filter::All, "All"),
    ];
}

/// The test images that pass a filter, of one true class or (`None`) of all.
pub fn filtered(labels: &[u8], answers: Answers, filter: Filter, class: Option<u8>) -> Vec<u32> {
    let passes = |&(image, label): &(usize, &u8)| {
        let correct = answers.prediction(image) == usize::from(*label);
        let wanted = match filter {
            Filter::Correct => correct,
            Filter::Wrong | Filter::ConfidentWrong => !correct,
            Filter::LeastConfident | Filter::All => true,
        };
        wanted && class.is_none_or(|class| class == *label)
    };
    let mut chosen = indices(labels.iter().enumerate().filter(passes));
    match filter {
        Filter::ConfidentWrong => most_confident_first(&mut chosen, answers),
        Filter::LeastConfident => order_by(&mut chosen, |image| answers.confidence(image)),
        Filter::Wrong | Filter::Correct | Filter::All => {}
    }
    chosen
}

/// The test images of one cell of a network's confusion matrix, `[true class, predicted class]`: the largest confidence first.
pub fn of_cell(labels: &[u8], answers: Answers, [truth, predicted]: [usize; 2]) -> Vec<u32> {
    let inside =
        |&(image, label): &(usize, &u8)| usize::from(*label) == truth && answers.prediction(image) == predicted;
    let mut chosen = indices(labels.iter().enumerate().filter(inside));
    most_confident_first(&mut chosen, answers);
    chosen
}

/// The first image of each class that has one, in the order of the classes.
pub fn first_of_each_class(labels: &[u8]) -> Vec<u32> {
    let first = |class: usize| labels.iter().position(|label| usize::from(*label) == class);
    (0..CLASSES).filter_map(first).map(|image| image as u32).collect()
}

/// How two networks, a and b, answered to one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Both are correct.
    BothCorrect,
    /// Only a is correct.
    OnlyA,
    /// Only b is correct.
    OnlyB,
    /// Both are wrong and predict different classes.
    BothWrongApart,
    /// Both are wrong and predict the same class.
    BothWrongAlike,
}

/// The outcome of each test image.
pub fn outcomes(labels: &[u8], a: Answers, b: Answers) -> Vec<Outcome> {
    let outcome = |(image, label): (usize, &u8)| {
        let (a, b, truth) = (a.prediction(image), b.prediction(image), usize::from(*label));
        match (a == truth, b == truth) {
            (true, true) => Outcome::BothCorrect,
            (true, false) => Outcome::OnlyA,
            (false, true) => Outcome::OnlyB,
            (false, false) if a == b => Outcome::BothWrongAlike,
            (false, false) => Outcome::BothWrongApart,
        }
    };
    labels.iter().enumerate().map(outcome).collect()
}

/// The images of one outcome, the largest confidence first. It is the confidence of the network that is wrong. If both are wrong or
/// both are correct, it is that of the two together.
pub fn of_outcome(outcomes: &[Outcome], wanted: Outcome, a: Answers, b: Answers) -> Vec<u32> {
    let confidence = |image: usize| {
        let (of_a, of_b) = (a.confidence(image), b.confidence(image));
        match wanted {
            Outcome::OnlyA => of_b,
            Outcome::OnlyB => of_a,
            Outcome::BothCorrect | Outcome::BothWrongApart | Outcome::BothWrongAlike => of_a + of_b,
        }
    };
    let mut chosen = indices(outcomes.iter().enumerate().filter(|(_, outcome)| **outcome == wanted));
    order_by(&mut chosen, |image| -confidence(image));
    chosen
}

fn most_confident_first(images: &mut [u32], answers: Answers) {
    order_by(images, |image| -answers.confidence(image));
}

/// Puts the images with the smallest key first.
fn order_by(images: &mut [u32], key: impl Fn(usize) -> f32) {
    let keys: Vec<f64> = images.iter().map(|&image| key(image as usize).into()).collect();
    let ordered: Vec<u32> = ascending(&keys).into_iter().map(|place| images[place]).collect();
    images.copy_from_slice(&ordered);
}

fn indices<T>(images: impl Iterator<Item = (usize, T)>) -> Vec<u32> {
    images.map(|(image, _)| image as u32).collect()
}

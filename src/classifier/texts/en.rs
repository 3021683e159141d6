//! The words in English.

use crate::fashion_mnist::CLASS_NAMES;

/// The names of the ten classes.
pub const CLASSES: [&str; 10] = CLASS_NAMES;
pub const NAME: &str = "Fashion Lab: the classifier";
pub const DISMISS: &str = "Dismiss";
pub const LOADS: &str = "The networks are loading.";
pub const TEST_IMAGE: &str = "Test image ";
pub const NEXT: &str = "Next garment";
pub const PREVIOUS: &str = "Previous garment";
pub const WHOLE_LAB: &str = "Train them yourself in Fashion Lab";
pub const ONE_OF_TEN: &str =
    "They know ten kinds of garments and nothing else: to anything else they give one of these names too.";

/// What a picture of the dataset shows, for people who do not see it.
pub fn picture_of(label: usize) -> String {
    format!("A garment of the class {}", CLASSES[label])
}

/// Whether a network is right, in words.
pub fn verdict(says: usize, truth: Option<usize>) -> String {
    match truth {
        Some(truth) if truth == says => format!("says {} – right", CLASSES[says]),
        Some(truth) => format!("says {} – it is a {}", CLASSES[says], CLASSES[truth]),
        None => format!("says {}", CLASSES[says]),
    }
}

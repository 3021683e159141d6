//! Images that are looked at, and their names.

use crate::fashion_mnist::{ImageSet, TEST_IMAGES, TRAIN_IMAGES};
use crate::shipped::GARMENTS;
use std::rc::Rc;

/// The files that ship, in the order in which they are fetched.
pub const SHIPPED: [&str; 3] = ["garments.bin", "ann.safetensors", "cnn.safetensors"];

/// Names an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageName {
    /// One of the twenty garments that ship, by its place.
    Garment(usize),
    /// An image of the training set.
    Train(u32),
    /// An image of the test set.
    Test(u32),
    /// Somebody's own picture as the networks see it, from the view Try it.
    Own,
}

impl ImageName {
    /// The image that stands so many places further, among those of its kind; behind the last one comes the first.
    /// Beside somebody's own picture stand the garments.
    pub fn further(self, places: i64) -> Self {
        let moved = |place: u32, all: usize| (i64::from(place) + places).rem_euclid(all as i64) as u32;
        match self {
            Self::Garment(place) => Self::Garment(moved(place as u32, GARMENTS) as usize),
            Self::Train(index) => Self::Train(moved(index, TRAIN_IMAGES)),
            Self::Test(index) => Self::Test(moved(index, TEST_IMAGES)),
            Self::Own => Self::Garment(if places < 0 { GARMENTS - 1 } else { 0 }),
        }
    }

    /// The name of an image of the dataset.
    pub fn of(set: ImageSet, index: u32) -> Self {
        match set {
            ImageSet::Train => Self::Train(index),
            ImageSet::Test => Self::Test(index),
        }
    }
}

/// An image with its class, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// 784 bytes, row by row, 0 black.
    pub pixels: Rc<[u8]>,
    /// Its class; `None`: nobody has said it.
    pub label: Option<u8>,
}

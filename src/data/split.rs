//! Which images a run trains on and which it keeps for validation, and the order of each epoch.

use super::random::{Stream, stream};
use crate::config::RunConfig;
use crate::fashion_mnist::CLASSES;
use rand::seq::SliceRandom;

/// Numbers of training-set images, disjoint, each list in rising order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Images that are trained on.
    pub training: Vec<u32>,
    /// Images that show overfitting.
    pub validation: Vec<u32>,
}

/// Images of each class by which a network is watched while it learns.
pub const WATCHED: usize = 2;

impl Split {
    /// The images by which a network is watched: the first validation images of each class, class by class. `labels` are those of the
    /// training set.
    pub fn watched(&self, labels: &[u8]) -> Vec<u32> {
        let of_class = |class: usize| {
            let images = self.validation.iter().copied();
            images.filter(move |&image| usize::from(labels[image as usize]) == class).take(WATCHED)
        };
        (0..CLASSES).flat_map(of_class).collect()
    }
}

/// Splits the training set: first the `config.train` images that are used, then the share of those that is kept for validation.
/// Both choices are random by the seed and keep each class's share within one image. A smaller subset of the same seed is part of a
/// larger one.
///
/// Where there are fewer labels than `config.train`, all of them are used.
pub fn split(labels: &[u8], config: &RunConfig) -> Split {
    let everything: Vec<u32> = (0..labels.len() as u32).collect();
    let mut used = stratified(labels, &everything, config.seed, Stream::Subset);
    used.truncate(config.train);
    let kept = if used.len() == config.train {
        config.validation_images()
    } else {
        (used.len() as f64 * config.validation).round() as usize
    };
    let mut validation = stratified(labels, &used, config.seed, Stream::Validation);
    let mut training = validation.split_off(kept.min(validation.len()));
    training.sort_unstable();
    validation.sort_unstable();
    Split { training, validation }
}

/// The order in which an epoch sees the training images: a permutation of its own for each epoch of a seed. Runs count epochs from 1.
pub fn epoch_order(training: &[u32], seed: u64, epoch: usize) -> Vec<u32> {
    let mut order = training.to_vec();
    order.shuffle(&mut stream(seed, Stream::Order(epoch as u32)));
    order
}

/// The images in a random order. In the first n images, for every n, each class has its share within one image.
///
/// This is the quota method of Balinski and Young (1975), known from sharing out seats in parliaments. The next place goes to the
/// class with the largest claim, unless it would then have more than its share rounded up.
fn stratified(labels: &[u8], images: &[u32], seed: u64, purpose: Stream) -> Vec<u32> {
    let mut rng = stream(seed, purpose);
    let mut classes: [Vec<u32>; CLASSES] = Default::default();
    for &image in images {
        // Labels are checked to be below 10 where they are read.
        classes[usize::from(labels[image as usize])].push(image);
    }
    // The order of the classes decides between equals.
    classes.shuffle(&mut rng);
    for class in &mut classes {
        class.shuffle(&mut rng);
    }
    let (mut given, all) = ([0_u64; CLASSES], images.len() as u64);
    let size = classes.each_ref().map(|class| class.len() as u64);
    (1..=all)
        .filter_map(|place| {
            let class = (0..CLASSES)
                .filter(|&c| given[c] * all < place * size[c])
                // size / (given + 1), compared without a division; the first of equals.
                .reduce(|best, c| if size[c] * (given[best] + 1) > size[best] * (given[c] + 1) { c } else { best })?;
            given[class] += 1;
            classes[class].get(given[class] as usize - 1).copied()
        })
        .collect()
}

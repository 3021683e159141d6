//! The split of a run and the order of an epoch.

use super::balanced;
use fashion_lab::config::RunConfig;
use fashion_lab::data::{Augmentation, Erased, epoch_order, split};
use fashion_lab::fashion_mnist::{CLASSES, TRAIN_IMAGES};
use proptest::prelude::*;
use std::collections::HashSet;

/// Images of each class.
fn shares(labels: &[u8], images: &[u32]) -> [usize; CLASSES] {
    let mut counts = [0; CLASSES];
    for &image in images {
        counts[usize::from(labels[image as usize])] += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_split_is_disjoint_exact_stratified_and_reproducible(
        seed in any::<u64>(),
        labels in proptest::collection::vec(0..10_u8, 100..1500),
        part in 0.1..=1.0,
        validation in 0.0..=0.5,
    ) {
        let train = (labels.len() as f64 * part) as usize;
        let config = RunConfig { seed, train, validation, ..RunConfig::default() };
        let run = split(&labels, &config);
        prop_assert_eq!(run.training.len(), config.training_images());
        prop_assert_eq!(run.validation.len(), config.validation_images());

        let used: Vec<u32> = run.training.iter().chain(&run.validation).copied().collect();
        prop_assert_eq!(used.iter().collect::<HashSet<_>>().len(), train);
        prop_assert!(used.iter().all(|&image| (image as usize) < labels.len()));

        // Each share is kept within one image: of all images in the subset, of the subset in the validation images.
        let everything: Vec<u32> = (0..labels.len() as u32).collect();
        for (whole, part) in [(&everything, &used), (&used, &run.validation), (&used, &run.training)] {
            for (all, some) in shares(&labels, whole).into_iter().zip(shares(&labels, part)) {
                let ideal = all as f64 * part.len() as f64 / whole.len() as f64;
                prop_assert!((some as f64 - ideal).abs() < 1.0, "{} is not within one of {}", some, ideal);
            }
        }
        prop_assert_eq!(split(&labels, &config), run);
    }

    #[test]
    fn an_epoch_sees_each_image_once_in_an_order_of_its_own(seed in any::<u64>(), epoch in 0..200_usize) {
        let training: Vec<u32> = (0..500).map(|i| i * 3).collect();
        let order = epoch_order(&training, seed, epoch);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(&sorted, &training);
        prop_assert_eq!(&order, &epoch_order(&training, seed, epoch));
        prop_assert_ne!(&order, &epoch_order(&training, seed, epoch + 1));
        prop_assert_ne!(&order, &epoch_order(&training, seed.wrapping_add(1), epoch));
    }
}

#[test]
fn splits_of_two_seeds_differ_and_a_smaller_subset_is_part_of_a_larger_one() {
    let labels = balanced(2000);
    let of = |seed, train| split(&labels, &RunConfig { seed, train, validation: 0.2, ..RunConfig::default() });
    assert_ne!(of(1, 1000), of(2, 1000));
    let used = |train| {
        let run = of(1, train);
        run.training.into_iter().chain(run.validation).collect::<HashSet<_>>()
    };
    assert!(used(300).is_subset(&used(1000)));
    // More than there are: all of them, with the same share kept.
    let all = of(1, TRAIN_IMAGES);
    assert_eq!((all.training.len(), all.validation.len()), (1600, 400));
}

#[test]
fn the_random_numbers_of_a_seed_stay_what_they_are() {
    // Runs that were published by their seed must come out the same after an update of the generator's crate.
    assert_eq!(epoch_order(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 42, 0), [5, 7, 3, 0, 2, 6, 9, 8, 4, 1]);
    let config = RunConfig { train: 100, validation: 0.1, ..RunConfig::default() };
    let validation = split(&balanced(1000), &config).validation;
    assert_eq!(validation, [82, 141, 145, 246, 340, 394, 453, 658, 887, 889]);
    let config = RunConfig { flip: true, shift: 4, erase: 1.0, ..RunConfig::default() };
    let erased = Some(Erased { top: 21, left: 1, height: 5, width: 9 });
    assert_eq!(Augmentation::of(&config, 3, 59_999), Augmentation { flip: true, shift: (2, 0), erased });
}

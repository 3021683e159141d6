//! Augmentation and the pixels and labels of a batch.

use super::noise;
use fashion_lab::config::RunConfig;
use fashion_lab::data::{Augmentation, flip, gather_batch, normalise, normalised_batch, shift};
use fashion_lab::fashion_mnist::{PIXELS, SIDE};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn mirroring_twice_changes_nothing(image in proptest::collection::vec(any::<u8>(), PIXELS)) {
        let image: [u8; PIXELS] = image.try_into().expect("784 pixels were made");
        let mut twice = image;
        flip(&mut twice);
        prop_assert_eq!(twice[0], image[SIDE - 1]);
        flip(&mut twice);
        prop_assert_eq!(twice, image);
    }

    #[test]
    fn a_shift_moves_pixels_as_stated(down in -30..=30_i32, right in -30..=30_i32) {
        let image: [u8; PIXELS] = noise(1).try_into().expect("784 pixels were made");
        let mut moved = image;
        shift(&mut moved, down, right);
        for row in 0..SIDE as i32 {
            for column in 0..SIDE as i32 {
                let (from_row, from_column) = (row - down, column - right);
                let inside = (0..28).contains(&from_row) && (0..28).contains(&from_column);
                let expected = if inside { image[(from_row * 28 + from_column) as usize] } else { 0 };
                prop_assert_eq!(moved[(row * 28 + column) as usize], expected);
            }
        }
    }

    #[test]
    fn augmentation_stays_within_its_bounds(seed in any::<u64>(), epoch in 0..200_usize, image in 0..60_000_u32, most in 0..=4_usize) {
        let config = RunConfig { seed, flip: true, shift: most, erase: 1.0, ..RunConfig::default() };
        let drawn = Augmentation::of(&config, epoch, image);
        let most = most as i32;
        prop_assert!((-most..=most).contains(&drawn.shift.0) && (-most..=most).contains(&drawn.shift.1));
        let erased = drawn.erased.expect("erasing is certain here");
        prop_assert!(erased.height >= 1 && erased.width >= 1);
        prop_assert!(erased.top + erased.height <= SIDE && erased.left + erased.width <= SIDE);
        // 2 % to 20 % of 784 pixels; whole pixels round each side by up to a half.
        let (height, width) = (erased.height as f64, erased.width as f64);
        prop_assert!((height + 0.5) * (width + 0.5) >= 0.02 * 784.0 && (height - 0.5) * (width - 0.5) <= 0.2 * 784.0);

        let mut pixels = [255; PIXELS];
        Augmentation { flip: false, shift: (0, 0), erased: drawn.erased }.apply(&mut pixels);
        let changed = pixels.iter().filter(|&&pixel| pixel != 255).count();
        prop_assert_eq!(changed, erased.height * erased.width);
        prop_assert!(pixels.iter().all(|&pixel| pixel == 255 || normalise(pixel).abs() < 0.01));
    }

    #[test]
    fn a_batch_does_not_depend_on_its_order_or_company(seed in any::<u64>(), epoch in 0..50_usize) {
        let config = RunConfig { seed, flip: true, shift: 3, erase: 0.5, ..RunConfig::default() };
        let images = noise(12);
        let fill = |indices: &[u32], epoch| {
            let mut out = vec![9; 3];
            gather_batch(&images, indices, Some((&config, epoch)), &mut out);
            out
        };
        let together = fill(&[3, 11, 0, 7, 3], epoch);
        prop_assert_eq!(together.len(), 5 * PIXELS);
        for (at, index) in [3, 11, 0, 7, 3].into_iter().enumerate() {
            prop_assert_eq!(&together[at * PIXELS..][..PIXELS], &fill(&[index], epoch)[..]);
        }
        prop_assert_ne!(together, fill(&[3, 11, 0, 7, 3], epoch + 1));
    }
}

#[test]
fn without_augmentation_a_batch_is_its_images() {
    let (images, config) = (noise(3), RunConfig::default());
    let expected: Vec<u8> = [2, 0].iter().flat_map(|&i| &images[i * PIXELS..][..PIXELS]).copied().collect();
    let mut out = Vec::new();
    gather_batch(&images, &[2, 0], None, &mut out);
    assert_eq!(out, expected);
    // The default config asks for no variation.
    gather_batch(&images, &[2, 0], Some((&config, 5)), &mut out);
    assert_eq!(out, expected);
    let normalised: Vec<f32> = expected.iter().map(|&p| normalise(p)).collect();
    assert_eq!(normalised_batch(&images, &[2, 0]), normalised);
}

#[test]
fn augmentation_uses_every_kind_about_as_often_as_it_says() {
    let config = RunConfig { flip: true, shift: 2, erase: 0.25, ..RunConfig::default() };
    let drawn: Vec<_> = (0..4000).map(|image| Augmentation::of(&config, 0, image)).collect();
    let share = |is: fn(&Augmentation) -> bool| drawn.iter().filter(|d| is(d)).count() as f64 / 4000.0;
    // Four standard deviations of a share of 4,000.
    assert!((share(|d| d.flip) - 0.5).abs() < 0.032);
    assert!((share(|d| d.erased.is_some()) - 0.25).abs() < 0.028);
    assert!((share(|d| d.shift.0 == -2) - 0.2).abs() < 0.026);
    assert!((share(|d| d.shift.1 == 2) - 0.2).abs() < 0.026);
    assert!((share(|d| d.erased.is_some_and(|e| e.height > e.width)) - 0.12).abs() < 0.03);
    // Switching one kind off leaves the others as they were.
    let plain = RunConfig { flip: false, erase: 0.0, ..config };
    assert!((0..100).all(|image| Augmentation::of(&plain, 0, image).shift == drawn[image as usize].shift));
}

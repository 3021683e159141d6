use super::*;
use proptest::prelude::*;

fn image() -> Vec<u8> {
    (0..784).map(|at| (at * 31 % 256) as u8).collect()
}

fn dot(row: usize, column: usize) -> Vec<u8> {
    let mut image = vec![0; 784];
    image[row * 28 + column] = 200;
    image
}

#[test]
fn no_change_changes_no_byte() {
    assert_eq!(Nudge::default().apply(&image()), image());
    // Numbers that are none change nothing either.
    let nudge = Nudge {
        shift: [f32::NAN, f32::INFINITY],
        turn: f32::NAN,
        scale: f32::NAN,
        noise: f32::NAN,
        ..Nudge::default()
    };
    assert_eq!(nudge.apply(&image()), image());
}

#[test]
fn a_whole_shift_moves_pixels_and_brings_black_in() {
    let moved = Nudge { shift: [3.0, -2.0], ..Nudge::default() }.apply(&image());
    for (at, &pixel) in moved.iter().enumerate() {
        let (row, column) = (at / 28, at % 28);
        let old = if row + 2 < 28 && column >= 3 { image()[(row + 2) * 28 + column - 3] } else { 0 };
        assert_eq!(pixel, old, "row {row} column {column}");
    }
}

#[test]
fn half_a_pixel_shares_a_dot() {
    let moved = Nudge { shift: [0.5, 0.0], ..Nudge::default() }.apply(&dot(10, 10));
    assert_eq!([moved[10 * 28 + 10], moved[10 * 28 + 11]], [100, 100]);
    assert_eq!(moved.iter().map(|&pixel| u32::from(pixel)).sum::<u32>(), 200);
}

#[test]
fn a_quarter_turn_is_clockwise_and_exact() {
    // Up in the middle comes to the right. Sine and cosine of 90 degrees are off by less than 1e-7, which no byte shows.
    let turned = Nudge { turn: 90.0, ..Nudge::default() }.apply(&dot(3, 13));
    assert_eq!(turned, dot(13, 24));
    let whole = Nudge { turn: 360.0, ..Nudge::default() }.apply(&dot(3, 13));
    assert_eq!(whole, dot(3, 13));
}

#[test]
fn scale_is_about_the_middle() {
    let mut block = vec![0; 784];
    for row in 10..18 {
        block[row * 28 + 10..][..8].fill(255);
    }
    let large = Nudge { scale: 2.0, ..Nudge::default() }.apply(&block);
    let lit = |image: &[u8]| image.iter().map(|&pixel| f64::from(pixel) / 255.0).sum::<f64>();
    // 8 x 8 becomes 16 x 16; bilinear sampling keeps the area of a block.
    assert!((lit(&large) - 256.0).abs() < 1.0, "{}", lit(&large));
    assert_eq!([large[13 * 28 + 7], large[13 * 28 + 4]], [255, 0]);
}

#[test]
fn noise_has_its_standard_deviation_and_follows_the_seed() {
    let flat = vec![128_u8; 784];
    let noisy = |seed| Nudge { noise: 20.0, seed, ..Nudge::default() }.apply(&flat);
    assert_eq!(noisy(1), noisy(1));
    assert_ne!(noisy(1), noisy(2));
    let differences: Vec<f64> = noisy(1).iter().map(|&pixel| f64::from(pixel) - 128.0).collect();
    let mean = differences.iter().sum::<f64>() / 784.0;
    let deviation = (differences.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 784.0).sqrt();
    // Four standard errors: 20 / sqrt(784) = 0.71 for the mean and 20 / sqrt(2 * 784) = 0.51 for the deviation.
    assert!(mean.abs() < 2.9 && (deviation - 20.0).abs() < 2.1, "{mean} {deviation}");
}

#[test]
fn erased_parts_are_black_after_the_move() {
    let rectangle = Erase::Rectangle { left: 2.0, top: 3.0, width: 4.0, height: 1.0 };
    let erased = Nudge { erase: vec![rectangle], shift: [1.0, 0.0], ..Nudge::default() }.apply(&[9; 784]);
    let black: Vec<usize> = (0..784).filter(|&at| erased[at] == 0 && at % 28 > 0).collect();
    assert_eq!(black, [3 * 28 + 2, 3 * 28 + 3, 3 * 28 + 4, 3 * 28 + 5]);
    let dab = Erase::Dab { x: 14.0, y: 14.0, radius: 1.0 };
    let dabbed = Nudge { erase: vec![dab], ..Nudge::default() }.apply(&[9; 784]);
    // The four pixels around the middle: their middles are 0.71 away.
    assert_eq!(dabbed.iter().filter(|&&pixel| pixel == 0).count(), 4);
}

#[test]
fn inverting_comes_last() {
    let erase = vec![Erase::Rectangle { left: 0.0, top: 0.0, width: 28.0, height: 28.0 }];
    assert_eq!(Nudge { erase, invert: true, ..Nudge::default() }.apply(&image()), [255; 784]);
    let twice = Nudge { invert: true, ..Nudge::default() };
    assert_eq!(twice.apply(&twice.apply(&image())), image());
}

proptest! {
    #[test]
    fn every_nudge_gives_784_bytes(
        pixels in prop::collection::vec(any::<u8>(), 0..900),
        shift in any::<[f32; 2]>(),
        turn in any::<f32>(),
        scale in any::<f32>(),
        noise in any::<f32>(),
        part in any::<[f32; 4]>(),
    ) {
        let [left, top, width, height] = part;
        let erase = vec![Erase::Rectangle { left, top, width, height }, Erase::Dab { x: left, y: top, radius: width }];
        let nudge = Nudge { shift, turn, scale, noise, erase, ..Nudge::default() };
        prop_assert_eq!(nudge.apply(&pixels).len(), 784);
    }
}

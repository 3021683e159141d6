use super::super::ground::{Backdrop, luma, over};
use super::super::place::{centre, garment, mirror, points_right, stretch};
use super::super::resample::{reduce, resize, sharpen};
use super::*;

#[test]
fn a_picture_is_checked() {
    assert_eq!(Picture::new(0, 3, Vec::new()), Err(PrepareError::Size { width: 0, height: 3 }));
    assert_eq!(Picture::new(4097, 1, vec![0; 4097 * 4]), Err(PrepareError::Size { width: 4097, height: 1 }));
    assert_eq!(Picture::new(2, 2, vec![0; 15]), Err(PrepareError::Length { found: 15, expected: 16 }));
    assert_eq!(Picture::new(2, 1, vec![1, 2, 3, 4, 5, 6, 7, 8]).map(|p| p.pixels()[1]), Ok([5, 6, 7, 8]));
}

#[test]
fn luma_is_that_of_bt_601() {
    assert_eq!([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3], [0; 3]].map(luma), [76, 150, 29, 255, 0]);
}

#[test]
fn a_pixel_lies_over_the_ground_by_its_alpha() {
    assert_eq!(over([10, 20, 30, 255], [200; 3]), [10, 20, 30]);
    assert_eq!(over([10, 20, 30, 0], [200; 3]), [200; 3]);
    // 128 / 255 of 0 and 127 / 255 of 255.
    assert_eq!(over([0, 0, 0, 128], [255; 3]), [127; 3]);
}

#[test]
fn the_ground_is_found_at_the_corners() {
    let found = |picture: &Picture, wanted| {
        let backdrop = Backdrop::find(picture, wanted);
        (backdrop.kind, backdrop.colour)
    };
    let on = |ground| found(&shirt([90, 90, 90, 255], ground, [20, 20]), Ground::Automatic);
    assert_eq!(on(WHITE), (FoundGround::Light, [255; 3]));
    assert_eq!(on([20, 30, 40, 255]), (FoundGround::Dark, [20, 30, 40]));
    assert_eq!(on(CLEAR), (FoundGround::Transparent, [255; 3]));
    // A garment that fills the picture but for its corners, as a briefcase with round corners does.
    let full = picture(64, 64, |row, column| {
        let near = |at: usize| at.min(63 - at);
        if near(row) + near(column) < 5 { WHITE } else { [60, 40, 20, 255] }
    });
    assert_eq!(found(&full, Ground::Automatic).0, FoundGround::Light);
    // A set ground is not questioned.
    assert_eq!(found(&shirt(WHITE, BLACK, [20, 20]), Ground::Light).0, FoundGround::Light);
}

/// A T on a wall that a light on the left makes brighter there, with noise of `noise` levels up and down.
fn on_a_wall(noise: u8) -> Picture {
    picture(80, 80, |row, column| {
        let wall = 240 - column as u8 / 2;
        let dot = if (row * 7 + column * 13) % 5 < 2 { noise } else { 0 };
        if is_shirt(row, column, [20, 20]) { [40, 50, 60, 255] } else { [wall - dot, wall - dot, wall - dot, 255] }
    })
}

#[test]
fn an_uneven_and_noisy_ground_is_removed_whole() {
    for noise in [0, 30] {
        let picture = on_a_wall(noise);
        let colours: Vec<[u8; 3]> = picture.pixels().iter().map(|&[red, green, blue, _]| [red, green, blue]).collect();
        let backdrop = Backdrop::find(&picture, Ground::Automatic);
        let shirt: Vec<bool> = (0..6400).map(|at| is_shirt(at / 80, at % 80, [20, 20])).collect();
        let covered = |removal| backdrop.covers(&colours, 80, removal);
        assert!(
            covered(GroundRemoval::Automatic).iter().zip(&shirt).all(|(covered, shirt)| covered != shirt),
            "{noise}"
        );
        // One colour for the whole ground is not enough.
        assert!(covered(GroundRemoval::Within(0.05)).iter().zip(&shirt).any(|(covered, shirt)| covered == shirt));
        assert!(!covered(GroundRemoval::Off).contains(&true));
    }
}

#[test]
fn a_covered_corner_does_not_count_as_ground() {
    let corner = picture(64, 64, |row, column| if row < 40 && column < 40 { BLACK } else { WHITE });
    let colours: Vec<[u8; 3]> = corner.pixels().iter().map(|&[red, green, blue, _]| [red, green, blue]).collect();
    let covered = Backdrop::find(&corner, Ground::Automatic).covers(&colours, 64, GroundRemoval::Automatic);
    assert!(covered.iter().zip(&colours).all(|(&covered, &colour)| covered == (colour == [255; 3])));
}

#[test]
fn area_average_of_blocks_is_their_mean() {
    let four = grey(4, &[0, 100, 10, 10, 100, 0, 10, 10, 8, 8, 200, 0, 8, 8, 0, 0]);
    assert_eq!(resize(&four, 2, Resampling::AreaAverage), grey(2, &[50, 10, 8, 50]));
    assert_eq!(resize(&four, 2, Resampling::Subsample), grey(2, &[0, 10, 8, 0]));
    // Two thirds of 0 and a third of 90; then a third of 90 and two thirds of 255: 200.
    assert_eq!(resize(&grey(3, &[0, 90, 255]), 2, Resampling::AreaAverage), grey(2, &[30, 200]));
}

#[test]
fn sizes_keep_their_proportion_and_never_vanish() {
    let size = |width: usize, height: usize| {
        let small = resize(&GreyPicture::black(width, height), 28, Resampling::AreaAverage);
        [small.width, small.height]
    };
    assert_eq!([size(56, 28), size(100, 100), size(1, 1), size(300, 1)], [[28, 14], [28, 28], [28, 28], [28, 1]]);
}

#[test]
fn a_thin_strap_survives_the_area_average_only() {
    // One lit column of 96, where leaving pixels out misses it.
    let strap: Vec<u8> = (0..96 * 96).map(|at| if at % 96 == 40 { 255 } else { 0 }).collect();
    let lit = |resampling| resize(&grey(96, &strap), 28, resampling).pixels.iter().any(|&pixel| pixel > 0);
    assert!(lit(Resampling::AreaAverage));
    assert!(!lit(Resampling::Subsample));
}

#[test]
fn a_large_picture_is_reduced_with_colours_weighted_by_alpha() {
    assert_eq!(reduce(&picture(512, 3, |_, _| WHITE)), None);
    // Red and clear green by turns: the green does not show, half of the alpha stays.
    let stripes = picture(1024, 2, |_, column| if column % 2 == 0 { [255, 0, 0, 255] } else { [0, 255, 0, 0] });
    let (width, height, rgba) = reduce(&stripes).expect("it is larger than 512");
    assert_eq!((width, height), (512, 1));
    assert!(rgba.as_chunks().0.iter().all(|&pixel| pixel == [255, 0, 0, 128]));
}

#[test]
fn sharpening_follows_its_weights_and_leaves_flat_parts() {
    assert_eq!(sharpen(&grey(3, &[7; 9])), grey(3, &[7; 9]));
    let dot = sharpen(&grey(3, &[0, 0, 0, 0, 100, 0, 0, 0, 0]));
    // 2 (1 + 4 e^-0.5 + 4 e^-1) / (2 (1 + 4 e^-0.5 + 4 e^-1) - 4 e^-0.5 - 4 e^-1) = 1.661
    assert_eq!((dot.at(1, 1), dot.at(0, 1)), (166, 0));
    // An edge gets more contrast: the weights on the dark side's neighbours sum to (e^-0.5 + 2 e^-1) / 5.898 = 0.2276 for 100 levels.
    let edge = sharpen(&grey(4, &[100, 100, 200, 200].repeat(3)));
    assert_eq!(&edge.pixels[4..8], &[100, 77, 223, 200]);
}

#[test]
fn the_garments_box_leaves_single_dots_out() {
    let mut image = GreyPicture::black(200, 200);
    for row in 50..60 {
        image.pixels[row * 200 + 70..][..30].fill(9);
    }
    image.pixels[3] = 255;
    assert_eq!(garment(&image), Some((50..60, 70..100)));
    assert_eq!(garment(&GreyPicture::black(5, 5)), None);
    // In a small picture one pixel is a garment.
    assert_eq!(garment(&grey(2, &[0, 0, 0, 1])), Some((1..2, 1..2)));
}

#[test]
fn stretching_makes_the_brightest_white_and_leaves_black() {
    assert_eq!(stretch(&grey(4, &[0, 10, 25, 50])), grey(4, &[0, 51, 128, 255]));
    assert_eq!(stretch(&GreyPicture::black(2, 2)), GreyPicture::black(2, 2));
    // One bright pixel of fifty does not decide.
    let mut image = vec![100; 49];
    image.push(200);
    assert!(stretch(&grey(50, &image)).pixels.iter().all(|&pixel| pixel == 255));
}

#[test]
fn what_stands_taller_on_the_left_points_right() {
    // A boot that points to the right: its shaft is on the left.
    let boot = grey(6, &[9, 9, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9]);
    assert!(points_right(&boot));
    assert!(!points_right(&mirror(&boot)));
    assert!(!points_right(&grey(3, &[5, 5, 5])));
    assert_eq!(mirror(&grey(3, &[1, 2, 3, 4, 5, 6])), grey(3, &[3, 2, 1, 6, 5, 4]));
}

#[test]
fn the_middle_is_that_of_the_box_or_of_the_mass() {
    // 4 x 2 pixels whose mass lies in the first column.
    let weights = grey(4, &[200, 0, 0, 0, 200, 0, 0, 0]);
    let first = |centring| centre(&weights, centring).pixels.iter().position(|&pixel| pixel == 200);
    assert_eq!(first(Centring::Box), Some(13 * 28 + 12));
    // Column 0 comes to 13.5, rounded to 14.
    assert_eq!(first(Centring::Mass), Some(13 * 28 + 14));
    // It stays inside: a picture that fills the square does not move.
    let full = grey(28, &(0..784).map(|at| if at < 28 { 255 } else { 1 }).collect::<Vec<u8>>());
    assert_eq!(centre(&full, Centring::Mass), full);
}

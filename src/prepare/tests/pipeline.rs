use super::*;
use proptest::prelude::*;

fn ready(picture: &Picture, settings: Preparation) -> Prepared {
    prepare(picture, &settings).expect("the settings are possible")
}

fn default(picture: &Picture) -> Prepared {
    ready(picture, Preparation::default())
}

#[test]
fn every_step_has_its_picture_in_order() {
    let prepared = default(&shirt([30, 60, 90, 255], WHITE, [10, 20]));
    let kinds: Vec<StepKind> = prepared.steps.iter().map(|step| step.kind).collect();
    let expected = [
        StepKind::Grey,
        StepKind::Invert,
        StepKind::RemoveGround,
        StepKind::Crop,
        StepKind::Resize,
        StepKind::Sharpen,
        StepKind::Stretch,
        StepKind::Centre,
    ];
    assert_eq!(kinds, expected);
    for step in &prepared.steps {
        assert_eq!(step.picture.pixels.len(), step.picture.width * step.picture.height, "{:?}", step.kind);
    }
    let size = |at: usize| [prepared.steps[at].picture.width, prepared.steps[at].picture.height];
    assert_eq!([size(2), size(3), size(4), size(7)], [[80, 80], [40, 40], [28, 28], [28, 28]]);
    assert_eq!(prepared.steps[7].picture.pixels, prepared.pixels);
    assert_eq!((prepared.ground, prepared.inverted, prepared.empty), (FoundGround::Light, true, false));
}

#[test]
fn a_step_that_is_off_is_left_out() {
    let prepared = ready(&shirt(BLACK, WHITE, [10, 20]), Preparation::plain());
    let kinds: Vec<StepKind> = prepared.steps.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [StepKind::Grey, StepKind::Resize, StepKind::Centre]);
    // The ground is still white.
    assert_eq!(prepared.pixels[0], 255);
}

#[test]
fn a_shifted_garment_gives_the_same_bytes() {
    let first = default(&shirt([30, 60, 90, 255], WHITE, [1, 1])).pixels;
    for place in [[20, 20], [39, 2], [7, 38]] {
        assert_eq!(default(&shirt([30, 60, 90, 255], WHITE, place)).pixels, first, "{place:?}");
    }
}

#[test]
fn light_on_dark_and_dark_on_light_give_the_same_bytes() {
    let dark_on_light = default(&shirt(BLACK, WHITE, [20, 20]));
    let light_on_dark = default(&shirt(WHITE, BLACK, [20, 20]));
    let transparent = default(&shirt(BLACK, CLEAR, [20, 20]));
    assert_eq!(dark_on_light.pixels, light_on_dark.pixels);
    assert_eq!(dark_on_light.pixels, transparent.pixels);
    assert_eq!((light_on_dark.ground, light_on_dark.inverted), (FoundGround::Dark, false));
    // It is a light T on black: lit in the first row and in the middle of the last, black at its left.
    let pixels = &dark_on_light.pixels;
    assert_eq!([pixels[0], pixels[27 * 28 + 14], pixels[27 * 28 + 1]], [255, 255, 0]);
}

#[test]
fn a_scaled_garment_gives_nearly_the_same_bytes() {
    let double = picture(160, 160, |row, column| if is_shirt(row / 2, column / 2, [20, 20]) { BLACK } else { WHITE });
    // Exactly the same areas are averaged.
    assert_eq!(default(&double).pixels, default(&shirt(BLACK, WHITE, [20, 20])).pixels);
}

#[test]
fn a_shoe_that_points_right_is_mirrored() {
    let shoe = |mirrored: bool| {
        picture(60, 40, |row, column| {
            let column = if mirrored { 59 - column } else { column };
            if (column < 20 && row < 30 || (20..30).contains(&row)) && (5..55).contains(&column) {
                BLACK
            } else {
                WHITE
            }
        })
    };
    let (right, left) = (default(&shoe(false)), default(&shoe(true)));
    assert_eq!((right.mirrored, left.mirrored), (true, false));
    assert_eq!(right.pixels, left.pixels);
    let never = Preparation { mirror: Mirroring::Never, ..Preparation::default() };
    assert_ne!(ready(&shoe(false), never).pixels, left.pixels);
}

#[test]
fn yellow_on_white_is_brighter_by_its_distance_than_by_its_luma() {
    let yellow = shirt([255, 240, 120, 255], WHITE, [20, 20]);
    let brightest = |grey| {
        let settings = Preparation { grey, stretch: false, sharpen: false, ..Preparation::default() };
        ready(&yellow, settings).pixels.into_iter().max()
    };
    assert_eq!(brightest(GreyFrom::Distance), Some(135));
    // 255 - (0.299 * 255 + 0.587 * 240 + 0.114 * 120) = 24.2
    assert_eq!(brightest(GreyFrom::Luma), Some(24));
}

#[test]
fn colours_near_the_ground_become_black() {
    // 12 levels of each colour are 4.7 % of the distance from black to white; 14 levels are 5.5 %.
    let shade = |levels: u8| {
        let near = shirt([255 - levels, 255 - levels, 255 - levels, 255], WHITE, [20, 20]);
        default(&near).empty
    };
    assert_eq!([shade(12), shade(14)], [true, false]);
}

#[test]
fn a_smaller_longer_side_leaves_a_margin() {
    let settings = Preparation { longer_side: 20, ..Preparation::default() };
    let pixels = ready(&shirt(BLACK, WHITE, [20, 20]), settings).pixels;
    assert!(pixels[..4 * 28].iter().all(|&pixel| pixel == 0));
    assert!(pixels[4 * 28..5 * 28].iter().any(|&pixel| pixel > 0));
}

#[test]
fn impossible_settings_are_refused() {
    let refused = |settings: Preparation| prepare(&shirt(BLACK, WHITE, [20, 20]), &settings).is_err();
    assert!(refused(Preparation { longer_side: 0, ..Preparation::default() }));
    assert!(refused(Preparation { longer_side: 29, ..Preparation::default() }));
    assert!(refused(Preparation { remove_ground: GroundRemoval::Within(f32::NAN), ..Preparation::default() }));
    assert!(refused(Preparation { remove_ground: GroundRemoval::Within(1.1), ..Preparation::default() }));
}

#[test]
fn a_picture_without_a_garment_says_so() {
    for pixel in [WHITE, BLACK, CLEAR, [90, 10, 200, 255], [255, 255, 255, 0]] {
        for side in [1, 7, 40] {
            let prepared = default(&picture(side, side, |_, _| pixel));
            assert!(prepared.empty, "{pixel:?} {side}");
            assert_eq!(prepared.pixels, [0; 784], "{pixel:?} {side}");
        }
    }
}

#[test]
fn the_largest_picture_is_prepared() {
    let prepared = default(&picture(
        4096,
        4096,
        |row, column| {
            if is_shirt(row / 50, column / 50, [20, 20]) { BLACK } else { WHITE }
        },
    ));
    assert_eq!((prepared.steps[0].picture.width, prepared.empty), (512, false));
    assert_eq!(prepared.pixels.iter().max(), Some(&255));
}

fn settings() -> impl Strategy<Value = Preparation> {
    let grey = prop_oneof![Just(GreyFrom::Luma), Just(GreyFrom::Mean), Just(GreyFrom::Distance)];
    let ground =
        prop_oneof![Just(Ground::Automatic), Just(Ground::Light), Just(Ground::Dark), Just(Ground::Transparent)];
    let inversion = prop_oneof![Just(Inversion::Automatic), Just(Inversion::Always), Just(Inversion::Never)];
    let resampling = prop_oneof![Just(Resampling::AreaAverage), Just(Resampling::Subsample)];
    let centring = prop_oneof![Just(Centring::Box), Just(Centring::Mass)];
    let mirror = prop_oneof![Just(Mirroring::Automatic), Just(Mirroring::Always), Just(Mirroring::Never)];
    let removal = prop_oneof![
        Just(GroundRemoval::Automatic),
        Just(GroundRemoval::Off),
        (0.0_f32..=1.0).prop_map(GroundRemoval::Within)
    ];
    let choices = (grey, ground, inversion, resampling, centring, mirror);
    (choices, removal, any::<[bool; 3]>(), 1..=28_usize).prop_map(
        |((grey, ground, inversion, resampling, centring, mirror), remove_ground, switches, longer_side)| {
            let [crop, sharpen, stretch] = switches;
            Preparation {
                grey,
                ground,
                inversion,
                remove_ground,
                crop,
                longer_side,
                resampling,
                sharpen,
                stretch,
                centring,
                mirror,
            }
        },
    )
}

proptest! {
    #[test]
    fn every_picture_with_every_setting_gives_784_bytes(
        (width, height, rgba) in (1..40_usize, 1..40_usize)
            .prop_flat_map(|(w, h)| (Just(w), Just(h), prop::collection::vec(any::<u8>(), w * h * 4))),
        settings in settings(),
    ) {
        let picture = Picture::new(width, height, rgba).expect("the bytes fit the size");
        let prepared = prepare(&picture, &settings).expect("the settings are possible");
        prop_assert_eq!(prepared.pixels.len(), 784);
        for step in &prepared.steps {
            prop_assert_eq!(step.picture.pixels.len(), step.picture.width * step.picture.height);
        }
    }

    #[test]
    fn a_long_thin_picture_is_prepared(long in 1..4096_usize, down in any::<bool>()) {
        let [width, height] = if down { [1, long] } else { [long, 1] };
        let line = picture(width, height, |row, column| if (row + column) % 3 == 0 { BLACK } else { WHITE });
        prop_assert_eq!(default(&line).pixels.len(), 784);
    }
}

//! The decisions of the view Try it, with the networks and garments that ship.

use super::given::{fit, no_camera, refusal};
use super::nudges::Sliders;
use super::*;
use crate::classify::effect::{Effect, Msg};
use crate::classify::images::{ImageName, SHIPPED};
use crate::classify::state::{State, View};
use crate::classify::update;
use crate::fashion_mnist::{ImageSet, PIXELS};
use crate::prepare::{Picture, Preparation, StepKind, Verdict, verdict};
use crate::protocol::classifier::{FromClassifier, ToClassifier};
use std::rc::Rc;

fn ready() -> State {
    let mut state = State::new(View::TryIt, true, false);
    for name in SHIPPED {
        let path = format!("{}/public/models/{name}", env!("CARGO_MANIFEST_DIR"));
        update(&mut state, Msg::Shipped(name, Ok(std::fs::read(path).unwrap())));
    }
    state
}

fn hear(state: &mut State, message: Try) -> Vec<Effect> {
    update(state, Msg::Try(message))
}

fn stroke(points: &[[f32; 2]]) -> Try {
    Try::Stroke { begins: true, points: points.to_vec() }
}

/// The outline of a T-shirt.
const SHIRT: [[f32; 2]; 13] = [
    [0.35, 0.12],
    [0.1, 0.3],
    [0.2, 0.45],
    [0.3, 0.38],
    [0.3, 0.9],
    [0.7, 0.9],
    [0.7, 0.38],
    [0.8, 0.45],
    [0.9, 0.3],
    [0.65, 0.12],
    [0.5, 0.18],
    [0.36, 0.12],
    [0.35, 0.12],
];

/// A dark T on white.
fn photo() -> Rc<Picture> {
    let dark =
        |row: usize, column: usize| (row < 60 && row > 20 && column > 10) || (row > 20 && (40..80).contains(&column));
    let pixel = |at: usize| if dark(at / 120, at % 120) { [40, 40, 90, 255] } else { [250, 250, 250, 255] };
    Rc::new(Picture::new(120, 120, (0..120 * 120).flat_map(pixel).collect()).unwrap())
}

#[test]
fn a_drawing_is_answered_while_it_grows_and_its_outline_is_filled() {
    let mut state = ready();
    assert_eq!((state.try_it.seen.is_none(), state.try_it.answers.len()), (true, 0));
    hear(&mut state, stroke(&SHIRT[..4]));
    let first = state.try_it.answers.clone();
    assert_eq!(first.len(), 2);
    hear(&mut state, Try::Stroke { begins: false, points: SHIRT[4..].to_vec() });
    assert_eq!(state.try_it.drawing.strokes.len(), 1, "it is the same stroke");
    assert_ne!(first, state.try_it.answers);
    let seen = state.try_it.seen.clone().unwrap();
    assert!(seen.pixels[14 * 28 + 14] > 100, "the middle of the outline is filled");
    assert_eq!((seen.hex.len(), &seen.hex[..2]), (2 * PIXELS, "00"));
    hear(&mut state, Try::Fill(false));
    assert_eq!(state.try_it.seen.as_ref().unwrap().pixels[14 * 28 + 14], 0);
    hear(&mut state, Try::Fill(true));
    assert_eq!(state.try_it.seen, Some(seen));
}

#[test]
fn undo_takes_strokes_away_and_brings_back_what_was_cleared() {
    let mut state = ready();
    hear(&mut state, stroke(&SHIRT));
    hear(&mut state, stroke(&[[0.5, 0.5]]));
    let two = state.try_it.drawing.clone();
    hear(&mut state, Try::Clear);
    assert_eq!((state.try_it.drawing.strokes.len(), state.try_it.answers.len()), (0, 0));
    hear(&mut state, Try::Clear);
    hear(&mut state, Try::Undo);
    assert_eq!(state.try_it.drawing, two, "clearing twice loses nothing");
    hear(&mut state, Try::Undo);
    hear(&mut state, Try::Undo);
    assert!(!state.try_it.can_undo());
    // The pointer is still down when the stroke is undone.
    hear(&mut state, stroke(&[[0.5, 0.5]]));
    hear(&mut state, Try::Undo);
    hear(&mut state, Try::Stroke { begins: false, points: vec![[0.6, 0.6]] });
    assert!(state.try_it.drawing.strokes.is_empty());
}

#[test]
fn strange_numbers_of_a_pointer_change_nothing() {
    let mut state = ready();
    hear(&mut state, stroke(&SHIRT));
    let before = state.try_it.drawing.clone();
    hear(&mut state, Try::Stroke { begins: false, points: vec![[f32::NAN, 0.5]] });
    hear(&mut state, stroke(&[[f32::INFINITY, 0.5]]));
    hear(&mut state, stroke(&[]));
    hear(&mut state, Try::Brush(f32::NAN));
    hear(&mut state, Try::Nudge(NudgeKind::Turn, f32::NAN));
    assert_eq!(state.try_it.drawing, before);
    assert_eq!(state.try_it.sliders, Sliders::default());
}

#[test]
fn a_file_is_prepared_and_answered_and_one_that_comes_late_is_dropped() {
    let mut state = ready();
    let loading = |ticket| Try::Loading { ticket, name: format!("{ticket}.png") };
    hear(&mut state, loading(1));
    assert_eq!(state.try_it.from, PictureFrom::File);
    hear(&mut state, loading(2));
    hear(&mut state, Try::Loaded { ticket: 1, picture: Ok(photo()) });
    assert!(state.try_it.file.is_none() && state.try_it.loading.is_some(), "another one is read already");
    hear(&mut state, Try::Loaded { ticket: 2, picture: Ok(photo()) });
    assert_eq!(state.try_it.file.as_ref().unwrap().name, "2.png");
    assert_eq!(state.try_it.answers.len(), 2);
    let seen = state.try_it.seen.as_ref().unwrap();
    assert!(seen.prepared.as_ref().unwrap().inverted);
    assert!(seen.steps.iter().any(|step| step.kind == StepKind::Crop && step.size == [109, 99]));
    hear(&mut state, loading(3));
    hear(&mut state, Try::From(PictureFrom::Draw));
    hear(&mut state, Try::Loaded { ticket: 3, picture: Err("damaged".to_owned()) });
    assert!(state.try_it.refused.is_none(), "nobody waits for it any more");
    hear(&mut state, loading(4));
    hear(&mut state, Try::Loaded { ticket: 4, picture: Err("damaged".to_owned()) });
    assert_eq!(state.try_it.refused.as_deref(), Some("damaged"));
    assert!(state.try_it.file.is_some(), "the picture before stays");
}

#[test]
fn a_camera_that_starts_after_somebody_has_gone_elsewhere_stays_off() {
    let mut state = ready();
    hear(&mut state, Try::From(PictureFrom::Camera));
    hear(&mut state, Try::Camera(Camera::Asked));
    hear(&mut state, Try::From(PictureFrom::Draw));
    hear(&mut state, Try::Camera(Camera::On));
    hear(&mut state, Try::Taken(photo()));
    assert_eq!((state.try_it.camera.clone(), state.try_it.photo.is_none()), (Camera::Off, true));
    hear(&mut state, Try::From(PictureFrom::Camera));
    hear(&mut state, Try::Camera(Camera::On));
    hear(&mut state, Try::Taken(photo()));
    assert_eq!((state.try_it.camera.clone(), state.try_it.answers.len()), (Camera::Off, 2));
}

#[test]
fn presets_are_recognised_and_drawings_keep_settings_of_their_own() {
    let mut state = ready();
    assert_eq!(state.try_it.preset(), Some(Preset::Automatic));
    hear(&mut state, Try::Preset(Preset::Authors));
    assert_eq!(*state.try_it.settings(), Preparation::authors());
    hear(&mut state, Try::From(PictureFrom::File));
    assert_eq!(state.try_it.preset(), Some(Preset::Automatic), "the settings for drawings are others");
    hear(&mut state, Try::Set(Preparation { longer_side: 20, ..Preparation::default() }));
    assert_eq!(state.try_it.preset(), None);
    hear(&mut state, Try::Set(Preparation { longer_side: 99, ..Preparation::default() }));
    assert_eq!(state.try_it.settings().longer_side, 20, "what is not possible is not taken");
    hear(&mut state, Try::From(PictureFrom::Draw));
    assert_eq!(state.try_it.preset(), Some(Preset::Authors));
}

#[test]
fn a_network_changes_its_mind_at_a_slider_and_returns() {
    let mut state = ready();
    hear(&mut state, Try::From(PictureFrom::Test));
    assert_eq!(state.try_it.minds.len(), 2);
    let before: Vec<usize> = state.try_it.minds.iter().map(|mind| mind.before).collect();
    let mut changed = false;
    for turn in (0..=180).step_by(5) {
        hear(&mut state, Try::Nudge(NudgeKind::Turn, turn as f32));
        for mind in &state.try_it.minds {
            assert_eq!(mind.since.is_some(), mind.now != mind.before);
            changed |= mind.since == Some((NudgeKind::Turn, turn as f32));
        }
    }
    assert!(changed, "no network minds a whole half turn");
    hear(&mut state, Try::Reset);
    assert!(state.try_it.minds.iter().all(|mind| mind.since.is_none() && mind.now == mind.before));
    assert_eq!(before, state.try_it.minds.iter().map(|mind| mind.before).collect::<Vec<_>>());
    hear(&mut state, Try::Erase([14.0, 14.0]));
    assert_eq!(state.try_it.seen.as_ref().unwrap().pixels[14 * 28 + 14], 0);
}

#[test]
fn a_test_image_is_asked_for_and_nudged_when_it_comes() {
    let mut state = ready();
    let asked = hear(&mut state, Try::Test(ImageName::Test(7)));
    assert_eq!(asked, [Effect::Tell(FromClassifier::Want(ImageSet::Test, vec![7]))]);
    assert!(state.try_it.seen.is_none() && state.try_it.answers.is_empty());
    hear(&mut state, Try::Nudge(NudgeKind::Invert, 1.0));
    let images = ToClassifier::Images { set: ImageSet::Test, indices: vec![7], labels: vec![3] };
    update(&mut state, Msg::Page(images, vec![9; PIXELS]));
    assert!(state.try_it.seen.as_ref().unwrap().pixels.iter().all(|pixel| *pixel == 246));
    assert_eq!((state.try_it.answers.len(), state.try_it.minds.len()), (2, 2));
}

#[test]
fn what_is_seen_is_looked_at_inside() {
    let mut state = ready();
    assert!(hear(&mut state, Try::Inside).is_empty(), "there is nothing to look at");
    hear(&mut state, stroke(&SHIRT));
    let pixels = state.try_it.seen.as_ref().unwrap().pixels.clone();
    let asked = hear(&mut state, Try::Inside);
    assert_eq!(asked, [Effect::Tell(FromClassifier::Show("inside".to_owned()))]);
    assert_eq!(state.looked_at, Some(ImageName::Own));
    let image = state.image(ImageName::Own).unwrap();
    assert_eq!((image.pixels, image.label), (pixels, None));
    hear(&mut state, Try::Test(ImageName::Garment(3)));
    hear(&mut state, Try::Inside);
    assert_eq!(state.looked_at, Some(ImageName::Garment(3)), "it is that garment, with its class");
    state.in_page = false;
    hear(&mut state, Try::Nudge(NudgeKind::Right, 3.0));
    hear(&mut state, Try::Inside);
    assert_eq!((state.looked_at, state.view), (Some(ImageName::Own), View::Inside));
    update(&mut state, Msg::Next(1));
    assert_eq!(state.looked_at, Some(ImageName::Garment(0)));
}

#[test]
fn nothing_is_answered_to_an_empty_picture_and_a_garment_is_sure() {
    let mut state = ready();
    let white = Rc::new(Picture::new(4, 4, vec![255; 64]).unwrap());
    hear(&mut state, Try::Loading { ticket: 1, name: "white.png".to_owned() });
    hear(&mut state, Try::Loaded { ticket: 1, picture: Ok(white) });
    assert!(state.try_it.seen.as_ref().unwrap().is_empty() && state.try_it.answers.is_empty());
    let sure = (0..20).filter(|&place| {
        hear(&mut state, Try::Test(ImageName::Garment(place)));
        let lists: Vec<&[f32]> = state.try_it.answers.iter().map(|answer| &*answer.probabilities).collect();
        matches!(verdict(&lists), Verdict::Sure { .. })
    });
    // The networks know these garments; some are hard.
    assert!(sure.count() >= 5);
}

#[test]
fn a_hidden_view_computes_nothing() {
    let mut state = ready();
    state.view = View::Alone;
    hear(&mut state, stroke(&SHIRT));
    assert!(state.try_it.seen.is_none());
    let show = ToClassifier::Show { view: "try".to_owned(), dark: false };
    update(&mut state, Msg::Page(show, Vec::new()));
    assert!(state.try_it.seen.is_some());
}

#[test]
fn files_and_cameras_that_cannot_be_used_say_why() {
    assert!(refusal("a.png", "image/png", 1e6).is_none());
    assert!(refusal("a", "", 1e6).is_none(), "some pictures have no media type");
    assert!(refusal("a.pdf", "application/pdf", 1e6).unwrap().contains("no picture"));
    assert!(refusal("a.png", "image/png", 0.0).unwrap().contains("empty"));
    assert!(refusal("a.png", "image/png", 1e9).unwrap().contains("too large"));
    assert!(no_camera("", false, false).contains("https"));
    assert!(no_camera("NotAllowedError", true, true).contains("allow=\"camera\""));
    assert!(no_camera("NotAllowedError", true, false).contains("refused"));
    assert!(no_camera("NotFoundError", true, false).contains("no camera"));
    assert_eq!((fit(0, 5), fit(300, 200), fit(4000, 3000)), (None, Some((300, 200)), Some((1024, 768))));
    assert_eq!(fit(100_000, 1), Some((1024, 1)));
}

#[test]
fn small_pictures_keep_colours_under_opacity() {
    let pixels = [[200, 100, 0, 255], [0, 0, 0, 0], [200, 100, 0, 255], [9, 9, 9, 0]].concat();
    let shown = Shown::of(&Picture::new(2, 2, pixels).unwrap(), 1);
    assert_eq!((shown.width, &*shown.rgba), (1, &[200, 100, 0, 127][..]));
    let long = Picture::new(5, 1, [[7, 7, 7, 255]; 5].concat()).unwrap();
    assert_eq!(Shown::of(&long, 2).rgba.len(), 4);
}

use super::*;
use proptest::prelude::*;

fn stroke(points: &[[f32; 2]], width: f32, shade: u8) -> Stroke {
    Stroke { points: points.to_vec(), width, shade }
}

fn drawn(strokes: impl IntoIterator<Item = Stroke>) -> Drawing {
    let mut drawing = Drawing::default();
    assert!(strokes.into_iter().all(|stroke| drawing.add(stroke)));
    drawing
}

/// The outline of a square from 0.2 to 0.8.
fn square() -> Stroke {
    stroke(&[[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.2, 0.2]], 0.05, 255)
}

#[test]
fn a_line_covers_its_width() {
    // 10 x 10 pixels; a line of 2 pixels along y = 5 from x = 2 to 8.
    let picture = drawn([stroke(&[[0.2, 0.5], [0.8, 0.5]], 0.2, 255)]).grey(10).expect("the side is possible");
    assert_eq!([picture.at(4, 5), picture.at(5, 5), picture.at(3, 5), picture.at(6, 5)], [255, 255, 0, 0]);
    // Across half a pixel its edge is smooth: a line of 1 pixel at y = 5 covers half of the rows 4 and 5.
    let thin = drawn([stroke(&[[0.2, 0.5], [0.8, 0.5]], 0.1, 255)]).grey(10).expect("the side is possible");
    assert_eq!([thin.at(4, 5), thin.at(5, 5), thin.at(3, 5)], [128, 128, 0]);
}

#[test]
fn a_dot_is_as_large_as_the_brush() {
    let dot = drawn([stroke(&[[0.5, 0.5]], 0.5, 200)]).grey(40).expect("the side is possible");
    let area: f32 = dot.pixels.iter().map(|&pixel| f32::from(pixel) / 200.0).sum();
    // A circle of radius 10. Smooth edges are right to about 1 %.
    assert!((area - std::f32::consts::PI * 100.0).abs() < 4.0, "{area}");
}

#[test]
fn rubbing_out_and_undo_take_away() {
    let mut drawing = drawn([square(), stroke(&[[0.0, 0.0], [1.0, 1.0]], 3.0, 0)]);
    assert_eq!(drawing.grey(20).map(|picture| picture.pixels.iter().all(|&pixel| pixel == 0)), Ok(true));
    assert_eq!(drawing.undo().map(|stroke| stroke.shade), Some(0));
    assert_eq!(drawing, drawn([square()]));
    assert!(!drawing.is_empty());
    drawing.undo();
    assert!(drawing.is_empty());
    assert_eq!(drawing.undo(), None);
}

#[test]
fn a_closed_outline_is_filled_and_an_open_one_is_not() {
    let middle = |points: &[[f32; 2]]| {
        let filled = Drawing { fill: Some(90), ..drawn([stroke(points, 0.05, 255)]) };
        filled.grey(100).map(|picture| [picture.at(50, 50), picture.at(5, 5)])
    };
    assert_eq!(middle(&square().points), Ok([90, 0]));
    assert_eq!(middle(&square().points[..4]), Ok([0, 0]));
}

#[test]
fn a_drawing_is_prepared_without_inversion() {
    let filled = Drawing { fill: Some(255), ..drawn([square()]) };
    let picture = filled.picture(140).expect("the side is possible");
    let prepared = prepare(&picture, &Preparation::drawing()).expect("the settings are possible");
    assert!(!prepared.inverted);
    // The square fills the image; its corners are round.
    assert_eq!([prepared.pixels[14 * 28 + 14], prepared.pixels[14 * 28 + 1], prepared.pixels[28 + 14]], [255; 3]);
}

#[test]
fn impossible_strokes_and_sides_are_refused() {
    let mut drawing = Drawing::default();
    assert!(!drawing.add(stroke(&[], 0.1, 255)));
    assert!(!drawing.add(stroke(&[[f32::NAN, 0.0]], 0.1, 255)));
    assert!(!drawing.add(stroke(&[[0.0, 0.0]], f32::INFINITY, 255)));
    assert!(!drawing.add(stroke(&vec![[0.5, 0.5]; MAX_POINTS + 1], 0.1, 255)));
    assert!(drawing.strokes.is_empty());
    assert_eq!(drawing.grey(0), Err(PrepareError::Size { width: 0, height: 0 }));
    assert_eq!(drawing.grey(5000), Err(PrepareError::Size { width: 5000, height: 5000 }));
}

proptest! {
    #[test]
    fn every_drawing_gives_its_pixels(
        points in prop::collection::vec(any::<[f32; 2]>(), 0..6),
        near in prop::collection::vec([-0.5_f32..1.5, -0.5_f32..1.5], 1..6),
        width in any::<f32>(),
        side in 1..40_usize,
        fill in any::<Option<u8>>(),
    ) {
        // Also strokes that `add` would refuse, because the fields are public.
        let strokes = vec![stroke(&points, width, 255), stroke(&near, 0.1, 99)];
        let picture = Drawing { strokes, fill }.grey(side).expect("the side is possible");
        prop_assert_eq!(picture.pixels.len(), side * side);
    }
}

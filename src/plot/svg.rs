//! A plot as the text of an SVG, to be saved. Leaves out: where it is saved.

use super::{Picture, Theme};
use plotters::backend::SVGBackend;

/// The picture on the theme's ground, `[width, height]` in CSS pixels.
pub fn svg(picture: &Picture, [width, height]: [u32; 2], theme: Theme) -> String {
    let mut ground = Picture::default();
    ground.rect([0.0; 2], [f64::from(width), f64::from(height)], theme.surface());
    ground.marks.extend_from_slice(&picture.marks);
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, (width, height));
        let _ = ground.paint(&mut backend, 1.0); // Writing to a text cannot fail.
    }
    text
}

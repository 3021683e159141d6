//! Ten probabilities as bars, the true class and the answer marked by their names.

use super::{Anchor, Colour, Picture, Theme};
use crate::config::NetworkKind;
use crate::cost::CLASSES;
use crate::data::CLASS_NAMES;

/// Size of the names, in CSS pixels.
const SIZE: f64 = 11.0;

/// Draws the ten probabilities of one image, a row a class; the true class is named in full ink, the others stay behind.
pub fn bars(probabilities: &[f32], truth: usize, network: NetworkKind, [width, height]: [f64; 2], theme: Theme) -> Picture {
    let mut picture = Picture::default();
    let row = height / CLASSES as f64;
    let (left, right) = (72.0, (width - 34.0).max(90.0));
    for (class, &p) in probabilities.iter().enumerate().take(CLASSES) {
        let p = if p.is_finite() { f64::from(p.clamp(0.0, 1.0)) } else { 0.0 };
        let (top, middle) = (row * class as f64 + row * 0.18, row * (class as f64 + 0.5));
        let ink = if class == truth { theme.text() } else { theme.muted() };
        picture.text(CLASS_NAMES[class], [left - 6.0, middle], SIZE, ink, Anchor::End);
        if class == truth {
            picture.bold();
        }
        picture.rect([left, top], [right, top + row * 0.64], theme.diagonal());
        if p >= 0.005 {
            let colour = Colour { 3: if class == truth { 1.0 } else { 0.6 }, ..theme.network(network) };
            picture.rect([left, top], [left + (right - left) * p, top + row * 0.64], colour);
            picture.text(format!("{:.0} %", p * 100.0), [right + 4.0, middle], SIZE, ink, Anchor::Start);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Mark;

    #[test]
    fn bars_are_as_long_as_their_share_and_name_every_class() {
        let probabilities = [0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.298, 0.002, f32::NAN, 0.0];
        let theme = Theme { dark: false };
        let picture = bars(&probabilities, 6, NetworkKind::Cnn, [200.0, 150.0], theme);
        let texts: Vec<&str> =
            picture.marks.iter().filter_map(|m| if let Mark::Text { text, .. } = m { Some(text.as_str()) } else { None }).collect();
        for word in ["Sandal", "70 %", "30 %"] {
            assert!(texts.contains(&word), "{word}");
        }
        assert_eq!(texts.len(), CLASSES + 2, "what rounds to nothing has no number");
        let longest = picture.marks.iter().find_map(|m| match m {
            Mark::Rect { from, to, colour } if colour.2 == theme.network(NetworkKind::Cnn).2 => Some(to[0] - from[0]),
            _ => None,
        });
        assert!((longest.unwrap() - 0.7 * (166.0 - 72.0)).abs() < 1e-3);
    }
}

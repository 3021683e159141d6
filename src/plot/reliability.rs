//! The reliability diagram: a network's accuracy by its confidence. On the diagonal both are equal. Leaves out: how they are counted
//! (`evaluate::calibration`).

use super::axis::SMALL;
use super::{Anchor, Axes, Axis, Labels, Picture, Theme};
use crate::config::NetworkKind;
use crate::evaluate::Calibration;

/// Bins with fewer images are too uncertain and are left out.
const FEWEST: u32 = 10;

/// The networks that are drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reliability {
    /// Each with its calibration.
    pub networks: Vec<(NetworkKind, Calibration)>,
}

impl Reliability {
    /// The axes in a picture of this size.
    pub fn axes(width: f64, height: f64) -> Axes {
        let axis = Axis::exact(0.0, 1.0, if width < 300.0 { 4 } else { 5 }, Labels::Percent);
        Axes {
            left: 46.0,
            top: 26.0,
            right: (width - 20.0).max(66.0),
            bottom: (height - 40.0).max(46.0),
            x: axis,
            y: axis,
        }
    }

    /// The bin at a confidence.
    pub fn bin_at(&self, confidence: f64) -> Option<usize> {
        let bins = self.networks.first()?.1.bins.len();
        Some(((confidence * bins as f64) as usize).min(bins.checked_sub(1)?))
    }
}

/// Draws the diagram; `hover` is the bin under the pointer.
pub fn reliability(plot: &Reliability, [width, height]: [f64; 2], hover: Option<usize>, theme: Theme) -> Picture {
    let axes = Reliability::axes(width, height);
    let mut picture = Picture::default();
    axes.draw(&mut picture, theme, "Confidence in the prediction", "Share that is correct");
    let diagonal = [[0.0, 0.0], [1.0, 1.0]].map(|p| axes.place(p));
    picture.dashed(diagonal, theme.muted(), 1.0, 4.0);
    let hint = axes.place([0.03, 0.94]);
    picture.text("below the diagonal: over-confident", hint, SMALL, theme.muted(), Anchor::Start);
    for (kind, calibration) in &plot.networks {
        let colour = theme.network(*kind);
        let full = calibration.bins.iter().enumerate().filter(|(_, bin)| bin.count >= FEWEST);
        let place = |bin: &crate::evaluate::CalibrationBin| axes.place([bin.confidence, bin.accuracy]);
        picture.line(full.clone().map(|(_, bin)| place(bin)), colour, 1.5);
        for (i, bin) in full {
            picture.disc(place(bin), if hover == Some(i) { 6.0 } else { 3.5 }, colour);
        }
    }
    picture
}

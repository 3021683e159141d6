//! The confusion matrix: one row for each true class, one column for each predicted class. Colour shows the share of a true class that
//! was taken for another. Correct predictions have numbers but no colour, because the diagonal would hide the errors. Leaves out:
//! counting (`evaluate`).

use super::axis::SMALL;
use super::{Anchor, Colour, Picture, Theme};
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use crate::run::report::ConfusionCounts;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix<'a> {
    /// Images, `[true class][predicted class]`.
    pub counts: &'a ConfusionCounts,
    /// Whether the cells show shares of their row instead of counts.
    pub shares: bool,
    /// The share of a row that has the strongest colour, so that two matrices can have one scale: see [`largest_error`].
    pub ceiling: f64,
    /// The cell under the pointer.
    pub hover: Option<[usize; 2]>,
}

/// The largest share of a true class that was taken for one other class.
pub fn largest_error(counts: &ConfusionCounts) -> f64 {
    let errors = (0..CLASSES).flat_map(|t| (0..CLASSES).filter(move |p| *p != t).map(move |p| share(counts, t, p)));
    errors.fold(0.0, f64::max)
}

/// A cell's share of its row; 0 of an empty row.
fn share(counts: &ConfusionCounts, truth: usize, predicted: usize) -> f64 {
    let all: u32 = counts[truth].iter().sum();
    f64::from(counts[truth][predicted]) / f64::from(all.max(1))
}

/// Where the cells are, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatrixLayout {
    /// Left edge of the cells.
    pub left: f64,
    /// Top edge of the cells.
    pub top: f64,
    /// Side of a cell.
    pub cell: f64,
}

impl MatrixLayout {
    /// Above and left of the cells are the classes' names; below is the scale.
    const NAMES: f64 = 74.0;
    const TITLE: f64 = 16.0;
    const SCALE: f64 = 34.0;

    /// The largest matrix that fits.
    pub fn new(width: f64, height: f64) -> Self {
        let beside = Self::NAMES + Self::TITLE;
        let side = (width - beside - 2.0).min(height - beside - Self::SCALE);
        // Whole pixels, so that all cells are alike.
        Self { left: beside, top: beside, cell: (side / CLASSES as f64).floor().max(4.0) }
    }

    /// The height that a matrix of this width takes.
    pub fn height(width: f64) -> f64 {
        let layout = Self::new(width, f64::INFINITY);
        layout.top + layout.cell * CLASSES as f64 + Self::SCALE
    }

    /// The `[true class, predicted class]` at a point.
    pub fn cell_at(&self, x: f64, y: f64) -> Option<[usize; 2]> {
        let index = |offset: f64| {
            let index = (offset / self.cell).floor();
            (0.0..CLASSES as f64).contains(&index).then_some(index as usize)
        };
        Some([index(y - self.top)?, index(x - self.left)?])
    }

    fn corner(&self, truth: usize, predicted: usize) -> [f64; 2] {
        [self.left + predicted as f64 * self.cell, self.top + truth as f64 * self.cell]
    }
}

/// Draws the matrix.
pub fn confusion(matrix: &Matrix, layout: MatrixLayout, theme: Theme) -> Picture {
    let mut picture = Picture::default();
    names(&mut picture, matrix.hover, layout, theme);
    // Numbers are drawn only where they fit into the cell.
    let size = (layout.cell * 0.36).min(12.0);
    for truth in 0..CLASSES {
        for predicted in 0..CLASSES {
            let count = matrix.counts[truth][predicted];
            let share = share(matrix.counts, truth, predicted);
            let strength = if matrix.ceiling > 0.0 { share / matrix.ceiling } else { 0.0 };
            let (fill, ink) = if truth == predicted {
                (theme.diagonal(), theme.text())
            } else {
                (theme.sequential(strength), theme.on_sequential(strength))
            };
            let [x, y] = layout.corner(truth, predicted);
            picture.rect([x, y], [x + layout.cell - 1.0, y + layout.cell - 1.0], fill);
            if count > 0 && size >= 8.0 {
                let middle = [x + layout.cell / 2.0, y + layout.cell / 2.0];
                picture.text(written(count, share, matrix.shares), middle, size, ink, Anchor::Middle);
                if truth == predicted {
                    picture.bold();
                }
            }
        }
    }
    if let Some([truth, predicted]) = matrix.hover {
        let [x, y] = layout.corner(truth, predicted);
        let (to, ink) = ([x + layout.cell - 1.0, y + layout.cell - 1.0], theme.text());
        picture.line([[x, y], [to[0], y], to, [x, to[1]], [x, y - 1.0]], ink, 2.0);
    }
    scale(&mut picture, matrix.ceiling, layout, theme);
    picture
}

/// A cell's number; the unit of shares stands with the scale.
fn written(count: u32, share: f64, shares: bool) -> String {
    match (shares, 100.0 * share) {
        (false, _) => count.to_string(),
        (true, percent) if percent >= 99.95 => "100".to_owned(),
        (true, percent) => format!("{percent:.1}"),
    }
}

fn names(picture: &mut Picture, hover: Option<[usize; 2]>, layout: MatrixLayout, theme: Theme) {
    let side = layout.cell * CLASSES as f64;
    for (class, name) in CLASS_NAMES.iter().enumerate() {
        let middle = (class as f64 + 0.5) * layout.cell;
        let ink = |on: bool| if on { theme.text() } else { theme.muted() };
        let hovered = |axis: usize| hover.is_some_and(|cell| cell[axis] == class);
        picture.text(*name, [layout.left - 6.0, layout.top + middle], SMALL, ink(hovered(0)), Anchor::End);
        picture.text(*name, [layout.left + middle, layout.top - 6.0], SMALL, ink(hovered(1)), Anchor::Start);
        picture.upright();
    }
    picture.text("Predicted class", [layout.left + side / 2.0, 7.0], SMALL, theme.text(), Anchor::Middle);
    picture.text("True class", [7.0, layout.top + side / 2.0], SMALL, theme.text(), Anchor::Middle);
    picture.upright();
}

fn scale(picture: &mut Picture, ceiling: f64, layout: MatrixLayout, theme: Theme) {
    const STEPS: usize = 24;
    const WIDTH: f64 = 3.0;
    const WORDS: &str = "Share of a true class";
    let y = layout.top + layout.cell * CLASSES as f64 + 19.0;
    let mut x = layout.left + layout.cell * CLASSES as f64;
    // From right to left, because there is room on the left beside the names.
    let text = |picture: &mut Picture, text: &str, x: &mut f64| {
        picture.text(text, [*x, y], SMALL, theme.muted(), Anchor::End);
        *x -= Picture::text_width(text, SMALL) + 4.0;
    };
    text(picture, &format!("{:.0} %", (100.0 * ceiling).ceil()), &mut x);
    for step in (0..STEPS).rev() {
        let colour: Colour = theme.sequential((step as f64 + 0.5) / STEPS as f64);
        picture.rect([x - WIDTH, y - 5.0], [x, y + 5.0], colour);
        x -= WIDTH;
    }
    x -= 4.0;
    text(picture, "0 %", &mut x);
    x -= 6.0;
    text(picture, WORDS, &mut x);
}

//! Rows of dots on one axis, with intervals where they are known: two accuracies, or the F1 of each class for both networks. Leaves
//! out: how the values are computed (`evaluate`).

use super::axis::SMALL;
use super::{Anchor, Axis, Colour, Labels, Picture, Theme};
use crate::config::NetworkKind;

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// The network that it belongs to.
    pub network: NetworkKind,
    /// A share, 0 to 1.
    pub value: f64,
    /// Its 95 % interval, where it is known.
    pub interval: Option<[f64; 2]>,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct DotRow {
    /// What it is.
    pub name: String,
    /// Its values. A network whose value is undefined has none.
    pub dots: Vec<Dot>,
}

/// The rows, from top to bottom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dots {
    /// Each.
    pub rows: Vec<DotRow>,
    /// What the axis is.
    pub title: String,
}

/// Where the rows are, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DotsLayout {
    /// Left edge of the axis.
    pub left: f64,
    /// Right edge of the axis.
    pub right: f64,
    /// Top edge of the first row.
    pub top: f64,
    /// Height of a row.
    pub row: f64,
    /// Number of rows.
    pub rows: usize,
    /// The axis.
    pub axis: Axis,
}

impl Dots {
    const TOP: f64 = 4.0;
    const BELOW: f64 = 40.0;

    /// The layout in a picture of this size.
    pub fn layout(&self, width: f64, height: f64) -> DotsLayout {
        let dots = self.rows.iter().flat_map(|row| &row.dots);
        let ends = dots.flat_map(|dot| dot.interval.unwrap_or([dot.value; 2])).filter(|v| v.is_finite());
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let names = self.rows.iter().map(|row| Picture::text_width(&row.name, 12.0)).fold(20.0, f64::max);
        let (left, right) = (names + 10.0, width - 18.0);
        let ticks = ((right - left) / 64.0).clamp(2.0, 8.0) as usize;
        let axis = if low.is_finite() {
            // A little room around the values, so that equal values have a range too.
            Axis::round((low - 0.002).max(0.0), (high + 0.002).min(1.0), ticks, Labels::Percent)
        } else {
            Axis::round(0.0, 1.0, ticks, Labels::Percent)
        };
        let rows = self.rows.len();
        let row = (height - Self::TOP - Self::BELOW) / rows.max(1) as f64;
        DotsLayout { left, right: right.max(left + 20.0), top: Self::TOP, row: row.max(4.0), rows, axis }
    }
}

impl DotsLayout {
    /// The row at a point.
    pub fn row_at(&self, y: f64) -> Option<usize> {
        let row = ((y - self.top) / self.row).floor();
        (0.0..self.rows as f64).contains(&row).then_some(row as usize)
    }

    fn x(&self, value: f64) -> f64 {
        self.left + self.axis.share(value) * (self.right - self.left)
    }
}

/// Draws the rows.
pub fn dots(plot: &Dots, [width, height]: [f64; 2], hover: Option<usize>, theme: Theme) -> Picture {
    let layout = plot.layout(width, height);
    let mut picture = Picture::default();
    let bottom = layout.top + layout.row * layout.rows as f64;
    for tick in layout.axis.ticks() {
        let x = layout.x(tick).round();
        picture.rect([x, layout.top], [x + 1.0, bottom], theme.grid());
        picture.text(layout.axis.label(tick), [x, bottom + 12.0], SMALL, theme.muted(), Anchor::Middle);
    }
    picture.text(
        plot.title.as_str(),
        [(layout.left + layout.right) / 2.0, bottom + 29.0],
        SMALL,
        theme.muted(),
        Anchor::Middle,
    );
    for (i, row) in plot.rows.iter().enumerate() {
        let y = layout.top + (i as f64 + 0.5) * layout.row;
        let ink = if hover == Some(i) { theme.text() } else { theme.muted() };
        picture.text(row.name.as_str(), [layout.left - 10.0, y], 12.0, ink, Anchor::End);
        if let [a, b] = row.dots[..] {
            picture.line([[layout.x(a.value), y], [layout.x(b.value), y]], theme.muted(), 1.0);
        }
        for dot in &row.dots {
            let colour = theme.network(dot.network);
            if let Some([low, high]) = dot.interval {
                let band = (layout.row * 0.14).clamp(3.0, 6.0);
                picture.rect([layout.x(low), y - band], [layout.x(high), y + band], Colour { 3: 0.22, ..colour });
            }
            let at = [layout.x(dot.value), y];
            picture.disc(at, if hover == Some(i) { 6.0 } else { 5.0 }, colour);
        }
    }
    picture
}

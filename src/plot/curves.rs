//! Curves over epochs or seconds: the loss of each step, or loss and accuracy of each epoch, of both networks in one frame.

use super::axis::SMALL;
use super::{Anchor, Axes, Axis, Colour, Labels, Picture, Theme};
use crate::config::NetworkKind;
use crate::order::ascending;

/// The font size with which the room for the texts at the curves' ends is computed: they have 12 pixels, and bold type is wider.
const END: f64 = 13.0;

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// The curve that matters most.
    Solid,
    /// A curve to compare it with.
    Dashed,
    /// A curve of an earlier run, for comparison.
    Past,
    /// A curve in the background. It does not extend the axis; what lies outside the frame is cut off.
    Faint,
    /// The same, where the points are the outline of an area.
    Band,
}

impl Stroke {
    fn is_behind(self) -> bool {
        matches!(self, Stroke::Faint | Stroke::Band)
    }
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The network that it belongs to.
    pub network: NetworkKind,
    /// How it is drawn.
    pub stroke: Stroke,
    /// From left to right, in the axes' units. A point that is not finite is left out.
    pub points: Vec<[f64; 2]>,
    /// Written at its last point, in the network's colour.
    pub end: Option<String>,
    /// A point of it that has a ring: the epoch whose weights are scored.
    pub mark: Option<[f64; 2]>,
    /// The run whose colour it has, by its place among the colours; `None`: the colour of its network.
    pub run: Option<usize>,
}

impl Curve {
    fn colour(&self, theme: Theme) -> Colour {
        self.run.map_or_else(|| theme.network(self.network), |run| theme.run(run))
    }
}

/// A place on the x axis where something was done, such as a change of the learning rate: a line from top to bottom with a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The network that it concerns; `None`: the whole run.
    pub network: Option<NetworkKind>,
    /// Where it is, in the unit of the x axis.
    pub x: f64,
    /// What it says: `rate ×3`.
    pub label: String,
}

/// What kind of values a frame's y axis has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Shares of 1: the axis ends at 1 at the latest.
    Shares,
    /// The axis begins at 0.
    FromZero,
    /// Ratios matter: the axis is logarithmic.
    Ratios,
}

/// A frame with curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// The curves, the first lowest.
    pub curves: Vec<Curve>,
    /// What the x axis is, with its unit.
    pub x_title: String,
    /// The end of the x axis, which begins at 0.
    pub x_max: f64,
    /// The least distance of two ticks of x: 1 for epochs, which are whole.
    pub x_least: f64,
    /// What the y axis is, with its unit.
    pub y_title: String,
    /// What kind of values y has.
    pub values: Values,
    /// What solid and dashed (or faint) mean. The ring is added where a curve has one.
    pub legend: Option<[(Stroke, &'static str); 2]>,
    /// Changes of the learning rate, and what else is marked along the x axis.
    pub changes: Vec<Change>,
    /// The text where there is nothing to draw yet.
    pub empty: &'static str,
}

impl Curves {
    /// The axes in a picture of this size.
    pub fn axes(&self, width: f64, height: f64) -> Axes {
        let values = self.curves.iter().filter(|c| !c.stroke.is_behind()).flat_map(|c| &c.points);
        let values = values.filter(|p| p[0].is_finite() && p[1].is_finite()).map(|p| p[1]);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let ticks = ((height - 66.0) / 32.0).clamp(2.0, 6.0) as usize;
        let y = match (self.values, low.is_finite()) {
            // A little room around the values, so that one value alone has a range too.
            (Values::Shares, true) => {
                Axis::round((low - 0.005).max(0.0), (high + 0.005).min(1.0), ticks, Labels::Percent)
            }
            (Values::Shares, false) => Axis::round(0.0, 1.0, ticks, Labels::Percent),
            (Values::FromZero, _) => Axis::round(0.0, high, ticks, Labels::Plain),
            (Values::Ratios, _) => Axis::log(low, high),
        };
        // Room for the widest label of each side.
        let left =
            y.ticks().into_iter().map(|tick| Picture::text_width(&y.label(tick), SMALL)).fold(18.0, f64::max) + 10.0;
        let ends = self.curves.iter().filter_map(|c| c.end.as_deref());
        let right = ends.map(|end| Picture::text_width(end, END) + 14.0).fold(14.0, f64::max);
        let x_ticks = ((width - left - right) / 56.0).clamp(2.0, 10.0) as usize;
        let x = Axis::exact(0.0, self.x_max, x_ticks, Labels::Plain);
        let x = Axis { step: x.step.max(self.x_least), ..x };
        Axes { left, top: 26.0, right: (width - right).max(left + 20.0), bottom: (height - 40.0).max(46.0), x, y }
    }
}

/// Draws the curves; `hover` is the x of a pointer, at which each curve's nearest point is marked.
pub fn curves(plot: &Curves, [width, height]: [f64; 2], hover: Option<f64>, theme: Theme) -> Picture {
    let axes = plot.axes(width, height);
    let mut picture = Picture::default();
    axes.draw(&mut picture, theme, &plot.x_title, &plot.y_title);
    if plot.curves.iter().all(|c| c.points.is_empty()) {
        let middle = [(axes.left + axes.right) / 2.0, (axes.top + axes.bottom) / 2.0];
        picture.text(plot.empty, middle, 12.0, theme.muted(), Anchor::Middle);
        return picture;
    }
    if let Some(legend) = plot.legend {
        let ring = plot.curves.iter().any(|c| c.mark.is_some());
        let room = width - Picture::text_width(&plot.y_title, SMALL) - 14.0;
        draw_legend(&mut picture, legend, ring, width, room, theme);
    }
    if let Some(x) = hover {
        let x = axes.place([x, axes.y.min])[0].round();
        picture.rect([x, axes.top], [x + 1.0, axes.bottom], theme.muted());
    }
    for (i, change) in plot.changes.iter().enumerate() {
        let (x, colour) = (
            axes.place([change.x, axes.y.min])[0].round(),
            change.network.map_or_else(|| theme.text(), |network| theme.network(network)),
        );
        picture.dashed([[x, axes.top], [x, axes.bottom]], colour, 1.0, 3.0);
        // Texts of changes that follow each other stand below each other.
        picture.text(&change.label, [x + 4.0, axes.top + 6.0 + 12.0 * (i % 4) as f64], SMALL, colour, Anchor::Start);
    }
    for curve in &plot.curves {
        draw(&mut picture, curve, &axes, curve.colour(theme));
    }
    if let Some(x) = hover {
        for curve in plot.curves.iter().filter(|c| !c.stroke.is_behind()) {
            let near = curve.points.iter().filter(|p| p[0].is_finite() && p[1].is_finite());
            if let Some(near) = near.min_by(|a, b| (a[0] - x).abs().total_cmp(&(b[0] - x).abs())) {
                let at = axes.place_inside(*near);
                picture.disc(at, 5.0, theme.surface());
                picture.disc(at, 4.0, curve.colour(theme));
            }
        }
    }
    for curve in &plot.curves {
        if let Some(mark) = curve.mark.filter(|p| p[0].is_finite() && p[1].is_finite()) {
            ring(&mut picture, axes.place_inside(mark), theme.network(curve.network), theme);
        }
    }
    draw_ends(&mut picture, plot, &axes, theme);
    picture
}

fn draw(picture: &mut Picture, curve: &Curve, axes: &Axes, colour: Colour) {
    let points = || curve.points.iter().map(|p| axes.place_inside(*p));
    match curve.stroke {
        Stroke::Solid => picture.line(points(), colour, 2.0),
        Stroke::Dashed => picture.dashed(points(), colour, 1.5, 5.0),
        // Both networks of a run have its colour, so that one of them is dotted.
        Stroke::Past if curve.network == NetworkKind::Ann => picture.dashed(points(), colour, 1.5, 2.0),
        Stroke::Past => picture.line(points(), colour, 1.5),
        Stroke::Faint => picture.line(points(), Colour { 3: 0.3, ..colour }, 1.0),
        Stroke::Band => picture.area(points(), Colour { 3: 0.22, ..colour }),
    }
    // Few points are drawn as discs too; a single one would not be visible as a line.
    let few = curve.points.len() <= 30;
    if curve.stroke == Stroke::Solid && few || curve.stroke == Stroke::Dashed && curve.points.len() == 1 {
        points().for_each(|point| picture.disc(point, 2.5, colour));
    }
}

/// A ring around a point.
fn ring(picture: &mut Picture, at: [f64; 2], colour: Colour, theme: Theme) {
    picture.disc(at, 6.5, colour);
    picture.disc(at, 4.5, theme.surface());
    picture.disc(at, 2.5, colour);
}

/// Writes each curve's end beside it; texts that would overlap are moved apart.
fn draw_ends(picture: &mut Picture, plot: &Curves, axes: &Axes, theme: Theme) {
    const LINE: f64 = 15.0;
    let ends: Vec<_> = plot
        .curves
        .iter()
        .filter_map(|curve| {
            let last = curve.points.iter().rev().find(|p| p[0].is_finite() && p[1].is_finite())?;
            let [x, y] = axes.place_inside(*last);
            Some((x, y, curve.end.as_deref()?, curve.network))
        })
        .collect();
    let heights: Vec<f64> = ends.iter().map(|end| end.1).collect();
    let mut ends: Vec<_> = ascending(&heights).into_iter().map(|place| ends[place]).collect();
    // Texts that are far enough apart along x cannot overlap.
    for i in 1..ends.len() {
        let (above, end) = (ends[i - 1], ends[i]);
        let apart = (above.0 - end.0).abs() > Picture::text_width(above.2.max(end.2), END) + 8.0;
        if !apart && end.1 - above.1 < LINE {
            let middle = ((above.1 + end.1) / 2.0).min(axes.bottom - LINE / 2.0);
            ends[i - 1].1 = middle - LINE / 2.0;
            ends[i].1 = middle + LINE / 2.0;
        }
    }
    for (x, y, end, network) in ends {
        let at = [x + 9.0, y];
        // A curve of the other network may pass behind the text.
        let width = Picture::text_width(end, END);
        picture.rect([at[0] - 2.0, y - 7.0], [at[0] + width, y + 7.0], Colour { 3: 0.75, ..theme.surface() });
        picture.text(end, at, 12.0, theme.network(network), Anchor::Start);
        picture.bold();
    }
}

/// The legend ends at the right edge. Where there is no room for all of it, the ring is left out, which a sentence explains too.
fn draw_legend(
    picture: &mut Picture,
    legend: [(Stroke, &'static str); 2],
    with_ring: bool,
    width: f64,
    room: f64,
    theme: Theme,
) {
    const RING: &str = "scored";
    let mut x = width - 4.0;
    let colour = theme.muted();
    let strokes: f64 = legend.iter().map(|(_, name)| Picture::text_width(name, SMALL) + 36.0).sum();
    if with_ring && strokes + Picture::text_width(RING, SMALL) + 26.0 <= room {
        picture.text(RING, [x, 9.0], SMALL, colour, Anchor::End);
        x -= Picture::text_width(RING, SMALL) + 10.0;
        ring(picture, [x, 9.0], colour, theme);
        x -= 16.0;
    }
    for (stroke, name) in legend.into_iter().rev() {
        picture.text(name, [x, 9.0], SMALL, colour, Anchor::End);
        x -= Picture::text_width(name, SMALL) + 4.0;
        let points = [[x - 20.0, 9.0], [x, 9.0]];
        match stroke {
            Stroke::Solid => picture.line(points, colour, 2.0),
            Stroke::Dashed => picture.dashed(points, colour, 1.5, 5.0),
            Stroke::Faint | Stroke::Band | Stroke::Past => picture.line(points, Colour { 3: 0.3, ..colour }, 5.0),
        }
        x -= 32.0;
    }
}

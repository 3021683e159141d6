//! Plots as functions of plain data: learning curves, confusion matrix, dots with intervals, reliability diagram.
//!
//! A plot is built as a [`Picture`], a list of marks in CSS pixels, and [`Picture::paint`] draws it onto any plotters backend: the
//! page's canvas, or an SVG in a native test. Each plot has a layout that depends on its size and its data alone; it also maps a
//! pointer back to data. Leaves out: yew, canvases, and the tables that stand beside a plot (`app`).

mod across;
mod axis;
mod confusion;
mod curves;
mod dots;
mod learning;
mod picture;
mod reliability;
#[cfg(feature = "svg")]
mod svg;
mod theme;
mod trace;

pub use across::{Across, Unit};
pub use axis::{Axes, Axis, Labels};
pub use confusion::{Matrix, MatrixLayout, confusion, largest_error};
pub use curves::{Change, Curve, Curves, Stroke, Values, curves};
pub use dots::{Dot, DotRow, Dots, DotsLayout, dots};
pub use learning::{
    Learning, Quantity, across, behind, epoch_curves, factor_text, mark_epoch, scored_epochs, spoken, step_curves,
    stops,
};
pub use picture::{Anchor, Mark, Picture};
pub use reliability::{Reliability, reliability};
#[cfg(feature = "svg")]
pub use svg::svg;
pub use theme::{Colour, Theme};
pub use trace::{Steps, Trace};

#[cfg(test)]
mod tests;

//! Plots as functions of plain data: curves, confusion matrix, dots with intervals, reliability diagram.
//!
//! A plot is built as a [`Picture`], a list of marks in CSS pixels, and [`Picture::paint`] puts it onto any plotters backend: the
//! page's canvas, an SVG in a native test. Each plot has a layout that is a function of its size alone, which also maps a pointer
//! back to data. Leaves out: yew, canvases, and what a person reads beside a plot (the page's panels say it in words).

mod axis;
mod confusion;
mod curves;
mod dots;
mod picture;
mod reliability;
mod theme;
mod trace;

pub use axis::{Axes, Axis, Labels};
pub use confusion::{Matrix, MatrixLayout, confusion, largest_error};
pub use curves::{Curve, Curves, Stroke, Values, curves};
pub use dots::{Dot, DotRow, Dots, DotsLayout, dots};
pub use picture::{Anchor, Mark, Picture};
pub use reliability::{Reliability, reliability};
pub use theme::{Colour, Theme};
pub use trace::{Steps, Trace};

#[cfg(test)]
mod tests;

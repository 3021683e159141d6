//! A plot as a list of marks in CSS pixels, and the one generic function that draws it onto a plotters backend.
//!
//! Plotters' own charts are not used: they measure labels in the page, which forces a layout, and they are compiled once for every
//! backend. Leaves out: which plots there are.

use super::Colour;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::{Color, DrawingBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, ShapeStyle, TextStyle};

/// The fonts of all text, as CSS names them.
const FONT: &str = "system-ui, sans-serif";

/// Which point of a text lies at its position. Vertically it is always the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its first character.
    Start,
    /// Its middle.
    Middle,
    /// Its last character.
    End,
}

/// Something that is drawn. Points are `[x, y]` in CSS pixels from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line through points.
    Line {
        /// At least two.
        points: Vec<[f64; 2]>,
        /// Its colour.
        colour: Colour,
        /// In pixels.
        width: f64,
    },
    /// A filled polygon.
    Area {
        /// Its corners.
        points: Vec<[f64; 2]>,
        /// Its colour.
        colour: Colour,
    },
    /// A filled rectangle.
    Rect {
        /// Left and top.
        from: [f64; 2],
        /// Right and bottom.
        to: [f64; 2],
        /// Its colour.
        colour: Colour,
    },
    /// A filled disc.
    Disc {
        /// Its middle.
        centre: [f64; 2],
        /// In pixels.
        radius: f64,
        /// Its colour.
        colour: Colour,
    },
    /// One line of text.
    Text {
        /// What it says.
        text: String,
        /// Where its anchor lies.
        at: [f64; 2],
        /// Height of the font in pixels.
        size: f64,
        /// Its colour.
        colour: Colour,
        /// Which point of it lies there.
        anchor: Anchor,
        /// In bold type.
        bold: bool,
        /// Reads from below to above.
        upright: bool,
    },
}

/// Marks, the first one lowest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picture {
    /// The marks.
    pub marks: Vec<Mark>,
}

impl Picture {
    /// Adds a line. Points that are not finite are left out; fewer than two points add nothing.
    pub fn line(&mut self, points: impl IntoIterator<Item = [f64; 2]>, colour: Colour, width: f64) {
        let points: Vec<_> = points.into_iter().filter(|p| p.iter().all(|v| v.is_finite())).collect();
        if points.len() > 1 {
            self.marks.push(Mark::Line { points, colour, width });
        }
    }

    /// Adds a dashed line: `dash` pixels of line, then a gap that is shorter by the line's width, so that both look equally long.
    pub fn dashed(&mut self, points: impl IntoIterator<Item = [f64; 2]>, colour: Colour, width: f64, dash: f64) {
        let mut points = points.into_iter().filter(|p| p.iter().all(|v| v.is_finite()));
        let Some(mut from) = points.next() else { return };
        let mut piece = vec![from];
        let (mut drawn, mut left) = (true, dash);
        for to in points {
            loop {
                let length = (to[0] - from[0]).hypot(to[1] - from[1]);
                if length <= left {
                    left -= length;
                    from = to;
                    if drawn {
                        piece.push(to);
                    }
                    break;
                }
                let share = left / length;
                from = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
                if drawn {
                    piece.push(from);
                    self.line(std::mem::take(&mut piece), colour, width);
                    left = (dash - width).max(1.0);
                } else {
                    piece = vec![from];
                    left = dash;
                }
                drawn = !drawn;
            }
        }
        self.line(piece, colour, width);
    }

    /// Adds a filled polygon. Points that are not finite are left out.
    pub fn area(&mut self, points: impl IntoIterator<Item = [f64; 2]>, colour: Colour) {
        let points: Vec<_> = points.into_iter().filter(|p| p.iter().all(|v| v.is_finite())).collect();
        if points.len() > 2 {
            self.marks.push(Mark::Area { points, colour });
        }
    }

    /// Adds a filled rectangle.
    pub fn rect(&mut self, from: [f64; 2], to: [f64; 2], colour: Colour) {
        self.marks.push(Mark::Rect { from, to, colour });
    }

    /// Adds a disc, unless its middle is not finite.
    pub fn disc(&mut self, centre: [f64; 2], radius: f64, colour: Colour) {
        if centre.iter().all(|v| v.is_finite()) {
            self.marks.push(Mark::Disc { centre, radius, colour });
        }
    }

    /// Adds a line of text.
    pub fn text(&mut self, text: impl Into<String>, at: [f64; 2], size: f64, colour: Colour, anchor: Anchor) {
        self.marks.push(Mark::Text { text: text.into(), at, size, colour, anchor, bold: false, upright: false });
    }

    /// Makes the text that was added last bold.
    pub fn bold(&mut self) {
        if let Some(Mark::Text { bold, .. }) = self.marks.last_mut() {
            *bold = true;
        }
    }

    /// Makes the text that was added last read upwards.
    pub fn upright(&mut self) {
        if let Some(Mark::Text { upright, .. }) = self.marks.last_mut() {
            *upright = true;
        }
    }

    /// About how wide a text will be, in CSS pixels. It is a little too wide for most fonts, so that the reserved room is enough; only
    /// the backend knows the real width.
    pub fn text_width(text: &str, size: f64) -> f64 {
        let width = |c: char| match c {
            'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ' ' | '/' => 0.36,
            'm' | 'w' | 'M' | 'W' | '%' => 0.96,
            'A'..='Z' => 0.70,
            _ => 0.63,
        };
        text.chars().map(width).sum::<f64>() * size
    }

    /// Draws the marks onto a backend that has `scale` pixels for one CSS pixel. They go to the backend itself and not through a drawing
    /// area, which would cut them off at the size that the backend reports.
    ///
    /// # Errors
    /// The error of the backend.
    pub fn paint<DB: DrawingBackend>(
        &self,
        backend: &mut DB,
        scale: f64,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        let to_pixel = |p: &[f64; 2]| ((p[0] * scale).round() as i32, (p[1] * scale).round() as i32);
        backend.ensure_prepared().map_err(DrawingAreaErrorKind::BackendError)?;
        for mark in &self.marks {
            let drawn = match mark {
                Mark::Line { points, colour, width } => {
                    let stroke_width = (width * scale).round().max(1.0) as u32;
                    let style = ShapeStyle { color: *colour, filled: false, stroke_width };
                    backend.draw_path(points.iter().map(to_pixel), &style)
                }
                Mark::Area { points, colour } => backend.fill_polygon(points.iter().map(to_pixel), colour),
                Mark::Rect { from, to, colour } => backend.draw_rect(to_pixel(from), to_pixel(to), colour, true),
                Mark::Disc { centre, radius, colour } => {
                    backend.draw_circle(to_pixel(centre), (radius * scale).round().max(1.0) as u32, colour, true)
                }
                Mark::Text { text, at, size, colour, anchor, bold, upright } => {
                    let weight = if *bold { FontStyle::Bold } else { FontStyle::Normal };
                    let font = FontDesc::new(FontFamily::Name(FONT), size * scale, weight);
                    let font = if *upright { font.transform(FontTransform::Rotate270) } else { font };
                    let across = match anchor {
                        Anchor::Start => HPos::Left,
                        Anchor::Middle => HPos::Center,
                        Anchor::End => HPos::Right,
                    };
                    let style =
                        TextStyle { font, color: colour.to_backend_color(), pos: Pos::new(across, VPos::Center) };
                    backend.draw_text(text, &style, to_pixel(at))
                }
            };
            drawn.map_err(DrawingAreaErrorKind::BackendError)?;
        }
        backend.present().map_err(DrawingAreaErrorKind::BackendError)
    }
}

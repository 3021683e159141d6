//! A drawing: strokes of a brush on a square, made into a picture.

use super::picture::{GreyPicture, MAX_SIDE, Picture, PrepareError};

/// The most points that all strokes together may have.
pub const MAX_POINTS: usize = 100_000;

/// Fill stops at pixels that are at least so bright: half covered by a line.
const LINE: u8 = 128;

/// One movement of the brush. Units are shares of the square's side: (0, 0) is the corner at the top left, (1, 1) at the bottom right.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Where the brush went: x, y. One point is a dot.
    pub points: Vec<[f32; 2]>,
    /// How wide the brush is.
    pub width: f32,
    /// What it leaves: 255 is white; 0 rubs out.
    pub shade: u8,
}

/// A drawing: light on black, as Fashion-MNIST's garments are. So it is not inverted later: use
/// [`Preparation::drawing`](super::Preparation::drawing).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// The strokes, the oldest first.
    pub strokes: Vec<Stroke>,
    /// With what closed outlines are filled. The networks know filled garments: an outline alone looks like nothing that they saw.
    pub fill: Option<u8>,
}

impl Drawing {
    /// Adds a stroke. Says whether it was taken: not where a number is not finite, where it has no point, or beyond [`MAX_POINTS`].
    pub fn add(&mut self, stroke: Stroke) -> bool {
        let points: usize = self.strokes.iter().map(|stroke| stroke.points.len()).sum();
        let finite = stroke.width.is_finite() && stroke.points.as_flattened().iter().all(|place| place.is_finite());
        let taken = finite && !stroke.points.is_empty() && points + stroke.points.len() <= MAX_POINTS;
        if taken {
            self.strokes.push(stroke);
        }
        taken
    }

    /// Takes the last stroke away and gives it back.
    pub fn undo(&mut self) -> Option<Stroke> {
        self.strokes.pop()
    }

    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.strokes.iter().all(|stroke| stroke.shade == 0)
    }

    /// The drawing as `side` x `side` grey pixels on black. Edges are smooth: a pixel that a stroke covers in part takes its shade in
    /// part.
    ///
    /// # Errors
    /// [`PrepareError::Size`] where `side` is 0 or more than [`MAX_SIDE`].
    pub fn grey(&self, side: usize) -> Result<GreyPicture, PrepareError> {
        if !(1..=MAX_SIDE).contains(&side) {
            return Err(PrepareError::Size { width: side, height: side });
        }
        let mut picture = GreyPicture::black(side, side);
        for stroke in &self.strokes {
            let cover = cover(stroke, side);
            for (pixel, &cover) in picture.pixels.iter_mut().zip(&cover) {
                let (old, new) = (f32::from(*pixel), f32::from(stroke.shade));
                *pixel = super::resample::byte(old + (new - old) * cover);
            }
        }
        if let Some(shade) = self.fill {
            fill(&mut picture, shade);
        }
        Ok(picture)
    }

    /// The drawing as an opaque picture, for [`prepare`](super::prepare).
    ///
    /// # Errors
    /// As [`Drawing::grey`].
    pub fn picture(&self, side: usize) -> Result<Picture, PrepareError> {
        let grey = self.grey(side)?;
        Picture::new(side, side, grey.pixels.iter().flat_map(|&pixel| [pixel, pixel, pixel, 255]).collect())
    }
}

/// How much of each pixel a stroke covers, 0 to 1: from the distance between the pixel's middle and the nearest part of the line.
fn cover(stroke: &Stroke, side: usize) -> Vec<f32> {
    let mut cover = vec![0.0_f32; side * side];
    let scale = side as f32;
    // A brush is at least one pixel wide, so that no line vanishes.
    let reach = (stroke.width * scale).clamp(1.0, 2.0 * scale) / 2.0;
    // Far outside the square nothing changes, and large numbers would overflow.
    let place = |point: &[f32; 2]| point.map(|value| value.clamp(-4.0, 4.0) * scale);
    let points: Vec<[f32; 2]> = stroke.points.iter().map(place).collect();
    let lines = points.windows(2).map(|pair| (pair[0], pair[1]));
    let dot = points.first().filter(|_| points.len() == 1).map(|&point| (point, point));
    for (from, to) in lines.chain(dot) {
        let range = |axis: usize| {
            let (low, high) = (from[axis].min(to[axis]) - reach - 1.0, from[axis].max(to[axis]) + reach + 1.0);
            (low.max(0.0) as usize).min(side)..(high.max(0.0).ceil() as usize).min(side)
        };
        for row in range(1) {
            for column in range(0) {
                let distance = distance([column as f32 + 0.5, row as f32 + 0.5], from, to);
                let covered = (reach - distance + 0.5).clamp(0.0, 1.0);
                let pixel = &mut cover[row * side + column];
                *pixel = pixel.max(covered);
            }
        }
    }
    cover
}

/// The distance of a point from a line between two points.
fn distance(point: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let offset = [point[0] - from[0], point[1] - from[1]];
    let squared = along[0] * along[0] + along[1] * along[1];
    let share = if squared > 0.0 { (offset[0] * along[0] + offset[1] * along[1]) / squared } else { 0.0 };
    let share = share.clamp(0.0, 1.0);
    (offset[0] - share * along[0]).hypot(offset[1] - share * along[1])
}

/// Gives a shade to all that the edge of the picture cannot reach without crossing a line.
fn fill(picture: &mut GreyPicture, shade: u8) {
    let side = picture.width;
    let mut outside = vec![false; picture.pixels.len()];
    let on_edge = |at: usize| at < side || at >= side * (side - 1) || at.is_multiple_of(side) || at % side == side - 1;
    let mut open: Vec<usize> = (0..outside.len()).filter(|&at| on_edge(at)).collect();
    while let Some(at) = open.pop() {
        if outside[at] || picture.pixels[at] >= LINE {
            continue;
        }
        outside[at] = true;
        let column = at % side;
        open.extend([at.checked_sub(side), Some(at + side).filter(|&at| at < outside.len())].into_iter().flatten());
        open.extend((column > 0).then(|| at - 1));
        open.extend((column + 1 < side).then_some(at + 1));
    }
    for (pixel, outside) in picture.pixels.iter_mut().zip(outside) {
        if !outside {
            *pixel = (*pixel).max(shade);
        }
    }
}

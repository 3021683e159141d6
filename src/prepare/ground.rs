//! What lies behind the garment: its kind, its colour and which pixels belong to it.

use super::picture::Picture;
use super::settings::{Ground, GroundRemoval};

/// Alpha below this counts as transparent.
const HALF: u8 = 128;
/// Grey from which a ground is light.
const LIGHT: u8 = 128;
/// 0.299, 0.587 and 0.114 in thousandths.
const LUMA: [u32; 3] = [299, 587, 114];
/// How long the pieces of the edge are that count as corners: this part of a side.
const CORNER: usize = 16;
/// A corner whose colour is further from the median of all than this is covered by the garment. (A share of the distance from black to
/// white, as the next two.)
const COVERED: f32 = 0.25;
/// The least and the largest distance from the ground's colour that the automatic removal allows. The least is that of Fashion-MNIST's
/// authors.
const ALLOWED: [f32; 2] = [0.05, 0.3];
/// How many times the distance of the corners' noisiest tenth is allowed.
const SPREAD: f32 = 2.0;
/// From black to white in RGB space.
const DIAGONAL: f32 = 255.0 * 1.732_050_8;

/// A ground that was found or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundGround {
    /// A light colour.
    Light,
    /// A dark colour.
    Dark,
    /// None: the picture is transparent there.
    Transparent,
}

/// A colour: red, green, blue.
pub(super) type Colour = [u8; 3];

/// The ground behind a garment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Backdrop {
    pub(super) kind: FoundGround,
    /// The median colour of all corners.
    pub(super) colour: Colour,
    /// The colour in the corners: top left, top right, bottom left, bottom right. Where one is covered it is that of all.
    corners: [Colour; 4],
    /// How far the corners' pixels are from their corner's colour: nine of ten are nearer.
    spread: f32,
}

/// How bright the eye sees a colour, 0 to 255 (ITU-R BT.601), rounded.
pub(super) fn luma(colour: Colour) -> u8 {
    let sum: u32 = colour.iter().zip(LUMA).map(|(&value, weight)| u32::from(value) * weight).sum();
    ((sum + 500) / 1000) as u8
}

/// A pixel over a colour.
pub(super) fn over([red, green, blue, alpha]: [u8; 4], ground: Colour) -> Colour {
    let alpha = u32::from(alpha);
    let mixed =
        |value: u8, behind: u8| ((u32::from(value) * alpha + u32::from(behind) * (255 - alpha) + 127) / 255) as u8;
    [mixed(red, ground[0]), mixed(green, ground[1]), mixed(blue, ground[2])]
}

/// The distance of two colours in RGB space, as a share of that from black to white.
fn distance(one: Colour, other: [f32; 3]) -> f32 {
    let squared: f32 = one.iter().zip(other).map(|(&value, other)| (f32::from(value) - other).powi(2)).sum();
    squared.sqrt() / DIAGONAL
}

impl Backdrop {
    /// Finds the ground from the edge's pixels near the four corners: transparent where at least half of them are, else their median
    /// colour. Garments often touch the middle of an edge, but seldom reach into the corners; and one corner that is covered does not
    /// change the median.
    pub(super) fn find(picture: &Picture, wanted: Ground) -> Self {
        let pieces = corners(picture);
        let count: usize = pieces.iter().map(Vec::len).sum();
        let clear = pieces.iter().flatten().filter(|pixel| pixel[3] < HALF).count();
        if wanted == Ground::Transparent || wanted == Ground::Automatic && clear * 2 >= count {
            return Self { kind: FoundGround::Transparent, colour: [255; 3], corners: [[255; 3]; 4], spread: 0.0 };
        }
        let behind = if wanted == Ground::Dark { [0; 3] } else { [255; 3] };
        let pieces = pieces.map(|piece| piece.into_iter().map(|pixel| over(pixel, behind)).collect::<Vec<Colour>>());
        let colour = median(&pieces.concat());
        let kind = match wanted {
            Ground::Light => FoundGround::Light,
            Ground::Dark => FoundGround::Dark,
            _ if luma(colour) >= LIGHT => FoundGround::Light,
            _ => FoundGround::Dark,
        };
        let mut distances = Vec::new();
        let corners = pieces.map(|piece| {
            let own = median(&piece);
            if distance(own, colour.map(f32::from)) > COVERED {
                return colour;
            }
            distances.extend(piece.iter().map(|&pixel| distance(pixel, own.map(f32::from))));
            own
        });
        let place = distances.len() * 9 / 10;
        let spread =
            if distances.is_empty() { 0.0 } else { *distances.select_nth_unstable_by(place, f32::total_cmp).1 };
        Self { kind, colour, corners, spread }
    }

    /// The colour that shows through pixels that are not opaque.
    pub(super) fn behind(&self) -> Colour {
        if self.kind == FoundGround::Transparent { [255; 3] } else { self.colour }
    }

    /// Which pixels of a picture, row by row, belong to the ground.
    pub(super) fn covers(&self, colours: &[Colour], width: usize, removal: GroundRemoval) -> Vec<bool> {
        match removal {
            GroundRemoval::Off => vec![false; colours.len()],
            GroundRemoval::Within(share) => {
                let ground = self.colour.map(f32::from);
                colours.iter().map(|&colour| distance(colour, ground) <= share).collect()
            }
            GroundRemoval::Automatic => {
                let [least, most] = ALLOWED;
                let allowed = (SPREAD * self.spread).clamp(least, most);
                let height = colours.len() / width.max(1);
                let share = |at: usize, side: usize| at as f32 / side.saturating_sub(1).max(1) as f32;
                let near = |(at, &colour): (usize, &Colour)| {
                    let ground = self.at(share(at / width, height), share(at % width, width));
                    distance(colour, ground) <= allowed
                };
                colours.iter().enumerate().map(near).collect()
            }
        }
    }

    /// The colour at a place, 0 to 1 down and across: between those of the corners, weighted by nearness.
    fn at(&self, down: f32, across: f32) -> [f32; 3] {
        let [top_left, top_right, bottom_left, bottom_right] = self.corners;
        std::array::from_fn(|channel| {
            let between = |left: Colour, right: Colour| {
                f32::from(left[channel]) * (1.0 - across) + f32::from(right[channel]) * across
            };
            between(top_left, top_right) * (1.0 - down) + between(bottom_left, bottom_right) * down
        })
    }
}

/// The outermost pixels near each corner: top left, top right, bottom left, bottom right. A pixel in the middle of a side belongs to the
/// first.
fn corners(picture: &Picture) -> [Vec<[u8; 4]>; 4] {
    let (width, height, pixels) = (picture.width(), picture.height(), picture.pixels());
    let near = |at: usize, side: usize| at.min(side - 1 - at) <= side / CORNER;
    let outer = |row: usize, column: usize| row == 0 || column == 0 || row + 1 == height || column + 1 == width;
    let mut corners = [const { Vec::new() }; 4];
    for (at, &pixel) in pixels.iter().enumerate() {
        let (row, column) = (at / width, at % width);
        if outer(row, column) && near(row, height) && near(column, width) {
            corners[usize::from(2 * row >= height) * 2 + usize::from(2 * column >= width)].push(pixel);
        }
    }
    corners
}

/// The median of each channel; white where there is no colour.
fn median(colours: &[Colour]) -> Colour {
    std::array::from_fn(|channel| {
        let mut values: Vec<u8> = colours.iter().map(|colour| colour[channel]).collect();
        let middle = values.len() / 2;
        if values.is_empty() { 255 } else { *values.select_nth_unstable(middle).1 }
    })
}

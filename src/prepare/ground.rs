//! What lies behind the garment: its kind and its colour.

use super::picture::Picture;
use super::settings::Ground;

/// Alpha below this counts as transparent.
const HALF: u8 = 128;
/// Grey from which a ground is light.
const LIGHT: u32 = 128;
/// 0.299, 0.587 and 0.114 in thousandths.
const LUMA: [u32; 3] = [299, 587, 114];

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

/// How long the pieces of the edge are that count as corners: this part of a side.
const CORNER: usize = 16;

/// The kind and the colour of the ground. Found from the edge's pixels near the four corners: transparent where at least half of them are,
/// else their median colour. Garments often touch the middle of an edge, but seldom reach into the corners; and one corner that is
/// covered does not change the median.
pub(super) fn find(picture: &Picture, wanted: Ground) -> (FoundGround, Colour) {
    let edge = corners(picture);
    let clear = edge.iter().filter(|pixel| pixel[3] < HALF).count();
    match wanted {
        Ground::Transparent => return (FoundGround::Transparent, [255; 3]),
        Ground::Automatic if clear * 2 >= edge.len() => return (FoundGround::Transparent, [255; 3]),
        _ => {}
    }
    let behind = if wanted == Ground::Dark { [0; 3] } else { [255; 3] };
    let colour = std::array::from_fn(|channel| median(edge.iter().map(|&pixel| over(pixel, behind)[channel])));
    let found = match wanted {
        Ground::Light => FoundGround::Light,
        Ground::Dark => FoundGround::Dark,
        _ if u32::from(luma(colour)) >= LIGHT => FoundGround::Light,
        _ => FoundGround::Dark,
    };
    (found, colour)
}

/// The outermost pixels near the corners.
fn corners(picture: &Picture) -> Vec<[u8; 4]> {
    let (width, height, pixels) = (picture.width(), picture.height(), picture.pixels());
    let near = |at: usize, side: usize| at.min(side - 1 - at) <= side / CORNER;
    let outer = |row: usize, column: usize| row == 0 || column == 0 || row + 1 == height || column + 1 == width;
    let chosen = |&(at, _): &(usize, &[u8; 4])| {
        let (row, column) = (at / width, at % width);
        outer(row, column) && near(row, height) && near(column, width)
    };
    pixels.iter().enumerate().filter(chosen).map(|(_, &pixel)| pixel).collect()
}

fn median(values: impl Iterator<Item = u8>) -> u8 {
    let mut values: Vec<u8> = values.collect();
    let middle = values.len() / 2;
    if values.is_empty() { 0 } else { *values.select_nth_unstable(middle).1 }
}

//! Finds the garment, cuts it out and puts it into 28 x 28 pixels.

use super::picture::GreyPicture;
use super::settings::Centring;
use crate::fashion_mnist::SIDE;
use std::ops::Range;

/// Rows and columns with fewer lit pixels than 1 in this many of the other side are no part of the garment: single dots of noise.
const DOTS: usize = 200;
/// Share of the lit pixels that become white when the contrast is stretched. So one bright dot (a buckle) does not decide.
const BRIGHTEST: usize = 50;
/// How many times as many lit pixels make a side clearly taller.
const TALLER: f32 = 1.1;

/// The rows and columns that hold all of the garment (all that is not black); `None` where there is nothing.
pub(super) fn garment(picture: &GreyPicture) -> Option<(Range<usize>, Range<usize>)> {
    let (mut rows, mut columns) = (vec![0_usize; picture.height], vec![0_usize; picture.width]);
    for (row, pixels) in picture.rows().enumerate() {
        for (column, _) in pixels.iter().enumerate().filter(|&(_, &pixel)| pixel > 0) {
            rows[row] += 1;
            columns[column] += 1;
        }
    }
    Some((span(&rows, picture.width)?, span(&columns, picture.height)?))
}

fn span(lit: &[usize], across: usize) -> Option<Range<usize>> {
    let garment = |&count: &usize| count > across / DOTS;
    let first = lit.iter().position(garment)?;
    let last = lit.iter().rposition(garment)?;
    Some(first..last + 1)
}

/// Makes the brightest fiftieth of what is not black white and the rest brighter in proportion. Black stays black.
pub(super) fn stretch(picture: &GreyPicture) -> GreyPicture {
    let mut lit: Vec<u8> = picture.pixels.iter().copied().filter(|&pixel| pixel > 0).collect();
    let mut stretched = picture.clone();
    if lit.is_empty() {
        return stretched;
    }
    let place = lit.len() - 1 - lit.len() / BRIGHTEST;
    let white = u32::from(*lit.select_nth_unstable(place).1);
    for pixel in &mut stretched.pixels {
        *pixel = ((u32::from(*pixel) * 255 + white / 2) / white).min(255) as u8;
    }
    stretched
}

/// Whether the left part of a garment stands clearly taller than the right part: the lit pixels in a third of the columns at each side.
pub(super) fn points_right(picture: &GreyPicture) -> bool {
    let third = picture.width / 3;
    let lit = |columns: Range<usize>| {
        picture.rows().flat_map(|row| &row[columns.clone()]).filter(|&&pixel| pixel > 0).count()
    };
    let (left, right) = (lit(0..third), lit(picture.width - third..picture.width));
    left as f32 > TALLER * right as f32
}

/// Exchanges left and right.
pub(super) fn mirror(picture: &GreyPicture) -> GreyPicture {
    let pixels = picture.rows().flat_map(|row| row.iter().rev()).copied().collect();
    GreyPicture { pixels, ..*picture }
}

/// Puts a picture of at most 28 x 28 pixels into the middle of 28 x 28 black ones.
pub(super) fn centre(picture: &GreyPicture, centring: Centring) -> GreyPicture {
    let (width, height) = (picture.width.min(SIDE), picture.height.min(SIDE));
    let middle = match centring {
        Centring::Box => None,
        Centring::Mass => centre_of_mass(picture),
    };
    let [top, left] = match middle {
        None => [(SIDE - height) / 2, (SIDE - width) / 2],
        Some([row, column]) => [start(row, height), start(column, width)],
    };
    let mut whole = GreyPicture::black(SIDE, SIDE);
    for (row, pixels) in picture.rows().take(height).enumerate() {
        whole.pixels[(top + row) * SIDE + left..][..width].copy_from_slice(&pixels[..width]);
    }
    whole
}

/// Where a side begins so that a place in it (0 is the middle of its first pixel) comes to the middle, as far as there is room.
fn start(place: f32, length: usize) -> usize {
    let wanted = (SIDE as f32 - 1.0) / 2.0 - place;
    (wanted.round().max(0.0) as usize).min(SIDE - length)
}

/// Row and column of the centre of mass; `None` in a black picture.
fn centre_of_mass(picture: &GreyPicture) -> Option<[f32; 2]> {
    let (mut mass, mut down, mut across) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (row, pixels) in picture.rows().enumerate() {
        for (column, &pixel) in pixels.iter().enumerate() {
            let pixel = f64::from(pixel);
            mass += pixel;
            down += pixel * row as f64;
            across += pixel * column as f64;
        }
    }
    (mass > 0.0).then(|| [(down / mass) as f32, (across / mass) as f32])
}

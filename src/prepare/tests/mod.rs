//! Small made pictures whose answer is known, invariances, and properties that hold for every input.

mod drawing;
mod nudge;
mod pipeline;
mod steps;
mod sureness;

use super::*;

const WHITE: [u8; 4] = [255; 4];
const BLACK: [u8; 4] = [0, 0, 0, 255];
const CLEAR: [u8; 4] = [0; 4];

/// A picture whose pixels a function of row and column gives.
fn picture(width: usize, height: usize, pixel: impl Fn(usize, usize) -> [u8; 4]) -> Picture {
    let rgba = (0..width * height).flat_map(|at| pixel(at / width, at % width)).collect();
    Picture::new(width, height, rgba).expect("the bytes fit the size")
}

fn grey(width: usize, pixels: &[u8]) -> GreyPicture {
    GreyPicture { width, height: pixels.len() / width, pixels: pixels.to_vec() }
}

/// Whether a pixel belongs to a T of 40 x 40 pixels whose box begins at that row and column. It is the same mirrored.
fn is_shirt(row: usize, column: usize, [top, left]: [usize; 2]) -> bool {
    let (Some(row), Some(column)) = (row.checked_sub(top), column.checked_sub(left)) else { return false };
    (row < 12 && column < 40) || (row < 40 && (10..30).contains(&column))
}

fn shirt(garment: [u8; 4], ground: [u8; 4], place: [usize; 2]) -> Picture {
    picture(80, 80, |row, column| if is_shirt(row, column, place) { garment } else { ground })
}

//! Small pictures for the screen, and bytes as text.

use crate::prepare::{GreyPicture, Picture};
use std::rc::Rc;

/// A picture for the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Red, green, blue and opacity of each pixel, row by row.
    pub rgba: Rc<[u8]>,
    /// Pixels across.
    pub width: usize,
}

impl Shown {
    /// A picture, made smaller by a whole factor where it has more than `most` pixels across or down.
    pub fn of(picture: &Picture, most: usize) -> Self {
        let pixels = picture.pixels();
        smaller(picture.width(), picture.height(), most, |at| pixels[at])
    }

    /// A grey picture, likewise.
    pub fn of_grey(picture: &GreyPicture, most: usize) -> Self {
        smaller(picture.width, picture.height, most, |at| {
            let grey = picture.pixels[at];
            [grey, grey, grey, 255]
        })
    }
}

/// Each new pixel is the mean of a square of old ones; colours are weighted by their opacity. Rows and columns that fill no square are left
/// out, which nobody sees at this size.
fn smaller(width: usize, height: usize, most: usize, pixel: impl Fn(usize) -> [u8; 4]) -> Shown {
    let factor = width.max(height).div_ceil(most.max(1)).max(1);
    let (across, down) = ((width / factor).max(1), (height / factor).max(1));
    let (wide, high) = (factor.min(width), factor.min(height));
    let mut rgba = Vec::with_capacity(across * down * 4);
    for row in 0..down {
        for column in 0..across {
            let mut sums = [0_u64; 4];
            for inner in 0..high {
                let first = (row * factor + inner) * width + column * factor;
                for at in first..first + wide {
                    let [red, green, blue, alpha] = pixel(at).map(u64::from);
                    sums[3] += alpha;
                    sums.iter_mut().zip([red, green, blue]).for_each(|(sum, value)| *sum += value * alpha);
                }
            }
            let alpha = sums[3];
            rgba.extend(sums[..3].iter().map(|sum| (sum + alpha / 2).checked_div(alpha).unwrap_or(0) as u8));
            rgba.push((alpha / (wide * high) as u64) as u8);
        }
    }
    Shown { rgba: rgba.into(), width: across }
}

/// Bytes as text: two hexadecimal digits each.
pub fn hex(bytes: &[u8]) -> Rc<str> {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect::<String>().into()
}

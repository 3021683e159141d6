//! Gathers the pixels of a batch for the networks, and varies training images.
//!
//! The variation of an image depends only on the seed, the epoch and the image's number. So it is the same in any batch, order or
//! worker. An image is first mirrored, then shifted, then a rectangle of it erased; labels never change.

use super::normalise::normalise;
use super::random::{Stream, enter, stream};
use super::{MEAN, image};
use crate::config::RunConfig;
use crate::fashion_mnist::{PIXELS, SIDE};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::ops::Range;

/// Smallest and largest share of an image that is erased. Zhong et al. (2020) go to 0.4; at 28 x 28 that often takes the whole garment.
const ERASED_SHARE: Range<f32> = 0.02..0.2;
/// Largest ratio of an erased rectangle's sides (Zhong et al. 2020: 0.3 to 1 / 0.3).
const ERASED_ASPECT: f32 = 10.0 / 3.0;
/// What an erased pixel becomes: the training set's mean, which the networks see as (nearly) zero.
const ERASED_PIXEL: u8 = (MEAN * 255.0 + 0.5) as u8;

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

/// What is done to one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Augmentation {
    /// Whether it is mirrored.
    pub flip: bool,
    /// Pixels down and to the right; negative is up and to the left.
    pub shift: (i32, i32),
    /// What is erased.
    pub erased: Option<Erased>,
}

impl Augmentation {
    /// What the config does to an image of the training set in an epoch. Runs count epochs from 1.
    pub fn of(config: &RunConfig, epoch: usize, image: u32) -> Self {
        let mut rng = stream(config.seed, Stream::Augment { epoch: epoch as u32, image });
        Self::draw(config, &mut rng)
    }

    /// Whether the config varies images at all.
    pub fn wanted(config: &RunConfig) -> bool {
        config.flip || config.shift > 0 || config.erase > 0.0
    }

    fn draw(config: &RunConfig, rng: &mut ChaCha8Rng) -> Self {
        let most = config.shift as i32;
        // All kinds are drawn, even if they are off. So switching one kind on does not change the others.
        let (flip, down, right) =
            (rng.random::<bool>(), rng.random_range(-most..=most), rng.random_range(-most..=most));
        let erase = rng.random::<f64>() < config.erase;
        Self { flip: flip && config.flip, shift: (down, right), erased: erase.then(|| Erased::draw(rng)) }
    }

    /// Does it to the 784 pixels of an image.
    pub fn apply(&self, pixels: &mut [u8; PIXELS]) {
        if self.flip {
            flip(pixels);
        }
        if self.shift != (0, 0) {
            shift(pixels, self.shift.0, self.shift.1);
        }
        if let Some(Erased { top, left, height, width }) = self.erased {
            for row in top..top + height {
                pixels[row * SIDE + left..][..width].fill(ERASED_PIXEL);
            }
        }
    }
}

impl Erased {
    /// A rectangle inside the image. The longest possible side, sqrt(0.2 x 784 x 10 / 3) = 22.9 pixels, fits, so no draw is
    /// ever thrown away.
    fn draw(rng: &mut ChaCha8Rng) -> Self {
        let area = rng.random_range(ERASED_SHARE) * PIXELS as f32;
        // The ratio of the longer side to the shorter one, then which of them stands: tall and wide are equally likely, as they
        // would not be if height / width were uniform.
        let ratio = rng.random_range(1.0..ERASED_ASPECT);
        let long = (area * ratio).sqrt().round() as usize;
        let short = ((area / ratio).sqrt().round() as usize).max(1);
        let (height, width) = if rng.random::<bool>() { (long, short) } else { (short, long) };
        let top = rng.random_range(0..=(SIDE - height) as u32) as usize;
        let left = rng.random_range(0..=(SIDE - width) as u32) as usize;
        Self { top, left, height, width }
    }
}

/// Mirrors an image left to right.
pub fn flip(pixels: &mut [u8; PIXELS]) {
    for row in pixels.chunks_exact_mut(SIDE) {
        row.reverse();
    }
}

/// Moves an image down and to the right by some pixels (up and to the left where negative). New pixels are black, like the
/// background of every image.
pub fn shift(pixels: &mut [u8; PIXELS], down: i32, right: i32) {
    let from = *pixels;
    pixels.fill(0);
    let (rows, columns) = (overlap(down), overlap(right));
    let length = columns.to.len();
    for (from_row, to_row) in rows.from.zip(rows.to) {
        let source = &from[from_row * SIDE + columns.from.start..][..length];
        pixels[to_row * SIDE + columns.to.start..][..length].copy_from_slice(source);
    }
}

/// The rows or columns that a shift copies from the old image, and their new place.
struct Overlap {
    from: Range<usize>,
    to: Range<usize>,
}

fn overlap(by: i32) -> Overlap {
    let far = (by.unsigned_abs() as usize).min(SIDE);
    let (kept, moved) = (0..SIDE - far, far..SIDE);
    if by < 0 { Overlap { from: moved, to: kept } } else { Overlap { from: kept, to: moved } }
}

/// Writes the pixels of some images, `[indices.len() x 784]` row by row, in place of what `out` held.
///
/// `augmentation` is the config and the epoch (runs count from 1) whose variations are applied; `None` in evaluation.
///
/// # Panics
/// Where an index is beyond the images.
pub fn gather_batch(images: &[u8], indices: &[u32], augmentation: Option<(&RunConfig, usize)>, out: &mut Vec<u8>) {
    out.clear();
    out.reserve(indices.len() * PIXELS);
    let Some((config, epoch)) = augmentation.filter(|(config, _)| Augmentation::wanted(config)) else {
        indices.iter().for_each(|&index| out.extend_from_slice(image(images, index as usize)));
        return;
    };
    let mut rng = stream(config.seed, Stream::Subset);
    let mut pixels = [0_u8; PIXELS];
    for &index in indices {
        pixels.copy_from_slice(image(images, index as usize));
        enter(&mut rng, Stream::Augment { epoch: epoch as u32, image: index });
        Augmentation::draw(config, &mut rng).apply(&mut pixels);
        out.extend_from_slice(&pixels);
    }
}

/// The normalised pixels of some images as they are, `[indices.len() x 784]` row by row.
///
/// # Panics
/// Where an index is beyond the images.
pub fn normalised_batch(images: &[u8], indices: &[u32]) -> Vec<f32> {
    indices.iter().flat_map(|&index| image(images, index as usize)).map(|&pixel| normalise(pixel)).collect()
}

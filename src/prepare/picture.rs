//! Pictures in colour and in grey, and why a picture is refused.

use std::ops::Range;

/// The longest side that a picture may have, in pixels. A picture of this size takes 64 MiB.
pub const MAX_SIDE: usize = 4096;

/// Why a picture cannot be prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// A side is 0 or too long.
    #[error("the picture is {width} × {height} pixels; each side must have 1 to {MAX_SIDE}")]
    Size {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
    },
    /// The bytes are not four for each pixel.
    #[error("the picture has {found} bytes instead of {expected} (red, green, blue and alpha for each pixel)")]
    Length {
        /// Bytes that are there.
        found: usize,
        /// Bytes that the size asks for.
        expected: usize,
    },
    /// The settings ask for something that is not possible.
    #[error("{setting} is {value}, but it must be {allowed}")]
    Setting {
        /// What is set.
        setting: &'static str,
        /// Its value.
        value: String,
        /// The values that it may have.
        allowed: &'static str,
    },
}

/// A picture in colour. Four bytes a pixel: red, green, blue, alpha. The colour is not multiplied by alpha ("straight" alpha), as a
/// canvas gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    rgba: Vec<u8>,
}

impl Picture {
    /// Takes `width * height * 4` bytes, row by row.
    ///
    /// # Errors
    /// [`PrepareError::Size`] and [`PrepareError::Length`].
    pub fn new(width: usize, height: usize, rgba: Vec<u8>) -> Result<Self, PrepareError> {
        let allowed = 1..=MAX_SIDE;
        if !allowed.contains(&width) || !allowed.contains(&height) {
            return Err(PrepareError::Size { width, height });
        }
        let expected = width * height * 4;
        if rgba.len() != expected {
            return Err(PrepareError::Length { found: rgba.len(), expected });
        }
        Ok(Self { width, height, rgba })
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The bytes, row by row.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// The pixels, row by row: `[red, green, blue, alpha]`.
    pub fn pixels(&self) -> &[[u8; 4]] {
        self.rgba.as_chunks().0
    }
}

/// A picture in grey: one byte a pixel, row by row, 0 black to 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GreyPicture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// `width * height` bytes.
    pub pixels: Vec<u8>,
}

impl GreyPicture {
    /// A black picture.
    pub fn black(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![0; width * height] }
    }

    /// The pixel of a row and a column.
    ///
    /// # Panics
    /// Where the picture has no such pixel.
    pub fn at(&self, row: usize, column: usize) -> u8 {
        self.pixels[row * self.width + column]
    }

    /// The rows, from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width.max(1))
    }

    /// The part in some rows and columns, which the picture must have.
    pub(super) fn part(&self, rows: Range<usize>, columns: Range<usize>) -> Self {
        let (height, width) = (rows.len(), columns.len());
        let pixels = self.rows().skip(rows.start).take(height).flat_map(|row| &row[columns.clone()]).copied().collect();
        Self { width, height, pixels }
    }
}

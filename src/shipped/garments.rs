//! The twenty garments as a file: four bytes `FLG1`; then for each garment its number in the training set (u32, little-endian), its
//! label (one byte) and its 784 pixels.

use crate::config::RunConfig;
use crate::data::{Dataset, WATCHED, split};
use crate::fashion_mnist::{CLASSES, PIXELS, TRAIN_IMAGES};
use std::rc::Rc;

/// How many garments there are.
pub const GARMENTS: usize = CLASSES * WATCHED;

const MAGIC: [u8; 4] = *b"FLG1";
const NUMBER: usize = 4;
const RECORD: usize = NUMBER + 1 + PIXELS;
const BYTES: usize = MAGIC.len() + GARMENTS * RECORD;

/// Garments, each list in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Garments {
    /// Their numbers in the training set.
    pub images: Vec<u32>,
    /// Their classes.
    pub labels: Vec<u8>,
    /// 784 pixels of each, row by row, 0 black to 255 white.
    pub pixels: Vec<Rc<[u8]>>,
}

/// Why bytes are not the garments.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GarmentsError {
    /// The file has another length.
    #[error("the file of the garments has {found} bytes instead of {BYTES}; copy the page's folder `models` again")]
    Length {
        /// Bytes that are there.
        found: usize,
    },
    /// The file is of another form.
    #[error("the file of the garments does not begin with `FLG1`; copy the page's folder `models` again")]
    Magic,
    /// A label or a number is too large.
    #[error("garment {place} of the file is not of the dataset; copy the page's folder `models` again")]
    Garment {
        /// Its place, from 0.
        place: usize,
    },
}

/// The numbers of the first two validation images of each class, class by class, as a run watches them. A network that was trained with
/// this config has not seen them.
pub fn choose(labels: &[u8], config: &RunConfig) -> Vec<u32> {
    split(labels, config).watched(labels)
}

impl Garments {
    /// Takes images of the training set.
    pub fn of(data: &Dataset, images: Vec<u32>) -> Self {
        let at = |image: &u32| *image as usize;
        Self {
            labels: images.iter().map(|image| data.train_labels[at(image)]).collect(),
            pixels: images.iter().map(|i| data.train_images[at(i) * PIXELS..][..PIXELS].into()).collect(),
            images,
        }
    }

    /// The content of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for ((image, &label), pixels) in self.images.iter().zip(&self.labels).zip(&self.pixels) {
            bytes.extend(image.to_le_bytes());
            bytes.push(label);
            bytes.extend(&**pixels);
        }
        bytes
    }

    /// Reads the content of the file.
    ///
    /// # Errors
    /// [`GarmentsError`]: the first thing that is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, GarmentsError> {
        let records = bytes.strip_prefix(&MAGIC).ok_or(GarmentsError::Magic)?;
        if bytes.len() != BYTES {
            return Err(GarmentsError::Length { found: bytes.len() });
        }
        let mut garments = Self { images: Vec::new(), labels: Vec::new(), pixels: Vec::new() };
        for (place, record) in records.chunks_exact(RECORD).enumerate() {
            let wrong = GarmentsError::Garment { place };
            let Some((number, [label, pixels @ ..])) = record.split_first_chunk::<NUMBER>() else { return Err(wrong) };
            let image = u32::from_le_bytes(*number);
            if image as usize >= TRAIN_IMAGES || usize::from(*label) >= CLASSES {
                return Err(wrong);
            }
            garments.images.push(image);
            garments.labels.push(*label);
            garments.pixels.push(pixels.into());
        }
        Ok(garments)
    }
}

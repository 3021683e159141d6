//! Fashion-MNIST as plain bytes: from IDX files to a [`Dataset`], the seeded split and order of a run, augmentation, and the
//! normalised pixels of a batch.
//!
//! [`files`] reads the dataset from the forms in which people have it. Leaves out: where the bytes come from in a browser (the engine
//! fetches them) and anything with tensors. Everything random here depends only on the run's seed and on its purpose (see [`random`]).

mod augment;
// Digests and decompression are built only into the programs that read the dataset.
#[cfg(feature = "engine")]
pub mod files;
mod idx;
mod normalise;
pub mod random;
mod split;

pub use augment::{Augmentation, Erased, flip, gather_batch, normalised_batch, shift};
pub use idx::{identify, parse_images, parse_labels};
pub use normalise::{MEAN, STD, normalise};
pub use split::{Split, WATCHED, epoch_order, split};

use crate::fashion_mnist::{DatasetFile, ImageSet, PIXELS};

/// Why bytes are not the dataset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// Fewer bytes than the header has.
    #[error("{what} are only {bytes} bytes; an IDX header alone has {header}")]
    Header {
        /// Which part of the dataset.
        what: &'static str,
        /// Bytes that are there.
        bytes: usize,
        /// Bytes of the header.
        header: usize,
    },
    /// The first four bytes are not the ones of an IDX file of this kind.
    #[error("{what} begin with {found:#010x}, but an IDX file of them begins with {expected:#010x}{hint}")]
    Magic {
        /// Which part of the dataset.
        what: &'static str,
        /// The four bytes, most significant first.
        found: u32,
        /// What they should be.
        expected: u32,
        /// What the bytes look like instead, or "".
        hint: &'static str,
    },
    /// The images are not 28 x 28.
    #[error("{what} have {rows} × {columns} pixels, but Fashion-MNIST has 28 × 28")]
    Pixels {
        /// Which part of the dataset.
        what: &'static str,
        /// Rows that the header names.
        rows: u32,
        /// Columns that the header names.
        columns: u32,
    },
    /// More or fewer bytes than the header announces.
    #[error("{what} are {found} bytes, but the header announces {count} items, which are {expected} bytes")]
    Length {
        /// Which part of the dataset.
        what: &'static str,
        /// Items that the header names.
        count: u32,
        /// Bytes that are there.
        found: usize,
        /// Bytes of the header and of that many items.
        expected: u64,
    },
    /// A label is not a class.
    #[error("label number {index} is {value}, but the classes are 0 to 9")]
    Label {
        /// Which label, from 0.
        index: usize,
        /// Its value.
        value: u8,
    },
    /// A file of the right form has another number of items than Fashion-MNIST has.
    #[error("{file} holds {found} items, but Fashion-MNIST has {expected} there")]
    Count {
        /// The file.
        file: &'static str,
        /// Items that are there.
        found: usize,
        /// Items that should be there.
        expected: usize,
    },
}

/// The whole of Fashion-MNIST. A pixel is a byte, 0 black to 255 white, row by row; a label is a byte below 10.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// 60,000 x 784 pixels.
    pub train_images: Vec<u8>,
    /// 60,000 labels.
    pub train_labels: Vec<u8>,
    /// 10,000 x 784 pixels.
    pub test_images: Vec<u8>,
    /// 10,000 labels.
    pub test_labels: Vec<u8>,
}

impl Dataset {
    /// Makes the dataset of its four uncompressed IDX files. Takes `Vec<u8>` or `&[u8]`; an owned file is used in place, which
    /// saves 47 MB of a browser's memory.
    ///
    /// # Errors
    /// The first thing that is wrong: the form of a file, or a number of items that is not Fashion-MNIST's.
    pub fn from_idx(
        train_images: impl Into<Vec<u8>>,
        train_labels: impl Into<Vec<u8>>,
        test_images: impl Into<Vec<u8>>,
        test_labels: impl Into<Vec<u8>>,
    ) -> Result<Self, DataError> {
        Ok(Self {
            train_images: items(DatasetFile::TrainImages, train_images.into())?,
            train_labels: items(DatasetFile::TrainLabels, train_labels.into())?,
            test_images: items(DatasetFile::TestImages, test_images.into())?,
            test_labels: items(DatasetFile::TestLabels, test_labels.into())?,
        })
    }

    /// The pixels of a part of the dataset, 784 an image.
    pub fn images(&self, set: ImageSet) -> &[u8] {
        match set {
            ImageSet::Train => &self.train_images,
            ImageSet::Test => &self.test_images,
        }
    }

    /// The labels of a part of the dataset.
    pub fn labels(&self, set: ImageSet) -> &[u8] {
        match set {
            ImageSet::Train => &self.train_labels,
            ImageSet::Test => &self.test_labels,
        }
    }

    /// The 784 pixels of a training image.
    pub fn train_image(&self, index: usize) -> &[u8] {
        image(&self.train_images, index)
    }

    /// The 784 pixels of a test image.
    pub fn test_image(&self, index: usize) -> &[u8] {
        image(&self.test_images, index)
    }
}

/// The 784 pixels of one image of many.
///
/// # Panics
/// Where there is no image of that number.
pub fn image(images: &[u8], index: usize) -> &[u8] {
    &images[index * PIXELS..][..PIXELS]
}

/// One file without its header, checked.
fn items(file: DatasetFile, mut bytes: Vec<u8>) -> Result<Vec<u8>, DataError> {
    let (header, found) = if file.holds_images() {
        let pixels = parse_images(&bytes)?.len();
        (bytes.len() - pixels, pixels / PIXELS)
    } else {
        let labels = parse_labels(&bytes)?.len();
        (bytes.len() - labels, labels)
    };
    let expected = file.items();
    if found != expected {
        return Err(DataError::Count { file: file.name(), found, expected });
    }
    bytes.drain(..header);
    Ok(bytes)
}

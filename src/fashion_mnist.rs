//! Facts about Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): sizes, class names, and its four files with their names, sizes and digests.
//!
//! Every other module and the build tool read them here. Leaves out: reading the files (`data`).

use serde::{Deserialize, Serialize};

/// Height and width of an image, in pixels.
pub const SIDE: usize = 28;
/// Pixels of an image.
pub const PIXELS: usize = SIDE * SIDE;
/// Classes of the dataset.
pub const CLASSES: usize = 10;
/// Images in the whole training set.
pub const TRAIN_IMAGES: usize = 60_000;
/// Images in the test set.
pub const TEST_IMAGES: usize = 10_000;

/// What each class is called, by its label.
pub const CLASS_NAMES: [&str; CLASSES] =
    ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

/// First word of an IDX file of images: unsigned bytes (8) in three dimensions.
pub const MAGIC_IMAGES: u32 = 0x0000_0803;
/// First word of an IDX file of labels: unsigned bytes (8) in one dimension.
pub const MAGIC_LABELS: u32 = 0x0000_0801;
/// Bytes before the first pixel: the magic word, the count, rows and columns.
pub const HEADER_IMAGES: usize = 16;
/// Bytes before the first label: the magic word and the count.
pub const HEADER_LABELS: usize = 8;

/// A part of the dataset. Image numbers count within one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageSet {
    /// The training set in the file's order.
    Train,
    /// The test set in the file's order.
    Test,
}

/// One of the four files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DatasetFile {
    /// 60,000 training images.
    TrainImages,
    /// Their labels.
    TrainLabels,
    /// 10,000 test images.
    TestImages,
    /// Their labels.
    TestLabels,
}

impl DatasetFile {
    /// All four, in the order of `data::Dataset::from_idx`.
    pub const ALL: [DatasetFile; 4] =
        [DatasetFile::TrainImages, DatasetFile::TrainLabels, DatasetFile::TestImages, DatasetFile::TestLabels];

    /// The name of the compressed file, as published: `train-images-idx3-ubyte.gz`.
    pub fn name(self) -> &'static str {
        match self {
            DatasetFile::TrainImages => "train-images-idx3-ubyte.gz",
            DatasetFile::TrainLabels => "train-labels-idx1-ubyte.gz",
            DatasetFile::TestImages => "t10k-images-idx3-ubyte.gz",
            DatasetFile::TestLabels => "t10k-labels-idx1-ubyte.gz",
        }
    }

    /// The name of the uncompressed file: `train-images-idx3-ubyte`.
    pub fn raw_name(self) -> &'static str {
        self.name().trim_end_matches(".gz")
    }

    /// SHA-256 of the uncompressed content, in hexadecimal. (Copies are compressed anew, so a digest of the .gz says nothing.)
    pub fn sha256(self) -> &'static str {
        match self {
            DatasetFile::TrainImages => "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            DatasetFile::TrainLabels => "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            DatasetFile::TestImages => "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            DatasetFile::TestLabels => "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        }
    }

    /// Bytes of the uncompressed file.
    pub fn bytes(self) -> usize {
        if self.holds_images() { HEADER_IMAGES + self.items() * PIXELS } else { HEADER_LABELS + self.items() }
    }

    /// Images or labels in the file.
    pub fn items(self) -> usize {
        match self {
            DatasetFile::TrainImages | DatasetFile::TrainLabels => TRAIN_IMAGES,
            DatasetFile::TestImages | DatasetFile::TestLabels => TEST_IMAGES,
        }
    }

    /// Whether it holds images, not labels.
    pub fn holds_images(self) -> bool {
        matches!(self, DatasetFile::TrainImages | DatasetFile::TestImages)
    }

    /// The file of that name, compressed or not. Some copies are called `train-images.idx3-ubyte`; capitals do not matter.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace(".idx", "-idx");
        let raw = name.strip_suffix(".gz").unwrap_or(&name);
        Self::ALL.into_iter().find(|file| file.raw_name() == raw)
    }
}

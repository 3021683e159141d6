//! Why a file was not taken. Each error has a sentence that says what the file is, and one with the next step.

use crate::data::DataError;
use crate::fashion_mnist::DatasetFile;
use std::io;

/// Why a file, or one entry of an archive, was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The system or the browser did not give the bytes.
    #[error("it cannot be read ({0})")]
    Unreadable(String),
    /// No bytes at all.
    #[error("it is empty")]
    Empty,
    /// HTML in place of the file.
    #[error("it is a web page (an error page, or one that asks for a login), not a data file")]
    WebPage,
    /// The text that stands for a file in a Git repository.
    #[error("it is a Git LFS pointer: a short text in place of the file")]
    LfsPointer,
    /// A tar archive, compressed or not.
    #[error("it is a tar archive, and only zip archives are unpacked here")]
    Tar,
    /// Another known form.
    #[error("it is {0}, which is not read here")]
    Form(&'static str),
    /// An archive in an archive.
    #[error("it is a zip archive inside another archive")]
    NestedArchive,
    /// Nothing known.
    #[error("it is neither a file of Fashion-MNIST, nor Kaggle's CSV, nor a zip archive of those")]
    Unknown,
    /// Gzip inside gzip inside gzip.
    #[error("it is compressed more than twice")]
    Layers,
    /// Compressed data that stops too early.
    #[error("it is truncated: the compressed data ends too early")]
    Truncated,
    /// Compressed data with a wrong checksum.
    #[error("it is damaged: the checksum of the compressed data is wrong")]
    Checksum,
    /// Other compressed data that cannot be unpacked.
    #[error("it is damaged: the compressed data cannot be unpacked")]
    Damaged,
    /// A zip archive without a readable directory.
    #[error("it is a damaged or truncated zip archive")]
    BrokenArchive,
    /// A zip archive with nothing in it.
    #[error("it is a zip archive without any file")]
    EmptyArchive,
    /// A zip entry that is encrypted, or compressed by something else than deflate.
    #[error("it is packed in a way that is not read here ({0})")]
    Packing(&'static str),
    /// Only the header of an IDX file.
    #[error("it has only the header of an IDX file, and none of the {items} items that the header announces")]
    HeaderAlone {
        /// Items that the header announces.
        items: u32,
    },
    /// The number of items is not one of Fashion-MNIST's.
    #[error("its header announces {found} {what}, but the files of Fashion-MNIST have 60000 and 10000")]
    Count {
        /// `images` or `labels`.
        what: &'static str,
        /// What the header says.
        found: u32,
    },
    /// More bytes than the header announces.
    #[error("it goes on after the {expected} bytes that its header announces, so it is damaged or another file")]
    Long {
        /// Bytes of the header and of the items.
        expected: usize,
    },
    /// Another fault in an IDX file.
    #[error("{0}")]
    Idx(#[from] DataError),
    /// A fault in a CSV table.
    #[error("line {line} of the table: {reason}")]
    Table {
        /// The line, from 1.
        line: u64,
        /// What is wrong there.
        reason: String,
    },
    /// The number of rows is not one of Fashion-MNIST's.
    #[error("the table has {found} rows, but those of Fashion-MNIST have 60000 and 10000")]
    Rows {
        /// Rows, or 60001 where there are more than 60000.
        found: usize,
    },
    /// A known data set that is not Fashion-MNIST.
    #[error("it is {} of {name}, another data set with the same file names", .file.raw_name())]
    OtherDataset {
        /// The data set.
        name: &'static str,
        /// Which of its files.
        file: DatasetFile,
    },
    /// The right form, but the content of no known data set.
    #[error("it has the form of {}, but not the content: its SHA-256 is {}…", .file.raw_name(), .found.get(..12).unwrap_or(.found))]
    Digest {
        /// The file of that form.
        file: DatasetFile,
        /// SHA-256 of the uncompressed content, in hexadecimal.
        found: String,
    },
    /// Its content was already there.
    #[error("what it holds is already there")]
    AlreadyThere,
}

impl FileError {
    /// Whether the file is sound data of the right form, but not Fashion-MNIST.
    pub fn is_other_data(&self) -> bool {
        matches!(self, FileError::OtherDataset { .. } | FileError::Digest { .. })
    }

    /// What to do about it, as the second half of a sentence; `None` where nothing is to be done.
    pub fn next_step(&self) -> Option<&'static str> {
        Some(match self {
            FileError::AlreadyThere => return None,
            FileError::Unreadable(_) => "choose it again",
            FileError::LfsPointer => "run `git lfs pull` in its folder, or download the file itself",
            FileError::Tar | FileError::NestedArchive | FileError::Layers | FileError::Packing(_) => {
                "unpack it and give the files that are in it"
            }
            FileError::Form(_) | FileError::Unknown | FileError::EmptyArchive => {
                "give the four files of Fashion-MNIST, a zip archive of them, or Kaggle's two CSV tables"
            }
            FileError::OtherDataset { .. }
            | FileError::Digest { .. }
            | FileError::Count { .. }
            | FileError::Rows { .. } => "get this file from github.com/zalandoresearch/fashion-mnist",
            _ => "download it again",
        })
    }

    /// The whole sentence: what the file is, and the next step.
    pub fn sentence(&self) -> String {
        match self.next_step() {
            Some(step) => format!("{self}; {step}"),
            None => self.to_string(),
        }
    }
}

/// Errors pass through readers as `io::Error`. This takes an error of this module out again.
impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<FileError>()) {
            Some(own) => own.clone(),
            None => FileError::Unreadable(error.to_string()),
        }
    }
}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        io::Error::other(error)
    }
}

//! Recognises an unpacked stream by its first bytes.

use super::error::FileError;
use super::peek::Peek;
use crate::data::identify;
use crate::fashion_mnist::{DatasetFile, HEADER_IMAGES, HEADER_LABELS, MAGIC_IMAGES, MAGIC_LABELS};

/// Enough to see the mark of a tar archive, which stands at byte 257.
const HEAD: usize = 512;

/// A kind of stream that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An IDX file with the header of this one of the four.
    Idx(DatasetFile),
    /// A table with a label and 784 pixels a row.
    Table,
    /// A zip archive.
    Zip,
}

/// First bytes of other file types, which people may give by mistake.
const FORMS: &[(&[u8], &str)] = &[
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"PAR1", "a Parquet file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF document"),
];

/// What the stream is.
pub(super) fn tell(stream: &mut Peek<'_>) -> Result<Kind, FileError> {
    let head = stream.peek(HEAD)?;
    if head.is_empty() {
        return Err(FileError::Empty);
    }
    if head.starts_with(&MAGIC_IMAGES.to_be_bytes()) || head.starts_with(&MAGIC_LABELS.to_be_bytes()) {
        return idx(head).map(Kind::Idx);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Err(FileError::Tar);
    }
    if let Some((_, form)) = FORMS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(FileError::Form(form));
    }
    // Old IDX writers of other element types (16-bit, floats) share the first two bytes.
    if head.starts_with(&[0, 0]) && head.get(2).is_some_and(|kind| (8..=14).contains(kind)) {
        return Err(FileError::Form("an IDX file of another kind than images or labels in bytes"));
    }
    text(head)
}

/// Which of the four files a header announces.
fn idx(head: &[u8]) -> Result<DatasetFile, FileError> {
    let images = head.starts_with(&MAGIC_IMAGES.to_be_bytes());
    let (what, header) = if images { ("images", HEADER_IMAGES) } else { ("labels", HEADER_LABELS) };
    // The parser names a header that is cut off, and images of another size.
    let parsed = if images { crate::data::parse_images(head).err() } else { None };
    if let Some(e @ (crate::data::DataError::Header { .. } | crate::data::DataError::Pixels { .. })) = parsed {
        return Err(e.into());
    }
    if head.len() < header {
        return Err(crate::data::DataError::Header { what: "the labels", bytes: head.len(), header }.into());
    }
    let items = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
    let file = identify(head).ok_or(FileError::Count { what, found: items })?;
    if head.len() == header { Err(FileError::HeaderAlone { items }) } else { Ok(file) }
}

/// Which text the stream is, if it is one.
fn text(head: &[u8]) -> Result<Kind, FileError> {
    let bare = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().to_ascii_lowercase();
    if bare.starts_with(b"<") {
        return Err(FileError::WebPage);
    }
    if bare.starts_with(b"version https://git-lfs") {
        return Err(FileError::LfsPointer);
    }
    if bare.starts_with(b"label,") || bare.starts_with(b"\"label\"") {
        return Ok(Kind::Table);
    }
    // A row of numbers without the line of names above it.
    let line = bare.split(|&b| b == b'\n').next().unwrap_or_default();
    let digits = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
    let fields = line.split(|&b| b == b',').take(8);
    if line.iter().filter(|&&b| b == b',').count() > 8 && fields.into_iter().all(digits) {
        return Err(FileError::Table {
            line: 1,
            reason: "it has to name the columns: label,pixel1,pixel2,…".to_owned(),
        });
    }
    Err(FileError::Unknown)
}

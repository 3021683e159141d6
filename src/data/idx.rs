//! Reads the IDX form of MNIST (LeCun): big-endian header words, then one byte a pixel or label. Strict: a file must be exactly
//! what its header announces, because a truncated download must never be trained on.

use super::DataError;
use crate::fashion_mnist::{
    CLASSES, DatasetFile, HEADER_IMAGES, HEADER_LABELS, MAGIC_IMAGES, MAGIC_LABELS, PIXELS, SIDE,
};

/// The big-endian word at an offset, if there are four bytes.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

/// Checks a file of 28 x 28 images and gives its pixels, 784 an image.
///
/// # Errors
/// Names what is wrong with the header or the length.
pub fn parse_images(bytes: &[u8]) -> Result<&[u8], DataError> {
    const WHAT: &str = "the images";
    let (count, pixels) = open(bytes, WHAT, MAGIC_IMAGES, HEADER_IMAGES)?;
    let (rows, columns) = (word(bytes, 8).unwrap_or(0), word(bytes, 12).unwrap_or(0));
    if (rows, columns) != (SIDE as u32, SIDE as u32) {
        return Err(DataError::Pixels { what: WHAT, rows, columns });
    }
    exactly(WHAT, count, bytes.len(), HEADER_IMAGES as u64 + u64::from(count) * PIXELS as u64)?;
    Ok(pixels)
}

/// Checks a file of labels and gives them, a byte each, all below 10.
///
/// # Errors
/// Names what is wrong with the header, the length, or the first label that is not a class.
pub fn parse_labels(bytes: &[u8]) -> Result<&[u8], DataError> {
    const WHAT: &str = "the labels";
    let (count, labels) = open(bytes, WHAT, MAGIC_LABELS, HEADER_LABELS)?;
    exactly(WHAT, count, bytes.len(), HEADER_LABELS as u64 + u64::from(count))?;
    match labels.iter().position(|&label| usize::from(label) >= CLASSES) {
        Some(index) => Err(DataError::Label { index, value: labels[index] }),
        None => Ok(labels),
    }
}

/// The count that the header names and the bytes behind the header.
fn open<'a>(bytes: &'a [u8], what: &'static str, magic: u32, header: usize) -> Result<(u32, &'a [u8]), DataError> {
    let short = || DataError::Header { what, bytes: bytes.len(), header };
    let found = word(bytes, 0).ok_or_else(short)?;
    if found != magic {
        return Err(DataError::Magic { what, found, expected: magic, hint: hint(bytes, found) });
    }
    let items = bytes.get(header..).ok_or_else(short)?;
    Ok((word(bytes, 4).ok_or_else(short)?, items))
}

/// Recognises the usual mistakes by their first bytes.
fn hint(bytes: &[u8], found: u32) -> &'static str {
    match found {
        MAGIC_IMAGES => " (this is a file of images)",
        MAGIC_LABELS => " (this is a file of labels)",
        _ if bytes.starts_with(&[0x1f, 0x8b]) => " (this is gzip data that was not decompressed)",
        _ if bytes.starts_with(b"<") => " (this looks like a web page)",
        _ => "",
    }
}

fn exactly(what: &'static str, count: u32, found: usize, expected: u64) -> Result<(), DataError> {
    if found as u64 == expected { Ok(()) } else { Err(DataError::Length { what, count, found, expected }) }
}

/// Which of the four files the uncompressed bytes are, by their header alone. The name does not matter, and the rest is not checked.
pub fn identify(bytes: &[u8]) -> Option<DatasetFile> {
    let (magic, count) = (word(bytes, 0)?, word(bytes, 4)?);
    DatasetFile::ALL.into_iter().find(|file| {
        magic == if file.holds_images() { MAGIC_IMAGES } else { MAGIC_LABELS }
            && usize::try_from(count) == Ok(file.items())
    })
}

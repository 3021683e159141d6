//! Kaggle's form of the dataset: a CSV table with a label and 784 pixels a row, turned into the content of two IDX files.

use super::error::FileError;
use crate::fashion_mnist::{
    CLASSES, DatasetFile, HEADER_IMAGES, HEADER_LABELS, ImageSet, MAGIC_IMAGES, MAGIC_LABELS, PIXELS, SIDE,
    TEST_IMAGES, TRAIN_IMAGES,
};
use csv::{ByteRecord, ErrorKind, ReaderBuilder};
use std::io::Read;

/// One set of images with its labels.
pub(super) struct Table {
    pub(super) set: ImageSet,
    /// Content of an IDX file, header and all.
    pub(super) images: Vec<u8>,
    /// Likewise.
    pub(super) labels: Vec<u8>,
}

/// The files of a set: its images, then its labels.
pub(super) fn files_of(set: ImageSet) -> [DatasetFile; 2] {
    match set {
        ImageSet::Train => [DatasetFile::TrainImages, DatasetFile::TrainLabels],
        ImageSet::Test => [DatasetFile::TestImages, DatasetFile::TestLabels],
    }
}

/// Reads a table row by row; never more than 60,000 rows.
pub(super) fn read(stream: impl Read) -> Result<Table, FileError> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(stream);
    let mut record = ByteRecord::new();
    // Counted here, since the reader's own count is one behind where lines end in a carriage return and a line feed.
    let mut line = 0;
    let mut more = |record: &mut ByteRecord| {
        let there = reader.read_byte_record(record).map_err(failed)?;
        line += 1;
        if there && record.len() != PIXELS + 1 {
            let reason = format!("it has {} columns instead of {}", record.len(), PIXELS + 1);
            return Err(FileError::Table { line, reason });
        }
        Ok(there.then_some(line))
    };
    // The line of names: its first word was seen before this was called.
    more(&mut record)?;

    let mut images = vec![0; HEADER_IMAGES];
    let mut labels = vec![0; HEADER_LABELS];
    images.reserve_exact(TEST_IMAGES * PIXELS);
    let mut rows = 0;
    while let Some(line) = more(&mut record)? {
        rows += 1;
        if rows > TRAIN_IMAGES {
            return Err(FileError::Rows { found: rows });
        }
        if rows == TEST_IMAGES + 1 {
            images.reserve_exact((TRAIN_IMAGES - TEST_IMAGES) * PIXELS);
        }
        let mut row = record.iter().enumerate().map(|(column, field)| byte(line, column, field));
        let label = row.next().transpose()?.unwrap_or(u8::MAX);
        if usize::from(label) >= CLASSES {
            let reason = format!("its label is {label}, but the classes are 0 to {}", CLASSES - 1);
            return Err(FileError::Table { line, reason });
        }
        labels.push(label);
        for pixel in row {
            images.push(pixel?);
        }
    }
    let set = match rows {
        TRAIN_IMAGES => ImageSet::Train,
        TEST_IMAGES => ImageSet::Test,
        found => return Err(FileError::Rows { found }),
    };
    let (count, side) = (rows as u32, SIDE as u32);
    write_words(&mut images, &[MAGIC_IMAGES, count, side, side]);
    write_words(&mut labels, &[MAGIC_LABELS, count]);
    Ok(Table { set, images, labels })
}

/// A field as a byte.
fn byte(line: u64, column: usize, field: &[u8]) -> Result<u8, FileError> {
    let text = std::str::from_utf8(field).unwrap_or_default().trim();
    text.parse().map_err(|_| {
        let shown: String = String::from_utf8_lossy(field).chars().take(20).collect();
        FileError::Table { line, reason: format!("column {} is `{shown}`, not a number from 0 to 255", column + 1) }
    })
}

fn write_words(bytes: &mut [u8], words: &[u32]) {
    for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_be_bytes());
    }
}

fn failed(error: csv::Error) -> FileError {
    match error.into_kind() {
        ErrorKind::Io(e) => e.into(),
        // Only reading fails here: lengths are checked by ourselves, and no text is decoded by the reader.
        _ => FileError::Damaged,
    }
}

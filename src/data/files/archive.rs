//! Reads the entries of a zip archive as streams, the most useful ones first. `rawzip` reads only the directory; the decoder of this
//! folder unpacks the entries.

use super::error::FileError;
use super::gzip;
use super::peek::Peek;
use super::source::Source;
use crate::fashion_mnist::DatasetFile;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};
use std::io::{self, Read};

/// Archives of the dataset have up to a dozen entries. More than this are not looked at.
const MOST_ENTRIES: usize = 1000;

struct At<'a>(&'a dyn Source);

impl ReaderAt for At<'_> {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.0.read_at(buffer, at)
    }
}

/// One file of an archive.
struct Entry {
    name: String,
    method: CompressionMethod,
    encrypted: bool,
    crc: u32,
    place: ZipArchiveEntryWayfinder,
}

/// Hands each file of the archive to `take`. Files with the names of the four files come first, because they need no conversion.
///
/// # Errors
/// Where the directory cannot be read, or names no file.
pub(super) fn each(
    source: &dyn Source,
    mut take: impl FnMut(&str, Result<Peek<'_>, FileError>),
) -> Result<(), FileError> {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive =
        ZipLocator::new().locate_in_reader(At(source), &mut buffer, source.size()).map_err(|(_, e)| broken(&e))?;
    let mut entries = directory(&archive, &mut buffer)?;
    if entries.is_empty() {
        return Err(FileError::EmptyArchive);
    }
    entries.sort_by_key(|entry| DatasetFile::from_name(last_part(&entry.name)).is_none());
    for entry in entries {
        match open(&archive, &entry) {
            Ok(stream) => take(&entry.name, Ok(Peek::new(stream))),
            Err(e) => take(&entry.name, Err(e)),
        }
    }
    Ok(())
}

fn directory(archive: &ZipArchive<At<'_>>, buffer: &mut [u8]) -> Result<Vec<Entry>, FileError> {
    let mut entries = Vec::new();
    let mut records = archive.entries(buffer);
    while let Some(record) = records.next_entry().map_err(|e| broken(&e))? {
        let name = String::from_utf8_lossy(record.file_path().as_ref()).into_owned();
        // macOS puts a file of attributes beside each file.
        if record.is_dir() || name.starts_with("__MACOSX/") || entries.len() == MOST_ENTRIES {
            continue;
        }
        entries.push(Entry {
            name,
            method: record.compression_method(),
            encrypted: record.flags().is_encrypted(),
            crc: record.crc32(),
            place: record.wayfinder(),
        });
    }
    Ok(entries)
}

fn open<'a>(archive: &'a ZipArchive<At<'a>>, entry: &Entry) -> Result<Unpacked<'a>, FileError> {
    if entry.encrypted {
        return Err(FileError::Packing("it is encrypted"));
    }
    let packed = archive.get_entry(entry.place).map_err(|e| broken(&e))?.reader();
    let reader: Box<dyn Read + 'a> = match entry.method {
        CompressionMethod::STORE => Box::new(packed),
        CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(Peek::new(packed))),
        _ => return Err(FileError::Packing("neither stored nor deflated")),
    };
    Ok(Unpacked { reader, sum: Crc::new(), crc: entry.crc })
}

/// An entry's content. Its checksum is compared at the end. flate2's table is used, because that of `rawzip` would be a second one in
/// the wasm.
struct Unpacked<'a> {
    reader: Box<dyn Read + 'a>,
    sum: Crc,
    crc: u32,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer).map_err(gzip::named)?;
        self.sum.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() && self.sum.sum() != self.crc {
            return Err(FileError::Checksum.into());
        }
        Ok(count)
    }
}

fn broken(error: &rawzip::Error) -> FileError {
    match error.kind() {
        rawzip::ErrorKind::IO(e) => FileError::Unreadable(e.to_string()),
        _ => FileError::BrokenArchive,
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

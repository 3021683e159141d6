//! Zip archives of stored entries: written, and read back by a reader that takes nothing else.
//!
//! The reader takes exactly the bytes that the writer makes for the same entries. So there is one form of each archive, every byte of it is
//! checked, and none of what makes zip archives dangerous is read at all: packed data, names with folders, entries over each other, two
//! directories that say different things. Form: PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.

use super::crc32::crc32;
use std::collections::BTreeSet;

/// The beginning of each entry, and so of the file.
pub(super) const MAGIC: &[u8; 4] = b"PK\x03\x04";
/// Bytes of an entry's description that stand in both places: before its data, and in the directory at the end.
const FIELDS: usize = 26;
/// 2.0: what every program reads.
const VERSION: u16 = 20;
/// 1980-01-01, the first day that the form knows. The same content always gives the same bytes.
const DATE: u16 = 0x21;

/// One file of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// Letters, digits, `.`, `-` and `_`.
    pub name: &'a str,
    pub data: &'a [u8],
}

/// Why bytes are not an archive of this program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Bytes are missing.
    #[error("the file ends before it is whole; download or copy it again")]
    Truncated,
    /// An entry is packed, encrypted or described in a way that this program never writes.
    #[error(
        "`{0}` in it is packed or written by another program; give the file as Fashion Lab saved it, not packed anew"
    )]
    Foreign(String),
    /// A name that is no plain file name; at most 60 characters of it.
    #[error("it holds a file with the name `{0}`, which Fashion Lab never writes; give a file that Fashion Lab saved")]
    Name(String),
    /// Two entries have one name.
    #[error("it holds `{0}` twice; give the file as Fashion Lab saved it")]
    Twice(String),
    /// The content of an entry was changed or damaged.
    #[error("`{0}` in it is damaged (its checksum is another one); download or copy the file again")]
    Checksum(String),
    /// The list of entries at the end does not fit the entries.
    #[error("its list of contents is damaged or cut off; download or copy the file again")]
    Directory,
}

/// The description of an entry.
fn fields(entry: &Entry) -> [u8; FIELDS] {
    let size = (entry.data.len() as u32).to_le_bytes();
    let name = (entry.name.len() as u16).to_le_bytes();
    let mut fields = [0; FIELDS]; // No flags, stored, midnight, no extra field.
    fields[0..2].copy_from_slice(&VERSION.to_le_bytes());
    fields[8..10].copy_from_slice(&DATE.to_le_bytes());
    fields[10..14].copy_from_slice(&crc32(entry.data).to_le_bytes());
    fields[14..18].copy_from_slice(&size);
    fields[18..22].copy_from_slice(&size);
    fields[22..24].copy_from_slice(&name);
    fields
}

/// Adds an entry and its line of the directory.
fn add(entry: &Entry, fields: &[u8; FIELDS], start: usize, directory: &mut Vec<u8>) {
    directory.extend(b"PK\x01\x02");
    directory.extend(VERSION.to_le_bytes());
    directory.extend(fields);
    directory.extend([0; 10]); // No comment, first disk, no attributes.
    directory.extend((start as u32).to_le_bytes());
    directory.extend(entry.name.as_bytes());
}

/// The end of the file: the directory's place.
fn close(count: usize, start: usize, directory: &mut Vec<u8>) {
    let size = directory.len() as u32;
    let count = (count as u16).to_le_bytes();
    directory.extend(b"PK\x05\x06\0\0\0\0");
    directory.extend(count);
    directory.extend(count);
    directory.extend(size.to_le_bytes());
    directory.extend((start as u32).to_le_bytes());
    directory.extend([0, 0]);
}

/// The bytes of an archive; `None` where they would be too many for the form (4 GiB, 65,535 entries).
pub(super) fn write(entries: &[Entry]) -> Option<Vec<u8>> {
    let all: usize = entries.iter().map(|entry| 128 + 2 * entry.name.len() + entry.data.len()).sum();
    if u32::try_from(all).is_err() || u16::try_from(entries.len()).is_err() {
        return None;
    }
    let (mut bytes, mut directory) = (Vec::with_capacity(all), Vec::new());
    for entry in entries {
        let fields = fields(entry);
        add(entry, &fields, bytes.len(), &mut directory);
        bytes.extend(MAGIC);
        bytes.extend(fields);
        bytes.extend(entry.name.as_bytes());
        bytes.extend(entry.data);
    }
    close(entries.len(), bytes.len(), &mut directory);
    bytes.extend(directory);
    Some(bytes)
}

/// The name of the first entry, unchecked. It tells what kind of archive it is.
pub(super) fn first_name(bytes: &[u8]) -> Option<&str> {
    let (fields, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<FIELDS>()?;
    std::str::from_utf8(rest.get(..usize::from(two(fields, 22)))?).ok()
}

/// The entries of an archive, in their order. Nothing is copied, so the file's numbers cannot make this program use memory.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry<'_>>, ArchiveError> {
    let (mut entries, mut names, mut directory, mut rest) = (Vec::new(), BTreeSet::new(), Vec::new(), bytes);
    while let Some(entry) = rest.strip_prefix(MAGIC) {
        let start = bytes.len() - rest.len();
        let (described, entry) = entry.split_first_chunk::<FIELDS>().ok_or(ArchiveError::Truncated)?;
        let (name, entry) = entry.split_at_checked(usize::from(two(described, 22))).ok_or(ArchiveError::Truncated)?;
        let name = plain_name(name)?;
        let (size, packed) = (four(described, 18), four(described, 14));
        // Version, flags, method, and the two sizes: only stored data, so that a small file cannot become a large one.
        if described[..6] != [VERSION as u8, 0, 0, 0, 0, 0] || size != packed {
            return Err(ArchiveError::Foreign(name.to_owned()));
        }
        let size = usize::try_from(size).map_err(|_| ArchiveError::Truncated)?;
        let (data, behind) = entry.split_at_checked(size).ok_or(ArchiveError::Truncated)?;
        if !names.insert(name) {
            return Err(ArchiveError::Twice(name.to_owned()));
        }
        let entry = Entry { name, data };
        let expected = fields(&entry);
        if described[10..14] != expected[10..14] {
            return Err(ArchiveError::Checksum(name.to_owned()));
        }
        if *described != expected {
            return Err(ArchiveError::Foreign(name.to_owned()));
        }
        add(&entry, &expected, start, &mut directory);
        entries.push(entry);
        rest = behind;
    }
    close(entries.len(), bytes.len() - rest.len(), &mut directory);
    if rest != directory {
        let cut = rest.len() < directory.len() && directory.starts_with(rest);
        return Err(if cut { ArchiveError::Truncated } else { ArchiveError::Directory });
    }
    Ok(entries)
}

fn two(fields: &[u8; FIELDS], at: usize) -> u16 {
    u16::from_le_bytes([fields[at], fields[at + 1]])
}

fn four(fields: &[u8; FIELDS], at: usize) -> u32 {
    u32::from(two(fields, at)) | u32::from(two(fields, at + 2)) << 16
}

/// A name without folders, drives, or characters that a screen or a shell reads in its own way.
fn plain_name(name: &[u8]) -> Result<&str, ArchiveError> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
    match std::str::from_utf8(name) {
        Ok(text) if !name.is_empty() && name.iter().all(plain) && name[0] != b'.' => Ok(text),
        _ => Err(ArchiveError::Name(String::from_utf8_lossy(name).escape_default().take(60).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRIES: [Entry; 2] = [Entry { name: "a.txt", data: b"one" }, Entry { name: "b.bin", data: &[0; 70] }];

    fn file() -> Vec<u8> {
        write(&ENTRIES).unwrap()
    }

    /// The files of an archive as other programs find them: by the directory at the end.
    fn by_directory(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
        let number =
            |at: usize, width: usize| bytes[at..at + width].iter().rev().fold(0, |n, &b| n << 8 | usize::from(b));
        let end = bytes.len() - 22;
        assert_eq!(number(end, 4), 0x0605_4b50);
        let mut at = number(end + 16, 4);
        assert_eq!(at + number(end + 12, 4), end);
        let files = (0..number(end + 10, 2)).map(|_| {
            assert_eq!(number(at, 4), 0x0201_4b50);
            let (size, name, local) = (number(at + 24, 4), number(at + 28, 2), number(at + 42, 4));
            let data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
            let file = (
                String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).unwrap(),
                bytes[data..data + size].to_vec(),
            );
            at += 46 + name + number(at + 30, 2) + number(at + 32, 2);
            file
        });
        files.collect()
    }

    #[test]
    fn what_was_written_is_found_by_both_ways_of_reading() {
        assert_eq!(read(&file()).unwrap(), ENTRIES);
        let found = by_directory(&file());
        assert_eq!(found, ENTRIES.map(|entry| (entry.name.to_owned(), entry.data.to_vec())));
        assert_eq!(first_name(&file()), Some("a.txt"));
        assert_eq!(read(&write(&[]).unwrap()).unwrap(), []);
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_refused() {
        let whole = file();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                assert!(read(&changed).is_err(), "byte {at}, bit {bit}");
            }
            assert!(read(&whole[..at]).is_err(), "cut at {at}");
        }
        assert_eq!(read(&[whole.as_slice(), b"x"].concat()), Err(ArchiveError::Directory));
    }

    #[test]
    fn each_hostile_archive_is_refused_with_its_reason() {
        let refused = |entries: &[Entry]| read(&write(entries).unwrap()).unwrap_err();
        for name in ["../evil", "/etc/passwd", "a\\b", "C:x", ".hidden", "", "a\u{202e}b", "a b"] {
            assert!(matches!(refused(&[Entry { name, data: b"" }]), ArchiveError::Name(_)), "{name}");
        }
        assert_eq!(refused(&[ENTRIES[0], ENTRIES[0]]), ArchiveError::Twice("a.txt".to_owned()));
        let changed = |at: usize, bytes: &[u8]| {
            let mut whole = file();
            whole[at..at + bytes.len()].copy_from_slice(bytes);
            read(&whole).unwrap_err()
        };
        let foreign = ArchiveError::Foreign("a.txt".to_owned());
        assert_eq!(changed(8, &[8]), foreign, "deflated");
        assert_eq!(changed(6, &[1]), foreign, "encrypted");
        assert_eq!(changed(22, &[0xff; 4]), foreign, "a bomb: it would unpack to 4 GiB");
        assert_eq!(changed(18, &[0xff; 8]), ArchiveError::Truncated, "both sizes are huge");
        assert_eq!(changed(26, &[0xff, 0xff]), ArchiveError::Truncated, "a huge name");
        assert_eq!(changed(14, &[0; 4]), ArchiveError::Checksum("a.txt".to_owned()));
        assert_eq!(changed(28, &[3]), foreign, "an extra field");
    }

    #[test]
    fn too_many_files_are_not_written() {
        assert_eq!(write(&vec![ENTRIES[0]; 65_536]), None);
    }
}

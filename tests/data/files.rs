//! The forms in which people have the dataset, and the messages about other files. The genuine file of test labels is used as the
//! example; images are generated. More than 300 lines, because all cases use the same builders of files.

use super::{balanced, images, labels, real_folder};
use fashion_lab::data::files::{Accept, FileError, Files, LoadError, Source, load, sha256};
use fashion_lab::data::{DataError, Dataset};
use fashion_lab::fashion_mnist::{DatasetFile, PIXELS, TEST_IMAGES, TRAIN_IMAGES};
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use proptest::prelude::*;
use std::cell::Cell;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// The genuine test labels, as published but for the compression.
const GENUINE: &[u8] = include_bytes!("cases/t10k-labels-idx1-ubyte.gz");
const NAME: &str = "t10k-labels-idx1-ubyte.gz";

fn genuine() -> Vec<u8> {
    let mut content = Vec::new();
    GzDecoder::new(GENUINE).read_to_end(&mut content).unwrap();
    content
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(content, Compression::default()).read_to_end(&mut packed).unwrap();
    packed
}

/// A zip archive of stored (`false`) and deflated (`true`) entries.
fn zip(entries: &[(&str, &[u8], bool)]) -> Vec<u8> {
    use rawzip::{CompressionMethod, ZipArchiveWriter};
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content, deflate) in entries {
        let method = if *deflate { CompressionMethod::DEFLATE } else { CompressionMethod::STORE };
        let (mut entry, config) = archive.new_file(name).compression_method(method).start().unwrap();
        let descriptor = if *deflate {
            let mut writer = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, Compression::fast()));
            writer.write_all(content).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            descriptor
        } else {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(content).unwrap();
            writer.finish().unwrap().1
        };
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

/// Kaggle's form: a line of names, then a label and its pixels a row.
fn table(labels: &[u8], pixels: &[u8]) -> Vec<u8> {
    let mut text = "label".to_owned();
    for pixel in 1..=PIXELS {
        text += &format!(",pixel{pixel}");
    }
    for (label, image) in labels.iter().zip(pixels.chunks_exact(PIXELS)) {
        text.push('\n');
        text.push(char::from(b'0' + label));
        for pixel in image {
            text.push(',');
            text += itoa(*pixel);
        }
    }
    text.push('\n');
    text.into_bytes()
}

/// The 256 numbers as text, since a table has millions of them.
fn itoa(byte: u8) -> &'static str {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    &TEXTS.get_or_init(|| (0..=255_u8).map(|b| b.to_string()).collect())[usize::from(byte)]
}

/// What is said of one file where only Fashion-MNIST is taken.
fn take(bytes: &[u8]) -> Result<Vec<DatasetFile>, FileError> {
    take_as(Accept::FashionMnist, bytes)
}

fn take_as(accept: Accept, bytes: &[u8]) -> Result<Vec<DatasetFile>, FileError> {
    let mut outcomes = Files::new(accept).take(NAME, &bytes.to_vec());
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    outcomes.remove(0).taken
}

#[test]
fn genuine_content_is_taken_behind_any_gzip() {
    let content = genuine();
    let (start, end) = content.split_at(4000);
    let behind = |more: &[u8]| [GENUINE, more].concat();
    for (what, bytes) in [
        ("as published", GENUINE.to_vec()),
        ("not compressed", content.clone()),
        ("compressed twice", gzip(GENUINE)),
        ("two members", [gzip(start), gzip(end)].concat()),
        ("an empty member", [gzip(&[]), gzip(&content)].concat()),
        ("16 stray bytes", behind(b"sixteen of bytes")),
        ("stray bytes that begin as gzip does", behind(&[0x1f, 0x8b, 8])),
        ("zeros to 8 KiB", behind(&vec![0; 8192 - GENUINE.len()])),
    ] {
        assert_eq!(take(&bytes), Ok(vec![DatasetFile::TestLabels]), "{what}");
    }
    assert_eq!(take(&gzip(&gzip(GENUINE))), Err(FileError::Layers));
}

#[test]
fn damaged_gzip_is_called_truncated_or_wrong_by_its_checksum() {
    let cut = |by: usize| take(&GENUINE[..GENUINE.len() - by]);
    // In the trailer, in the data, in the header.
    assert_eq!(cut(4), Err(FileError::Truncated));
    assert_eq!(cut(GENUINE.len() / 2), Err(FileError::Truncated));
    assert_eq!(cut(GENUINE.len() - 5), Err(FileError::Truncated));
    let two = [gzip(&genuine()[..4000]), gzip(&genuine()[4000..])].concat();
    assert_eq!(take(&two[..two.len() - 2]), Err(FileError::Truncated));

    let mut checksum = GENUINE.to_vec();
    let at = checksum.len() - 8;
    checksum[at] ^= 1;
    assert_eq!(take(&checksum), Err(FileError::Checksum));
    let said = |e: FileError| e.sentence();
    assert!(said(FileError::Checksum).contains("checksum") && said(FileError::Truncated).contains("truncated"));

    let mut damaged = GENUINE.to_vec();
    damaged[10..40].fill(0xff);
    assert!(matches!(take(&damaged), Err(FileError::Damaged | FileError::Checksum)), "{:?}", take(&damaged));
}

#[test]
fn what_is_no_data_is_named_as_what_it_is() {
    let mut tar = vec![0; 1024];
    tar[..5].copy_from_slice(b"train");
    tar[257..262].copy_from_slice(b"ustar");
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 26421880\n";
    let page = b"\n<!DOCTYPE html><html><head><title>403 Forbidden</title></head></html>";
    for (bytes, expected) in [
        (&b""[..], FileError::Empty),
        (page, FileError::WebPage),
        (b"<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>", FileError::WebPage),
        (pointer, FileError::LfsPointer),
        (&tar, FileError::Tar),
        (b"7z\xbc\xaf\x27\x1c\0\x04", FileError::Form("a 7z archive")),
        (b"\x93NUMPY\x01\0", FileError::Form("a NumPy array")),
        (b"shopping list", FileError::Unknown),
        (&[0; 4000], FileError::Unknown),
    ] {
        assert_eq!(take(bytes), Err(expected.clone()));
        // The same behind gzip, as a server may send it.
        assert_eq!(take(&gzip(bytes)), Err(expected.clone()));
        let sentence = expected.sentence();
        assert!(sentence.contains("; "), "no next step: {sentence}");
    }
    assert_eq!(take(&zip(&[])), Err(FileError::EmptyArchive));
    let archive = zip(&[(NAME, GENUINE, false)]);
    assert_eq!(take(&archive[..archive.len() - 30]), Err(FileError::BrokenArchive));
    assert_eq!(take(&gzip(&archive)), Err(FileError::NestedArchive));
}

#[test]
fn idx_files_that_are_not_whole_are_named() {
    let said = |bytes: &[u8]| take(bytes).unwrap_err();
    assert_eq!(said(&images(60_000, &[])), FileError::HeaderAlone { items: 60_000 });
    assert_eq!(said(&images(u32::MAX, &[0; 4096])), FileError::Count { what: "images", found: u32::MAX });
    assert_eq!(said(&labels(59_999, &balanced(59_999))), FileError::Count { what: "labels", found: 59_999 });
    let header = DataError::Header { what: "the images", bytes: 10, header: 16 };
    assert_eq!(said(&images(60_000, &[])[..10]), FileError::Idx(header));

    let mut long = genuine();
    long.push(0);
    assert_eq!(said(&long), FileError::Long { expected: 10_008 });
    let short = DataError::Length { what: "the labels", count: 10_000, found: 5000, expected: 10_008 };
    assert_eq!(said(&genuine()[..5000]), FileError::Idx(short));
    let mut ten = balanced(60_000);
    ten[17] = 10;
    assert_eq!(said(&labels(60_000, &ten)), FileError::Idx(DataError::Label { index: 17, value: 10 }));
}

#[test]
fn the_right_form_with_other_content_is_refused_by_its_digest_unless_it_is_wanted() {
    let other = labels(10_000, &balanced(10_000));
    let found = sha256(&other);
    assert_eq!(take(&other), Err(FileError::Digest { file: DatasetFile::TestLabels, found }));
    assert!(take(&other).unwrap_err().is_other_data());
    assert_eq!(take_as(Accept::SameForm, &other), Ok(vec![DatasetFile::TestLabels]));
}

/// Bytes that count how many of them were asked for.
struct Counting {
    bytes: Vec<u8>,
    read: Cell<usize>,
}

impl Source for Counting {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let count = self.bytes.read_at(buffer, at)?;
        self.read.set(self.read.get() + count);
        Ok(count)
    }
}

#[test]
fn a_file_that_unpacks_to_gigabytes_is_given_up_early() {
    // 160 members of 16 MiB: 2.5 GiB behind 2.6 MB.
    let zeros = gzip(&vec![0; 16 << 20]);
    let after = |start: &[u8]| {
        let bytes = [gzip(start), zeros.repeat(160)].concat();
        assert!((2 << 20..4 << 20).contains(&bytes.len()), "{}", bytes.len());
        let source = Counting { bytes, read: Cell::new(0) };
        let taken = Files::default().take("bomb.gz", &source).remove(0).taken;
        (taken.unwrap_err(), source.read.get())
    };
    // Three of the members are more than the largest of the four files, so a tenth of the file is enough to know.
    let most = 320 << 10;
    let (error, read) = after(&[0]);
    assert!(error == FileError::Unknown && read <= most, "{error}: {read}");
    let (error, read) = after(&images(60_000, &[0]));
    assert!(error == FileError::Long { expected: 47_040_016 } && read <= most, "{error}: {read}");
    // The same as a table: its first row is not one.
    let (error, read) = after(b"label,pixel1\n");
    assert!(matches!(error, FileError::Table { line: 1, .. }) && read <= most, "{error}: {read}");
}

#[test]
fn a_large_file_of_another_kind_is_not_read() {
    let source = Counting { bytes: vec![7; 100 << 20], read: Cell::new(0) };
    assert_eq!(Files::default().take("film.mp4", &source).remove(0).taken, Err(FileError::Unknown));
    assert!(source.read.get() <= 1 << 20, "{}", source.read.get());
}

#[test]
fn tables_become_idx_files() {
    let mut files = Files::new(Accept::SameForm);
    let pixels: Vec<u8> = (0..TEST_IMAGES * PIXELS).map(|i| (i % 251) as u8).collect();
    let taken = files.take("fashion-mnist_test.csv", &table(&balanced(TEST_IMAGES), &pixels)).remove(0).taken;
    assert_eq!(taken, Ok(vec![DatasetFile::TestImages, DatasetFile::TestLabels]));
    let again = files.take("x", &labels(10_000, &balanced(10_000))).remove(0).taken;
    assert_eq!(again, Err(FileError::AlreadyThere));
    files.take("a", &images(60_000, &vec![0; TRAIN_IMAGES * PIXELS]));
    files.take("b", &labels(60_000, &balanced(TRAIN_IMAGES)));
    let collected = files.finish().unwrap().unwrap();
    assert_eq!((collected.dataset.test_images, collected.dataset.test_labels), (pixels.clone(), balanced(TEST_IMAGES)));
    assert_eq!(collected.sha256[2], sha256(&images(10_000, &pixels)));
    assert_eq!(collected.known, None);
}

#[test]
fn faults_of_a_table_are_named_with_their_line() {
    let said = |text: Vec<u8>| take_as(Accept::SameForm, &text).unwrap_err();
    let three = table(&[1, 2, 3], &[9; 3 * PIXELS]);
    assert_eq!(said(three.clone()), FileError::Rows { found: 3 });
    let text = String::from_utf8(three).unwrap();
    let at = |line: usize, from: &str, to: &str| {
        let lines = text.lines().enumerate();
        let lines: Vec<_> =
            lines.map(|(i, l)| if i + 1 == line { l.replacen(from, to, 1) } else { l.to_owned() }).collect();
        said(lines.join("\r\n").into_bytes()).to_string()
    };
    assert!(
        at(3, "2,9", "2,256").contains("line 3") && at(3, "2,9", "2,256").contains("`256`"),
        "{}",
        at(3, "2,9", "2,256")
    );
    assert!(at(2, "1,9", "10,9").contains("line 2") && at(2, "1,9", "10,9").contains("label is 10"));
    assert!(at(4, "3,9", "3").contains("line 4") && at(4, "3,9", "3").contains("784 columns"));
    assert!(at(1, ",pixel1,", ",").contains("line 1"));
    // Rows without the line of names.
    let bare = text.lines().nth(1).unwrap().as_bytes().to_vec();
    assert!(said(bare).to_string().contains("label,pixel1"));
}

#[test]
fn every_entry_of_a_zip_is_answered_for() {
    let archive = zip(&[
        ("fashion/README.md", b"# Fashion-MNIST", true),
        ("fashion/copy-of-labels", &genuine(), true),
        ("__MACOSX/._x", b"attributes", false),
        ("fashion/t10k-labels-idx1-ubyte.gz", GENUINE, false),
    ]);
    let mut files = Files::default();
    let outcomes = files.take("data.zip", &archive);
    let said: Vec<_> = outcomes.iter().map(|o| (o.name.as_str(), o.taken.clone())).collect();
    // The file with a known name comes first.
    assert_eq!(
        said,
        [
            ("data.zip/fashion/t10k-labels-idx1-ubyte.gz", Ok(vec![DatasetFile::TestLabels])),
            ("data.zip/fashion/README.md", Err(FileError::Unknown)),
            ("data.zip/fashion/copy-of-labels", Err(FileError::AlreadyThere)),
        ]
    );
    assert_eq!(files.missing().len(), 3);
    let mut damaged = zip(&[(NAME, &genuine(), false)]);
    damaged[2000] ^= 1;
    assert_eq!(Files::default().take("data.zip", &damaged).remove(0).taken, Err(FileError::Checksum));
}

#[test]
fn a_zip_bomb_is_given_up_early() {
    let archive = zip(&[("train-images-idx3-ubyte", &images(60_000, &vec![0; 100 << 20]), true)]);
    let taken = Files::default().take("bomb.zip", &archive).remove(0).taken;
    assert_eq!(taken, Err(FileError::Long { expected: 47_040_016 }));
}

/// A folder of this test run, empty.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("data-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_folder_is_searched_for_every_form_and_what_is_wrong_is_named() {
    let place = folder("forms");
    let missing = load(&place, Accept::FashionMnist).unwrap_err();
    assert!(matches!(&missing, LoadError::Missing { missing: DatasetFile::TrainImages, .. }), "{missing}");
    std::fs::write(place.join("notes.txt"), "not opened").unwrap();
    std::fs::write(place.join("train-images-idx3-ubyte"), b"<html>").unwrap();
    let said = load(&place, Accept::FashionMnist).unwrap_err().to_string();
    assert!(said.contains("train-images-idx3-ubyte: it is a web page") && said.contains("; download"), "{said}");
    std::fs::remove_file(place.join("train-images-idx3-ubyte")).unwrap();

    let (train, test) = (vec![0; TRAIN_IMAGES * PIXELS], vec![0; TEST_IMAGES * PIXELS]);
    let entries = [
        ("train-images-idx3-ubyte", &images(60_000, &train)[..], true),
        ("train-labels-idx1-ubyte", &labels(60_000, &balanced(TRAIN_IMAGES)), true),
    ];
    std::fs::write(place.join("train.zip"), zip(&entries)).unwrap();
    std::fs::write(place.join("test.csv"), table(&balanced(TEST_IMAGES), &test)).unwrap();
    let loaded = load(&place, Accept::SameForm).unwrap();
    assert_eq!(loaded.dataset.test_labels, balanced(TEST_IMAGES));
    let refused = load(&place, Accept::FashionMnist).unwrap_err();
    assert!(
        matches!(&refused, LoadError::Refused { refused } if refused.name.ends_with("train.zip/train-images-idx3-ubyte"))
    );
    std::fs::remove_dir_all(&place).unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let said = load(&PathBuf::from("no/such/folder"), Accept::FashionMnist).unwrap_err().to_string();
    assert!(said.contains("no/such/folder"), "{said}");
}

#[test]
fn the_published_files_are_known_by_their_digests() {
    let Some(place) = real_folder() else {
        eprintln!("the dataset is not on this machine: nothing is compared");
        return;
    };
    let read = |file: DatasetFile| std::fs::read(place.join(file.name())).unwrap();
    let files = DatasetFile::ALL.map(|file| (file.name(), read(file)));
    let entries: Vec<_> = files.iter().map(|(name, bytes)| (*name, &bytes[..], false)).collect();
    let mut collected = Files::default();
    for outcome in collected.take("fashion.zip", &zip(&entries)) {
        assert!(outcome.taken.is_ok(), "{outcome:?}");
    }
    let whole = collected.finish().unwrap().unwrap();
    assert_eq!(whole.known, Some("Fashion-MNIST"));
    assert_eq!(whole.sha256, DatasetFile::ALL.map(|file| file.sha256().to_owned()));

    // Kaggle's tables have the images in another order.
    let Dataset { test_images, test_labels, .. } = whole.dataset;
    let reversed: Vec<u8> = test_images.chunks_exact(PIXELS).rev().flatten().copied().collect();
    let back: Vec<u8> = test_labels.iter().rev().copied().collect();
    let test = vec![DatasetFile::TestImages, DatasetFile::TestLabels];
    assert_eq!(take(&table(&back, &reversed)), Ok(test.clone()));
    assert_eq!(take(&table(&test_labels, &test_images)), Ok(test));
    // Labels of one order with images of the other are nobody's data.
    assert!(take(&table(&test_labels, &reversed)).unwrap_err().is_other_data());

    // A table takes the place of labels that came alone, since they may be in another order than its images.
    let mut mixed = Files::default();
    mixed.take("labels", &GENUINE.to_vec());
    mixed.take("test.csv", &table(&back, &reversed));
    for file in [DatasetFile::TrainImages, DatasetFile::TrainLabels] {
        mixed.take(file.name(), &read(file));
    }
    let mixed = mixed.finish().unwrap().unwrap();
    assert_eq!(mixed.dataset.test_labels, back);
    assert_eq!(mixed.known, Some("Fashion-MNIST, images in another order"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_make_the_decoder_panic(noise in proptest::collection::vec(any::<u8>(), 0..600), at in 0..6000_usize, form in 0..4) {
        let sound = match form {
            0 => GENUINE.to_vec(),
            1 => zip(&[(NAME, GENUINE, true), ("x.csv", b"label,pixel1\n1,2", false)]),
            2 => table(&[1], &[5; PIXELS]),
            _ => Vec::new(),
        };
        let at = at.min(sound.len());
        let end = (at + noise.len()).min(sound.len());
        let changed = [&sound[..at], &noise, &sound[end..]].concat();
        for outcome in Files::default().take("noise", &changed) {
            let _ = outcome.taken.map_err(|e| e.sentence());
        }
    }
}

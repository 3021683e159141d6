//! The dataset: malformed IDX data, names and sizes, the normalisation. The forms of files, the split and augmentation have modules of
//! their own.
#![cfg(feature = "engine")]

mod augment;
mod files;
mod split;

use fashion_lab::config::RunConfig;
use fashion_lab::data::files::{Accept, load};
use fashion_lab::data::{DataError, Dataset, MEAN, STD, identify, normalise, parse_images, parse_labels};
use fashion_lab::fashion_mnist::{CLASS_NAMES, CLASSES, DatasetFile, ImageSet, PIXELS, TEST_IMAGES, TRAIN_IMAGES};
use proptest::prelude::*;
use std::path::PathBuf;

/// An IDX file: the header's words, then the items.
fn idx(words: &[u32], items: &[u8]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).chain(items.iter().copied()).collect()
}

fn images(count: u32, pixels: &[u8]) -> Vec<u8> {
    idx(&[2051, count, 28, 28], pixels)
}

fn labels(count: u32, items: &[u8]) -> Vec<u8> {
    idx(&[2049, count], items)
}

/// `[i % 10]`: balanced, as the real labels are.
fn balanced(count: usize) -> Vec<u8> {
    (0..count).map(|i| (i % CLASSES) as u8).collect()
}

/// `count` images of which no two are alike.
fn noise(count: usize) -> Vec<u8> {
    (0..count * PIXELS).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
}

/// The folder with the real files, where this machine has one.
fn real_folder() -> Option<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/data");
    // The second is where Debian's package dataset-fashion-mnist puts them.
    let folders = [own, PathBuf::from("/usr/share/datasets/fashion-mnist")];
    folders.into_iter().find(|folder| folder.join(DatasetFile::TrainImages.name()).is_file())
}

fn real_dataset() -> Option<Dataset> {
    let loaded = load(&real_folder()?, Accept::FashionMnist);
    Some(loaded.expect("a folder with the dataset holds all of it").dataset)
}

#[test]
fn whole_files_are_read() {
    assert_eq!(parse_labels(&labels(3, &[9, 0, 4])), Ok(&[9, 0, 4][..]));
    assert_eq!(parse_images(&images(2, &noise(2))), Ok(&noise(2)[..]));
    assert_eq!(parse_images(&images(0, &[])), Ok(&[][..]));
}

#[test]
fn a_header_that_is_cut_off_is_refused() {
    let file = images(1, &noise(1));
    for bytes in [0, 3, 4, 8, 15] {
        assert!(matches!(parse_images(&file[..bytes]), Err(DataError::Header { header: 16, .. })), "{bytes}");
    }
    for bytes in [0, 3, 4, 7] {
        let cut = parse_labels(&labels(1, &[1])[..bytes]).unwrap_err();
        assert_eq!(cut, DataError::Header { what: "the labels", bytes, header: 8 });
    }
}

#[test]
fn other_kinds_of_file_are_named_as_what_they_are() {
    let said = |bytes: &[u8]| parse_images(bytes).unwrap_err().to_string();
    assert!(said(&labels(1, &[1])).contains("file of labels"));
    assert!(said(b"\x1f\x8b\x08\x00\x00\x00\x00\x00").contains("gzip"));
    assert!(said(b"<!doctype html>").contains("web page"));
    assert!(said(&[0xff; 16]).contains("0xffffffff"));
    assert!(parse_labels(&images(1, &noise(1))).unwrap_err().to_string().contains("file of images"));
}

#[test]
fn images_of_another_size_are_refused() {
    let said = parse_images(&idx(&[2051, 1, 32, 28], &[0; 896])).unwrap_err();
    assert_eq!(said, DataError::Pixels { what: "the images", rows: 32, columns: 28 });
    // The product is right, the sides are not.
    assert!(matches!(parse_images(&idx(&[2051, 1, 14, 56], &[0; 784])), Err(DataError::Pixels { .. })));
}

#[test]
fn missing_or_surplus_bytes_are_refused() {
    let file = images(2, &noise(2));
    for wrong in [&file[..file.len() - 1], &[&file[..], &[0]].concat(), &file[..16]] {
        let said = parse_images(wrong).unwrap_err();
        assert_eq!(said, DataError::Length { what: "the images", count: 2, found: wrong.len(), expected: 1584 });
    }
    assert!(matches!(parse_labels(&labels(3, &[1, 2])), Err(DataError::Length { expected: 11, .. })));
    assert!(matches!(parse_labels(&labels(1, &[1, 2])), Err(DataError::Length { expected: 9, .. })));
    // A count that would overflow 32 bits of address.
    assert!(matches!(parse_images(&images(u32::MAX, &noise(1))), Err(DataError::Length { .. })));
}

#[test]
fn a_label_that_is_no_class_is_named() {
    let said = parse_labels(&labels(3, &[9, 10, 255])).unwrap_err();
    assert_eq!(said, DataError::Label { index: 1, value: 10 });
    assert_eq!(said.to_string(), "label number 1 is 10, but the classes are 0 to 9");
}

#[test]
fn a_dataset_has_the_counts_of_fashion_mnist() {
    let train = images(60_000, &vec![7; TRAIN_IMAGES * PIXELS]);
    let train_labels = labels(60_000, &balanced(TRAIN_IMAGES));
    let test = images(10_000, &vec![8; TEST_IMAGES * PIXELS]);
    let test_labels = labels(10_000, &balanced(TEST_IMAGES));
    // Slices and owned bytes are both taken.
    let dataset = Dataset::from_idx(&train[..], &train_labels[..], test.clone(), test_labels.clone()).unwrap();
    assert_eq!(dataset.train_image(59_999), [7; PIXELS]);
    assert_eq!(dataset.test_image(0), [8; PIXELS]);
    assert_eq!(dataset.images(ImageSet::Train).len(), 6 * dataset.images(ImageSet::Test).len());
    assert_eq!(dataset.labels(ImageSet::Test), &dataset.test_labels[..]);
    assert_eq!((dataset.train_labels[59_999], dataset.test_labels[10]), (9, 0));

    let swapped = Dataset::from_idx(&test[..], &test_labels[..], &train[..], &train_labels[..]).unwrap_err();
    let expected = DataError::Count { file: "train-images-idx3-ubyte.gz", found: 10_000, expected: 60_000 };
    assert_eq!(swapped, expected);
    assert!(Dataset::from_idx(&train[..], &test_labels[..], test, test_labels.clone()).is_err());
}

#[test]
fn files_are_known_by_name_and_by_content() {
    for file in DatasetFile::ALL {
        assert_eq!(DatasetFile::from_name(file.name()), Some(file));
        assert_eq!(DatasetFile::from_name(file.raw_name()), Some(file));
        assert_eq!(DatasetFile::from_name(&file.raw_name().replace("-idx", ".idx").to_uppercase()), Some(file));
        assert_eq!(file.sha256().len(), 64);
        let count = file.items() as u32;
        let header = if file.holds_images() { images(count, &[]) } else { labels(count, &[]) };
        assert_eq!(identify(&header), Some(file));
    }
    let bytes = DatasetFile::ALL.map(DatasetFile::bytes);
    assert_eq!(bytes, [47_040_016, 60_008, 7_840_016, 10_008]);
    for name in ["", ".gz", "train-images", "train-images-idx1-ubyte", "t10k-images-idx3-ubyte.zip"] {
        assert_eq!(DatasetFile::from_name(name), None, "{name}");
    }
    assert_eq!(identify(&images(123, &[])), None);
    assert_eq!(identify(&[0, 0, 8, 3]), None);
}

#[test]
fn the_constants_are_those_of_the_training_set() {
    let Some(dataset) = real_dataset() else {
        eprintln!("the dataset is not on this machine: nothing is compared");
        return;
    };
    let count = dataset.train_images.len() as f64;
    let (sum, squares) = dataset.train_images.iter().fold((0_u64, 0_u64), |(sum, squares), &pixel| {
        (sum + u64::from(pixel), squares + u64::from(pixel) * u64::from(pixel))
    });
    let mean = sum as f64 / count / 255.0;
    let std = (squares as f64 / count / (255.0 * 255.0) - mean * mean).sqrt();
    assert!((mean - f64::from(MEAN)).abs() < 5e-5, "{mean}");
    assert!((std - f64::from(STD)).abs() < 5e-5, "{std}");
    // The first images of the two files, as published: an ankle boot each.
    assert_eq!((dataset.train_labels[0], dataset.test_labels[0]), (9, 9));
    assert_eq!(CLASS_NAMES[9], "Ankle boot");
    let split = fashion_lab::data::split(&dataset.train_labels, &RunConfig::default());
    assert_eq!((split.training.len(), split.validation.len()), (54_000, 6_000));
}

#[test]
fn normalised_pixels_follow_the_definition() {
    for pixel in 0..=255_u8 {
        let expected = (f64::from(pixel) / 255.0 - f64::from(MEAN)) / f64::from(STD);
        assert!((f64::from(normalise(pixel)) - expected).abs() < 1e-6, "{pixel}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_the_parsers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000), magic in 0..4) {
        let mut bytes = bytes;
        // Half of the cases get past the magic word.
        if magic < 2 && bytes.len() >= 4 {
            bytes[..4].copy_from_slice(&[0, 0, 8, [1, 3][magic as usize]]);
        }
        let _ = (parse_images(&bytes), parse_labels(&bytes), identify(&bytes));
    }

    #[test]
    fn no_name_makes_from_name_panic(name in ".{0,40}") {
        let _ = DatasetFile::from_name(&name);
    }
}

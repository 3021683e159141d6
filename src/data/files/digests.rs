//! SHA-256 digests: of Fashion-MNIST's rows in any order, and of other data sets with the same four file names.

use crate::fashion_mnist::{DatasetFile, ImageSet, PIXELS};
use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(Sha256::digest(bytes).as_slice())
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// Digest of a set's rows (a label, then its 784 pixels) in rising order: the same for every order of the images.
pub(super) fn sorted_rows(labels: &[u8], pixels: &[u8]) -> String {
    let mut rows: Vec<(u8, &[u8])> = labels.iter().copied().zip(pixels.chunks_exact(PIXELS)).collect();
    rows.sort_unstable();
    let mut digest = Sha256::new();
    for (label, image) in rows {
        digest.update([label]);
        digest.update(image);
    }
    hexadecimal(digest.finalize().as_slice())
}

/// [`sorted_rows`] of Fashion-MNIST. Kaggle's tables have its images in another order than the four files.
pub(super) fn published_rows(set: ImageSet) -> &'static str {
    match set {
        ImageSet::Train => "56016b2341e99c383df5cc0ed736f4afb12a6c90855d9f3d69981b294a0159ad",
        ImageSet::Test => "b73438e78d64c9f337edad19c3eea888b49d646dbe27b46e4e3177218f3581e7",
    }
}

/// MNIST (LeCun, Cortes and Burges 1998): digests of the uncompressed files, in the order of [`DatasetFile::ALL`].
const MNIST: [&str; 4] = [
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
];

/// KMNIST (Clanuwat et al. 2018): digests of the published .gz files, in the same order. Digests of the content are not published.
const KMNIST_GZIP: [&str; 4] = [
    "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
    "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
    "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
    "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
];
/// Sizes of those .gz files, in bytes: a digest is computed only where the size agrees.
const KMNIST_GZIP_BYTES: [u64; 4] = [18_165_135, 29_497, 3_041_136, 5_120];

/// The other data set that has this uncompressed file.
pub(super) fn other_dataset(file: DatasetFile, digest: &str) -> Option<&'static str> {
    (MNIST[file as usize] == digest).then_some("MNIST")
}

/// The other data set that was published with this compressed file. `digest` is asked for only where the size agrees.
pub(super) fn other_compressed(
    size: u64,
    digest: impl FnOnce() -> Option<String>,
) -> Option<(&'static str, DatasetFile)> {
    let file = DatasetFile::ALL.into_iter().find(|&file| KMNIST_GZIP_BYTES[file as usize] == size)?;
    (digest()? == KMNIST_GZIP[file as usize]).then_some(("KMNIST", file))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::data::files::{Accept, load};

    #[test]
    fn the_digests_of_rows_are_those_of_the_published_files() {
        let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/data");
        let folders = [own, "/usr/share/datasets/fashion-mnist".into()];
        let Some(folder) = folders.iter().find(|f| f.join(DatasetFile::TrainImages.name()).is_file()) else {
            eprintln!("the dataset is not on this machine: nothing is compared");
            return;
        };
        let data = load(folder, Accept::FashionMnist).unwrap().dataset;
        for set in [ImageSet::Train, ImageSet::Test] {
            assert_eq!(sorted_rows(data.labels(set), data.images(set)), published_rows(set), "{set:?}");
        }
    }

    #[test]
    fn other_data_sets_are_named_by_what_is_published_of_them() {
        let file = DatasetFile::TestLabels;
        assert_eq!(other_dataset(file, MNIST[3]), Some("MNIST"));
        assert_eq!(other_dataset(file, file.sha256()), None);
        let digest = || Some(KMNIST_GZIP[3].to_owned());
        assert_eq!(other_compressed(5120, digest), Some(("KMNIST", file)));
        assert_eq!(other_compressed(5121, digest), None);
        assert_eq!(other_compressed(5120, || Some(sha256(b"other"))), None);
    }
}

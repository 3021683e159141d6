//! Puts the four files of Fashion-MNIST into public/data: from Debian's package where apt has it, else from a mirror. Each file is
//! checked by the SHA-256 of its uncompressed content. Leaves out: what the files are, which the library knows.

use crate::log::Log;
use crate::step::Done;
use crate::tools;
use anyhow::{Context, Result, bail, ensure};
use fashion_lab::fashion_mnist::DatasetFile;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};

const DEBIAN: &str = "/usr/share/datasets/fashion-mnist";

const MIRRORS: [&str; 3] = [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
];

/// Largest compressed file that is taken, in bytes. The largest real one has 26 MB.
const MOST_BYTES: u64 = 64 << 20;

/// Sees to it that public/data holds the whole dataset.
pub fn provide(root: &Path, log: &Log) -> Result<Done> {
    let folder = root.join("public/data");
    let missing = |file: &DatasetFile| read(&folder.join(file.name()), *file).is_err();
    let missing: Vec<DatasetFile> = DatasetFile::ALL.into_iter().filter(missing).collect();
    if missing.is_empty() {
        return Ok(Done::Before);
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    if !Path::new(DEBIAN).is_dir() && tools::output("apt-cache", &["--version"]).is_some() {
        // Where apt does not have it either, the mirrors are asked.
        if let Err(error) = tools::debian(log, &["dataset-fashion-mnist"], "the dataset is missing") {
            log.say(&format!("{error:#}"))?;
        }
    }
    for file in missing {
        let bytes = match read(&Path::new(DEBIAN).join(file.name()), file) {
            Ok(bytes) => bytes,
            Err(error) => {
                log.say(&format!("{error:#}"))?;
                from_mirrors(file, log)?
            }
        };
        let path = folder.join(file.name());
        std::fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(Done::Now)
}

/// A file of the disk, if its content is right.
fn read(path: &PathBuf, file: DatasetFile) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    check(&bytes, file).with_context(|| path.display().to_string())?;
    Ok(bytes)
}

fn from_mirrors(file: DatasetFile, log: &Log) -> Result<Vec<u8>> {
    let mut reasons = Vec::new();
    for mirror in MIRRORS {
        let address = format!("{mirror}{}", file.name());
        log.say(&format!("fetching {address}"))?;
        let fetched = ureq::get(&address).call().map_err(anyhow::Error::from);
        let fetched = fetched.and_then(|mut r| Ok(r.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?));
        match fetched.and_then(|bytes| check(&bytes, file).map(|()| bytes)) {
            Ok(bytes) => return Ok(bytes),
            Err(error) => reasons.push(format!("{address}: {error:#}")),
        }
    }
    bail!(
        "{} is neither in Debian's package nor to be had from a mirror ({}); put the file into public/data yourself",
        file.name(),
        reasons.join("; ")
    )
}

/// Checks the digest of the uncompressed content, of which no more is unpacked than the file may have.
fn check(bytes: &[u8], file: DatasetFile) -> Result<()> {
    let mut raw = Vec::new();
    let most = file.bytes() as u64 + 1;
    MultiGzDecoder::new(bytes).take(most).read_to_end(&mut raw).context("it is not a whole gzip file")?;
    ensure!(raw.len() == file.bytes(), "it does not hold {} bytes", file.bytes());
    let found: String = Sha256::digest(&raw).iter().map(|b| format!("{b:02x}")).collect();
    ensure!(found == file.sha256(), "its SHA-256 is {found} instead of {}", file.sha256());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn reason(bytes: &[u8]) -> String {
        format!("{:#}", check(bytes, DatasetFile::TestLabels).unwrap_err())
    }

    #[test]
    fn a_file_that_is_not_the_dataset_is_refused_with_its_reason() {
        let right_size = DatasetFile::TestLabels.bytes();
        assert!(reason(b"<html>").contains("not a whole gzip file"));
        assert!(reason(&packed(b"short")).contains("does not hold 10008 bytes"));
        assert!(reason(&packed(&vec![0; right_size + 1])).contains("does not hold 10008 bytes"));
        assert!(reason(&packed(&vec![0; right_size])).contains("SHA-256"));
        let cut = packed(&vec![0; right_size]);
        assert!(reason(&cut[..cut.len() / 2]).contains("not a whole gzip file"));
    }
}

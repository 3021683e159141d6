//! Puts the four files of Fashion-MNIST into public/data: from Debian's package where apt has it, else from a mirror. Each file is
//! checked by the SHA-256 of its uncompressed content.

use crate::{timed, tools};
use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

const FILES: [(&str, &str); 4] = [
    ("train-images-idx3-ubyte.gz", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    ("train-labels-idx1-ubyte.gz", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    ("t10k-images-idx3-ubyte.gz", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    ("t10k-labels-idx1-ubyte.gz", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
];

const DEBIAN: &str = "/usr/share/datasets/fashion-mnist";

const MIRRORS: [&str; 3] = [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
];

/// Largest file that is taken, compressed.
const MOST_BYTES: u64 = 64 << 20;

/// Sees to it that public/data holds the whole dataset.
pub fn provide() -> Result<()> {
    let folder = Path::new("public/data");
    let there =
        |(name, digest): &(&str, &str)| std::fs::read(folder.join(name)).is_ok_and(|b| check(&b, digest).is_ok());
    if FILES.iter().all(there) {
        return Ok(());
    }
    timed("putting the dataset into public/data", || {
        std::fs::create_dir_all(folder)?;
        if !Path::new(DEBIAN).is_dir() && crate::output("apt-cache", &["--version"]).is_some() {
            // Where apt does not have it either, the mirrors are asked.
            if let Err(e) = tools::debian(&["dataset-fashion-mnist"], "the dataset") {
                println!("   {e:#}");
            }
        }
        for (name, digest) in &FILES {
            let bytes = from_debian(name, digest).or_else(|_| from_mirrors(name, digest))?;
            std::fs::write(folder.join(name), bytes).with_context(|| format!("public/data/{name}"))?;
        }
        Ok(())
    })
}

fn from_debian(name: &str, digest: &str) -> Result<Vec<u8>> {
    let bytes = std::fs::read(Path::new(DEBIAN).join(name))?;
    check(&bytes, digest)?;
    Ok(bytes)
}

fn from_mirrors(name: &str, digest: &str) -> Result<Vec<u8>> {
    let mut reasons = Vec::new();
    for mirror in MIRRORS {
        let address = format!("{mirror}{name}");
        println!("   fetching {address}");
        let fetched = ureq::get(&address).call().map_err(anyhow::Error::from);
        let fetched = fetched.and_then(|mut r| Ok(r.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?));
        match fetched.and_then(|bytes| check(&bytes, digest).map(|()| bytes)) {
            Ok(bytes) => return Ok(bytes),
            Err(e) => reasons.push(format!("{address}: {e:#}")),
        }
    }
    bail!("{name} could not be had:\n  {}\nput the file into public/data yourself and try again", reasons.join("\n  "))
}

fn check(bytes: &[u8], digest: &str) -> Result<()> {
    let mut raw = Vec::new();
    GzDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut raw).context("not a whole gzip file")?;
    let found: String = Sha256::digest(&raw).iter().map(|b| format!("{b:02x}")).collect();
    ensure!(found == digest, "its SHA-256 is {found} instead of {digest}");
    Ok(())
}

//! Reads the dataset natively from a folder or from one file.

use super::collect::{Accept, Collected, Files, Outcome};
use super::error::FileError;
use super::source::Source;
use crate::data::DataError;
use crate::fashion_mnist::DatasetFile;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A file on disk, with its size as it was when it was opened.
struct DiskFile {
    file: File,
    size: u64,
}

impl DiskFile {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }
}

impl Source for DiskFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        (&self.file).seek(SeekFrom::Start(at))?;
        (&self.file).read(buffer)
    }
}

/// Why a folder or file did not give the dataset.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The folder or file cannot be opened.
    #[error("{path} cannot be read ({reason})")]
    Unreadable {
        /// Which.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// Files that were looked at were not taken, so some are missing.
    #[error("{}: {}", .refused.name, .refused.taken.as_ref().err().map(FileError::sentence).unwrap_or_default())]
    Refused {
        /// The first file that was not taken although a file of its kind is missing.
        refused: Box<Outcome>,
    },
    /// There is no file that could be the missing one.
    #[error("{path} has no {}, and no zip archive or CSV table that holds it", .missing.name())]
    Missing {
        /// The folder or file.
        path: String,
        /// The first of the missing files.
        missing: DatasetFile,
    },
    /// The files do not make a dataset.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// Reads the dataset from a folder that holds the four files (compressed or not), a zip archive or Kaggle's tables; or from one such
/// file. Other files of a folder are not opened.
///
/// # Errors
/// The first file that was refused, or the first that is missing.
pub fn load(path: &Path, accept: Accept) -> Result<Collected, LoadError> {
    let unreadable =
        |path: &Path, e: io::Error| LoadError::Unreadable { path: path.display().to_string(), reason: e.to_string() };
    let candidates =
        if path.is_dir() { candidates(path).map_err(|e| unreadable(path, e))? } else { vec![path.to_owned()] };
    let mut files = Files::new(accept);
    let mut refused = None;
    for candidate in candidates {
        if files.missing().is_empty() {
            break;
        }
        let source = DiskFile::open(&candidate).map_err(|e| unreadable(&candidate, e))?;
        for outcome in files.take(&candidate.display().to_string(), &source) {
            let fault = matches!(&outcome.taken, Err(e) if *e != FileError::AlreadyThere);
            refused = refused.or_else(|| fault.then(|| Box::new(outcome)));
        }
    }
    match (files.finish()?, refused) {
        (Some(collected), _) => Ok(collected),
        (None, Some(refused)) => Err(LoadError::Refused { refused }),
        (None, None) => Err(LoadError::Missing {
            path: path.display().to_string(),
            missing: files.missing().first().copied().unwrap_or(DatasetFile::TrainImages),
        }),
    }
}

/// The files of a folder that are opened: the four files by name, then archives, then tables, each kind sorted by name.
fn candidates(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let rank = match DatasetFile::from_name(&name) {
            Some(_) => 0,
            None if name.ends_with(".zip") => 1,
            None if name.ends_with(".csv") || name.ends_with(".csv.gz") => 2,
            None => continue,
        };
        if path.is_file() {
            found.push((rank, path));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

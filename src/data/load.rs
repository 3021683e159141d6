//! Reads the dataset from a folder, natively. Digests are not checked here: what sets the folder up has checked them.

use super::{DataError, Dataset, DatasetFile};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::Path;

impl Dataset {
    /// Reads the four files from a folder, each compressed or not.
    ///
    /// # Errors
    /// Names the file that is missing or cannot be read, or what [`Dataset::from_idx`] says.
    pub fn load(folder: &Path) -> Result<Self, DataError> {
        let [train_images, train_labels, test_images, test_labels] = DatasetFile::ALL.map(|file| read(folder, file));
        Self::from_idx(train_images?, train_labels?, test_images?, test_labels?)
    }
}

/// The uncompressed content of one file.
fn read(folder: &Path, file: DatasetFile) -> Result<Vec<u8>, DataError> {
    let dotted = file.raw_name().replace("-idx", ".idx");
    let names = [file.name().to_owned(), file.raw_name().to_owned(), format!("{dotted}.gz"), dotted];
    let Some(path) = names.iter().map(|name| folder.join(name)).find(|path| path.is_file()) else {
        let path = folder.join(file.name()).display().to_string();
        return Err(DataError::File {
            path,
            reason: "there is no such file, nor one of its uncompressed name".to_owned(),
        });
    };
    let failed = |e: std::io::Error| DataError::File { path: path.display().to_string(), reason: e.to_string() };
    let opened = File::open(&path).map_err(failed)?;
    let mut content = Vec::with_capacity(file.bytes());
    // One byte more than allowed is enough to be refused by its length: a wrong file cannot fill the memory.
    let limit = file.bytes() as u64 + 1;
    if path.extension().is_some_and(|end| end == "gz") {
        MultiGzDecoder::new(opened).take(limit).read_to_end(&mut content).map_err(failed)?;
    } else {
        opened.take(limit).read_to_end(&mut content).map_err(failed)?;
    }
    Ok(content)
}

//! Collects the four files of the dataset from the sources that are given, one after the other, until all are there.

use super::digests::{other_compressed, other_dataset, published_rows, sha256, sorted_rows};
use super::error::FileError;
use super::kind::{self, Kind};
use super::peek::Peek;
use super::source::FromStart;
use super::source::Source;
use super::table::{self, Table};
use super::{archive, gzip};
use crate::data::{DataError, Dataset, parse_images, parse_labels};
use crate::fashion_mnist::{DatasetFile, HEADER_IMAGES, HEADER_LABELS};

/// Which data is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Accept {
    /// Fashion-MNIST alone, known by its digests.
    #[default]
    FashionMnist,
    /// Any data of the same form: 60,000 and 10,000 images of 28 x 28 with labels below 10.
    SameForm,
}

/// The result for one file, or for one entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The file's name; an entry's name follows that of its archive: `data.zip/train.csv`.
    pub name: String,
    /// The files of the dataset that it gave, or why it gave none.
    pub taken: Result<Vec<DatasetFile>, FileError>,
}

/// One of the four files.
struct Part {
    /// The content of an IDX file, header and all; checked.
    bytes: Vec<u8>,
    sha256: String,
}

/// What there is of the dataset so far, in the order of [`DatasetFile::ALL`].
#[derive(Default)]
pub struct Files {
    accept: Accept,
    parts: [Option<Part>; 4],
}

/// The whole dataset, and what it is.
#[derive(Debug)]
pub struct Collected {
    /// The images and labels.
    pub dataset: Dataset,
    /// SHA-256 of the four uncompressed IDX files in hexadecimal, in the order of [`DatasetFile::ALL`].
    pub sha256: [String; 4],
    /// The data set that these digests name, if it is known.
    pub known: Option<&'static str>,
}

impl Files {
    /// Nothing yet.
    pub fn new(accept: Accept) -> Self {
        Self { accept, parts: Default::default() }
    }

    /// Which are still missing.
    pub fn missing(&self) -> Vec<DatasetFile> {
        DatasetFile::ALL.into_iter().filter(|&file| !self.has(file)).collect()
    }

    /// Whether that one is there.
    pub fn has(&self, file: DatasetFile) -> bool {
        self.parts[file as usize].is_some()
    }

    /// Takes the content of a file: one of the four, a table with both files of a set, or an archive.
    pub fn take(&mut self, name: &str, source: &dyn Source) -> Vec<Outcome> {
        let mut stream = Peek::new(FromStart::new(source));
        let is_zip = stream.peek(4).is_ok_and(|head| head == b"PK\x03\x04" || head == b"PK\x05\x06");
        let mut outcomes = Vec::new();
        if is_zip {
            let read = archive::each(source, |entry, stream| {
                let taken = stream.and_then(|stream| self.take_stream(stream));
                outcomes.push(Outcome { name: format!("{name}/{entry}"), taken });
            });
            if let Err(e) = read {
                outcomes.push(Outcome { name: name.to_owned(), taken: Err(e) });
            }
        } else {
            let taken = self.take_stream(stream).map_err(|e| more_exact(e, source));
            outcomes.push(Outcome { name: name.to_owned(), taken });
        }
        outcomes
    }

    fn take_stream(&mut self, stream: Peek<'_>) -> Result<Vec<DatasetFile>, FileError> {
        let mut stream = gzip::unpacked(stream)?;
        match kind::tell(&mut stream)? {
            Kind::Zip => Err(FileError::NestedArchive),
            Kind::Idx(file) => self.take_idx(file, stream),
            Kind::Table if self.missing().is_empty() => Err(FileError::AlreadyThere),
            Kind::Table => self.take_table(table::read(stream)?),
        }
    }

    fn take_idx(&mut self, file: DatasetFile, stream: Peek<'_>) -> Result<Vec<DatasetFile>, FileError> {
        if self.has(file) {
            return Err(FileError::AlreadyThere);
        }
        // One byte more than the limit shows that the content is too large.
        let bytes = stream.read_most(file.bytes() + 1)?;
        if bytes.len() > file.bytes() {
            return Err(FileError::Long { expected: file.bytes() });
        }
        if file.holds_images() {
            parse_images(&bytes).map(drop)?
        } else {
            parse_labels(&bytes).map(drop)?
        }
        let digest = sha256(&bytes);
        if self.accept == Accept::FashionMnist && digest != file.sha256() {
            return Err(match other_dataset(file, &digest) {
                Some(name) => FileError::OtherDataset { name, file },
                None => FileError::Digest { file, found: digest },
            });
        }
        self.parts[file as usize] = Some(Part { bytes, sha256: digest });
        Ok(vec![file])
    }

    /// Takes both files of a set together. A table may have its images in another order, so its labels fit only its own images.
    fn take_table(&mut self, table: Table) -> Result<Vec<DatasetFile>, FileError> {
        let files = table::files_of(table.set);
        if files.iter().all(|&file| self.has(file)) {
            return Err(FileError::AlreadyThere);
        }
        let digests = [sha256(&table.images), sha256(&table.labels)];
        let published = files.iter().zip(&digests).all(|(file, digest)| file.sha256() == digest);
        if self.accept == Accept::FashionMnist && !published {
            let rows = sorted_rows(&table.labels[HEADER_LABELS..], &table.images[HEADER_IMAGES..]);
            if rows != published_rows(table.set) {
                let [found, _] = digests;
                return Err(match other_dataset(files[0], &found) {
                    Some(name) => FileError::OtherDataset { name, file: files[0] },
                    None => FileError::Digest { file: files[0], found },
                });
            }
        }
        for ((file, sha256), bytes) in files.into_iter().zip(digests).zip([table.images, table.labels]) {
            self.parts[file as usize] = Some(Part { bytes, sha256 });
        }
        Ok(files.to_vec())
    }

    /// The dataset, where all four files are there; they are taken out. `None` where one is missing.
    ///
    /// # Errors
    /// What [`Dataset::from_idx`] says.
    pub fn finish(&mut self) -> Result<Option<Collected>, DataError> {
        if !self.missing().is_empty() {
            return Ok(None);
        }
        let [a, b, c, d] = std::mem::take(&mut self.parts).map(|part| match part {
            Some(part) => (part.bytes, part.sha256),
            None => Default::default(),
        });
        let sha256 = [a.1, b.1, c.1, d.1];
        let is = |digests: &dyn Fn(DatasetFile, &str) -> bool| {
            DatasetFile::ALL.into_iter().zip(&sha256).all(|(file, digest)| digests(file, digest))
        };
        let known = if is(&|file, digest| file.sha256() == digest) {
            Some("Fashion-MNIST")
        } else if is(&|file, digest| other_dataset(file, digest) == Some("MNIST")) {
            Some("MNIST")
        } else if self.accept == Accept::FashionMnist {
            // The rows were checked when the table was taken.
            Some("Fashion-MNIST, images in another order")
        } else {
            None
        };
        let dataset = Dataset::from_idx(a.0, b.0, c.0, d.0)?;
        Ok(Some(Collected { dataset, sha256, known }))
    }
}

/// Recognises a published file of another data set by the digest of the compressed file, if only that digest is known.
fn more_exact(error: FileError, source: &dyn Source) -> FileError {
    let FileError::Digest { .. } = error else { return error };
    let digest = || {
        // The size is that of a known file, so it is small enough.
        let most = usize::try_from(source.size()).ok()?;
        Peek::new(FromStart::new(source)).read_most(most).ok().map(|bytes| sha256(&bytes))
    };
    match other_compressed(source.size(), digest) {
        Some((name, file)) => FileError::OtherDataset { name, file },
        None => error,
    }
}

//! Where a file's bytes come from: memory, a native file, or a file that the browser holds. Bytes are read from a given
//! place, so a large file is never in memory as a whole.

use std::io::{self, Read};

/// Bytes that can be read at any place.
pub trait Source {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// Copies bytes from `at` on into the buffer and says how many; 0 only at the end or for an empty buffer.
    ///
    /// # Errors
    /// What the system said.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize>;
}

impl Source for [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

impl Source for Vec<u8> {
    fn size(&self) -> u64 {
        self.as_slice().size()
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.as_slice().read_at(buffer, at)
    }
}

/// Reads a source from its first byte to its last.
pub(super) struct FromStart<'a> {
    source: &'a dyn Source,
    at: u64,
}

impl<'a> FromStart<'a> {
    pub(super) fn new(source: &'a dyn Source) -> Self {
        Self { source, at: 0 }
    }
}

impl Read for FromStart<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

//! A buffered reader that can look ahead, because a stream is recognised by its first bytes.

use std::io::{self, BufRead, Read};

/// Bytes that are read at once. Each reading of a browser's file costs a call to the browser.
const BUFFER: usize = 1 << 18;

/// A stream with a buffer.
pub(super) struct Peek<'a> {
    stream: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    /// The bytes of the buffer that are not taken yet.
    start: usize,
    end: usize,
}

impl<'a> Peek<'a> {
    pub(super) fn new(stream: impl Read + 'a) -> Self {
        Self { stream: Box::new(stream), buffer: vec![0; BUFFER], start: 0, end: 0 }
    }

    /// The next bytes, `count` of them or all that are left; they stay in the stream.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.end - self.start < count && self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        while self.end - self.start < count && self.end < self.buffer.len() {
            match self.stream.read(&mut self.buffer[self.end..]) {
                Ok(0) => break,
                Ok(more) => self.end += more,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        let there = &self.buffer[self.start..self.end];
        Ok(&there[..there.len().min(count)])
    }

    /// The rest of the stream, but not more than `most` bytes.
    pub(super) fn read_most(mut self, most: usize) -> io::Result<Vec<u8>> {
        // `Take::read_to_end` clears all of the room that is left before each piece, which takes seconds for 47 MB.
        let mut bytes = Vec::with_capacity(most);
        loop {
            let piece = self.fill_buf()?;
            let count = piece.len().min(most - bytes.len());
            if count == 0 {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&piece[..count]);
            self.consume(count);
        }
    }
}

impl Read for Peek<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let there = self.fill_buf()?;
        let count = there.len().min(out.len());
        out[..count].copy_from_slice(&there[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Peek<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.peek(1)?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}

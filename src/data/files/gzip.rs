//! Unpacks gzip as the command `gzip` does: several members in a row are one content, and bytes after the last member (zeros, for
//! example) are ignored.

use super::error::FileError;
use super::peek::Peek;
use flate2::bufread::GzDecoder;
use std::io::{self, Read};

/// The first bytes of every gzip member: the magic number, then the number of deflate.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
/// A file is compressed once by whoever published it and perhaps a second time by a server.
const LAYERS: usize = 2;

/// The content behind at most two layers of gzip, as a stream; other content as it is.
pub(super) fn unpacked(mut stream: Peek<'_>) -> Result<Peek<'_>, FileError> {
    for _ in 0..LAYERS {
        if stream.peek(MAGIC.len())? != MAGIC {
            return Ok(stream);
        }
        stream = Peek::new(Gunzip { member: Some(GzDecoder::new(stream)), first: true, begun: false });
    }
    if stream.peek(MAGIC.len())? == MAGIC { Err(FileError::Layers) } else { Ok(stream) }
}

struct Gunzip<'a> {
    /// The member that is read now; `None` after the last.
    member: Option<GzDecoder<Peek<'a>>>,
    first: bool,
    /// Whether this member has given bytes.
    begun: bool,
}

impl Read for Gunzip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(mut member) = self.member.take() {
            match member.read(buffer) {
                Ok(0) => {
                    let mut rest = member.into_inner();
                    if rest.peek(MAGIC.len())? == MAGIC {
                        self.member = Some(GzDecoder::new(rest));
                        (self.first, self.begun) = (false, false);
                    }
                }
                Ok(count) => {
                    self.begun = true;
                    self.member = Some(member);
                    return Ok(count);
                }
                // Bytes after the end that look like the start of a member by chance.
                Err(_) if !self.first && !self.begun && member.header().is_none() => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => self.member = Some(member),
                Err(e) => return Err(named(e).into()),
            }
        }
        Ok(0)
    }
}

/// What a decoder's error means. An error of the source below keeps its own meaning.
pub(super) fn named(error: io::Error) -> FileError {
    // The decoder has no type of its own for a wrong checksum; a test holds this word.
    if error.kind() == io::ErrorKind::InvalidInput && error.to_string().contains("checksum") {
        return FileError::Checksum;
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => FileError::Truncated,
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => FileError::Damaged,
        _ => error.into(),
    }
}

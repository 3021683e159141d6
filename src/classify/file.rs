//! A file that is saved.

/// A file that is saved.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its content.
    pub content: Content,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// These bytes, of this type.
    Bytes {
        /// The MIME type.
        mime: &'static str,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// This SVG as a PNG with [`FINE`] x [`FINE`] pixels for each of its own. Only a browser can draw it.
    Png {
        /// The SVG's text.
        svg: String,
        /// Its width and height.
        size: [u32; 2],
    },
}

/// Pixels of a PNG for each pixel of the SVG, across and down.
pub const FINE: u32 = 2;

impl File {
    /// A file of these bytes.
    pub fn new(name: String, mime: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name, content: Content::Bytes { mime, bytes: bytes.into() } }
    }
}

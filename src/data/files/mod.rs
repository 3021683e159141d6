//! The dataset from files of any of its usual forms: IDX files, plain or behind gzip, Kaggle's CSV tables, and zip archives of
//! those. The page's engine and `lab` both read through here.
//!
//! A file is recognised by its content; its name is only shown. Unpacking stops one byte after the size of the largest of the four files,
//! so a small file that unpacks to gigabytes does no harm. Leaves out: where the bytes come from ([`Source`]) and what is shown of the
//! errors.

mod archive;
mod collect;
mod digests;
#[cfg(not(target_arch = "wasm32"))]
mod disk;
mod error;
mod gzip;
mod kind;
mod peek;
mod source;
mod table;

pub use collect::{Accept, Collected, Files, Outcome};
pub use digests::sha256;
#[cfg(not(target_arch = "wasm32"))]
pub use disk::{LoadError, load};
pub use error::FileError;
pub use source::Source;

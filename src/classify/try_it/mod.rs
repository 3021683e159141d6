//! The view Try it: somebody's own picture, or a test image with changes, and what the networks say to it.
//!
//! - [`state`]: what it holds, and what each message ([`Try`]) changes. [`nudges`]: the changes of a test image, and at which of them a
//!   network changes its mind. [`given`]: why a file or a camera cannot be used, in words. [`shown`]: small pictures for the screen.
//!
//! Leaves out: decoding files, the camera, pointers (`classifier`); the preparation itself ([`crate::prepare`]).

pub mod given;
pub mod nudges;
pub mod shown;
pub mod state;

pub use nudges::{Mind, NudgeKind};
pub use shown::Shown;
pub use state::{Camera, Given, PictureFrom, Preset, Seen, ShownStep, Try, TryIt};

#[cfg(test)]
mod tests;

//! The view Try it: somebody's own picture, or a test image with changes, and what the networks say to it.
//!
//! - [`state`]: what it holds, and what each message ([`message`]) changes.
//! - [`pictures`]: where pictures come from, and what is seen of them. [`shown`]: small pictures for the screen.
//! - [`nudges`]: the changes of a test image, and at which of them a network changes its mind.
//! - [`given`]: why a file or a camera cannot be used, in words.
//!
//! Leaves out: decoding files, the camera, pointers (`classifier`); the preparation itself ([`crate::prepare`]).

pub mod given;
pub mod message;
pub mod nudges;
pub mod pictures;
pub mod shown;
pub mod state;

pub use message::Try;
pub use nudges::{Mind, NudgeKind};
pub use pictures::{Camera, Given, PictureFrom, Preset, Seen, ShownStep};
pub use shown::Shown;
pub use state::TryIt;

#[cfg(test)]
mod tests;

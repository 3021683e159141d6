//! The program `classifier` without a browser: what its views show, and every decision. Pure, so native tests check all of it.
//!
//! - [`state`]: what it shows and knows. [`effect`]: what can happen to it, and what it wants done. [`update`](fn@update): the one way from
//!   the first to the second.
//! - [`networks`]: the networks that answer: those that ship, those of the page's shown run, those of a file.
//! - [`export`]: files of a run. [`import`]: files that somebody gives. [`plots`]: the plots of a run as files.
//! - [`try_it`]: somebody's own picture, or a test image with changes.
//! - [`inside`]: one image's way through the networks, with its pictures as [`tiles`]. [`plane`]: where many images lie for a network.
//!
//! Leaves out: yew, the DOM, ports, clocks (`classifier`).

mod asked;
pub mod effect;
pub mod export;
pub mod file;
pub mod images;
pub mod import;
pub mod inside;
pub mod networks;
pub mod plane;
pub mod plots;
pub mod state;
pub mod tiles;
mod tried;
pub mod try_it;
mod update;

pub use update::update;

#[cfg(test)]
mod tests;

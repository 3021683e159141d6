//! The built page, served on loopback and driven in headless Chromium.
//!
//! [`Server`] is also what `cargo xtask serve` serves with; the feature `chrome` adds the browser, for the tests (`tests/`) and for
//! the benchmark. Leaves out: building the page, which is `xtask`'s.

#![deny(missing_docs)]

#[cfg(feature = "chrome")]
mod chrome;
mod http;
#[cfg(feature = "chrome")]
mod page;
mod program;
mod server;

#[cfg(feature = "chrome")]
pub use chrome::{Chrome, Gpu};
#[cfg(feature = "chrome")]
pub use page::{Look, Page};
pub use program::chromium;
pub use server::{Fault, Outside, Server, Site};

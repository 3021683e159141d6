//! The built page, served on loopback and driven in headless Chromium, and in headless Firefox.
//!
//! [`Server`] is also what `cargo xtask serve` serves with; the feature `chrome` adds the browser, for the tests (`tests/`) and for
//! the benchmark. Leaves out: building the page, which is `xtask`'s.

#![deny(missing_docs)]

#[cfg(feature = "chrome")]
mod axe;
#[cfg(feature = "chrome")]
mod bidi;
#[cfg(feature = "chrome")]
mod chrome;
#[cfg(feature = "chrome")]
mod firefox;
mod http;
#[cfg(feature = "chrome")]
mod page;
mod program;
mod server;
#[cfg(feature = "chrome")]
mod until;

#[cfg(feature = "chrome")]
pub use axe::{Finding, axe_script};
#[cfg(feature = "chrome")]
pub use chrome::{Chrome, Gpu};
#[cfg(feature = "chrome")]
pub use firefox::Firefox;
#[cfg(feature = "chrome")]
pub use page::{Look, Page};
pub use program::{AXE_FILE, AXE_VARIABLE, AXE_VERSION, axe_folder, cache, chromium, firefox};
pub use server::{Fault, Outside, Server, Site};

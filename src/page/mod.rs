//! What the page is, without a browser: its whole state and how that moves. Pure, so that native tests hold it.
//!
//! Leaves out: yew, the DOM, workers, clocks (`app`).

pub mod capability;
pub mod outer;
pub mod state;

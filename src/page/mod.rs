//! The page without a browser: its whole state, and every decision. Pure, so native tests check all of it.
//!
//! - [`state`], [`phase`]: what the page shows and knows.
//! - [`effect`]: what can happen to it, and what it wants done. [`update`](fn@update): the one way from the first to the second.
//! - `heard`, `runs`, `workers`, `finish`: the parts of `update`: what workers say, what people do with a run, how workers come and go,
//!   how runs end.
//! - [`forecast`]: how long a run will take here.
//! - [`outer`]: messages for a page around this one. [`capability`]: sentences for what the browser refused. [`controls`]: the buttons.
//!
//! Leaves out: yew, the DOM, workers, clocks (`app`).

pub mod capability;
pub mod controls;
pub mod effect;
mod finish;
pub mod forecast;
mod heard;
pub mod outer;
pub mod phase;
mod runs;
pub mod shipped;
pub mod state;
pub mod storage;
mod update;
pub mod view;
mod workers;

pub use update::update;

#[cfg(test)]
mod tests;

//! The page without a browser: its whole state, and every decision. Pure, so native tests check all of it.
//!
//! - [`state`], [`phase`]: what the page shows and knows.
//! - [`effect`]: what can happen to it, and what it wants done. [`update`](fn@update): the one way from the first to the second.
//! - `heard`, `runs`, `workers`, `finish`: the parts of `update`: what workers say, what people do with a run, how workers come and go,
//!   how runs end.
//! - `keep`, `loaded`, `go_on`, `room`, `delete`: the parts about kept runs: what is kept when, what earlier visits kept, runs that go on
//!   after an interruption, what goes where room is short, and what a person deletes.
//! - [`rate`], `branch`, `epochs`: a run that is changed in its middle, goes on from an epoch, or is looked at after one.
//! - `classifier`: the program that shows the views Inside and Try it. `export`, `import`: the files that it makes and reads.
//! - [`forecast`]: how long a run will take here.
//! - [`outer`], `asked`: messages for a page around this one, and what it asks for. [`capability`]: sentences for what the browser refused. [`controls`]: the buttons.
//!
//! Leaves out: yew, the DOM, workers, clocks (`app`).

mod asked;
mod branch;
pub mod capability;
mod classifier;
pub mod controls;
mod delete;
pub mod effect;
mod epochs;
mod export;
mod finish;
pub mod forecast;
pub mod gather;
mod go_on;
mod heard;
mod import;
mod keep;
mod loaded;
pub mod outbox;
pub mod outer;
pub mod phase;
pub mod rate;
mod room;
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

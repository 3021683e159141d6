//! The host of a training run: it has a clock and an event loop, receives events, and says whether to go on.

use super::checkpoint::Checkpoint;
use super::data_parallel::WorkerPool;
use crate::run::{Control, RunEvent};

/// Where in a run the host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YieldPoint {
    /// Between two steps.
    Step,
    /// After an epoch, before the next one.
    EpochEnd,
    /// Between two batches of images that are scored.
    Scoring,
}

/// The host of a run.
#[allow(async_fn_in_trait)] // Both hosts are single-threaded; no `Send` is wanted.
pub trait Host {
    /// Its helpers.
    type Pool: WorkerPool;
    /// The helpers of this run.
    fn pool(&mut self) -> &mut Self::Pool;
    /// Seconds since some moment; never goes back.
    fn now(&self) -> f64;
    /// Hears what happens.
    fn emit(&mut self, event: RunEvent);
    /// Gets the state of the run after each epoch, at its end, and as asked for by [`Control::Checkpoint`].
    fn keep(&mut self, _checkpoint: &Checkpoint) {}
    /// Lets messages in (and waits while the run is held), then says how to go on. It is asked again until it answers [`Control::Go`] or
    /// [`Control::Stop`]; where images are scored, its answer does not count.
    async fn poll_control(&mut self, point: YieldPoint) -> Control;
}

//! The host of a training run: it has a clock and an event loop, receives events, and says whether to go on.

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
    /// Lets messages in (and waits while the run is held), then says how to go on.
    async fn poll_control(&mut self, point: YieldPoint) -> Control;
}

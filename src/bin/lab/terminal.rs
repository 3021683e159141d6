//! The host of a native run: threads, a clock, and one line for each epoch on standard error.

use crate::output::say;
use fashion_lab::config::NetworkKind;
use fashion_lab::run::{Control, RunEvent};
use fashion_lab::train::{Host, ThreadPool, YieldPoint};
use std::time::Instant;

/// The host of one network's run.
pub struct Terminal {
    pool: ThreadPool,
    start: Instant,
    network: NetworkKind,
}

impl Terminal {
    /// Its clock starts now.
    pub fn new(network: NetworkKind) -> Self {
        Self { pool: ThreadPool::default(), start: Instant::now(), network }
    }
}

impl Host for Terminal {
    type Pool = ThreadPool;

    fn pool(&mut self) -> &mut ThreadPool {
        &mut self.pool
    }

    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn emit(&mut self, event: RunEvent) {
        let network = self.network.label();
        match event {
            RunEvent::Epoch { record, .. } => {
                let validation = record
                    .validation
                    .map(|v| format!(", validation loss {:.4}, accuracy {:.4}", v.loss, v.accuracy))
                    .unwrap_or_default();
                let (epoch, seconds, train) = (record.epoch, record.seconds, record.train);
                say(format_args!(
                    "{network} epoch {epoch}: {seconds:.1} s, loss {:.4}, accuracy {:.4}{validation}",
                    train.loss, train.accuracy
                ));
            }
            RunEvent::FellBack { device } => say(format_args!("{network}: {}", device.why)),
            RunEvent::Interrupted { epoch, seconds } => {
                say(format_args!(
                    "{network} epoch {epoch}: the machine stood still for {seconds:.1} s, which are not counted"
                ));
            }
            RunEvent::Failed { message } => say(format_args!("{network}: {message}")),
            RunEvent::Started { .. }
            | RunEvent::Progress { .. }
            | RunEvent::Paused
            | RunEvent::RateChanged { .. }
            | RunEvent::Extended { .. }
            | RunEvent::Scoring { .. }
            | RunEvent::Finished { .. } => {}
        }
    }

    async fn poll_control(&mut self, _: YieldPoint) -> Control {
        Control::Go
    }
}

//! What training needs of its surroundings, natively: threads, a clock, and a line an epoch on standard error.

use crate::output::say;
use fashion_lab::config::NetworkKind;
use fashion_lab::train::{Control, Event, Host, Moment, Threads};
use std::time::Instant;

/// The host of one network's run.
pub struct Terminal {
    crew: Threads,
    start: Instant,
    network: NetworkKind,
}

impl Terminal {
    /// Its clock starts now.
    pub fn new(network: NetworkKind) -> Self {
        Self { crew: Threads::default(), start: Instant::now(), network }
    }
}

impl Host for Terminal {
    type Crew = Threads;

    fn crew(&mut self) -> &mut Threads {
        &mut self.crew
    }

    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn tell(&mut self, event: Event) {
        let network = self.network.label();
        match event {
            Event::Epoch { record, .. } => {
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
            Event::FellBack(device) => say(format_args!("{network}: {}", device.why)),
            Event::Started { .. } | Event::Progress { .. } | Event::Scoring => {}
        }
    }

    async fn breathe(&mut self, _: Moment) -> Control {
        Control::Go
    }
}

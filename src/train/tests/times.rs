//! The figures of a run that depend on a clock.

use super::*;
use crate::run::report::{Latency, Note};

/// A clock that every look moves by a millisecond, and that jumps by 15 s in the middle of the run.
struct Sleeper {
    looks: std::cell::Cell<u32>,
    asked: u32,
    slept: bool,
    events: Vec<RunEvent>,
    pool: NoWorkers,
}

impl Sleeper {
    fn new() -> Self {
        Self { looks: 0.into(), asked: 0, slept: true, events: Vec::new(), pool: NoWorkers }
    }
}

impl Host for Sleeper {
    type Pool = NoWorkers;

    fn pool(&mut self) -> &mut NoWorkers {
        // Asked for before each group of steps, so between two looks at the clock.
        self.asked += 1;
        if !self.slept && self.asked == 12 {
            self.slept = true;
            self.looks.set(self.looks.get() + 15_000);
        }
        &mut self.pool
    }

    fn now(&self) -> f64 {
        self.looks.set(self.looks.get() + 1);
        f64::from(self.looks.get()) * 1e-3
    }

    fn emit(&mut self, event: RunEvent) {
        self.events.push(event);
    }

    async fn poll_control(&mut self, _: YieldPoint) -> Control {
        Control::Go
    }
}

fn report(config: &RunConfig, host: &mut impl Host) -> NetworkReport {
    let device = (Device::flex(), info(Backend::PlainFlex));
    let (data, config) = (bars(config.train), config.clone());
    let plan = Plan { network: NetworkKind::Ann, config, data, device, fallback: None, from: None, extra_epochs: 0 };
    pollster::block_on(run(plan, host)).unwrap().report
}

#[test]
fn the_sleep_of_the_machine_is_no_training_time() {
    let config = RunConfig { train: 2000, ..tiny() };
    let awake = report(&config, &mut Sleeper::new());
    let mut host = Sleeper { slept: false, ..Sleeper::new() };
    let slept = report(&config, &mut host);
    assert!(host.slept);
    // Every look at this clock takes a millisecond, so whole runs take well below a second of it.
    assert!(awake.training_seconds < 1.0 && slept.training_seconds < 1.0, "{}", slept.training_seconds);
    assert!(slept.step_seconds.is_sorted() && slept.history.last().unwrap().seconds < 1.0);
    assert!(awake.notes.is_empty());
    let [Note::Interrupted { seconds, .. }] = slept.notes.as_slice() else { panic!("{:?}", slept.notes) };
    assert!((seconds - 15.0).abs() < 0.5, "{seconds}");
    assert!(host.events.iter().any(|e| matches!(e, RunEvent::Interrupted { .. })));
}

/// The machine's own clock, rounded down as browsers do.
struct Rounded {
    start: std::time::Instant,
    pool: NoWorkers,
}

/// The step of a browser's clock, in seconds: Firefox's without isolation headers.
const TICK: f64 = 1e-3;

impl Host for Rounded {
    type Pool = NoWorkers;

    fn pool(&mut self) -> &mut NoWorkers {
        &mut self.pool
    }

    fn now(&self) -> f64 {
        (self.start.elapsed().as_secs_f64() / TICK).floor() * TICK
    }

    fn emit(&mut self, _: RunEvent) {}

    async fn poll_control(&mut self, _: YieldPoint) -> Control {
        Control::Go
    }
}

#[test]
fn a_coarse_clock_measures_no_latency_of_zero() {
    let mut host = Rounded { start: std::time::Instant::now(), pool: NoWorkers };
    // Passes of one image of so small a network take a small part of a tick on any machine.
    let report = report(&RunConfig { epochs: 1, ann_hidden: vec![8], ..tiny() }, &mut host);
    for Latency { batch, passes, p50_ms, p95_ms, .. } in report.latency {
        assert!(p50_ms > 0.0 && p95_ms >= p50_ms, "batch {batch}: {p50_ms} and {p95_ms} ms of {passes} passes");
    }
}

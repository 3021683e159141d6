//! The worker as a [`Host`]: the browser's clock, messages to the page, and breath between steps so that 'stop' can arrive.

use super::crew::Workers;
use super::post;
use crate::config::NetworkKind;
use crate::protocol::FromEngine;
use crate::train::{Control, Event, Host, Moment};
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

/// What the page wants of a run. The message handler writes it, the run reads it when it breathes.
pub(super) struct RunControl {
    pub(super) run: u64,
    held: Cell<bool>,
    hold_after_epoch: Cell<bool>,
    wanted: Cell<Control>,
    /// Wakes a run that is held.
    wake: RefCell<Option<Function>>,
}

impl RunControl {
    pub(super) fn new(run: u64) -> Self {
        Self {
            run,
            held: Cell::new(false),
            hold_after_epoch: Cell::new(false),
            wanted: Cell::new(Control::Go),
            wake: RefCell::new(None),
        }
    }

    pub(super) fn pause(&self) {
        self.held.set(true);
    }

    pub(super) fn resume(&self) {
        self.hold_after_epoch.set(false);
        self.release();
    }

    pub(super) fn step_epoch(&self) {
        self.hold_after_epoch.set(true);
        self.release();
    }

    pub(super) fn stop(&self) {
        self.wanted.set(Control::Stop);
        self.release();
    }

    pub(super) fn discard(&self) {
        self.wanted.set(Control::Discard);
        self.release();
    }

    fn release(&self) {
        self.held.set(false);
        if let Some(wake) = self.wake.take() {
            // A resolver cannot throw.
            let _ = wake.call0(&JsValue::NULL);
        }
    }

    async fn released(&self) {
        let promise = Promise::new(&mut |resolve, _| *self.wake.borrow_mut() = Some(resolve));
        // It never rejects.
        let _ = JsFuture::from(promise).await;
    }
}

/// One run's host.
pub(super) struct WorkerHost {
    control: std::rc::Rc<RunControl>,
    network: NetworkKind,
    clock: Option<Performance>,
    channel: Option<MessageChannel>,
    crew: Workers,
}

impl WorkerHost {
    pub(super) fn new(control: std::rc::Rc<RunControl>, network: NetworkKind) -> Self {
        Self {
            control,
            network,
            clock: super::scope().performance(),
            channel: MessageChannel::new().ok(),
            crew: Workers::default(),
        }
    }

    /// Lets one turn of the event loop pass. A message channel is used because timers are held back to 4 ms and more.
    async fn turn(&self) {
        let Some(channel) = &self.channel else { return };
        let promise = Promise::new(&mut |resolve, _| {
            channel.port1().set_onmessage(Some(&resolve));
            if channel.port2().post_message(&JsValue::NULL).is_err() {
                let _ = resolve.call0(&JsValue::NULL);
            }
        });
        let _ = JsFuture::from(promise).await;
    }
}

impl Host for WorkerHost {
    type Crew = Workers;

    fn crew(&mut self) -> &mut Workers {
        &mut self.crew
    }

    fn now(&self) -> f64 {
        self.clock.as_ref().map_or_else(|| js_sys::Date::now() / 1e3, |clock| clock.now() / 1e3)
    }

    fn tell(&mut self, event: Event) {
        let (run, network) = (self.control.run, self.network);
        let message = match event {
            Event::Started { steps_per_epoch, workers, warmup_seconds } => {
                FromEngine::Started { run, network, steps_per_epoch, workers, warmup_seconds }
            }
            Event::Progress { epoch, step, seconds, images_per_s, losses, times, accuracy } => {
                FromEngine::Progress { run, network, epoch, step, seconds, images_per_s, losses, times, accuracy }
            }
            Event::Epoch { record, confusion } => {
                FromEngine::Epoch { run, network, record, confusion: confusion.map(|c| *c) }
            }
            Event::FellBack(device) => FromEngine::FellBack { run, network, device },
            Event::Scoring => FromEngine::Scoring { run, network },
        };
        post(&message, None);
    }

    async fn breathe(&mut self, moment: Moment) -> Control {
        self.turn().await;
        if moment == Moment::EpochEnd && self.control.hold_after_epoch.take() {
            self.control.held.set(true);
        }
        // A run that is being scored has nothing left to hold.
        if moment != Moment::Scoring && self.control.held.get() {
            post(&FromEngine::Paused { run: self.control.run, network: self.network }, None);
            while self.control.held.get() {
                self.control.released().await;
            }
        }
        self.control.wanted.get()
    }
}

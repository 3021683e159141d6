//! The worker as a [`Host`]: the browser's clock, events for the page, and a turn of the event loop between steps so that 'stop' can
//! arrive.

use super::post;
use super::worker_pool::WebWorkerPool;
use crate::protocol::FromEngine;
use crate::run::{Control, ModelId, RunEvent};
use crate::train::{Host, YieldPoint};
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

/// What the page wants of a run. The message handler writes it, the run reads it between two steps.
pub(super) struct RunControl {
    pub(super) model: ModelId,
    held: Cell<bool>,
    hold_after_epoch: Cell<bool>,
    wanted: Cell<Control>,
    /// Wakes a run that is held.
    wake: RefCell<Option<Function>>,
}

impl RunControl {
    pub(super) fn new(model: ModelId) -> Self {
        Self {
            model,
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

    fn release(&self) {
        self.held.set(false);
        if let Some(wake) = self.wake.take() {
            let _ = wake.call0(&JsValue::NULL); // A resolver cannot throw.
        }
    }

    async fn released(&self) {
        let promise = Promise::new(&mut |resolve, _| *self.wake.borrow_mut() = Some(resolve));
        let _ = JsFuture::from(promise).await; // It never rejects.
    }
}

/// One run's host.
pub(super) struct WorkerHost {
    control: Rc<RunControl>,
    clock: Option<Performance>,
    channel: Option<MessageChannel>,
    pool: WebWorkerPool,
}

impl WorkerHost {
    pub(super) fn new(control: Rc<RunControl>) -> Self {
        let (clock, channel) = (super::scope().performance(), MessageChannel::new().ok());
        Self { control, clock, channel, pool: WebWorkerPool::default() }
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
    type Pool = WebWorkerPool;

    fn pool(&mut self) -> &mut WebWorkerPool {
        &mut self.pool
    }

    fn now(&self) -> f64 {
        self.clock.as_ref().map_or_else(|| js_sys::Date::now() / 1e3, |clock| clock.now() / 1e3)
    }

    fn emit(&mut self, event: RunEvent) {
        post(&FromEngine::Run { model: self.control.model, event }, None);
    }

    async fn poll_control(&mut self, point: YieldPoint) -> Control {
        self.turn().await;
        if point == YieldPoint::EpochEnd && self.control.hold_after_epoch.take() {
            self.control.held.set(true);
        }
        // A run that is being scored cannot be held any more.
        if point != YieldPoint::Scoring && self.control.held.get() {
            self.emit(RunEvent::Paused);
            while self.control.held.get() {
                self.control.released().await;
            }
        }
        self.control.wanted.get()
    }
}

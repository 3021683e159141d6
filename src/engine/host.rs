//! The worker as a [`Host`]: the browser's clock, events for the page, and a turn of the event loop between steps so that 'stop' can
//! arrive.

use super::post;
use super::worker_pool::WebWorkerPool;
use crate::protocol::FromEngine;
use crate::run::{Control, ModelId, RunEvent};
use crate::train::{Checkpoint, Host, YieldPoint};
use js_sys::{Function, Promise, Uint8Array};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

/// What the page wants of a run. The message handler writes it, the run reads it between two steps.
pub(super) struct RunControl {
    pub(super) model: ModelId,
    held: Cell<bool>,
    hold_after_epoch: Cell<bool>,
    stopped: Cell<bool>,
    /// What the run has still to do between two steps, the oldest first.
    requests: RefCell<VecDeque<Control>>,
    /// Whether the page knows that the run is held.
    told: Cell<bool>,
    /// Wakes a run that is held.
    wake: RefCell<Option<Function>>,
}

impl RunControl {
    pub(super) fn new(model: ModelId) -> Self {
        Self {
            model,
            held: Cell::new(false),
            hold_after_epoch: Cell::new(false),
            stopped: Cell::new(false),
            requests: RefCell::default(),
            told: Cell::new(false),
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
        self.stopped.set(true);
        self.release();
    }

    /// Has the run do this between two steps, also while it is held.
    pub(super) fn request(&self, control: Control) {
        self.requests.borrow_mut().push_back(control);
        self.wake();
    }

    fn release(&self) {
        self.held.set(false);
        self.wake();
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.take() {
            let _ = wake.call0(&JsValue::NULL); // A resolver cannot throw.
        }
    }

    async fn woken(&self) {
        let promise = Promise::new(&mut |resolve, _| *self.wake.borrow_mut() = Some(resolve));
        let _ = JsFuture::from(promise).await; // It never rejects.
    }
}

/// Lets one turn of the event loop pass, so that messages arrive.
pub(super) async fn turn_of_events() {
    if let Ok(channel) = MessageChannel::new() {
        turn(&channel).await;
        channel.port1().close();
    }
}

/// A message channel is used because timers are held back to 4 ms and more.
async fn turn(channel: &MessageChannel) {
    let promise = Promise::new(&mut |resolve, _| {
        channel.port1().set_onmessage(Some(&resolve));
        if channel.port2().post_message(&JsValue::NULL).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
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

    fn keep(&mut self, checkpoint: &Checkpoint) {
        let (model, epoch, step) = (self.control.model, checkpoint.epochs(), checkpoint.step());
        let bytes = Uint8Array::from(checkpoint.to_bytes().as_slice());
        post(&FromEngine::Checkpoint { model, epoch, step }, Some(&bytes));
    }

    async fn poll_control(&mut self, point: YieldPoint) -> Control {
        if let Some(channel) = &self.channel {
            turn(channel).await;
        }
        if point == YieldPoint::EpochEnd && self.control.hold_after_epoch.take() {
            self.control.held.set(true);
        }
        // What is scored cannot be held, and the answer does not count, so nothing is taken from the requests.
        if point == YieldPoint::Scoring {
            return Control::Go;
        }
        loop {
            if let Some(request) = self.control.requests.borrow_mut().pop_front() {
                return request;
            }
            if !self.control.held.get() {
                self.control.told.set(false);
                return if self.control.stopped.get() { Control::Stop } else { Control::Go };
            }
            if !self.control.told.replace(true) {
                self.emit(RunEvent::Paused);
            }
            self.control.woken().await;
        }
    }
}

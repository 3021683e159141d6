//! Helpers of a run as workers that this worker starts: plain messages and transferred buffers, so that any static host will do.
//!
//! A helper runs the same program. It gets the compiled module from its leader, so nothing is fetched or compiled again, and no
//! dataset: each job brings its images. A helper that breaks down or stays silent is replaced, and the leader does its share.

use crate::config::{NetworkKind, RunConfig};
use crate::train::{Crew, Helper, Job, Share};
use burn::tensor::Device;
use js_sys::{Array, Float32Array, Function, Object, Promise, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

/// Milliseconds after which a silent helper counts as dead.
const PATIENCE_MS: i32 = 20_000;

/// What a leader asks of a helper. Beside a job: its weights, pixels and labels.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToHelper {
    /// Be ready for this network.
    Help { network: NetworkKind, config: RunConfig },
    /// Compute a share.
    Compute { step: usize, first: usize, batch: usize },
}

/// What a helper answers. Beside a share: its gradients.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromHelper {
    Helping,
    Computed { loss: f32, right: f32 },
}

fn parts(message: &impl Serialize, buffers: &[&Object]) -> (Array, Array) {
    let text = serde_json::to_string(message).unwrap_or_default(); // Plain values are always written.
    let (parts, transfer) = (Array::of1(&text.into()), Array::new());
    for buffer in buffers {
        parts.push(buffer);
        // Each is a typed array of its own buffer, which is handed over.
        transfer.push(&Reflect::get(buffer, &"buffer".into()).unwrap_or(JsValue::UNDEFINED));
    }
    (parts, transfer)
}

/// The helper's side.
#[derive(Default)]
pub(super) struct Helping(Option<Helper>);

/// Answers one message of the leader.
pub(super) async fn help(state: &RefCell<Helping>, message: ToHelper, beside: Array) {
    let (answer, transfer) = match message {
        ToHelper::Help { network, config } => {
            state.borrow_mut().0 = Some(Helper::new(network, &config, &Device::flex()));
            parts(&FromHelper::Helping, &[])
        }
        ToHelper::Compute { step, first, batch } => {
            let floats = |i: u32| Float32Array::from(beside.get(i)).to_vec();
            let labels = Uint8Array::from(beside.get(3)).to_vec();
            let job = Job { step, first, batch, weights: floats(1), pixels: floats(2), labels };
            // Taken out while it computes, so that nothing is borrowed over an await.
            let Some(mut helper) = state.borrow_mut().0.take() else { return };
            let share = helper.compute(&job).await;
            state.borrow_mut().0 = Some(helper);
            let Ok(share) = share else { return }; // The leader's patience ends, and it does the share itself.
            let gradients = Float32Array::from(share.gradients.as_slice());
            parts(&FromHelper::Computed { loss: share.loss, right: share.right }, &[&gradients])
        }
    };
    if let Err(e) = super::scope().post_message_with_transfer(&answer, &transfer) {
        web_sys::console::error_1(&e);
    }
}

/// What the leader knows of one helper.
struct Seat {
    worker: Worker,
    ready: Cell<bool>,
    dead: Cell<bool>,
    answer: RefCell<Option<Share>>,
    wake: RefCell<Option<Function>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Seat {
    fn new(kind: NetworkKind, config: &RunConfig) -> Option<Rc<Self>> {
        // The loader under which this worker itself was started.
        let worker = Worker::new(&super::scope().location().href()).ok()?;
        let order = ToHelper::Help { network: kind, config: config.clone() };
        let seat = Rc::new_cyclic(|weak: &std::rc::Weak<Self>| {
            let (of_message, of_error) = (weak.clone(), weak.clone());
            let on_message = Closure::new(move |event: MessageEvent| {
                if let Some(seat) = of_message.upgrade() {
                    seat.hear(&Array::from(&event.data()), &order);
                }
            });
            let on_error = Closure::new(move |_: JsValue| {
                if let Some(seat) = of_error.upgrade() {
                    seat.dead.set(true);
                    seat.rouse();
                }
            });
            worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            Self {
                worker,
                ready: Cell::new(false),
                dead: Cell::new(false),
                answer: RefCell::new(None),
                wake: RefCell::new(None),
                _on_message: on_message,
                _on_error: on_error,
            }
        });
        let start = Object::new();
        Reflect::set(&start, &"module".into(), &wasm_bindgen::module()).ok()?;
        seat.worker.post_message(&start).ok()?;
        Some(seat)
    }

    fn hear(&self, message: &Array, order: &ToHelper) {
        let text = message.get(0).as_string().unwrap_or_default();
        match serde_json::from_str(&text) {
            Ok(FromHelper::Helping) => self.ready.set(true),
            Ok(FromHelper::Computed { loss, right }) => {
                let gradients = Float32Array::from(message.get(1)).to_vec();
                *self.answer.borrow_mut() = Some(Share { loss, right, gradients });
            }
            // The program's own greeting: it is up and takes orders now.
            Err(_) if text.contains("\"opened\"") => {
                let (parts, _) = parts(order, &[]);
                if self.worker.post_message(&parts).is_err() {
                    self.dead.set(true);
                }
                return;
            }
            // Its last words.
            Err(_) => self.dead.set(true),
        }
        self.rouse();
    }

    fn rouse(&self) {
        if let Some(wake) = self.wake.take() {
            let _ = wake.call0(&JsValue::NULL); // A resolver cannot throw.
        }
    }

    /// Waits until something was heard, or until patience ends, which it takes for death.
    async fn wait(&self, until: impl Fn(&Self) -> bool) {
        let late = Rc::new(Cell::new(false));
        while !until(self) && !self.dead.get() {
            let was_late = late.clone();
            let mut timer = None;
            let promise = Promise::new(&mut |resolve, _| {
                *self.wake.borrow_mut() = Some(resolve.clone());
                let (late, resolve) = (was_late.clone(), resolve);
                let ring = Closure::once_into_js(move || {
                    late.set(true);
                    let _ = resolve.call0(&JsValue::NULL);
                });
                let scope = super::scope();
                timer =
                    scope.set_timeout_with_callback_and_timeout_and_arguments_0(ring.unchecked_ref(), PATIENCE_MS).ok();
            });
            let _ = JsFuture::from(promise).await;
            if let Some(timer) = timer {
                super::scope().clear_timeout_with_handle(timer);
            }
            if late.get() {
                self.dead.set(true);
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// The helpers of this worker.
#[derive(Default)]
pub(super) struct Workers {
    seats: Vec<Rc<Seat>>,
    order: Option<(NetworkKind, RunConfig)>,
}

impl Crew for Workers {
    fn most(&self) -> usize {
        15
    }

    fn spare(&self) -> usize {
        let navigator = super::scope().navigator();
        (navigator.hardware_concurrency() as usize).saturating_sub(1).min(self.most())
    }

    async fn grow(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig) {
        self.order = Some((kind, config.clone()));
        self.seats.truncate(helpers);
        while self.seats.len() < helpers {
            let Some(seat) = Seat::new(kind, config) else { return };
            self.seats.push(seat);
        }
        for seat in &self.seats {
            seat.wait(|seat| seat.ready.get()).await;
        }
    }

    fn send(&mut self, helper: usize, job: Job) {
        let Some(seat) = self.seats.get(helper).filter(|seat| seat.ready.get() && !seat.dead.get()) else { return };
        let message = ToHelper::Compute { step: job.step, first: job.first, batch: job.batch };
        let (weights, pixels) = (Float32Array::from(job.weights.as_slice()), Float32Array::from(job.pixels.as_slice()));
        let labels = Uint8Array::from(job.labels.as_slice());
        let (parts, transfer) = parts(&message, &[&weights, &pixels, &labels]);
        *seat.answer.borrow_mut() = None;
        if seat.worker.post_message_with_transfer(&parts, &transfer).is_err() {
            seat.dead.set(true);
        }
    }

    async fn receive(&mut self, helper: usize) -> Option<Share> {
        let seat = self.seats.get(helper)?.clone();
        if seat.ready.get() {
            seat.wait(|seat| seat.answer.borrow().is_some()).await;
        }
        let answer = seat.answer.take();
        if seat.dead.get()
            && let Some(fresh) = self.order.as_ref().and_then(|(kind, config)| Seat::new(*kind, config))
        {
            self.seats[helper] = fresh;
        }
        answer
    }
}

//! Helpers of a run as workers that this worker starts: plain messages and transferred buffers, so that any static host will do.
//!
//! A helper runs the same program. It gets the compiled module from its leader, so nothing is fetched or compiled again, and no
//! dataset: each job brings its images. A helper that breaks down or stays silent is replaced, and the leader does its share.

use super::helper::{FromHelper, ToHelper, filled, parts};
use crate::config::{NetworkKind, RunConfig};
use crate::model::Half;
use crate::train::{Crew, Job, Outcome, State, add};
use js_sys::{Array, Float32Array, Function, Object, Promise, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

/// Milliseconds between two looks at a helper that is waited for; after so many without an answer it counts as dead.
const LOOK_MS: i32 = 5_000;
const LOOKS: u32 = 4;
/// So many helpers of a run are replaced; where more die, something else is wrong, and the rest of the run goes without them.
const REPLACEMENTS: u32 = 4;

/// What the leader knows of one helper.
struct Seat {
    worker: Worker,
    ready: Cell<bool>,
    /// Whether its replica is the leader's.
    brought_up: Cell<bool>,
    dead: Cell<bool>,
    /// Answers that were not taken yet.
    awaited: Cell<usize>,
    answers: RefCell<VecDeque<(Outcome, Float32Array)>>,
    spare: RefCell<[Option<Float32Array>; 2]>,
    wake: RefCell<Option<Function>>,
    /// Looks at the clock since it is waited for.
    looks: Cell<u32>,
    clock: Option<i32>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
    _on_look: Closure<dyn FnMut()>,
}

impl Seat {
    fn new(kind: NetworkKind, config: &RunConfig) -> Option<Rc<Self>> {
        // The loader under which this worker itself was started.
        let worker = Worker::new(&super::scope().location().href()).ok()?;
        let order = ToHelper::Help { network: kind, config: config.clone() };
        let seat = Rc::new_cyclic(|weak: &Weak<Self>| {
            let (of_message, of_error, of_look) = (weak.clone(), weak.clone(), weak.clone());
            let on_message = Closure::new(move |event: MessageEvent| {
                if let Some(seat) = of_message.upgrade() {
                    seat.hear(&Array::from(&event.data()), &order);
                }
            });
            let on_error = Closure::new(move |_: JsValue| {
                if let Some(seat) = of_error.upgrade() {
                    seat.die();
                }
            });
            let on_look = Closure::new(move || {
                if let Some(seat) = of_look.upgrade() {
                    seat.look();
                }
            });
            worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            let look: &JsValue = on_look.as_ref();
            let clock = super::scope()
                .set_interval_with_callback_and_timeout_and_arguments_0(look.unchecked_ref(), LOOK_MS)
                .ok();
            Self {
                worker,
                ready: Cell::new(false),
                brought_up: Cell::new(false),
                dead: Cell::new(false),
                awaited: Cell::new(0),
                answers: RefCell::default(),
                spare: RefCell::default(),
                wake: RefCell::new(None),
                looks: Cell::new(0),
                clock,
                _on_message: on_message,
                _on_error: on_error,
                _on_look: on_look,
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
                let gradients = Float32Array::from(message.get(1));
                self.answers.borrow_mut().push_back((Outcome { loss, right }, gradients));
            }
            // The program's own greeting: it is up and takes orders now.
            Err(_) if text.contains("\"opened\"") => return self.post(order, &[]),
            // Its last words.
            Err(_) => self.die(),
        }
        self.rouse();
    }

    fn post(&self, message: &ToHelper, buffers: &[&Object]) {
        let (parts, transfer) = parts(message, buffers);
        if self.worker.post_message_with_transfer(&parts, &transfer).is_err() {
            self.die();
        }
    }

    fn die(&self) {
        self.dead.set(true);
        self.rouse();
    }

    /// Every now and then while it is waited for.
    fn look(&self) {
        let waited_for = self.wake.borrow().is_some();
        self.looks.set(if waited_for { self.looks.get() + 1 } else { 0 });
        if self.looks.get() >= LOOKS {
            self.die();
        }
    }

    fn rouse(&self) {
        if let Some(wake) = self.wake.take() {
            let _ = wake.call0(&JsValue::NULL); // A resolver cannot throw.
        }
    }

    /// Waits until something was heard, or it is dead.
    async fn wait(&self, until: impl Fn(&Self) -> bool) {
        self.looks.set(0);
        while !until(self) && !self.dead.get() {
            let promise = Promise::new(&mut |resolve, _| *self.wake.borrow_mut() = Some(resolve));
            let _ = JsFuture::from(promise).await; // It never rejects.
        }
    }

    /// Whether it has the leader's replica and works.
    fn works(&self) -> bool {
        self.brought_up.get() && !self.dead.get()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.worker.terminate();
        if let Some(clock) = self.clock {
            super::scope().clear_interval_with_handle(clock);
        }
    }
}

/// The helpers of this worker.
#[derive(Default)]
pub(super) struct Workers {
    seats: Vec<Rc<Seat>>,
    order: Option<(NetworkKind, RunConfig)>,
    /// Gradients as they came.
    theirs: Vec<f32>,
    /// Helpers that were replaced.
    replaced: u32,
}

impl Workers {
    fn working(&self, helper: usize) -> Option<&Rc<Seat>> {
        self.seats.get(helper).filter(|seat| seat.works())
    }
}

impl Crew for Workers {
    fn most(&self) -> usize {
        15
    }

    fn spare(&self) -> usize {
        let navigator = super::scope().navigator();
        (navigator.hardware_concurrency() as usize).saturating_sub(1).min(self.most())
    }

    fn replaced(&self) -> u32 {
        self.replaced
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

    fn forget(&mut self) {
        self.seats.iter().for_each(|seat| seat.brought_up.set(false));
    }

    fn is_new(&self, helper: usize) -> bool {
        self.seats.get(helper).is_some_and(|seat| seat.ready.get() && !seat.brought_up.get() && !seat.dead.get())
    }

    fn bring_up(&mut self, helper: usize, State { step, descent }: &State) {
        if let Some(seat) = self.seats.get(helper) {
            let [weights, first, second] =
                [&descent.weights, &descent.first, &descent.second].map(|list| Float32Array::from(list.as_slice()));
            seat.post(&ToHelper::Take { step: *step, steps: descent.steps }, &[&weights, &first, &second]);
            seat.brought_up.set(true);
        }
    }

    fn send(&mut self, helper: usize, job: Job) {
        if let Some(seat) = self.working(helper) {
            let (pixels, labels) = (Uint8Array::from(job.pixels.as_slice()), Uint8Array::from(job.labels.as_slice()));
            seat.post(&ToHelper::Compute { first: job.first, batch: job.batch }, &[&pixels, &labels]);
            seat.awaited.set(seat.awaited.get() + Half::ALL.len());
        }
    }

    async fn receive(&mut self, helper: usize, half: Half, sum: &mut [f32]) -> Option<Outcome> {
        let seat = self.seats.get(helper)?.clone();
        if seat.awaited.get() > 0 {
            seat.wait(|seat| !seat.answers.borrow().is_empty()).await;
            seat.awaited.set(seat.awaited.get() - 1);
        }
        let answer = seat.answers.borrow_mut().pop_front();
        let answer = answer.filter(|(_, gradients)| gradients.length() as usize == sum.len());
        if seat.dead.get()
            && self.replaced < REPLACEMENTS
            && let Some(fresh) = self.order.as_ref().and_then(|(kind, config)| Seat::new(*kind, config))
        {
            self.seats[helper] = fresh;
            self.replaced += 1;
        }
        let (outcome, gradients) = answer?;
        self.theirs.resize(sum.len(), 0.0);
        gradients.copy_to(&mut self.theirs);
        add(sum, &self.theirs);
        seat.spare.borrow_mut()[half as usize] = Some(gradients);
        Some(outcome)
    }

    fn conclude(&mut self, helper: usize, half: Half, gradients: &[f32], whole: bool) {
        if let Some(seat) = self.working(helper) {
            let gradients = filled(seat.spare.borrow_mut()[half as usize].take(), gradients);
            seat.post(&ToHelper::Conclude { half, whole }, &[&gradients]);
        }
    }
}

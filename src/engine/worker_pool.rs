//! The helpers of a run: workers that this worker starts. They exchange messages and transferred buffers, which need no special
//! headers from the host.
//!
//! A helper runs the same program. It gets the compiled module from its leader, so nothing is fetched or compiled again, and no
//! dataset: each shard brings its images. A helper that breaks down or stays silent is replaced, and the leader computes its shard.

use super::worker::filled;
use crate::architecture::GradientBucket;
use crate::config::{NetworkKind, RunConfig};
use crate::protocol::wire;
use crate::protocol::worker::{Envelope, FromWorker, ToWorker};
use crate::train::{ReplicaState, Shard, StepOutcome, WorkerPool, accumulate};
use js_sys::{Float32Array, Function, Object, Promise, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

/// Milliseconds between two checks of a helper that the leader waits for. After [`LOOKS`] checks without an answer it counts as dead.
const LOOK_MS: i32 = 5_000;
const LOOKS: u32 = 4;
/// At most this many helpers of a run are replaced. If more die, something else is wrong, and the run goes on without them.
const REPLACEMENTS: u32 = 4;

/// What the leader knows of one helper.
struct WorkerHandle {
    worker: Worker,
    ready: Cell<bool>,
    /// Whether its replica is the leader's.
    has_replica: Cell<bool>,
    dead: Cell<bool>,
    /// Answers that were not taken yet.
    awaited: Cell<usize>,
    answers: RefCell<VecDeque<(StepOutcome, Float32Array)>>,
    spare: RefCell<[Option<Float32Array>; 2]>,
    wake: RefCell<Option<Function>>,
    /// Looks at the clock since it is waited for.
    looks: Cell<u32>,
    clock: Option<i32>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
    _on_look: Closure<dyn FnMut()>,
}

impl WorkerHandle {
    fn new(kind: NetworkKind, config: &RunConfig) -> Option<Rc<Self>> {
        // The loader under which this worker itself was started; its address names the engine's script, too (public/engine-loader.js).
        let worker = Worker::new(&super::scope().location().href()).ok()?;
        let worker = Rc::new_cyclic(|weak: &Weak<Self>| {
            let (of_message, of_error, of_look) = (weak.clone(), weak.clone(), weak.clone());
            let on_message = Closure::new(move |event: MessageEvent| {
                if let Some(worker) = of_message.upgrade() {
                    worker.hear(&event.data());
                }
            });
            let on_error = Closure::new(move |_: JsValue| {
                if let Some(worker) = of_error.upgrade() {
                    worker.die();
                }
            });
            let on_look = Closure::new(move || {
                if let Some(worker) = of_look.upgrade() {
                    worker.look();
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
                has_replica: Cell::new(false),
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
        worker.worker.post_message(&start).ok()?;
        worker.post(ToWorker::Prepare { network: kind, config: config.clone() }, &[]);
        Some(worker)
    }

    fn hear(&self, data: &JsValue) {
        match wire::unpack(data) {
            Ok((FromWorker::Ready, _)) => self.ready.set(true),
            Ok((FromWorker::Computed { loss, correct }, parts)) => {
                let gradients = Float32Array::from(parts.get(1));
                self.answers.borrow_mut().push_back((StepOutcome { loss, correct }, gradients));
            }
            // The message of a helper that breaks down. It is meant for a page.
            Err(_) => self.die(),
        }
        self.rouse();
    }

    fn post(&self, message: ToWorker, beside: &[&JsValue]) {
        let (parts, transfer) = wire::pack(&Envelope::Worker(message), beside);
        if self.worker.post_message_with_transfer(&parts, &transfer).is_err() {
            self.die();
        }
    }

    fn die(&self) {
        self.dead.set(true);
        self.rouse();
    }

    /// Runs at intervals while the leader waits for this helper.
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
        self.has_replica.get() && !self.dead.get()
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.worker.terminate();
        if let Some(clock) = self.clock {
            super::scope().clear_interval_with_handle(clock);
        }
    }
}

/// The helpers of this worker.
#[derive(Default)]
pub(super) struct WebWorkerPool {
    workers: Vec<Rc<WorkerHandle>>,
    order: Option<(NetworkKind, RunConfig)>,
    /// Gradients as they came.
    theirs: Vec<f32>,
    /// Helpers that were replaced.
    replaced: u32,
}

impl WebWorkerPool {
    fn working(&self, helper: usize) -> Option<&Rc<WorkerHandle>> {
        self.workers.get(helper).filter(|worker| worker.works())
    }
}

impl WorkerPool for WebWorkerPool {
    fn max_workers(&self) -> usize {
        15
    }

    fn idle_cores(&self) -> usize {
        let navigator = super::scope().navigator();
        (navigator.hardware_concurrency() as usize).saturating_sub(1).min(self.max_workers())
    }

    fn replaced(&self) -> u32 {
        self.replaced
    }

    async fn resize(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig) {
        self.order = Some((kind, config.clone()));
        self.workers.truncate(helpers);
        while self.workers.len() < helpers {
            let Some(worker) = WorkerHandle::new(kind, config) else { return };
            self.workers.push(worker);
        }
        for worker in &self.workers {
            worker.wait(|worker| worker.ready.get()).await;
        }
    }

    fn invalidate_replicas(&mut self) {
        self.workers.iter().for_each(|worker| worker.has_replica.set(false));
    }

    fn needs_replica(&self, helper: usize) -> bool {
        self.workers
            .get(helper)
            .is_some_and(|worker| worker.ready.get() && !worker.has_replica.get() && !worker.dead.get())
    }

    fn send_state(&mut self, helper: usize, ReplicaState { step, rate_factor, optimizer }: &ReplicaState) {
        if let Some(worker) = self.workers.get(helper) {
            let [weights, first, second] = [&optimizer.weights, &optimizer.first, &optimizer.second]
                .map(|list| Float32Array::from(list.as_slice()));
            let message =
                ToWorker::Restore { step: *step, optimizer_steps: optimizer.steps, rate_factor: *rate_factor };
            worker.post(message, &[&weights, &first, &second]);
            worker.has_replica.set(true);
        }
    }

    fn send(&mut self, helper: usize, shard: Shard) {
        if let Some(worker) = self.working(helper) {
            let (pixels, labels) =
                (Uint8Array::from(shard.pixels.as_slice()), Uint8Array::from(shard.labels.as_slice()));
            worker.post(ToWorker::Compute { first: shard.first, batch: shard.batch }, &[&pixels, &labels]);
            worker.awaited.set(worker.awaited.get() + GradientBucket::ALL.len());
        }
    }

    async fn receive(&mut self, helper: usize, bucket: GradientBucket, sum: &mut [f32]) -> Option<StepOutcome> {
        let worker = self.workers.get(helper)?.clone();
        if worker.awaited.get() > 0 {
            worker.wait(|worker| !worker.answers.borrow().is_empty()).await;
            worker.awaited.set(worker.awaited.get() - 1);
        }
        let answer = worker.answers.borrow_mut().pop_front();
        let answer = answer.filter(|(_, gradients)| gradients.length() as usize == sum.len());
        if worker.dead.get()
            && self.replaced < REPLACEMENTS
            && let Some(fresh) = self.order.as_ref().and_then(|(kind, config)| WorkerHandle::new(*kind, config))
        {
            self.workers[helper] = fresh;
            self.replaced += 1;
        }
        let (outcome, gradients) = answer?;
        self.theirs.resize(sum.len(), 0.0);
        gradients.copy_to(&mut self.theirs);
        accumulate(sum, &self.theirs);
        worker.spare.borrow_mut()[bucket as usize] = Some(gradients);
        Some(outcome)
    }

    fn apply_gradients(&mut self, helper: usize, bucket: GradientBucket, gradients: &[f32], whole: bool) {
        if let Some(worker) = self.working(helper) {
            let gradients = filled(worker.spare.borrow_mut()[bucket as usize].take(), gradients);
            worker.post(ToWorker::ApplyGradients { bucket, whole }, &[&gradients]);
        }
    }
}

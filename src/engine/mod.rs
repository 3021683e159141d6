//! The engine worker: the protocol on one side, `train` on the other, and between them the dataset and the device.
//!
//! One worker has one dataset, one device of each kind, and trains one network at a time. Every message is answered on the same
//! thread between two groups of steps, so the page is never kept waiting for long, on the CPU either.

mod crew;
mod dataset;
mod device;
mod fetch;
mod helper;
mod host;

use crate::data::Dataset;
use crate::fashion_mnist::ImageSet;
use crate::protocol::{FromEngine, PROTOCOL_VERSION, ToEngine};
use crate::train::{self, Plan, TrainError};
use device::Devices;
use host::{RunControl, WorkerHost};
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// What the worker holds.
#[derive(Default)]
struct Engine {
    files: RefCell<dataset::Files>,
    data: RefCell<Option<Rc<Dataset>>>,
    /// What `data` is.
    dataset: RefCell<crate::report::DatasetInfo>,
    devices: RefCell<Devices>,
    run: RefCell<Option<Rc<RunControl>>>,
    /// Whether a run or a device choice computes now: a second one waits for no queue, it is refused.
    busy: Cell<bool>,
    /// What this worker does where it is another one's helper.
    helping: RefCell<helper::Helping>,
}

/// A message of the page, or of the worker that this one helps.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Asked {
    Page(ToEngine),
    Leader(helper::ToHelper),
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Posts a message, with bytes beside it where there are any; their buffer is handed over, not copied.
fn post(message: &FromEngine, bytes: Option<&Uint8Array>) {
    let text = match serde_json::to_string(message) {
        Ok(text) => text,
        Err(e) => return web_sys::console::error_1(&format!("message not written: {e}").into()),
    };
    let parts = Array::of1(&text.into());
    let transfer = Array::new();
    if let Some(bytes) = bytes {
        parts.push(bytes);
        transfer.push(&bytes.buffer());
    }
    if let Err(e) = scope().post_message_with_transfer(&parts, &transfer) {
        web_sys::console::error_1(&e);
    }
}

fn failed(run: Option<u64>, message: impl Into<String>) {
    post(&FromEngine::Failed { run, message: message.into() }, None);
}

unsafe extern "C" {
    /// The linker's own function that runs all constructors.
    fn __wasm_call_ctors();
}

/// Starts the worker: from here on it answers messages.
pub fn start() {
    // SAFETY: it takes and returns nothing, and it runs here once, before anything that it sets up is used. Burn's GPU runtime
    // registers through constructors; a module that never calls this itself has them run again at every entry from JavaScript.
    unsafe { __wasm_call_ctors() };
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // The module is gone after this; the page must know, because a rejected promise of a worker tells it nothing.
        post(&FromEngine::Crashed { message: info.to_string() }, None);
    }));
    let engine = Rc::new(Engine::default());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let parts = Array::from(&event.data());
        let asked = parts.get(0).as_string().ok_or_else(|| "a message without text".to_owned());
        let asked = asked.and_then(|text| serde_json::from_str(&text).map_err(|e| e.to_string()));
        match asked {
            Ok(Asked::Page(message)) => answer(&engine, message, parts.get(1)),
            Ok(Asked::Leader(message)) => {
                helper::help(&engine.helping, message, &parts);
            }
            Err(e) => failed(
                None,
                format!("the engine could not read a message ({e}); reload the page to get matching versions"),
            ),
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // It lives as long as the worker.
    post(&FromEngine::Opened { protocol: PROTOCOL_VERSION }, None);
}

fn answer(engine: &Rc<Engine>, message: ToEngine, beside: JsValue) {
    match message {
        ToEngine::Open { protocol } if protocol == PROTOCOL_VERSION => {
            post(&FromEngine::Opened { protocol: PROTOCOL_VERSION }, None);
        }
        ToEngine::Open { protocol } => failed(
            None,
            format!(
                "the page speaks version {protocol} of the protocol and the engine version {PROTOCOL_VERSION}; reload the page without its cache"
            ),
        ),
        ToEngine::LoadData { base } => spawn(engine, |engine| async move { dataset::load(&engine, &base).await }),
        ToEngine::UseFiles => spawn(engine, |engine| async move { dataset::take_files(&engine, beside).await }),
        ToEngine::ChooseDevice { backend } => spawn(engine, move |engine| async move {
            if engine.busy.replace(true) {
                return failed(None, "the device cannot be changed while a run computes; stop the run first");
            }
            let data = engine.data.borrow().clone();
            match data {
                None => failed(None, "a device is chosen after the dataset is there; load the dataset first"),
                Some(data) => {
                    let info = device::choose(&engine, backend, data).await;
                    post(&FromEngine::DeviceReady { device: info }, None);
                }
            }
            engine.busy.set(false);
        }),
        ToEngine::Train { run, network, config } => spawn(engine, move |engine| async move {
            if engine.busy.replace(true) {
                return failed(Some(run), "another run still computes in this worker; stop it first");
            }
            train_one(&engine, run, network, config).await;
            engine.busy.set(false);
        }),
        ToEngine::Pause { run } => with_run(engine, run, RunControl::pause),
        ToEngine::Resume { run } => with_run(engine, run, RunControl::resume),
        ToEngine::StepEpoch { run } => with_run(engine, run, RunControl::step_epoch),
        ToEngine::Stop { run } => with_run(engine, run, RunControl::stop),
        ToEngine::Discard { run } => with_run(engine, run, RunControl::discard),
        ToEngine::Images { request, set, indices } => send_images(engine, request, set, indices),
    }
}

fn spawn<F: Future<Output = ()> + 'static>(engine: &Rc<Engine>, task: impl FnOnce(Rc<Engine>) -> F) {
    wasm_bindgen_futures::spawn_local(task(engine.clone()));
}

/// Messages of a run that is over are dropped: they crossed its last message on the way.
fn with_run(engine: &Engine, run: u64, act: impl FnOnce(&RunControl)) {
    if let Some(control) = engine.run.borrow().as_ref().filter(|c| c.run == run) {
        act(control);
    }
}

async fn train_one(
    engine: &Rc<Engine>,
    run: u64,
    network: crate::config::NetworkKind,
    config: crate::config::RunConfig,
) {
    let data = engine.data.borrow().clone();
    let chosen = engine.devices.borrow().chosen();
    let (Some(data), Some(device)) = (data, chosen) else {
        return failed(Some(run), "training needs the dataset and a device; load the dataset first");
    };
    if let Err(errors) = config.validate() {
        let said: Vec<_> = errors.iter().map(ToString::to_string).collect();
        return failed(Some(run), said.join("; "));
    }
    let fallback = engine.devices.borrow().fallback();
    let control = Rc::new(RunControl::new(run));
    *engine.run.borrow_mut() = Some(control.clone());
    let mut host = WorkerHost::new(control, network);
    let plan = Plan { network, config, data, device, fallback };
    match train::run(plan, &mut host).await {
        Ok((report, probabilities)) => {
            let bytes: Vec<u8> = probabilities.iter().flat_map(|p| p.to_le_bytes()).collect();
            let bytes = Uint8Array::from(bytes.as_slice());
            post(&FromEngine::Finished { run, network, report: Box::new(report) }, Some(&bytes));
        }
        Err(TrainError::Discarded) => {}
        Err(error) => failed(Some(run), format!("training the {} ended: {error}", network.label())),
    }
    *engine.run.borrow_mut() = None;
}

fn send_images(engine: &Engine, request: u64, set: ImageSet, indices: Vec<u32>) {
    let data = engine.data.borrow();
    let Some(data) = data.as_ref() else { return failed(None, "images were asked for before the dataset was there") };
    let (images, count) = match set {
        ImageSet::Train => (&data.train_images, data.train_labels.len()),
        ImageSet::Test => (&data.test_images, data.test_labels.len()),
    };
    if indices.iter().any(|&i| i as usize >= count) {
        return failed(None, format!("an image was asked for that does not exist; there are {count}"));
    }
    let pixels: Vec<u8> =
        indices.iter().flat_map(|&i| crate::data::image(images, i as usize).iter().copied()).collect();
    post(&FromEngine::Images { request, set, indices }, Some(&Uint8Array::from(pixels.as_slice())));
}

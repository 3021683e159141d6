//! The engine worker. It connects the protocol with `train`, and holds the dataset, the devices and the trained networks.
//!
//! One worker has one dataset, one device of each kind, and trains one network at a time. Messages are answered on the
//! same thread, between two groups of steps, so the page never waits for long, even if the CPU trains. Leaves out: the page.

mod dataset;
mod device;
mod fetch;
mod host;
mod session;
mod worker;
mod worker_pool;

use crate::protocol::worker::Envelope;
use crate::protocol::{FromEngine, PROTOCOL_VERSION, ToEngine, wire};
use crate::run::Control;
use js_sys::{Array, Uint8Array};
use session::Session;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Posts a message, with bytes beside it where there are any.
fn post(message: &FromEngine, bytes: Option<&Uint8Array>) {
    let beside: Vec<&JsValue> = bytes.into_iter().map(AsRef::as_ref).collect();
    let (parts, transfer) = wire::pack(message, &beside);
    if let Err(e) = scope().post_message_with_transfer(&parts, &transfer) {
        web_sys::console::error_1(&e);
    }
}

fn failed(message: impl Into<String>) {
    post(&FromEngine::Failed { message: message.into() }, None);
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
        // The module is gone after this. The page must know, because a rejected promise of a worker tells it nothing.
        post(&FromEngine::Crashed { message: info.to_string() }, None);
    }));
    let session = Rc::new(Session::default());
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match wire::unpack(&event.data()) {
            Ok((Envelope::Engine(message), parts)) => answer(&session, message, &parts),
            Ok((Envelope::Worker(message), parts)) => worker::answer(&session.helping, message, &parts),
            Err(e) => failed(format!(
                "the engine could not read a message ({e}); reload the page without its cache to get matching versions"
            )),
        });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // It lives as long as the worker.
}

fn answer(session: &Rc<Session>, message: ToEngine, parts: &Array) {
    match message {
        ToEngine::Open => post(&FromEngine::Opened { protocol: PROTOCOL_VERSION }, None),
        ToEngine::LoadData { base } => {
            spawn(session, |session| async move { dataset::load(&session.dataset, &base).await })
        }
        ToEngine::UseFiles => {
            let files = parts.get(1);
            spawn(session, |session| async move { dataset::take_files(&session.dataset, files).await });
        }
        ToEngine::ChooseDevice { backend } => {
            spawn(session, move |session| async move { session.choose_device(backend).await });
        }
        ToEngine::Train { model, config, extra_epochs } => {
            let from = wire::bytes_beside(parts).pop();
            spawn(session, move |session| async move { session.train(model, config, extra_epochs, from).await });
        }
        ToEngine::Pause { run } => session.control(run, host::RunControl::pause),
        ToEngine::Resume { run } => session.control(run, host::RunControl::resume),
        ToEngine::StepEpoch { run } => session.control(run, host::RunControl::step_epoch),
        ToEngine::Stop { run } => session.control(run, host::RunControl::stop),
        ToEngine::ScaleLearningRate { run, factor } => {
            session.control(run, |control| control.request(Control::ScaleLearningRate(factor)));
        }
        ToEngine::OneMoreEpoch { run } => session.control(run, |control| control.request(Control::OneMoreEpoch)),
        ToEngine::SaveCheckpoint { run } => session.control(run, |control| control.request(Control::Checkpoint)),
        ToEngine::Answer { request } => {
            let checkpoint = wire::bytes_beside(parts).pop();
            spawn(session, move |session| async move { session.answer(request, checkpoint).await });
        }
        ToEngine::TakeModel { model } => session.send_model(model),
        ToEngine::KeepModel { model } => session.keep_model(model, &wire::bytes_beside(parts)),
        ToEngine::Images { request, set, indices } => session.send_images(request, set, indices),
    }
}

fn spawn<F: Future<Output = ()> + 'static>(session: &Rc<Session>, task: impl FnOnce(Rc<Session>) -> F) {
    wasm_bindgen_futures::spawn_local(task(session.clone()));
}

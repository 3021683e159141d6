//! The engine's program and its workers: fetched with progress, compiled once, shared by all.

use super::browser::start_worker;
use super::{App, Msg};
use crate::page::capability::{Capability, Outcome, sentence};
use crate::page::effect;
use crate::page::outbox::Outbox;
use crate::page::storage::BlobKey;
use crate::protocol::worker::Envelope;
use crate::protocol::{FromEngine, ToEngine, wire};
use crate::web::{absolute, says};
use js_sys::{Array, Object, Reflect, Uint8Array, WebAssembly};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ErrorEvent, MessageEvent, ReadableStreamDefaultReader, Response, Worker};
use yew::html::Scope;

/// The engine's program, ready to run.
pub type Compiled = WebAssembly::Module;

/// The names of the engine's files. They hold hashes of the content, so no cache can mix an old engine with a new page. They are in
/// the element with the id `boot` of index.html, where `cargo xtask dist` writes them.
#[derive(serde::Deserialize)]
struct Files {
    engine: String,
    engine_wasm: String,
    engine_relaxed: String,
    engine_relaxed_wasm: String,
    engine_loader: String,
}

impl Files {
    fn read() -> Result<Self, String> {
        let element = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("boot"));
        let names = element.and_then(|e| e.get_attribute("data-files"));
        let names = names.ok_or("index.html has no element `boot` with `data-files`")?;
        serde_json::from_str::<serde_json::Value>(&names)
            .and_then(serde_json::from_value)
            .map_err(|e| format!("`data-files` of index.html cannot be read: {e}"))
    }

    /// The file's absolute address.
    fn program(&self) -> String {
        absolute(if relaxed_simd() { &self.engine_relaxed_wasm } else { &self.engine_wasm })
    }

    /// The absolute address of the script that runs the program.
    fn script(&self) -> String {
        absolute(if relaxed_simd() { &self.engine_relaxed } else { &self.engine })
    }
}

/// A module of one function that multiplies and adds in one instruction: only a browser with relaxed SIMD finds it valid.
#[rustfmt::skip]
const RELAXED_SIMD: [u8; 36] = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
];

/// Whether the faster of the two engines runs here.
fn relaxed_simd() -> bool {
    WebAssembly::validate(&Uint8Array::from(RELAXED_SIMD.as_slice())).unwrap_or(false)
}

/// Fetches and compiles the engine; tells how far it is.
pub fn compile(link: Scope<App>) {
    wasm_bindgen_futures::spawn_local(async move {
        let done = match Files::read().map(|files| files.program()) {
            Ok(address) => fetch_and_compile(&address, &link)
                .await
                .map_err(|reason| format!("The engine ({address}) cannot be loaded: {reason}")),
            Err(reason) => Err(format!("The engine cannot be found: {reason}; reload the page without its cache")),
        };
        match done {
            Ok(compiled) => link.send_message(Msg::Compiled(compiled)),
            Err(message) => link.send_message(effect::Msg::Compiled(Err(message))),
        }
    });
}

async fn fetch_and_compile(address: &str, link: &Scope<App>) -> Result<Compiled, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let answer = JsFuture::from(window.fetch_with_str(address)).await;
    let response: Response = answer.map_err(|e| format!("no answer ({})", says(&e)))?.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {} {}", response.status(), response.status_text()));
    }
    let total = response.headers().get("content-length").ok().flatten().and_then(|l| l.parse().ok()).unwrap_or(0);
    let body = response.body().ok_or("the answer is empty")?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let (parts, mut received, mut told) = (Array::new(), 0u64, 0.0);
    loop {
        let piece =
            JsFuture::from(reader.read()).await.map_err(|e| format!("the transfer broke off ({})", says(&e)))?;
        if Reflect::get(&piece, &"done".into()).is_ok_and(|d| d.is_truthy()) {
            break;
        }
        let value = Reflect::get(&piece, &"value".into()).map_err(|e| says(&e))?;
        received += u64::from(value.unchecked_ref::<Uint8Array>().length());
        parts.push(&value);
        let now = js_sys::Date::now();
        if now - told > 100.0 {
            told = now;
            // Where the server compresses, the announced length is smaller than what comes.
            let total = if received > total { 0 } else { total };
            link.send_message(effect::Msg::EngineLoading(received, total));
        }
    }
    let blob = Blob::new_with_u8_array_sequence(&parts).map_err(|e| says(&e))?;
    let bytes = JsFuture::from(blob.array_buffer()).await.map_err(|e| says(&e))?;
    let module = JsFuture::from(WebAssembly::compile(&bytes)).await;
    Ok(module.map_err(|e| format!("it does not compile ({})", says(&e)))?.unchecked_into())
}

/// One worker.
pub struct Client {
    worker: Worker,
    /// Messages with what lies beside them: bytes, or an array of files.
    outbox: RefCell<Outbox<ToEngine, Option<JsValue>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Client {
    /// Starts a worker. What it says comes as [`Msg::Heard`] under this id.
    pub fn start(module: &Compiled, link: Scope<App>, id: u64) -> Result<Self, String> {
        let files = Files::read()?;
        let loader = absolute(&files.engine_loader);
        let worker = start_worker(&loader, &files.script()).map_err(|refused| no_worker(&refused))?;
        let heard = link.clone();
        let on_message = Closure::new(move |event: MessageEvent| match wire::unpack(&event.data()) {
            Ok((message, parts)) => heard.send_message(Msg::Heard(id, message, parts)),
            Err(e) => heard.send_message(effect::Msg::Notice(format!(
                "The engine said something unknown: {e}. Reload the page without its cache."
            ))),
        });
        let on_error = Closure::new(move |event: ErrorEvent| {
            // Read by name: if the script is refused, the event is a plain one without a message.
            let said =
                Reflect::get(&event, &"message".into()).ok().and_then(|m| m.as_string()).filter(|m| !m.is_empty());
            let message = match said {
                Some(said) => format!("the engine worker failed: {said}"),
                None => format!(
                    "the engine worker did not start from {loader}: the file is missing or has a wrong type, or the host's Content-Security-Policy forbids workers; reload the page without its cache, or open it in a tab of its own"
                ),
            };
            link.send_message(Msg::Heard(id, FromEngine::Crashed { message }, Array::new()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let start = Object::new();
        Reflect::set(&start, &"module".into(), module).map_err(|e| says(&e))?;
        worker.post_message(&start).map_err(|e| format!("the engine cannot be handed to its worker: {}", says(&e)))?;
        Ok(Self { worker, outbox: RefCell::default(), _on_message: on_message, _on_error: on_error })
    }

    /// Sends a message, with what lies beside it, after all that was sent before.
    pub fn send(&self, message: ToEngine, beside: Option<JsValue>) {
        let ready = self.outbox.borrow_mut().post(message, beside);
        self.post(ready);
    }

    /// Sends a message as soon as its bytes have [`arrived`](Self::arrived).
    pub fn expect(&self, message: ToEngine, key: BlobKey) {
        self.outbox.borrow_mut().expect(message, key);
    }

    /// Bytes that a message waits for; without them it is not sent.
    pub fn arrived(&self, key: BlobKey, bytes: Option<Uint8Array>) {
        let ready = self.outbox.borrow_mut().arrived(key, bytes.map(|bytes| Some(bytes.into())));
        self.post(ready);
    }

    fn post(&self, ready: Vec<(ToEngine, Option<JsValue>)>) {
        for (message, beside) in ready {
            let (parts, transfer) =
                wire::pack(&Envelope::Engine(message), beside.iter().collect::<Vec<_>>().as_slice());
            if let Err(e) = self.worker.post_message_with_transfer(&parts, &transfer) {
                web_sys::console::error_1(&e);
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// What the page says where no worker can be started.
fn no_worker(refused: &Outcome) -> String {
    sentence(Capability::Workers, refused).unwrap_or_default()
}

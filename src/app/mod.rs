//! The yew page: it carries out what [`crate::page`] decides, and draws what [`State`] holds.
//!
//! Only the component [`App`] talks to engines and to the window; every other component gets data and callbacks. Nothing is decided here.

mod browser;
mod canvas;
mod classifier;
mod engine_client;
mod hear;
mod images;
mod parts;
mod presence;
mod shell;
mod shipped;
mod store;
mod texts;
mod views;

use crate::page::effect::{self, Effect};
use crate::page::state::{Environment, State};
use crate::page::storage::BlobKey;
use crate::page::update;
use crate::protocol::asked::{Asked, Incoming};
use crate::protocol::classifier::{FromClassifier, ToClassifier};
use crate::protocol::embed::{Message, Outgoing};
use crate::protocol::frame;
use crate::protocol::{FromEngine, ToEngine};
use classifier::Classifier;
use engine_client::{Client, Compiled};
use images::{ImageStore, Wanted};
use js_sys::Uint8Array;
use presence::RunLock;
use std::collections::HashMap;
use std::rc::Rc;
use store::{Answer, Change, Store};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Starts the page.
pub fn start() {
    console_error_panic_hook::set_once();
    let mount = web_sys::window().and_then(|w| w.document()).and_then(|d| d.query_selector("#app").ok().flatten());
    if let Some(mount) = mount {
        mount.set_inner_html(""); // The text that stood there until now.
        yew::Renderer::<App>::with_root(mount).render();
    }
}

/// What reaches the page from its browser and its panels.
pub enum Msg {
    /// Something that the page decides about.
    Page(effect::Msg),
    /// The worker of this id sent a message. The array's elements from 1 on lie beside it.
    Heard(u64, FromEngine, js_sys::Array),
    /// The store answers.
    Stored(Answer),
    /// The engine's program is compiled.
    Compiled(Compiled),
    /// Somebody's own files.
    Files(js_sys::Array),
    /// Files that somebody opens.
    Import(js_sys::Array),
    /// The program `classifier` says something. The array's elements from 1 on lie beside it.
    Classifier(FromClassifier, js_sys::Array),
    /// Images to show.
    Want(Wanted),
    /// Put a text on the clipboard; the id of the field that shows it, and what to say when it is done.
    Copy(String, &'static str, &'static str),
    /// The fragment of the address changed.
    Fragment,
    /// A page around this one asks.
    Asked(frame::Asker, Incoming),
}

impl From<effect::Msg> for Msg {
    fn from(msg: effect::Msg) -> Self {
        Self::Page(msg)
    }
}

/// The page.
pub struct App {
    state: Rc<State>,
    compiled: Option<Compiled>,
    /// The workers by their ids.
    clients: HashMap<u64, Client>,
    images: ImageStore,
    /// Files that somebody gave, on their way to a worker.
    files: Option<js_sys::Array>,
    store: Store,
    /// The program of the views Inside and Try it.
    classifier: Option<Classifier>,
    /// The arrays beside the message that is being handled, which may be kept. They are not copied.
    beside: js_sys::Array,
    /// Who asked by the message that is being handled.
    asker: Option<frame::Asker>,
    /// Who waits for the answer to which question about a picture.
    askers: Vec<(u64, frame::Asker, Option<serde_json::Value>)>,
    /// Questions about pictures so far.
    tickets: u64,
    /// Says to other tabs which run this page trains.
    lock: Option<RunLock>,
    act: parts::Act,
    _listeners: Vec<gloo::events::EventListener>,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let environment = Environment {
            host: browser::user_agent(),
            data_base: crate::web::absolute("data/"),
            dark: browser::prefers_dark(),
            tab: (js_sys::Math::random() * 1000.0) as u64,
        };
        browser::show_theme(environment.dark);
        let read = crate::config::RunConfig::from_fragment(&browser::fragment());
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let link = ctx.link().clone();
            listeners.push(gloo::events::EventListener::new(&window, "hashchange", move |_| {
                link.send_message(Msg::Fragment);
            }));
        }
        let link = ctx.link().clone();
        listeners.extend(browser::refuse_stray_files(move || link.send_message(effect::Msg::StrayDrop)));
        let link = ctx.link().clone();
        listeners.extend(frame::listen(move |asker, incoming| link.send_message(Msg::Asked(asker, incoming))));
        let link = ctx.link().clone();
        listeners.extend(presence::on_hidden(move || link.send_message(effect::Msg::Hidden)));
        frame::tell_height();
        engine_client::compile(ctx.link().clone());
        shipped::answer(ctx.link().clone());
        Self {
            state: Rc::new(State::new(environment, read)),
            compiled: None,
            clients: HashMap::new(),
            images: ImageStore::new(ctx.link().callback(Msg::Want)),
            files: None,
            store: Store::open(ctx.link().callback(Msg::Stored)),
            classifier: None,
            beside: js_sys::Array::new(),
            asker: None,
            askers: Vec::new(),
            tickets: 0,
            lock: None,
            act: ctx.link().callback(Msg::Page),
            _listeners: listeners,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Classifier(FromClassifier::Want(set, indices), _) => {
                if let Some(classifier) = &mut self.classifier {
                    classifier.want((set, indices), &self.images, &self.state.labels);
                }
                return false;
            }
            Msg::Classifier(FromClassifier::Answered(ticket, json), _) => {
                let asked = self.askers.iter().position(|(other, ..)| *other == ticket);
                if let Some(place) = asked {
                    self.askers.swap_remove(place).1.answer_json(&json);
                }
                return false;
            }
            Msg::Page(effect::Msg::NoClassifier(message)) => {
                for (_, asker, id) in self.askers.drain(..) {
                    asker.answer(&Outgoing::answering(id, Message::Error { message: message.clone() }));
                }
                self.decide(ctx, effect::Msg::NoClassifier(message));
            }
            Msg::Classifier(message, parts) => {
                self.beside = parts.slice(1, parts.length());
                self.decide(ctx, effect::Msg::FromClassifier(message));
                self.beside = js_sys::Array::new();
            }
            Msg::Page(msg) => self.decide(ctx, msg),
            Msg::Heard(id, message, parts) => self.hear(ctx, id, message, &parts),
            Msg::Stored(answer) => self.take_answer(ctx, answer),
            Msg::Compiled(compiled) => {
                self.compiled = Some(compiled);
                self.decide(ctx, effect::Msg::Compiled(Ok(())));
            }
            Msg::Files(files) => {
                self.files = Some(files);
                self.decide(ctx, effect::Msg::Files);
            }
            Msg::Import(files) => {
                self.files = Some(files);
                self.decide(ctx, effect::Msg::Import);
            }
            Msg::Want((set, indices)) => {
                let first = self.state.workers.first().filter(|worker| worker.has_data);
                let first = first.and_then(|worker| self.clients.get(&worker.id));
                // Where no worker has the dataset yet, they are not asked for, so that they can be asked for later.
                if let Some(client) = first
                    && let Some((request, indices)) = self.images.ask(set, indices)
                {
                    client.send(ToEngine::Images { request, set, indices }, None);
                }
                return false;
            }
            Msg::Copy(text, field, said) => {
                let link = ctx.link().clone();
                browser::copy(text, move |outcome| link.send_message(effect::Msg::Copied(outcome, field, said)));
                return false;
            }
            Msg::Fragment => self.decide(ctx, effect::Msg::Fragment(browser::fragment())),
            Msg::Asked(asker, incoming) => {
                let changes_nothing = matches!(incoming.asked, Ok(Asked::State | Asked::Classify(_)) | Err(_));
                self.asker = Some(asker);
                self.decide(ctx, effect::Msg::Asked(incoming));
                self.asker = None;
                return !changes_nothing;
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        shell::page(ctx.link(), &self.act, &self.state, &self.images)
    }
}

impl App {
    fn decide(&mut self, ctx: &Context<Self>, msg: effect::Msg) {
        let state = Rc::make_mut(&mut self.state);
        state.now_ms = js_sys::Date::now() as u64;
        let effects = update(state, msg);
        effects.into_iter().for_each(|effect| self.carry_out(ctx, effect));
    }

    fn carry_out(&mut self, ctx: &Context<Self>, effect: Effect) {
        let link = ctx.link();
        match effect {
            Effect::Compile => engine_client::compile(link.clone()),
            Effect::OpenWorker(id) => {
                let Some(compiled) = &self.compiled else { return };
                match Client::start(compiled, link.clone(), id) {
                    Ok(client) => {
                        self.clients.insert(id, client);
                    }
                    Err(message) => link.send_message(effect::Msg::WorkerLost(id, message)),
                }
            }
            Effect::CloseWorker(id) => {
                self.clients.remove(&id);
            }
            Effect::Send(id, message) => self.send(id, message, None),
            Effect::SendBytes(id, message, bytes) => {
                self.send(id, message, Some(Uint8Array::from(bytes.as_slice()).into()));
            }
            Effect::SendFiles(id) => {
                if let Some(files) = self.files.take() {
                    self.send(id, ToEngine::UseFiles, Some(files.into()));
                }
            }
            Effect::Announce(message) => frame::post(&message),
            Effect::Answer(message) => {
                if let Some(asker) = &self.asker {
                    asker.answer(&message);
                }
            }
            Effect::Classify { id, picture } => {
                let Some(asker) = self.asker.clone() else { return };
                self.tickets += 1;
                self.askers.push((self.tickets, asker, id.clone()));
                if let Some(classifier) = &self.classifier {
                    classifier
                        .tell(&ToClassifier::Classify { ticket: self.tickets, id, picture }, &js_sys::Array::new());
                }
            }
            Effect::ShowFragment(config) => {
                let _ = browser::show_fragment(&config, self.state.view); // Refused in some frames; the page works without.
            }
            Effect::Download { name, text } => {
                link.send_message(effect::Msg::Saved(browser::download(&name, &text)));
            }
            Effect::ShowTheme(dark) => {
                browser::show_theme(dark);
                let _ = browser::keep_theme(dark); // Where there is no storage, it is not kept.
            }
            Effect::AskBeforeLeaving(on) => {
                let _ = browser::ask_before_leaving(on); // If it cannot ask, the page is left without a question.
            }
            Effect::KeepRecord(run, text) => self.store.change(Change::KeepRecord(run, text)),
            Effect::KeepBlob(key) => self.keep_part(key, 0),
            Effect::KeepPart(key, place) => self.keep_part(key, place),
            Effect::DeleteRun(run) => self.store.change(Change::DeleteRun(run)),
            Effect::DeleteBlobs(keys) => self.store.change(Change::DeleteBlobs(keys)),
            Effect::SendBlob(id, message, key) => {
                if let Some(client) = self.clients.get(&id) {
                    client.expect(message, key);
                    self.store.read(key, Some(id));
                }
            }
            Effect::LoadBlob(key) => self.store.read(key, None),
            Effect::OpenClassifier => self.open_classifier(ctx.link()),
            Effect::TellClassifier(message) => {
                if let Some(classifier) = &self.classifier {
                    classifier.tell(&message, &js_sys::Array::new());
                }
            }
            Effect::BlobsToClassifier(message, keys) => {
                if let Some(classifier) = &mut self.classifier {
                    classifier.expect(message, &keys);
                    keys.into_iter().for_each(|key| self.store.read(key, None));
                }
            }
            Effect::ImportFiles => {
                if let (Some(classifier), Some(files)) = (&self.classifier, self.files.take()) {
                    classifier.tell(&ToClassifier::Import, &files);
                }
            }
            Effect::Hold(run) => self.lock = run.map(RunLock::take),
            Effect::Select(field) => {
                let _ = browser::select(field); // The notice asks for it too.
            }
        }
    }

    /// Keeps the array at a place beside the message that is being handled.
    fn keep_part(&self, key: BlobKey, place: usize) {
        if let Ok(bytes) = self.beside.get(place as u32).dyn_into() {
            self.store.change(Change::KeepBlob(key, bytes));
        }
    }

    fn send(&self, id: u64, message: ToEngine, beside: Option<wasm_bindgen::JsValue>) {
        if let Some(client) = self.clients.get(&id) {
            client.send(message, beside);
        }
    }
}

//! The yew page: the state and what moves it, the workers, the panels.
//!
//! [`App`] is the only component that talks to engines and to the window; every other one is given data and callbacks. What the
//! state becomes is decided in [`crate::page::state`]; this file decides what has to be asked of the engines then.

mod browser;
mod canvas;
mod controls;
mod embed;
mod engine_client;
mod form;
mod images;
mod layers;
mod panels;
mod results;

use crate::config::{BackendChoice, NetworkKind, Order, PRESETS, RunConfig};
use crate::page::capability::{Capability, Outcome, sentence, stray_drop};
use crate::page::outer;
use crate::page::state::{Action, DataPhase, EnginePhase, Phase, State};
use crate::protocol::embed::{Asked, Incoming, Message, Outgoing};
use crate::protocol::{FromEngine, ToEngine};
use crate::report::RunReport;
use engine_client::{Client, Compiled};
use images::{ImageStore, Wanted};
use std::collections::VecDeque;
use std::rc::Rc;
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

/// What can happen to the page.
pub enum Msg {
    /// Something that only moves the state.
    Act(Action),
    /// The engine's program is compiled, or cannot be had.
    Compiled(Result<Compiled, String>),
    /// The worker of this place said something.
    Heard(usize, FromEngine, Vec<u8>),
    /// One field of the form.
    Set(&'static str, String),
    /// A preset of the form.
    Preset(&'static str),
    /// The address' fragment changed.
    Fragment,
    /// Start a run; true: hold it after its first epoch.
    Start(bool),
    /// A button of the controls, by its name.
    Button(&'static str),
    /// Hold, go on, stop, one more epoch.
    Pause,
    /// Go on.
    Resume,
    /// End now and score.
    Stop,
    /// One more epoch.
    Step,
    /// Load engine or dataset again.
    Retry,
    /// Somebody's own files.
    Files(js_sys::Array),
    /// Images to show.
    Want(Wanted),
    /// Light or dark.
    Theme,
    /// Download the report.
    Export,
    /// Put a text on the clipboard; the id of the field that shows it, and what to say when it is done.
    Copy(String, &'static str, &'static str),
    /// What came of that.
    Copied(Outcome, &'static str, &'static str),
    /// Files were dropped beside the box that takes them.
    StrayDrop,
    /// A page around this one asks.
    Asked(embed::Asker, Incoming),
}

/// One engine worker and what it still has to do.
struct Engine {
    client: Client,
    has_data: bool,
    device_for: Option<BackendChoice>,
    busy: bool,
    todo: VecDeque<NetworkKind>,
}

/// The page.
pub struct App {
    state: Rc<State>,
    compiled: Option<Compiled>,
    engines: Vec<Engine>,
    images: ImageStore,
    next_run: u64,
    /// Hold each network after an epoch.
    stepping: bool,
    autostart: bool,
    dark: bool,
    calls: panels::Calls,
    _listeners: Vec<gloo::events::EventListener>,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let read = RunConfig::from_fragment(&browser::fragment());
        let mut state = State { config: read.config, ..State::default() };
        for notice in &read.notices {
            state = state.after(Action::Notice(format!("In the address: {notice}. Its default is used.")));
        }
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let link = ctx.link().clone();
            listeners.push(gloo::events::EventListener::new(&window, "hashchange", move |_| {
                link.send_message(Msg::Fragment);
            }));
        }
        let link = ctx.link().clone();
        listeners.extend(browser::refuse_stray_files(move || link.send_message(Msg::StrayDrop)));
        let link = ctx.link().clone();
        listeners.extend(embed::listen(move |asker, incoming| link.send_message(Msg::Asked(asker, incoming))));
        engine_client::compile(ctx.link().clone());
        let want = ctx.link().callback(Msg::Want);
        let dark = browser::prefers_dark();
        browser::show_theme(dark);
        Self {
            state: Rc::new(state),
            compiled: None,
            engines: Vec::new(),
            images: ImageStore::new(want),
            next_run: 1,
            stepping: false,
            autostart: read.autostart,
            dark,
            calls: panels::Calls::new(ctx.link()),
            _listeners: listeners,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Act(action) => self.act(action),
            Msg::Compiled(Ok(compiled)) => {
                self.compiled = Some(compiled);
                self.open(ctx);
            }
            Msg::Compiled(Err(message)) => self.act(Action::Engine(EnginePhase::Failed(message))),
            Msg::Heard(place, message, bytes) => self.heard(ctx, place, message, bytes),
            Msg::Set(key, value) => {
                let mut config = self.state.config.clone();
                if config.set(key, &value).is_err() {
                    return false; // The field itself shows what is wrong.
                }
                self.configure(config);
            }
            Msg::Preset(key) => {
                if let Some(preset) = PRESETS.iter().find(|p| p.key == key) {
                    let backend = self.state.config.backend;
                    self.configure(RunConfig { backend, ..preset.config() });
                }
            }
            Msg::Fragment => {
                let read = RunConfig::from_fragment(&browser::fragment());
                for notice in &read.notices {
                    self.act(Action::Notice(format!("In the address: {notice}. Its default is used.")));
                }
                if read.config != self.state.config {
                    self.act(Action::Configure(read.config));
                }
            }
            Msg::Start(stepping) => self.start(ctx, stepping),
            Msg::Button(name) => {
                let idle = !self.state.run.as_ref().is_some_and(|r| r.is_active());
                let message = match name {
                    "start" => Msg::Start(false),
                    // Before a run it starts one that holds after its first epoch.
                    "step" if idle => Msg::Start(true),
                    "step" => Msg::Step,
                    "pause" => Msg::Pause,
                    "resume" => Msg::Resume,
                    "stop" => Msg::Stop,
                    "export" => Msg::Export,
                    _ => return false,
                };
                return Component::update(self, ctx, message);
            }
            Msg::Pause => self.tell_all(|run| ToEngine::Pause { run }),
            Msg::Resume => {
                self.stepping = false;
                self.tell_all(|run| ToEngine::Resume { run });
            }
            Msg::Step => {
                self.stepping = true;
                self.tell_all(|run| ToEngine::StepEpoch { run });
            }
            Msg::Stop => self.stop(),
            Msg::Retry => self.retry(ctx),
            Msg::Files(files) => {
                self.act(Action::DataAsked);
                if let Some(engine) = self.engines.first() {
                    engine.client.send_files(&files);
                }
            }
            Msg::Want((set, indices)) => {
                if let (Some(engine), Some((request, indices))) = (self.engines.first(), self.images.ask(set, indices))
                {
                    engine.client.send(&ToEngine::Images { request, set, indices });
                }
                return false;
            }
            Msg::Theme => {
                self.dark = !self.dark;
                browser::show_theme(self.dark);
                let _ = browser::keep_theme(self.dark); // Where there is no storage, it is not kept.
            }
            Msg::Export => {
                if let Some(report) = self.state.run.as_ref().and_then(|r| r.report()) {
                    self.save(&report);
                }
            }
            Msg::Copy(text, field, said) => {
                let link = ctx.link().clone();
                browser::copy(text, move |outcome| link.send_message(Msg::Copied(outcome, field, said)));
                return false;
            }
            Msg::Copied(outcome, field, said) => match sentence(Capability::Clipboard, &outcome) {
                None => self.act(Action::Notice(said.to_owned())),
                Some(refused) => {
                    let _ = browser::select(field); // The notice asks for it too.
                    self.act(Action::Notice(refused));
                }
            },
            Msg::StrayDrop => {
                let box_is_shown = !matches!(self.state.data, DataPhase::Ready(..));
                self.act(Action::Notice(stray_drop(box_is_shown).to_owned()));
            }
            Msg::Asked(asker, Incoming { id, asked }) => {
                asker.answer(&match asked {
                    Ok(Asked::State) => outer::state_message(&self.state, id),
                    Err(message) => Outgoing::answering(id, Message::Error { message }),
                });
                return false;
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        panels::page(ctx.link(), &self.calls, &self.state, &self.images, self.dark)
    }
}

impl App {
    fn act(&mut self, action: Action) {
        let state = Rc::make_mut(&mut self.state);
        *state = std::mem::take(state).after(action);
        browser::ask_before_leaving(state.run.as_ref().is_some_and(|r| r.is_active()));
    }

    fn save(&mut self, report: &RunReport) {
        let Ok(text) = serde_json::to_string_pretty(report) else { return }; // Plain values are always written.
        let name = format!("fashion-lab-seed-{}.json", report.config.seed);
        if let Some(refused) = sentence(Capability::Download, &browser::download(&name, &text)) {
            self.act(Action::Notice(refused));
        }
    }

    fn configure(&mut self, config: RunConfig) {
        let _ = browser::show_fragment(&config); // Refused in some frames; the page works without.
        self.act(Action::Configure(config));
    }

    /// Starts one more worker.
    fn open(&mut self, ctx: &Context<Self>) {
        let Some(compiled) = &self.compiled else { return };
        let place = self.engines.len();
        match Client::start(compiled, ctx.link().clone(), place) {
            Ok(client) => self.engines.push(Engine {
                client,
                has_data: false,
                device_for: None,
                busy: false,
                todo: VecDeque::new(),
            }),
            Err(message) => self.act(Action::Engine(EnginePhase::Failed(message))),
        }
    }

    fn heard(&mut self, ctx: &Context<Self>, place: usize, message: FromEngine, bytes: Vec<u8>) {
        let Some(engine) = self.engines.get_mut(place) else { return };
        match &message {
            FromEngine::Opened { protocol } if *protocol != crate::protocol::PROTOCOL_VERSION => {
                let text = "The page and its engine are of different versions; reload the page without its cache.";
                return self.act(Action::Engine(EnginePhase::Failed(text.to_owned())));
            }
            FromEngine::Opened { .. } => {
                engine.client.send(&ToEngine::LoadData { base: browser::absolute("data/") });
                if place == 0 && !matches!(self.state.data, DataPhase::Ready(..)) {
                    self.act(Action::DataAsked);
                }
            }
            FromEngine::DataReady { .. } => engine.has_data = true,
            FromEngine::DeviceReady { .. } => engine.busy = false,
            FromEngine::Images { set, indices, .. } => self.images.put(*set, indices, &bytes),
            FromEngine::Finished { .. } => engine.busy = false,
            FromEngine::Failed { run, .. } => {
                engine.busy = false;
                if run.is_some() {
                    engine.todo.clear();
                }
            }
            FromEngine::Crashed { .. } => return self.crashed(ctx, place, message),
            _ => {}
        }
        if let Some(told) = outer::announcement(&self.state, &message) {
            embed::post(&told);
        }
        let first_device = matches!(message, FromEngine::DeviceReady { .. }) && place == 0;
        let finished = matches!(message, FromEngine::Finished { .. });
        // A second worker's dataset is the first one's.
        let own = place > 0
            && matches!(
                message,
                FromEngine::DataProgress { .. } | FromEngine::DataReady { .. } | FromEngine::Opened { .. }
            );
        if !own {
            self.act(Action::Told(message, bytes));
        }
        self.advance(place);
        if first_device && self.autostart {
            self.autostart = false;
            self.start(ctx, false);
        }
        if finished && !self.state.run.as_ref().is_some_and(|r| r.is_active()) {
            self.engines.truncate(1); // A second worker's memory is given back.
            if let Some(report) = self.state.run.as_ref().and_then(|r| r.report()) {
                embed::post(&Outgoing::new(Message::Result { report: Box::new(report) }));
            }
        }
    }

    /// Asks a worker for the next thing that it has to do.
    fn advance(&mut self, place: usize) {
        let backend =
            self.state.run.as_ref().filter(|r| r.is_active()).map_or(self.state.config.backend, |r| r.config.backend);
        let Some(engine) = self.engines.get_mut(place).filter(|e| e.has_data && !e.busy) else { return };
        if engine.device_for != Some(backend) {
            engine.device_for = Some(backend);
            engine.busy = true;
            engine.client.send(&ToEngine::ChooseDevice { backend });
            return self.act(Action::DeviceAsked);
        }
        let Some(run) = self.state.run.as_ref().filter(|r| r.is_active()) else { return };
        if let Some(network) = engine.todo.pop_front() {
            engine.busy = true;
            engine.client.send(&ToEngine::Train { run: run.id, network, config: run.config.clone() });
            if self.stepping {
                engine.client.send(&ToEngine::StepEpoch { run: run.id });
            }
        }
    }

    fn start(&mut self, ctx: &Context<Self>, stepping: bool) {
        if !self.state.can_start() {
            return;
        }
        self.stepping = stepping;
        let id = self.next_run;
        self.next_run += 1;
        self.act(Action::Start(id, browser::user_agent()));
        let config = self.state.config.clone();
        let kinds = config.kinds();
        if config.order == Order::SideBySide && kinds.len() == 2 {
            if self.engines.len() < 2 {
                self.open(ctx);
            }
            for (engine, &kind) in self.engines.iter_mut().zip(kinds) {
                engine.todo = VecDeque::from([kind]);
            }
        } else if let Some(engine) = self.engines.first_mut() {
            engine.todo = kinds.iter().copied().collect();
        }
        for place in 0..self.engines.len() {
            self.advance(place);
        }
    }

    fn tell_all(&self, message: impl Fn(u64) -> ToEngine) {
        if let Some(run) = self.state.run.as_ref().filter(|r| r.is_active()) {
            self.engines.iter().for_each(|e| e.client.send(&message(run.id)));
        }
    }

    /// Ends what trains; what has not begun is left out.
    fn stop(&mut self) {
        self.tell_all(|run| ToEngine::Stop { run });
        self.engines.iter_mut().for_each(|e| e.todo.clear());
        let state = Rc::make_mut(&mut self.state);
        if let Some(run) = &mut state.run {
            let begun = run.networks.len() > 1 && run.networks.iter().any(|n| n.phase != Phase::Waiting);
            run.networks.retain(|n| !begun || n.phase != Phase::Waiting);
            run.config.networks = match run.networks.as_slice() {
                [only] if only.kind == NetworkKind::Ann => crate::config::Networks::Ann,
                [_] => crate::config::Networks::Cnn,
                _ => run.config.networks,
            };
        }
    }

    /// A worker that broke down is replaced; a run on WebGPU is begun again on the CPU, which is what is left.
    fn crashed(&mut self, ctx: &Context<Self>, place: usize, message: FromEngine) {
        let FromEngine::Crashed { message: said } = &message else { return };
        embed::error(said);
        let on_gpu = self.state.device.as_ref().is_some_and(|d| d.backend == crate::run::report::Backend::WebGpu)
            || self.state.choosing;
        let running = self.state.run.as_ref().is_some_and(|r| r.is_active());
        let said = said.lines().next().unwrap_or_default().to_owned();
        self.act(Action::Told(message, Vec::new()));
        self.engines.clear();
        if place == 0 && on_gpu && self.state.config.backend != BackendChoice::Flex {
            self.autostart |= running;
            let config = RunConfig { backend: BackendChoice::Flex, ..self.state.config.clone() };
            self.configure(config);
            self.act(Action::Engine(EnginePhase::Waiting));
            self.act(Action::Notice(format!(
                "WebGPU broke down ({said}). The backend is now the CPU{}.",
                if running { ", and the run begins again on it" } else { "" }
            )));
            self.open(ctx);
        }
    }

    fn retry(&mut self, ctx: &Context<Self>) {
        if matches!(self.state.engine, EnginePhase::Failed(_)) {
            self.engines.clear();
            self.act(Action::Engine(EnginePhase::Waiting));
            match self.compiled {
                Some(_) => self.open(ctx),
                None => engine_client::compile(ctx.link().clone()),
            }
        } else if let Some(engine) = self.engines.first() {
            engine.client.send(&ToEngine::LoadData { base: browser::absolute("data/") });
            self.act(Action::DataAsked);
        }
    }
}

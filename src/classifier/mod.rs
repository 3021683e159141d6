//! The program `classifier`: a small yew program that carries out what [`crate::classify`] decides, and draws what its state holds.
//!
//! In the page it draws into the element `classifier` and talks by the port that the page has put into the window; alone
//! (`view=classify`) it draws into the page's own place. Nothing is decided here.

mod browser;
mod media;
mod parts;
mod port;
mod save;
mod texts;
mod views;

use crate::classify::effect::{Effect, Msg};
use crate::classify::images::SHIPPED;
use crate::classify::state::{State, View};
use crate::classify::update;
use crate::protocol::classifier::FromClassifier;
use crate::protocol::frame;
use port::Port;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// The element of the page that the program draws into.
const PLACE: &str = "#classifier";
/// The element that the program draws into when it is alone.
const PLACE_ALONE: &str = "#app";

/// Starts the program.
pub fn start() {
    console_error_panic_hook::set_once();
    let port = port::of_page();
    let place = if port.is_some() { PLACE } else { PLACE_ALONE };
    let place = web_sys::window().and_then(|w| w.document()).and_then(|d| d.query_selector(place).ok().flatten());
    if let Some(place) = place {
        place.set_inner_html(""); // The text that stood there until now.
        yew::Renderer::<Program>::with_root_and_props(place, ProgramProps { port }).render();
    }
}

/// What the program needs from its window.
#[derive(Properties, PartialEq)]
pub struct ProgramProps {
    /// The page's port; `None`: the program is alone.
    pub port: Option<web_sys::MessagePort>,
}

/// The program.
pub struct Program {
    state: Rc<State>,
    port: Option<Port>,
    act: parts::Act,
    /// Who waits for the answer to which question, where the program is alone.
    askers: Rc<RefCell<Askers>>,
    _listener: Option<gloo::events::EventListener>,
}

/// Windows that asked, each with the number of its question.
#[derive(Default)]
struct Askers {
    asked: u64,
    waiting: Vec<(u64, frame::Asker)>,
}

impl Askers {
    /// Hears pages around this program.
    fn listen(askers: &Rc<RefCell<Self>>, act: parts::Act) -> Option<gloo::events::EventListener> {
        let askers = askers.clone();
        frame::listen(move |asker, incoming| {
            let ticket = {
                let mut askers = askers.borrow_mut();
                askers.asked += 1;
                let ticket = askers.asked;
                askers.waiting.push((ticket, asker));
                ticket
            };
            act.emit(Msg::Asked(ticket, incoming));
        })
    }

    /// Who asked the question of this number.
    fn take(&mut self, ticket: u64) -> Option<frame::Asker> {
        let place = self.waiting.iter().position(|(other, _)| *other == ticket)?;
        Some(self.waiting.swap_remove(place).1)
    }
}

impl Component for Program {
    type Message = Msg;
    type Properties = ProgramProps;

    fn create(ctx: &Context<Self>) -> Self {
        let act = ctx.link().callback(|msg: Msg| msg);
        let port = ctx.props().port.clone().map(|port| Port::open(port, act.clone()));
        let dark = browser::is_dark();
        let askers = Rc::<RefCell<Askers>>::default();
        let alone = port.is_none();
        if alone {
            frame::tell_height();
        }
        let listener = if alone { Askers::listen(&askers, act.clone()) } else { None };
        SHIPPED.into_iter().for_each(|name| browser::fetch(name, act.clone()));
        Self {
            state: Rc::new(State::new(View::default(), port.is_some(), dark)),
            port,
            act,
            askers,
            _listener: listener,
        }
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        let effects = update(Rc::make_mut(&mut self.state), msg);
        for effect in effects {
            match effect {
                Effect::Later => browser::later(self.act.clone()),
                Effect::Decode(ticket, address) => media::decode(ticket, address, self.act.clone()),
                Effect::Answer(ticket, message) => match &self.port {
                    Some(port) => port.tell(&FromClassifier::Answered(ticket, message.to_json()), &[]),
                    None => {
                        let asker = self.askers.borrow_mut().take(ticket);
                        asker.iter().for_each(|asker| asker.answer(&message));
                    }
                },
                Effect::Tell(message) => self.tell(&message, &[]),
                Effect::TellBytes(message, bytes) => self.tell(&message, &bytes),
                Effect::Save(file) => save::save(file, self.act.clone()),
            }
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        views::view(&self.act, &self.state)
    }
}

impl Program {
    fn tell(&self, message: &FromClassifier, bytes: &[Vec<u8>]) {
        if let Some(port) = &self.port {
            port.tell(message, bytes);
        }
    }
}

//! Everything that the classifier shows and knows. Plain data; only [`super::update`] changes it.

use super::images::{Image, ImageName, SHIPPED};
use super::inside::Inside;
pub use super::networks::NetworkAnswer;
use super::networks::{Network, Networks};
use super::plane::Plane;
use super::try_it::TryIt;
use crate::protocol::classifier::ShownRun;
use crate::shipped::Garments;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A view of the classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// One's own image.
    TryIt,
    /// One image's way through both networks.
    Inside,
    /// The classifier alone: one garment and ten bars for each network.
    #[default]
    Alone,
}

impl View {
    /// The key in the address.
    pub fn key(self) -> &'static str {
        match self {
            View::TryIt => "try",
            View::Inside => "inside",
            View::Alone => "classify",
        }
    }

    /// The view of a key.
    pub fn of(key: &str) -> Option<Self> {
        [View::TryIt, View::Inside, View::Alone].into_iter().find(|view| view.key() == key)
    }
}

/// A question to the networks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) pixels: Option<Rc<[u8]>>,
    pub(super) networks: Vec<Network>,
}

/// A question that waits for its picture or for the networks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    pub(super) ticket: u64,
    /// The asker's own id of it.
    pub(super) id: Option<Value>,
    /// 784 bytes, once they are here.
    pub(super) pixels: Option<Rc<[u8]>>,
}

/// Everything that the classifier shows and knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The view that is shown.
    pub view: View,
    /// Whether the program stands in the page (or alone).
    pub in_page: bool,
    /// Light or dark.
    pub dark: bool,
    /// The networks that answer.
    pub networks: Networks,
    /// The run that the page shows.
    pub run: Option<ShownRun>,
    /// The garments that ship.
    pub garments: Option<Garments>,
    /// Images of the dataset that have come.
    pub images: Rc<BTreeMap<ImageName, Image>>,
    /// Somebody's own picture as the networks see it, 784 bytes.
    pub own: Option<Rc<[u8]>>,
    /// The image that Inside and the classifier alone look at.
    pub looked_at: Option<ImageName>,
    /// What the answering networks say to it.
    pub answers: Rc<Vec<NetworkAnswer>>,
    /// What these answers are to, so that nothing is computed twice.
    pub(super) asked: Option<Asked>,
    /// The view Try it.
    pub try_it: TryIt,
    /// The view Inside.
    pub inside: Inside,
    /// Where many images lie, for each network that answers.
    pub planes: Vec<Plane>,
    /// Whether a piece of work was asked for.
    pub(super) working: bool,
    /// Whether the images of the plane were asked for.
    pub(super) asked_for_plane: bool,
    /// Questions of another page that wait.
    pub(super) questions: Vec<Question>,
    /// Files that ship and that have neither come nor failed.
    pub(super) shipped_left: usize,
    /// What went wrong, for people: what happened and the next step.
    pub notices: Vec<String>,
}

impl State {
    /// At the beginning.
    pub fn new(view: View, in_page: bool, dark: bool) -> Self {
        Self { view, in_page, dark, shipped_left: SHIPPED.len(), ..Self::default() }
    }

    /// An image with its class, if it is here.
    pub fn image(&self, name: ImageName) -> Option<Image> {
        match name {
            ImageName::Garment(place) => {
                let garments = self.garments.as_ref()?;
                Some(Image { pixels: garments.pixels.get(place)?.clone(), label: garments.labels.get(place).copied() })
            }
            ImageName::Own => Some(Image { pixels: self.own.clone()?, label: None }),
            name => self.images.get(&name).cloned(),
        }
    }
}

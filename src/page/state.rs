//! Everything that the page shows and knows. Plain data; only [`super::update`] changes it.

use super::phase::{Classifier, DataPhase, EnginePhase, Worker};
use super::shipped::ShippedPhase;
use super::storage::{BlobKey, Storage};
use super::view::View;
use crate::config::{Fragment, NetworkKind, RunConfig};
use crate::fashion_mnist::TRAIN_IMAGES;
use crate::run::report::{DatasetInfo, DeviceInfo};
use crate::run::{History, Queue, RunRecord};
use std::rc::Rc;

/// At most this many notices are shown; the oldest go first.
const MAX_NOTICES: usize = 5;

/// What the page learns once from its browser.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Environment {
    /// The browser's user agent.
    pub host: String,
    /// Absolute address of the folder with the dataset's files, ending in `/`.
    pub data_base: String,
    /// Whether the page begins dark.
    pub dark: bool,
    /// A random number below 1000. It makes the ids of this tab's runs different from those of other tabs.
    pub tab: u64,
}

/// How a run is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hold {
    /// It is not.
    #[default]
    No,
    /// As soon as possible.
    Now,
    /// At the end of each epoch.
    AfterEpoch,
}

/// Everything that the page shows and knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The form; always holds valid values field by field.
    pub config: RunConfig,
    /// Notices for the person, the newest last.
    pub notices: Vec<String>,
    /// The engine's program.
    pub engine: EnginePhase,
    /// Whether the program is compiled, so that a worker can be opened.
    pub compiled: bool,
    /// The workers, by their place. The first one is always there once the program is; the second one only while two networks train
    /// side by side.
    pub workers: Vec<Worker>,
    /// Workers that were opened so far; the next one's id.
    pub workers_opened: u64,
    /// The dataset.
    pub data: DataPhase,
    /// Which dataset that is.
    pub dataset: DatasetInfo,
    /// Training labels, then test labels.
    pub labels: Rc<Vec<u8>>,
    /// The device that was chosen.
    pub device: Option<DeviceInfo>,
    /// All runs.
    pub history: History,
    /// What the workers have still to begin.
    pub queue: Queue,
    /// How the present run is held.
    pub hold: Hold,
    /// Whether the result of the last run was told to the page around this one.
    pub told: bool,
    /// Start a run as soon as a device is there.
    pub autostart: bool,
    /// Light or dark.
    pub dark: bool,
    /// What the browser told.
    pub environment: Environment,
    /// The present time, in milliseconds since 1970. Whoever calls `update` sets it before.
    pub now_ms: u64,
    /// The view that is shown.
    pub view: View,
    /// The garment that is picked in the view Train, by its place.
    pub picked: usize,
    /// The networks that ship with the page, and what they answer.
    pub shipped: ShippedPhase,
    /// Where runs are kept.
    pub storage: Storage,
    /// The run that was deleted last, until it cannot be brought back any more.
    pub deleted: Option<RunRecord>,
    /// Runs that the last visit left in their middle and that no other tab trains.
    pub unfinished: Vec<u64>,
    /// The one of them that goes on as soon as engine, dataset and device are there.
    pub going_on: Option<u64>,
    /// Runs that other tabs train. This page leaves them alone.
    pub elsewhere: Vec<u64>,
    /// Runs that began or went on in this visit, in order.
    pub visit: Vec<u64>,
    /// Whether it was said that there is no room left and nothing to delete.
    pub told_full: bool,
    /// The epoch at which the shown run is looked at.
    pub opened: Option<OpenedEpoch>,
    /// The question about an epoch that a worker is busy with.
    pub question: Option<Question>,
    /// Questions that were asked so far; the number of the last one.
    pub questions: u64,
    /// The runs on both sides of the view Compare.
    pub compared: [Option<u64>; 2],
    /// Runs whose curves are drawn behind those of the shown run.
    pub overlaid: Vec<u64>,
    /// The program `classifier`.
    pub classifier: Classifier,
}

/// The shown run as it was after one of its epochs.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedEpoch {
    /// The run.
    pub run: u64,
    /// The epoch, from 1.
    pub epoch: usize,
    /// What each network answered then, as far as the answers are here.
    pub answers: Vec<(NetworkKind, Rc<EpochAnswers>)>,
    /// Networks whose answers are still to come.
    pub waiting: Vec<NetworkKind>,
}

/// A question to a worker: what a network answered after an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Its number.
    pub request: u64,
    /// The worker that answers.
    pub worker: u64,
    /// The checkpoint of that network and epoch.
    pub key: BlobKey,
}

/// What a network answered to its validation images after an epoch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EpochAnswers {
    /// Indices into the training set.
    pub images: Vec<u32>,
    /// Ten probabilities of each.
    pub probabilities: Vec<f32>,
}

impl State {
    /// The page as its address asks for it.
    pub fn new(environment: Environment, read: Fragment) -> Self {
        let messages = read.messages();
        let mut state =
            Self { config: read.config, autostart: read.autostart, dark: environment.dark, ..Self::default() };
        state.environment = environment;
        messages.into_iter().for_each(|message| state.notice(message));
        state.look_at(&read.view);
        state
    }

    /// Shows the view that the address names, Train where it names none.
    pub(super) fn look_at(&mut self, key: &str) {
        self.view = View::of(key).unwrap_or_default();
        if View::of(key).is_none() && !key.is_empty() {
            let view: String = key.chars().take(40).collect();
            self.notice(format!("In the address: there is no view `{view}`."));
        }
    }

    /// The run that is shown.
    pub fn run(&self) -> Option<&RunRecord> {
        self.history.selected()
    }

    /// The run that trains or is held; else the last one of this visit. Runs of earlier visits are never it.
    pub fn present(&self) -> Option<&RunRecord> {
        let last = || self.visit.iter().rev().find_map(|&id| self.history.get(id));
        self.history.active().or_else(last)
    }

    /// What a person calls a run: `run #3`.
    pub(super) fn name_of(&self, run: u64) -> String {
        self.history.number(run).map_or_else(|| "a run".to_owned(), |number| format!("run #{number}"))
    }

    /// The labels of the test set.
    pub fn test_labels(&self) -> &[u8] {
        self.labels.get(TRAIN_IMAGES..).unwrap_or(&[])
    }

    /// Whether a run computes or is held.
    pub fn is_running(&self) -> bool {
        self.history.active().is_some()
    }

    /// Whether a device is being chosen.
    pub fn is_choosing(&self) -> bool {
        self.workers.first().is_some_and(Worker::is_choosing)
    }

    /// Whether everything that a run needs is there, except the device.
    pub fn can_start(&self) -> bool {
        self.engine == EnginePhase::Ready
            && matches!(self.data, DataPhase::Ready(..))
            && self.config.validate().is_ok()
            && !self.is_running()
    }

    /// One word for what the page does.
    pub fn phase(&self) -> &'static str {
        match (&self.engine, &self.data, self.present()) {
            (EnginePhase::Failed(_), ..) => "engine-failed",
            (_, DataPhase::Failed(_), None) => "data-failed",
            (_, _, Some(run)) if run.is_paused() => "paused",
            (_, _, Some(run)) if run.is_active() => "training",
            (_, _, Some(run)) if run.is_done() => "done",
            (_, _, Some(_)) => "failed",
            (EnginePhase::Ready, DataPhase::Ready(..), None) => "ready",
            _ => "loading",
        }
    }

    /// Adds a notice. The same notice is shown once.
    pub(super) fn notice(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.notices.retain(|n| *n != text);
        self.notices.push(text);
        if self.notices.len() > MAX_NOTICES {
            self.notices.remove(0);
        }
    }
}

//! How far the programs (engine and classifier), the dataset and the workers are.

use super::storage::BlobKey;
use super::view::View;
use crate::config::BackendChoice;
use crate::protocol::FileFailure;
use crate::protocol::classifier::{ShownRun, ToClassifier};
use crate::run::ModelId;

/// The engine's program.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum EnginePhase {
    /// Its bytes are coming.
    #[default]
    Waiting,
    /// Bytes so far and in all; 0 in all where unknown.
    Loading(u64, u64),
    /// The first worker runs.
    Ready,
    /// It cannot be had, or broke down: what happened and the next step.
    Failed(String),
}

/// The dataset.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum DataPhase {
    /// Not asked for yet.
    #[default]
    Waiting,
    /// Bytes so far, in all (0 where unknown), and where from.
    Loading(u64, u64, String),
    /// Checked and there: where from, and seconds.
    Ready(String, f64),
    /// Each file that failed.
    Failed(Vec<FileFailure>),
}

/// What a worker does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Task {
    /// Nothing.
    #[default]
    Idle,
    /// It chooses a device.
    ChoosingDevice,
    /// It trains.
    Training(ModelId),
    /// It hands over a trained network, to be closed afterwards.
    HandingOver(ModelId),
}

/// One engine worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worker {
    /// Names it. A worker that replaces another one has another id, so that late messages of the old one are told apart.
    pub id: u64,
    /// Whether it has the dataset.
    pub has_data: bool,
    /// The choice for which it has a device.
    pub device_for: Option<BackendChoice>,
    /// What it does.
    pub task: Task,
    /// The network that it trained last.
    pub trained: Option<ModelId>,
}

impl Worker {
    /// A worker that was just opened.
    pub fn new(id: u64) -> Self {
        Self { id, has_data: false, device_for: None, task: Task::Idle, trained: None }
    }

    /// Whether it chooses a device.
    pub fn is_choosing(&self) -> bool {
        self.task == Task::ChoosingDevice
    }
}

/// How far the program `classifier` is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ClassifierPhase {
    /// Nobody has needed it yet.
    #[default]
    Absent,
    /// It is being fetched.
    Loading,
    /// It listens.
    Ready,
    /// It cannot be had: what happened and the next step.
    Failed(String),
}

/// The program, as the page knows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Classifier {
    /// How far it is.
    pub phase: ClassifierPhase,
    /// The view and theme that it was told last.
    pub(super) view: Option<(View, bool)>,
    /// The run that it was told last.
    pub(super) run: Option<ShownRun>,
    /// The checkpoints that it was told last, each with its epoch.
    pub(super) networks: Vec<(BlobKey, usize)>,
    /// An image that it is to look at, as soon as it is there.
    pub(super) look: Option<ToClassifier>,
}

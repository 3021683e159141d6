//! What is kept in the browser, under which keys, and what becomes of it where there is no room. Pure. Leaves out: keeping it
//! (`app::store`).

use crate::config::NetworkKind;
use crate::run::{KeptCheckpoint, ModelId, NetworkProgress, RunRecord};

/// Names some kept bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlobKey {
    /// The run.
    pub run: u64,
    /// Which of its networks.
    pub network: NetworkKind,
    /// What of it.
    pub part: Part,
}

/// What bytes of a network are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The checkpoint after so many epochs.
    Epoch(usize),
    /// The newest checkpoint from the middle of an epoch.
    Latest,
    /// Ten probabilities of each test image, little-endian 32-bit floats.
    TestAnswers,
    /// The scored weights as a .safetensors file, of a run that came from a file without its checkpoints.
    Weights,
}

impl BlobKey {
    /// The key of a checkpoint of a run's network.
    pub fn of(run: u64, network: &NetworkProgress, kept: KeptCheckpoint) -> Self {
        let whole = kept.ends_epoch(network.steps_per_epoch);
        Self { run, network: network.kind, part: if whole { Part::Epoch(kept.epoch) } else { Part::Latest } }
    }

    /// The key of a network's answers to the test images.
    pub fn test_answers(model: ModelId) -> Self {
        Self { run: model.run, network: model.network, part: Part::TestAnswers }
    }

    /// The checkpoint of another run that a network goes on from; `None` where it began anew.
    pub fn origin(run: &RunRecord, network: NetworkKind) -> Option<Self> {
        run.origin(network).map(|from| Self { run: from.run, network, part: Part::Epoch(from.epoch) })
    }

    /// The key in the store: `1764060000123/cnn/epoch-3`. All keys of a run begin with its id and a slash.
    pub fn text(&self) -> String {
        let part = match self.part {
            Part::Epoch(epoch) => format!("epoch-{epoch}"),
            Part::Latest => "latest".to_owned(),
            Part::TestAnswers => "test-answers".to_owned(),
            Part::Weights => "weights".to_owned(),
        };
        format!("{}/{}/{part}", self.run, self.network.key())
    }
}

/// Where runs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// Not known yet.
    #[default]
    Opening,
    /// In the browser's storage: they are there at the next visit.
    Browser,
    /// In memory: they are gone when the page is closed.
    Memory,
}

/// Why something could not be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// There is no room left.
    Full,
    /// The browser refused: its own words.
    Refused(String),
}

//! The networks that answer.

use crate::config::NetworkKind;
use crate::inspect::Inspector;
use crate::weights::{TrainedNetwork, WeightsError};
use std::rc::Rc;

/// Where a network comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It ships with the page.
    Shipped,
    /// It is of the run that the page shows, as it was at the end of this epoch (from 1); 0: in the middle of one.
    Run {
        /// The run.
        run: u64,
        /// The epoch.
        epoch: usize,
    },
    /// It was given as a file or by a link, with this name.
    File(String),
}

/// What a network answers to an image.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkAnswer {
    /// Which network.
    pub kind: NetworkKind,
    /// Ten probabilities.
    pub probabilities: Rc<[f32]>,
}

/// Which networks answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// Those that ship with the page.
    #[default]
    Shipped,
    /// Those of the page's shown run.
    Run,
    /// Those of files.
    Files,
}

/// A network that is ready to answer.
#[derive(Debug, Clone)]
pub struct Network {
    /// Where it comes from.
    pub origin: Origin,
    /// Its weights, and what has to be known about it.
    pub trained: Rc<TrainedNetwork>,
    inspector: Rc<Inspector>,
}

/// Two are equal if they are the same one: comparing the weights would take longer than using them.
impl PartialEq for Network {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.trained, &other.trained)
    }
}

impl Network {
    /// Prepares a network.
    ///
    /// # Errors
    /// [`WeightsError`] where its weights do not fit its config.
    pub fn new(origin: Origin, trained: TrainedNetwork) -> Result<Self, WeightsError> {
        let inspector = Rc::new(Inspector::new(&trained)?);
        Ok(Self { origin, trained: Rc::new(trained), inspector })
    }

    /// Which of the two networks.
    pub fn kind(&self) -> NetworkKind {
        self.trained.kind
    }

    /// The source that it belongs to.
    pub fn source(&self) -> Source {
        match self.origin {
            Origin::Shipped => Source::Shipped,
            Origin::Run { .. } => Source::Run,
            Origin::File(_) => Source::Files,
        }
    }

    /// The network for a closer look.
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// The ten probabilities that it gives to an image of 784 bytes. This takes a few milliseconds.
    pub fn answer(&self, pixels: &[u8]) -> Vec<f32> {
        self.inspector.probabilities(pixels)
    }
}

/// All networks that are here: at most one of each kind and source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Networks {
    all: Vec<Network>,
    /// What was chosen; `None`: the newest source.
    chosen: Option<Source>,
}

impl Networks {
    /// Adds a network in place of the one of its kind and source.
    pub fn put(&mut self, network: Network) {
        self.all.retain(|other| (other.kind(), other.source()) != (network.kind(), network.source()));
        self.all.push(network);
        self.all.sort_by_key(|network| network.kind() as usize);
    }

    /// Takes the networks of a source away.
    pub fn clear(&mut self, source: Source) {
        self.all.retain(|network| network.source() != source);
    }

    /// All that are here, of any source.
    pub fn all(&self) -> &[Network] {
        &self.all
    }

    /// The sources that have a network, in the order in which they are offered.
    pub fn sources(&self) -> Vec<Source> {
        let has = |source: &Source| self.all.iter().any(|network| network.source() == *source);
        [Source::Run, Source::Files, Source::Shipped].into_iter().filter(has).collect()
    }

    /// The source whose networks answer: the chosen one if it has any; else the page's run, else files, else what ships.
    pub fn source(&self) -> Source {
        let sources = self.sources();
        let chosen = self.chosen.filter(|chosen| sources.contains(chosen));
        chosen.or(sources.first().copied()).unwrap_or_default()
    }

    /// Lets the networks of a source answer.
    pub fn choose(&mut self, source: Source) {
        self.chosen = Some(source);
    }

    /// The networks that answer, the ANN first.
    pub fn answering(&self) -> impl Iterator<Item = &Network> {
        let source = self.source();
        self.all.iter().filter(move |network| network.source() == source)
    }

    /// The one of a kind that answers.
    pub fn get(&self, kind: NetworkKind) -> Option<&Network> {
        self.answering().find(|network| network.kind() == kind)
    }
}

//! What the networks of a run answered to some labelled images: the test set, or the validation images after an epoch. Two values are
//! equal if they are the same in memory, because answers never change after they arrived. Leaves out: which images are shown
//! (`evaluate`).
//!
//! An image is named by its place among the answers. For the test set this is its index.

use crate::config::NetworkKind;
use crate::evaluate::{Answers, arg_max};
use crate::fashion_mnist::{ImageSet, TRAIN_IMAGES};
use crate::page::state::{EpochAnswers, OpenedEpoch, State};
use crate::run::RunRecord;
use crate::run::report::NetworkReport;
use std::rc::Rc;

/// One network.
#[derive(Clone)]
pub struct AnsweredNetwork {
    /// Which.
    pub kind: NetworkKind,
    /// Its result, where it answered to the test set.
    pub report: Option<Rc<NetworkReport>>,
    /// Its answers, where it answered to validation images.
    epoch: Option<Rc<EpochAnswers>>,
    /// Ten of each test image; empty for validation images.
    test: Rc<Vec<f32>>,
    /// The class of each validation image that is most probable; empty for test images.
    predictions: Rc<Vec<u8>>,
}

impl AnsweredNetwork {
    /// What it answered to each image.
    pub fn answers(&self) -> Answers<'_> {
        match (&self.report, &self.epoch) {
            (Some(report), _) => Answers { predictions: &report.test.predictions, probabilities: &self.test },
            (None, Some(epoch)) => Answers { predictions: &self.predictions, probabilities: &epoch.probabilities },
            (None, None) => Answers { predictions: &[], probabilities: &[] },
        }
    }

    /// Ten probabilities of each image.
    pub fn probabilities(&self) -> &[f32] {
        self.answers().probabilities
    }

    fn is(&self, other: &Self) -> bool {
        let same_epoch = match (&self.epoch, &other.epoch) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        self.kind == other.kind && same_epoch && Rc::ptr_eq(&self.test, &other.test)
    }
}

/// The networks' answers and the true classes.
#[derive(Clone, Default)]
pub struct Answered {
    /// Training labels, then test labels.
    pub labels: Rc<Vec<u8>>,
    /// In the order of the run.
    pub networks: Vec<AnsweredNetwork>,
    /// The true class of each validation image; empty for test images.
    truth: Rc<Vec<u8>>,
}

impl Answered {
    /// The answers of a run's scored networks to the test set.
    pub fn test(labels: &Rc<Vec<u8>>, run: Option<&RunRecord>) -> Self {
        let networks = run.into_iter().flat_map(|run| &run.networks).filter_map(|network| {
            let (report, test) = (network.report.clone()?, network.probabilities.clone()?);
            Some(AnsweredNetwork {
                kind: network.kind,
                report: Some(report),
                epoch: None,
                test,
                predictions: Rc::default(),
            })
        });
        Self { labels: labels.clone(), networks: networks.collect(), truth: Rc::default() }
    }

    /// The answers to the validation images after an epoch, as far as they are here. `last` are the former ones: where they are of the
    /// same epoch, they are kept.
    pub fn validation(labels: &Rc<Vec<u8>>, opened: &OpenedEpoch, last: &Self) -> Self {
        let former = |answers: &Rc<EpochAnswers>| {
            let mut former = last.networks.iter();
            former.find(|network| network.epoch.as_ref().is_some_and(|epoch| Rc::ptr_eq(epoch, answers)))
        };
        let images = opened.answers.first().map_or(&[][..], |(_, answers)| &answers.images);
        // Both networks of a run have the same validation images.
        let networks = opened.answers.iter().filter(|(_, answers)| answers.images == images).map(|(kind, answers)| {
            former(answers).cloned().unwrap_or_else(|| AnsweredNetwork {
                kind: *kind,
                report: None,
                epoch: Some(answers.clone()),
                test: Rc::default(),
                predictions: Rc::new(arg_max(&answers.probabilities)),
            })
        });
        let label = |image: &u32| labels.get(*image as usize).copied().unwrap_or(0);
        let truth = Rc::new(images.iter().map(label).collect());
        Self { labels: labels.clone(), networks: networks.collect(), truth }
    }

    /// What the view Mistakes shows of the run: its answers to the test set, or those of the opened epoch.
    pub fn of(state: &State, epoch: Option<usize>, last: &Self) -> Self {
        let Some(epoch) = epoch else { return Self::test(&state.labels, state.run()) };
        let run = state.run().map(|run| run.id);
        match &state.opened {
            Some(opened) if Some(opened.run) == run && opened.epoch == epoch => {
                Self::validation(&state.labels, opened, last)
            }
            // The answers of this epoch are on their way.
            _ => Self { labels: state.labels.clone(), ..Self::default() },
        }
    }

    fn epoch(&self) -> Option<&EpochAnswers> {
        self.networks.first()?.epoch.as_deref()
    }

    /// Whether these are validation images.
    pub fn is_validation(&self) -> bool {
        self.epoch().is_some()
    }

    /// The true class of each image.
    pub fn truth(&self) -> &[u8] {
        if self.is_validation() { &self.truth } else { self.labels.get(TRAIN_IMAGES..).unwrap_or(&[]) }
    }

    /// The image at a place: its set and its index there.
    pub fn image(&self, place: u32) -> (ImageSet, u32) {
        match self.epoch() {
            Some(epoch) => (ImageSet::Train, epoch.images.get(place as usize).copied().unwrap_or(0)),
            None => (ImageSet::Test, place),
        }
    }

    /// One network.
    pub fn get(&self, kind: NetworkKind) -> Option<&AnsweredNetwork> {
        self.networks.iter().find(|n| n.kind == kind)
    }

    /// Both, where both answered.
    pub fn both(&self) -> Option<[&AnsweredNetwork; 2]> {
        Some([self.get(NetworkKind::Ann)?, self.get(NetworkKind::Cnn)?])
    }
}

impl PartialEq for Answered {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.labels, &other.labels)
            && self.networks.len() == other.networks.len()
            && self.networks.iter().zip(&other.networks).all(|(a, b)| a.is(b))
    }
}

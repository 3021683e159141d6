//! The networks that are scored on the test set, and what each answers to each image. Equal where it is the same in memory: the
//! predictions of a run are never changed after they came.

use crate::config::NetworkKind;
use crate::fashion_mnist::{CLASSES, TRAIN_IMAGES};
use crate::page::state::NetworkRun;
use crate::run::report::NetworkReport;
use std::rc::Rc;

/// One network.
#[derive(Clone)]
pub struct ScoredNetwork {
    /// Which.
    pub kind: NetworkKind,
    /// What came of it.
    pub report: Rc<NetworkReport>,
    /// Ten a test image.
    pub probabilities: Rc<Vec<f32>>,
}

impl ScoredNetwork {
    /// The network, if it is scored.
    pub fn of(network: &NetworkRun) -> Option<Self> {
        let (report, probabilities) = (network.report.clone()?, network.probabilities.clone()?);
        Some(Self { kind: network.kind, report, probabilities })
    }

    /// The class that it takes an image for.
    pub fn prediction(&self, image: usize) -> usize {
        self.report.test.predictions.get(image).map_or(0, |p| usize::from(*p).min(CLASSES - 1))
    }

    /// Its ten probabilities.
    pub fn row(&self, image: usize) -> [f32; CLASSES] {
        let row = self.probabilities.get(image * CLASSES..(image + 1) * CLASSES);
        row.and_then(|row| row.try_into().ok()).unwrap_or_default()
    }

    /// The probability of its prediction.
    pub fn confidence(&self, image: usize) -> f32 {
        self.row(image)[self.prediction(image)]
    }
}

/// The test set's labels and the networks that are scored on it.
#[derive(Clone, Default)]
pub struct Scored {
    /// Training labels, then test labels.
    pub labels: Rc<Vec<u8>>,
    /// In the order of the run.
    pub networks: Vec<ScoredNetwork>,
}

impl Scored {
    /// The test set's labels.
    pub fn truth(&self) -> &[u8] {
        self.labels.get(TRAIN_IMAGES..).unwrap_or(&[])
    }

    /// One network.
    pub fn get(&self, kind: NetworkKind) -> Option<&ScoredNetwork> {
        self.networks.iter().find(|n| n.kind == kind)
    }

    /// Both, where both are scored.
    pub fn both(&self) -> Option<[&ScoredNetwork; 2]> {
        Some([self.get(NetworkKind::Ann)?, self.get(NetworkKind::Cnn)?])
    }
}

impl PartialEq for Scored {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.labels, &other.labels)
            && self.networks.len() == other.networks.len()
            && self.networks.iter().zip(&other.networks).all(|(a, b)| Rc::ptr_eq(&a.report, &b.report))
    }
}

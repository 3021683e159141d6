//! The networks that are scored on the test set, and what each answered to each image. Two values are equal if they are the same in
//! memory, because the predictions of a run never change after they arrived. Leaves out: which images are shown (`evaluate`).

use crate::config::NetworkKind;
use crate::evaluate::Answers;
use crate::fashion_mnist::TRAIN_IMAGES;
use crate::run::NetworkProgress;
use crate::run::report::NetworkReport;
use std::rc::Rc;

/// One network.
#[derive(Clone)]
pub struct ScoredNetwork {
    /// Which.
    pub kind: NetworkKind,
    /// Its result.
    pub report: Rc<NetworkReport>,
    /// Ten for each test image.
    pub probabilities: Rc<Vec<f32>>,
}

impl ScoredNetwork {
    /// The network, if it is scored.
    pub fn of(network: &NetworkProgress) -> Option<Self> {
        let (report, probabilities) = (network.report.clone()?, network.probabilities.clone()?);
        Some(Self { kind: network.kind, report, probabilities })
    }

    /// What it answered to each test image.
    pub fn answers(&self) -> Answers<'_> {
        Answers { predictions: &self.report.test.predictions, probabilities: &self.probabilities }
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

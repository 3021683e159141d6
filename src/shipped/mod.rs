//! What ships with the page, so that it answers before any training: two trained networks and twenty garments.
//!
//! Leaves out: fetching the files (`app`) and making them (`lab train --weights`, `lab garments`).

mod garments;

pub use garments::{GARMENTS, Garments, GarmentsError, choose};

use crate::config::NetworkKind;
use crate::forward::Forward;
use crate::weights::{TrainedNetwork, WeightsError};

/// A network that ships with the page.
#[derive(Debug, Clone, PartialEq)]
pub struct ShippedNetwork {
    forward: Forward,
    accuracy: f64,
}

/// The networks and the garments, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Shipped {
    /// The garments.
    pub garments: Garments,
    /// The ANN.
    pub ann: ShippedNetwork,
    /// The CNN.
    pub cnn: ShippedNetwork,
}

/// Why the files cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShippedError {
    /// A network.
    #[error("the trained {}: {error}", kind.label())]
    Network {
        /// Which one.
        kind: NetworkKind,
        /// What is wrong with it.
        error: WeightsError,
    },
    /// A file holds the other network.
    #[error("the file of the trained {} holds the other network; copy the page's folder `models` again", .0.label())]
    Exchanged(NetworkKind),
    /// The garments.
    #[error(transparent)]
    Garments(#[from] GarmentsError),
}

impl ShippedNetwork {
    /// Reads the file of a network.
    ///
    /// # Errors
    /// [`ShippedError::Network`] and [`ShippedError::Exchanged`].
    pub fn read(kind: NetworkKind, bytes: &[u8]) -> Result<Self, ShippedError> {
        let wrong = |error| ShippedError::Network { kind, error };
        let network = TrainedNetwork::read(bytes).map_err(wrong)?;
        if network.kind != kind {
            return Err(ShippedError::Exchanged(kind));
        }
        let unscored = WeightsError::Metadata { key: "test", reason: "it is not there".to_owned() };
        let [accuracy, _] = network.test.ok_or_else(|| wrong(unscored))?;
        Ok(Self { forward: Forward::new(&network).map_err(wrong)?, accuracy })
    }

    /// Its accuracy on the test set, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.accuracy
    }

    /// The ten probabilities that it gives to a garment of 784 pixels. This takes a few milliseconds.
    pub fn answer(&self, pixels: &[u8]) -> Vec<f32> {
        self.forward.probabilities(pixels)
    }
}

impl Shipped {
    /// Reads the three files. A page that must stay quick reads them one by one with [`ShippedNetwork::read`] and [`Garments::read`].
    ///
    /// # Errors
    /// [`ShippedError`]: the first thing that is wrong.
    pub fn read(ann: &[u8], cnn: &[u8], garments: &[u8]) -> Result<Self, ShippedError> {
        Ok(Self {
            garments: Garments::read(garments)?,
            ann: ShippedNetwork::read(NetworkKind::Ann, ann)?,
            cnn: ShippedNetwork::read(NetworkKind::Cnn, cnn)?,
        })
    }

    /// One of the networks.
    pub fn network(&self, kind: NetworkKind) -> &ShippedNetwork {
        match kind {
            NetworkKind::Ann => &self.ann,
            NetworkKind::Cnn => &self.cnn,
        }
    }
}

#[cfg(test)]
mod tests;

//! A trained network as a file: the safetensors form, with the names and shapes that docs/networks.md documents.
//!
//! The file holds float32 tensors and, as metadata, the config, the normalisation, the class names and the test figures. So it can be used
//! without this project. [`TrainedNetwork::read`] checks everything and never panics, because the file may come from anywhere. Leaves
//! out: computing with the weights (`forward`) and where the file is kept.

mod checkpoint;
mod error;
mod header;
mod layout;
mod pieces;

pub use checkpoint::{
    CHANGE_FLOATS, CHECKPOINT_MAGIC, CHECKPOINT_VERSION, CheckpointError, EPOCH_FLOATS, RUN_FLOATS, of_checkpoint,
    split_checkpoint,
};
pub use error::WeightsError;
pub use layout::{TensorShape, layout};
pub use pieces::{Pieces, zeros};

use crate::config::{NetworkKind, RunConfig};

/// The version of the form; a reader refuses what it does not know.
pub const FORMAT_VERSION: u32 = 1;

/// A trained network with what has to be known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedNetwork {
    /// Which of the two networks.
    pub kind: NetworkKind,
    /// The config that it was trained with. It decides the shapes.
    pub config: RunConfig,
    /// The dataset that it was trained on, by name.
    pub dataset: String,
    /// Its accuracy (0 to 1) and mean cross-entropy (nats) on the test set; `None` where these weights were not scored.
    pub test: Option<[f64; 2]>,
    /// All values, in the order of [`layout`].
    pub weights: Vec<f32>,
}

impl TrainedNetwork {
    /// Whether there are as many weights as the config needs, each a finite number.
    ///
    /// # Errors
    /// [`WeightsError::Values`] where the number of weights is not that of the config, [`WeightsError::NotFinite`] where one is no number.
    pub fn check(&self) -> Result<(), WeightsError> {
        let tensors = layout(self.kind, &self.config);
        let expected = tensors.iter().map(TensorShape::values).sum();
        if self.weights.len() != expected {
            return Err(WeightsError::Values { found: self.weights.len(), expected });
        }
        let mut rest = self.weights.as_slice();
        for tensor in &tensors {
            let (values, others) = rest.split_at(tensor.values());
            finite(&tensor.name, values)?;
            rest = others;
        }
        Ok(())
    }

    /// The content of a safetensors file.
    ///
    /// # Errors
    /// As [`TrainedNetwork::check`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        self.check()?;
        let mut bytes = header::write(self, &layout(self.kind, &self.config));
        bytes.extend(self.weights.iter().flat_map(|value| value.to_le_bytes()));
        Ok(bytes)
    }

    /// Reads the content of such a file. The tensors may stand in any order.
    ///
    /// # Errors
    /// [`WeightsError`]: the first thing that is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let header::Read { mut network, places, data } = header::read(bytes)?;
        for (tensor, place) in layout(network.kind, &network.config).iter().zip(places) {
            let start = network.weights.len();
            let (values, _) = data.get(place).unwrap_or_default().as_chunks::<4>();
            network.weights.extend(values.iter().map(|value| f32::from_le_bytes(*value)));
            finite(&tensor.name, &network.weights[start..])?;
        }
        Ok(network)
    }
}

fn finite(tensor: &str, values: &[f32]) -> Result<(), WeightsError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(WeightsError::NotFinite { tensor: tensor.to_owned(), at }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;

//! A trained network as a .npz file, which `numpy.load` opens: a zip archive of arrays.

use super::npy;
use super::zip::{self, Entry};
use crate::weights::{TensorShape, TrainedNetwork, WeightsError, layout};

/// The content of the file: each tensor of [`layout`] by its name, as 32-bit floats, and the array `config` with the config as JSON text.
///
/// # Errors
/// As [`TrainedNetwork::to_bytes`]: the same weights are refused.
pub fn npz(network: &TrainedNetwork) -> Result<Vec<u8>, WeightsError> {
    network.check()?;
    let mut rest = network.weights.as_slice();
    let mut files = Vec::new();
    for TensorShape { name, shape } in layout(network.kind, &network.config) {
        let (values, others) = rest.split_at(shape.iter().product());
        files.push((format!("{name}.npy"), npy::floats(&shape, values)));
        rest = others;
    }
    // Plain values are always written.
    let config = serde_json::to_string(&network.config).unwrap_or_default();
    files.push(("config.npy".to_owned(), npy::text(&config)));
    let entries: Vec<_> = files.iter().map(|(name, data)| Entry { name, data }).collect();
    // No valid config has more than 30 tensors or 100 million weights, so the archive is never too large.
    Ok(zip::write(&entries).unwrap_or_default())
}

//! Why bytes are not a trained network, each with a next step.

/// Why bytes are not a trained network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// There are too few bytes, or too many.
    #[error("the file has {found} bytes, but {expected} are announced; download it again")]
    Length {
        /// Bytes that are there.
        found: u64,
        /// Bytes that the file announces.
        expected: u64,
    },
    /// The file's beginning is no header of safetensors.
    #[error("this is not a safetensors file ({0}); give a file that `lab train --weights` wrote")]
    Header(String),
    /// A piece of metadata is not there, or cannot be used.
    #[error("the metadata `{key}` cannot be used ({reason}); give a file that `lab train --weights` wrote")]
    Metadata {
        /// Its name.
        key: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The file is of another version of the form.
    #[error(
        "the file has version {0} of its form, but this program reads version 1; use the program that belongs to the file"
    )]
    Version(String),
    /// The config needs this tensor.
    #[error(
        "the tensor `{0}`, which the config needs, is not in the file; give a file with all tensors of docs/networks.md"
    )]
    Missing(String),
    /// The config has no such tensor.
    #[error("the tensor `{0}` does not belong to the network of the config; take it out of the file")]
    Unexpected(String),
    /// A tensor has another form than the config says.
    #[error("the tensor `{tensor}` is {found}, but the config needs {expected}; correct the file")]
    Form {
        /// Its name.
        tensor: String,
        /// What it is.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// The bytes of a tensor are not where they can be.
    #[error("the tensors lie over each other, or have gaps between them, at `{0}`; download the file again")]
    Place(String),
    /// A value is NaN or infinite.
    #[error("value {at} of the tensor `{tensor}` is no finite number; the network cannot be used, train it again")]
    NotFinite {
        /// The tensor.
        tensor: String,
        /// The place of the value, from 0.
        at: usize,
    },
    /// The list of weights is not as long as the config needs it.
    #[error("there are {found} weights, but the network has {expected}; take the weights of a network of this config")]
    Values {
        /// Weights that are there.
        found: usize,
        /// Weights of the config's network.
        expected: usize,
    },
}

//! Files out and in: trained networks for NumPy, tables of figures, configs, whole runs, and scripts that rebuild a network elsewhere.
//!
//! Everything is a pure function from values to bytes or text and back. What comes from outside is checked whole before anything of it is
//! handed on ([`read_any`]), so a file that is refused changes nothing. docs/files.md describes each form. Leaves out: safetensors files
//! (`weights`), saving and choosing files (`app`, `lab`), and pictures of plots.

mod config_file;
mod crc32;
mod import;
mod metrics;
mod npy;
mod npz;
mod run_file;
mod script;
mod zip;

pub use config_file::config_file;
pub use import::{ImportError, Imported, Refusal, read_any};
pub use metrics::metrics_csv;
pub use npz::npz;
pub use run_file::{CheckpointFile, RUN_FILE_VERSION, RunFile, RunFileError};
pub use script::{script_keras, script_numpy, script_pytorch};
pub use zip::ArchiveError;

#[cfg(test)]
mod tests;

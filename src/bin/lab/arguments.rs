//! The command line of `lab`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use fashion_lab::config::{Kind, field};
use std::path::PathBuf;

/// Trains an ANN and a CNN on Fashion-MNIST on this machine, as the page does in the browser.
#[derive(Debug, Parser)]
#[command(name = "lab", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train the config's networks to the end and print the run report as JSON.
    Train(Train),
    /// Train for one epoch without validation and print one JSON line a network.
    Bench(Options),
    /// Score a trained network on the test set, by plain Rust without burn, and print the figures as JSON.
    Evaluate(Evaluate),
    /// Write a trained network in another form: for NumPy, as a script that rebuilds it, or its config.
    Export(Export),
    /// Write the twenty garments that ship with the page: two validation images of each class.
    Garments(Garments),
}

#[derive(Debug, Args)]
pub struct Train {
    #[command(flatten)]
    pub options: Options,

    /// Write the weights that were scored into this folder: ann.safetensors, cnn.safetensors.
    #[arg(long, value_name = "FOLDER")]
    pub weights: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Evaluate {
    /// A network that `lab train --weights` wrote.
    #[arg(long, value_name = "FILE.safetensors")]
    pub weights: PathBuf,

    /// Compare with the figures of this report, and end with code 1 if they differ by more than float noise.
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,

    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct Export {
    /// A network that `lab train --weights` wrote, or that the page exported.
    #[arg(long, value_name = "FILE.safetensors")]
    pub weights: PathBuf,

    /// What is written.
    #[arg(long, value_name = "FORM")]
    pub to: Form,

    /// Write there instead of to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A form in which a trained network is written. docs/files.md describes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// The weights as arrays for `numpy.load`.
    Npz,
    /// A script that runs any network with NumPy alone.
    Numpy,
    /// A script that rebuilds this network in Keras.
    Keras,
    /// A script that rebuilds this network in PyTorch.
    Pytorch,
    /// The config, as `lab train --config` reads it.
    Config,
}

#[derive(Debug, Args)]
pub struct Garments {
    #[command(flatten)]
    pub place: Place,
}

/// Where data comes from and where the result goes.
#[derive(Debug, Args)]
pub struct Place {
    /// The folder with Fashion-MNIST: the four files, a zip archive of them, or Kaggle's CSV tables; or such an archive itself
    /// [default: public/data, else Debian's package].
    #[arg(long, value_name = "PATH")]
    pub data: Option<PathBuf>,

    /// Allow data that is not Fashion-MNIST (60,000 and 10,000 images of 28 x 28), and name it so in the report.
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<String>,

    /// Write there instead of to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Options {
    /// A run config, or an exported report, whose config is taken; what it leaves out has its default.
    #[arg(long, value_name = "FILE.json")]
    pub config: Option<PathBuf>,

    /// What computes; overrides the config's.
    #[arg(long, value_name = "BACKEND", value_parser = PossibleValuesParser::new(backends()))]
    pub backend: Option<String>,

    #[command(flatten)]
    pub place: Place,
}

/// The keys of the config's backends.
fn backends() -> Vec<&'static str> {
    match field("backend").map(|row| row.kind) {
        Some(Kind::Choice(options)) => options.iter().map(|(key, _)| *key).collect(),
        _ => Vec::new(),
    }
}

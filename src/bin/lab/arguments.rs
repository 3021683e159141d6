//! The command line of `lab`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
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
    Train(Options),
    /// Train for one epoch without validation and print one JSON line a network.
    Bench(Options),
}

#[derive(Debug, Args)]
pub struct Options {
    /// A run config, or an exported report, whose config is taken; what it leaves out has its default.
    #[arg(long, value_name = "FILE.json")]
    pub config: Option<PathBuf>,

    /// The folder with Fashion-MNIST: the four files, a zip archive of them, or Kaggle's CSV tables; or such an archive itself
    /// [default: public/data, else Debian's package].
    #[arg(long, value_name = "PATH")]
    pub data: Option<PathBuf>,

    /// Allow data that is not Fashion-MNIST (60,000 and 10,000 images of 28 x 28), and name it so in the report.
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<String>,

    /// What computes; overrides the config's.
    #[arg(long, value_name = "BACKEND", value_parser = PossibleValuesParser::new(backends()))]
    pub backend: Option<String>,

    /// Write there instead of to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The keys of the config's backends.
fn backends() -> Vec<&'static str> {
    match field("backend").map(|row| row.kind) {
        Some(Kind::Choice(options)) => options.iter().map(|(key, _)| *key).collect(),
        _ => Vec::new(),
    }
}

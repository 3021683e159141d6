//! The same core natively: `lab train --config run.json` prints the run report, `lab bench --config run.json` training speeds, `lab evaluate`
//! the figures of a trained network, and `lab export` writes it for NumPy, Keras and PyTorch.
//!
//! Wiring only: arguments, data, the device, and a line of progress an epoch on standard error. An error is one sentence and ends
//! with code 1; arguments that cannot be read end with code 2.

mod arguments;
mod dataset;
mod device;
mod evaluate;
mod export;
mod garments;
mod output;
mod terminal;
mod train;

use arguments::{Cli, Command, Train};
use clap::Parser;
use output::say;
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Train(Train { options, weights }) => train::run(false, options, weights),
        Command::Bench(options) => train::run(true, options, None),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Garments(arguments) => garments::run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(format_args!("lab: {message}"));
            ExitCode::FAILURE
        }
    }
}

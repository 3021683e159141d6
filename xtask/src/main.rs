//! `cargo xtask ...`: everything that sets up, builds, serves, tests and measures Fashion Lab.
//!
//! `arguments` reads the command line, `plan` makes a command into steps, `runner` runs them. `rehearsal` shows that the steps need
//! no network after the first one.

mod arguments;
mod axe;
mod cargo;
mod dataset;
mod dist;
mod load;
mod log;
mod names;
mod place;
mod plan;
mod python;
mod rehearsal;
mod relaxed;
mod runner;
mod step;
mod tools;

use anyhow::{Context, Result};
use arguments::{Arguments, Command};
use browser::{Server, Site};
use log::Log;
use place::Place;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Before the arguments are read: as a compiler it gets a compiler's.
    if let Some(code) = relaxed::compile() {
        return code;
    }
    match execute(&Arguments::read()) {
        Ok(()) => ExitCode::SUCCESS,
        // The causes in one line. A backtrace says nothing to a person who sets up.
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: &Command) -> Result<()> {
    let place = Place::find()?;
    let log = Log::open(&place.cache, command.name())?;
    runner::run(command.name(), &plan::steps(command, &place)?, &place, &log)?;
    match command {
        Command::Serve { port } => {
            dist::print_sizes(&place.root)?;
            serve(&place.root, *port)
        }
        Command::Dist => dist::print_sizes(&place.root),
        Command::Test(_) | Command::Bench(_) | Command::Setup => Ok(()),
    }
}

/// Serves dist/ until the program is ended.
fn serve(root: &Path, port: u16) -> Result<()> {
    let site = || Site::of(root.join("dist"));
    let server = Server::on_port(port, site()).or_else(|error| {
        println!("Port {port} cannot be used ({error:#}), so another one is taken.");
        Server::start(site()).context("the page cannot be served on localhost")
    })?;
    println!("Fashion Lab is at {}   (Ctrl-C ends)", server.address());
    loop {
        std::thread::park();
    }
}

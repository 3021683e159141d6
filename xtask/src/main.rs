//! `cargo xtask ...`: everything that sets up, builds, serves, tests and measures Fashion Lab.

mod bench;
mod dataset;
mod dist;
mod names;
mod relaxed;
mod standard;
mod test;
mod tools;

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

const USAGE: &str = "usage: cargo xtask COMMAND
  serve [--port N]        set up, build and serve the page on localhost (default port 8080)
  dist                    set up and build the page into dist/, for any static host
  test [PART] [FILTER]    set up and run all checks; PART is lint, doc, native or browser
  bench [options]         measure training speed in the browser and natively; `bench --help` lists the options
  setup                   only install what is missing and put the dataset into public/data";

fn main() -> Result<ExitCode> {
    match relaxed::compile() {
        Some(code) => Ok(code),
        None => command().map(|()| ExitCode::SUCCESS),
    }
}

fn command() -> Result<()> {
    std::env::set_current_dir(root())?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    match arguments.first().map(String::as_str) {
        Some("setup") => setup(),
        Some("dist") => dist::dist(),
        Some("serve") => serve(&rest),
        Some("test") => test::test(&rest),
        Some("bench") if rest == ["--standard"] => standard::standard(),
        Some("bench") => bench::bench(&rest),
        _ => bail!("{USAGE}"),
    }
}

/// The repository's root, as cargo says when it runs this: two clones that share a target directory also share this program, so the
/// path that it was compiled under may be the other clone's.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().unwrap_or(Path::new(".")).to_owned()
}

fn setup() -> Result<()> {
    tools::install()?;
    dataset::provide()
}

fn serve(arguments: &[&str]) -> Result<()> {
    let port = match arguments {
        [] => 8080,
        ["--port", port] => port.parse()?,
        _ => bail!("{USAGE}"),
    };
    dist::dist()?;
    let server = browser::Server::on_port(port, browser::Site::of(PathBuf::from("dist")))
        .or_else(|_| browser::Server::start(browser::Site::of(PathBuf::from("dist"))))?;
    println!("Fashion Lab is at {}   (Ctrl-C ends)", server.address());
    loop {
        std::thread::park();
    }
}

/// Says what is done, does it, and says how long it took.
fn timed<T>(what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {what}");
    let start = Instant::now();
    let done = act();
    println!(
        "== {what}: {} after {:.1} s",
        if done.is_ok() { "done" } else { "FAILED" },
        start.elapsed().as_secs_f64()
    );
    done
}

/// Runs a program and fails where it fails.
fn run(command: &mut Command) -> Result<()> {
    println!("   {}", shown(command));
    let status = command.status().map_err(|e| anyhow::anyhow!("{}: {e}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|w| w.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// What a program prints, trimmed; `None` where it is missing or fails.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

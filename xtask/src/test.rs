//! All checks, in the order in which they fail fastest.

use crate::{dist, run, setup, timed, tools};
use anyhow::{Result, bail, ensure};
use std::path::Path;
use std::process::Command;

/// Largest sizes in brotli, in bytes.
const LIMITS: [(&str, usize); 2] = [("app", 400_000), ("engine", 3_000_000)];

/// Runs all parts, or one.
pub fn test(arguments: &[&str]) -> Result<()> {
    let filter = arguments.get(1).copied();
    match arguments.first().copied() {
        None => {
            lint()?;
            doc()?;
            native(None)?;
            browser(None)
        }
        Some("lint") => lint(),
        Some("doc") => doc(),
        Some("native") => native(filter),
        Some("browser") => browser(filter),
        Some(other) => bail!("there is no part `{other}`; the parts are lint, doc, native and browser"),
    }
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments);
    command
}

const WASM: [&str; 3] = ["--target", "wasm32-unknown-unknown", "--no-default-features"];

fn lint() -> Result<()> {
    tools::install()?;
    timed("rustfmt", || run(&mut cargo(&["fmt", "--all", "--check"])))?;
    let clippy = |what: &str, arguments: &[&str]| {
        let all = [&["clippy", "--quiet"], arguments, &["--", "-D", "warnings"]].concat();
        timed(&format!("clippy, {what}"), || run(&mut cargo(&all)))
    };
    clippy("host", &["--workspace", "--all-targets"])?;
    clippy("page", &[&WASM[..], &["--features", "page", "--lib", "--bin", "app"]].concat())?;
    clippy("engine", &[&WASM[..], &["--features", "webgpu", "--lib", "--bin", "engine"]].concat())
}

fn doc() -> Result<()> {
    timed("documentation", || {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--quiet"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })
}

fn native(filter: Option<&str>) -> Result<()> {
    // Without WebGPU, which is most of the compilation and which no test machine has natively.
    timed("native tests", || {
        let arguments = ["test", "--package", "fashion-lab", "--no-default-features", "--features", "lab,svg"];
        run(cargo(&arguments).args(filter))
    })
}

fn browser(filter: Option<&str>) -> Result<()> {
    setup()?;
    if !Path::new("/usr/bin/chromium").exists() && std::env::var_os("CHROME").is_none() {
        tools::debian(&["chromium"], "the browser tests drive Chromium")?;
    }
    dist::dist()?;
    for (name, size) in dist::sizes()?.iter().map(|(name, _, brotli)| (name, *brotli)) {
        if let Some((part, limit)) = LIMITS.iter().find(|(part, _)| name.starts_with(part)) {
            ensure!(size <= *limit, "the {part} is {size} bytes in brotli; the limit is {limit}");
        }
    }
    timed("browser tests", || {
        run(cargo(&["test", "--package", "browser"]).args(filter).args(["--", "--test-threads=1"]))
    })
}

//! Shows for each command that an empty crate cache gets all that the command needs before a step runs without the network.
//!
//! A rehearsal goes through the command's own sequence of steps with CARGO_HOME in an empty folder. A step that fetches does so. A
//! step that compiles offline is replaced by the offline resolution of the same packages, features and target, which fails like the
//! build where a crate is missing, and takes a second. Leaves out the tools: what `cargo install` needs it fetches itself.

use crate::arguments::{Command as Order, TestOptions};
use crate::cargo::{self, CargoCall};
use crate::log::Log;
use crate::place::Place;
use crate::plan;
use crate::step::{Step, Work};
use anyhow::{Context, Result};
use clap::Parser;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use xtask::BenchOptions;

/// Crate caches for rehearsals: an empty one, and one that the fetch step filled. They are removed when it is dropped.
///
/// All commands begin from the same empty folder and have the same fetch step, so it is filled once.
struct Homes {
    folder: PathBuf,
    filled: bool,
    /// Cache and call of what succeeded. Another command that makes the same call with the same cache gets the same answer.
    succeeded: HashSet<(PathBuf, String)>,
}

impl Homes {
    fn new(target: &Path) -> Result<Self> {
        let folder = target.join(format!("rehearsal-{}", std::process::id()));
        let homes = Self { folder, filled: false, succeeded: HashSet::new() };
        for home in [homes.empty(), homes.fetched()] {
            std::fs::create_dir_all(&home).with_context(|| format!("{} cannot be made", home.display()))?;
            // Where the registry is, is no part of the cache.
            let configuration = real_home().map(|real| real.join("config.toml")).filter(|file| file.is_file());
            if let Some(file) = configuration {
                std::fs::copy(&file, home.join("config.toml")).with_context(|| file.display().to_string())?;
            }
        }
        Ok(homes)
    }

    fn empty(&self) -> PathBuf {
        self.folder.join("empty")
    }

    fn fetched(&self) -> PathBuf {
        self.folder.join("fetched")
    }
}

impl Drop for Homes {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed ({error}); please remove it", self.folder.display());
        }
    }
}

/// Cargo's home folder.
fn real_home() -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    cargo.or_else(|| {
        Some(PathBuf::from(std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?).join(".cargo"))
    })
}

/// Every command that compiles, in each of its forms.
fn orders() -> Vec<(&'static str, Order)> {
    /// Options as they are when none is given.
    #[derive(Parser)]
    struct Default {
        #[command(flatten)]
        bench: BenchOptions,
    }
    let bench = Default::parse_from(["bench"]).bench;
    vec![
        ("setup", Order::Setup),
        ("serve", Order::Serve { port: 0 }),
        ("dist", Order::Dist),
        ("test", Order::Test(TestOptions::default())),
        ("bench", Order::Bench(bench.clone())),
        ("bench --standard", Order::Bench(BenchOptions { standard: true, ..bench })),
    ]
}

/// Rehearses all commands.
pub fn rehearse_all(place: &Place, log: &Log) -> Result<()> {
    let mut homes = Homes::new(&place.target)?;
    for (name, order) in orders() {
        log.say(&format!("rehearsing `cargo xtask {name}`"))?;
        rehearse(&plan::steps(&order, place)?, place, &mut homes, log)
            .with_context(|| format!("`cargo xtask {name}` would fail on a machine with an empty crate cache"))?;
    }
    Ok(())
}

/// Rehearses one sequence of steps.
fn rehearse(steps: &[Step], place: &Place, homes: &mut Homes, log: &Log) -> Result<()> {
    let mut home = homes.empty();
    for step in steps {
        let calls = match &step.work {
            Work::Fetch => {
                home = homes.fetched();
                if !homes.filled {
                    log.run(cargo::fetch().env("CARGO_HOME", &home).current_dir(&place.root))
                        .context("fetching all crates into an empty folder, which needs the network")?;
                    homes.filled = true;
                }
                Vec::new()
            }
            Work::Cargo(call) => vec![call.resolution()],
            Work::Trunk(builds) => {
                std::iter::once(cargo::trunk_question()).chain(builds.iter().map(CargoCall::resolution)).collect()
            }
            Work::Own(_) => Vec::new(),
        };
        for mut call in calls {
            call.env("CARGO_HOME", &home).current_dir(&place.root);
            let whole = (home.clone(), format!("{call:?}"));
            if !homes.succeeded.contains(&whole) {
                log.run_silent(&mut call).with_context(|| format!("at its step \"{}\"", step.title))?;
                homes.succeeded.insert(whole);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The repository, with empty folders for everything else, and a log.
    fn bare() -> (tempfile::TempDir, Place, Log) {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let place = Place { root, target: folder.path().join("target"), cache: folder.path().join("cache") };
        let log = Log::open(&place.cache, "rehearsal").unwrap();
        (folder, place, log)
    }

    fn failure(steps: &[Step], place: &Place, log: &Log) -> String {
        format!("{:#}", rehearse(steps, place, &mut Homes::new(&place.target).unwrap(), log).unwrap_err())
    }

    // Neither test uses the network: each rehearses what must fail before anything is fetched.

    #[test]
    fn a_command_without_its_fetch_step_fails_its_rehearsal() {
        let (_folder, place, log) = bare();
        for (name, order) in orders() {
            let mark = log.len();
            let mut steps = plan::steps(&order, &place).unwrap();
            steps.retain(|step| !matches!(step.work, Work::Fetch));
            let error = failure(&steps, &place, &log);
            assert!(error.starts_with("at its step") && error.contains("ended with exit code 101"), "{name}: {error}");
            let said = log.since(mark);
            assert!(said.contains("no matching package named"), "{name} fails for another reason: {said}");
        }
    }

    #[test]
    fn a_fetch_step_that_comes_too_late_fails_the_rehearsal() {
        let (_folder, place, log) = bare();
        let steps = [Step::cargo("compiling", 1.0, CargoCall::new("build")), Step::fetch()];
        let error = failure(&steps, &place, &log);
        assert!(error.starts_with("at its step \"compiling\""), "{error}");
    }
}

//! A step of a command. The sequence of steps is the one description of a command: it is run (`runner`), and it is rehearsed with
//! an empty crate cache (`rehearsal`).

use crate::cargo::{self, CargoCall};
use crate::log::Log;
use crate::place::Place;
use anyhow::Result;
use std::process::Command;

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It was done.
    Now,
    /// There was nothing to do.
    Before,
    /// It cannot be done here, and the screen says so.
    LeftOut,
}

/// An act of this program.
pub type Act = Box<dyn Fn(&Log) -> Result<Done>>;

/// What a step does.
pub enum Work {
    /// Fetches all crates of Cargo.lock: the only step that may use the network for the project's crates.
    Fetch,
    /// Calls cargo without the network.
    Cargo(Box<CargoCall>),
    /// Runs trunk without the network; these are the calls of cargo that it makes.
    Trunk(Vec<CargoCall>),
    /// Does something that needs none of the project's crates.
    Own(Act),
}

/// A step: what it does, and what a person should know of it.
pub struct Step {
    /// What it does, for people: "building the page".
    pub title: String,
    pub work: Work,
    /// What to do if it fails, as the first half of "..., then run the command again".
    pub hint: &'static str,
    /// Seconds that it takes, as far as known beforehand.
    pub seconds: f64,
    /// Its output is for people and goes to the screen, not to the log.
    pub streams: bool,
    /// Lines of the log that are shown when it fails.
    pub lines: usize,
    /// Threads that are kept busy meanwhile.
    pub load: usize,
    /// Where this is false, the step is left out.
    pub only_if: Option<Box<dyn Fn() -> bool>>,
    /// Done after the work, where that went well.
    pub afterwards: Option<Act>,
}

impl Step {
    fn new(title: &str, seconds: f64, work: Work) -> Self {
        let hint = "mend what the lines above say";
        Self {
            title: title.to_owned(),
            work,
            hint,
            seconds,
            streams: false,
            lines: 12,
            load: 0,
            only_if: None,
            afterwards: None,
        }
    }

    /// The step that fetches all crates.
    pub fn fetch() -> Self {
        let hint = "see that the crate registry can be reached";
        Self { hint, ..Self::new("fetching the crates", 20.0, Work::Fetch) }
    }

    /// A step that calls cargo.
    pub fn cargo(title: &str, seconds: f64, call: CargoCall) -> Self {
        Self::new(title, seconds, Work::Cargo(Box::new(call)))
    }

    /// The step that runs trunk.
    pub fn trunk(title: &str, seconds: f64, builds: Vec<CargoCall>) -> Self {
        Self::new(title, seconds, Work::Trunk(builds))
    }

    /// A step that needs none of the project's crates.
    pub fn own(title: &str, seconds: f64, act: impl Fn(&Log) -> Result<Done> + 'static) -> Self {
        Self { hint: "mend that", ..Self::new(title, seconds, Work::Own(Box::new(act))) }
    }

    /// Does the step.
    pub fn act(&self, log: &Log, place: &Place) -> Result<Done> {
        if self.only_if.as_ref().is_some_and(|condition| !condition()) {
            return Ok(Done::LeftOut);
        }
        let run = |mut command: Command| match self.streams {
            true => log.run_streaming(&mut command),
            false => log.run(&mut command),
        };
        let done = match &self.work {
            Work::Fetch => run(cargo::fetch()).map(|()| Done::Now),
            Work::Cargo(call) => run(call.command()).map(|()| Done::Now),
            Work::Trunk(_) => run(trunk(place)?).map(|()| Done::Now),
            Work::Own(act) => act(log),
        }?;
        self.afterwards.as_ref().map_or(Ok(done), |act| act(log))
    }
}

/// The call of trunk.
fn trunk(place: &Place) -> Result<Command> {
    let mut trunk = Command::new("trunk");
    trunk.args(["build", "--release", "--offline=true", "--locked=true"]).env("PATH", place.path()?);
    cargo::without_network(&mut trunk);
    // trunk reads NO_COLOR as its own flag and wants true or false.
    trunk.env_remove("NO_COLOR");
    Ok(trunk)
}

//! Runs the steps of a command and tells a person how far it is: what is done, how long it took, what is left, and, where a step
//! fails, why and what to do. Leaves out what the steps are (`plan`).

use crate::load::Load;
use crate::log::{Log, last_line, relevant};
use crate::place::Place;
use crate::step::{Done, Step};
use anyhow::{Result, anyhow};
use std::io::{IsTerminal, Write, stdout};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Characters of a line of progress. A longer one would wrap in a narrow terminal, and then it cannot be written over.
const COLUMNS: usize = 78;

/// Runs all steps. The error is one sentence that ends with what to do.
pub fn run(name: &str, steps: &[Step], place: &Place, log: &Log) -> Result<()> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut estimate = Estimate::new(steps.iter().map(|s| s.seconds).collect(), processors);
    println!(
        "cargo xtask {name}: {} steps, {} on this machine ({processors} processors)",
        steps.len(),
        about(estimate.left())
    );
    println!("The output of cargo, trunk and apt-get goes to {}", log.path().display());
    for (at, step) in steps.iter().enumerate() {
        let head = format!("[{}/{}] {}", at + 1, steps.len(), step.title);
        log.say(&format!("\n{head}"))?;
        let (mark, start) = (log.len(), Instant::now());
        let load = Load::start(step.load);
        let done = watched(&head, step, log, || step.act(log, place));
        drop(load);
        let took = start.elapsed().as_secs_f64();
        match done {
            Ok(done) => {
                estimate.done(took);
                let how = match done {
                    Done::Now => format!("done in {}", time(took)),
                    Done::Before => "already there".to_owned(),
                    Done::LeftOut => "left out".to_owned(),
                };
                println!("{head} ... {how}{}", remaining(steps.len() - at - 1, estimate.left()));
                log.say(&format!("{head} ... {how}"))?;
            }
            Err(error) => {
                let said = log.since(mark);
                println!("{head} ... failed after {}", time(took));
                log.say(&format!("{head} ... failed: {error:#}"))?;
                for line in relevant(&said, step.lines).iter().filter(|_| !step.streams) {
                    eprintln!("   {line}");
                }
                return Err(failure(name, step, &error, log));
            }
        }
    }
    Ok(())
}

/// Says what went wrong in one sentence, with the next step.
fn failure(name: &str, step: &Step, error: &anyhow::Error, log: &Log) -> anyhow::Error {
    anyhow!(
        "{} failed: {error:#}; {}, then run `cargo xtask {name}` again (the whole output is in {})",
        step.title,
        step.hint,
        log.path().display()
    )
}

/// Does a step while the screen shows it. In a terminal its line is written anew each second, with the last line of the log; elsewhere
/// it is written once.
fn watched<T>(head: &str, step: &Step, log: &Log, act: impl FnOnce() -> T) -> T {
    if step.streams || !stdout().is_terminal() {
        println!("{head} ...");
        return act();
    }
    let (start, mark) = (Instant::now(), log.len());
    let (over, ended) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                let last = last_line(&log.since(mark.max(log.len().saturating_sub(4096)))).unwrap_or_default();
                let line = format!("{head} ... {}  {}", time(start.elapsed().as_secs_f64()), last.trim());
                show(&line.chars().take(COLUMNS).collect::<String>());
                if ended.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                    show("");
                    return;
                }
            }
        });
        let done = act();
        drop(over);
        done
    })
}

/// Writes a line over the present one. A terminal that is gone is no reason to stop the work.
fn show(line: &str) {
    let mut screen = stdout().lock();
    let _ = write!(screen, "\r\u{1b}[K{line}").and_then(|()| screen.flush());
}

/// How long all steps take, corrected by how long those took that are done.
#[derive(Debug)]
struct Estimate {
    /// Seconds of each step, as planned.
    planned: Vec<f64>,
    done: usize,
    /// Seconds that the steps took that are done.
    took: f64,
    /// Seconds that this machine takes for a second of the plan, as far as its processors tell.
    scale: f64,
}

impl Estimate {
    /// A plan that was made for two processors.
    fn new(planned: Vec<f64>, processors: usize) -> Self {
        // More than eight do not help: most of the time a few large crates are compiled.
        Self { planned, done: 0, took: 0.0, scale: 2.0 / processors.clamp(1, 8) as f64 }
    }

    fn done(&mut self, seconds: f64) {
        self.done += 1;
        self.took += seconds;
    }

    /// Seconds that are left.
    fn left(&self) -> f64 {
        let (past, rest) = self.planned.split_at(self.done.min(self.planned.len()));
        let past: f64 = past.iter().sum();
        // A minute of the plan tells enough of the machine's speed.
        let scale = if past < 60.0 { self.scale } else { (self.took / past).clamp(0.1, 10.0) };
        rest.iter().sum::<f64>() * scale
    }
}

/// "12 s" or "3 min 20 s".
fn time(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    if whole < 60 { format!("{whole} s") } else { format!("{} min {} s", whole / 60, whole % 60) }
}

/// "about 12 minutes", or "less than a minute".
fn about(seconds: f64) -> String {
    match (seconds / 60.0).round() as u64 {
        0 => "less than a minute".to_owned(),
        1 => "about a minute".to_owned(),
        minutes => format!("about {minutes} minutes"),
    }
}

/// What is left after a step, where that is worth a word.
fn remaining(steps: usize, seconds: f64) -> String {
    match steps {
        0 => String::new(),
        1 => format!("; 1 step left, {}", about(seconds)),
        _ => format!("; {steps} steps left, {}", about(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use std::cell::RefCell;
    use std::path::PathBuf;
    use std::rc::Rc;

    fn bare() -> (tempfile::TempDir, Place, Log) {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::open(folder.path(), "serve").unwrap();
        let place = Place { root: PathBuf::new(), target: folder.path().into(), cache: folder.path().into() };
        (folder, place, log)
    }

    #[test]
    fn steps_run_in_their_order_and_stop_at_the_first_that_fails() {
        let (_folder, place, log) = bare();
        let seen = Rc::new(RefCell::new(Vec::new()));
        let step = |name: &'static str, fails: bool| {
            let seen = seen.clone();
            Step::own(name, 1.0, move |log| {
                seen.borrow_mut().push(name);
                log.say("error: the disk is full")?;
                if fails { bail!("it broke") } else { Ok(Done::Now) }
            })
        };
        let error =
            run("serve", &[step("one", false), step("two", true), step("three", false)], &place, &log).unwrap_err();
        assert_eq!(*seen.borrow(), ["one", "two"]);
        let said = format!("{error:#}");
        assert!(said.starts_with("two failed: it broke; mend that, then run `cargo xtask serve` again"), "{said}");
        assert!(said.contains("serve.log") && !said.contains('\n'), "{said}");
    }

    #[test]
    fn what_follows_a_step_runs_only_if_the_step_went_well() {
        let (_folder, place, log) = bare();
        let step = |fails: bool| Step {
            afterwards: Some(Box::new(|log| log.say("afterwards").map(|()| Done::Now))),
            ..Step::own("one", 1.0, move |_| if fails { bail!("it broke") } else { Ok(Done::Before) })
        };
        assert!(step(true).act(&log, &place).is_err() && log.len() == 0);
        assert_eq!(step(false).act(&log, &place).unwrap(), Done::Now);
        assert_eq!(log.since(0), "afterwards\n");
    }

    #[test]
    fn the_estimate_follows_the_machine() {
        let mut estimate = Estimate::new(vec![30.0, 90.0, 100.0], 2);
        assert_eq!(estimate.left(), 220.0);
        // Half a minute says nothing yet.
        estimate.done(300.0);
        assert_eq!(estimate.left(), 190.0);
        // 120 s of the plan took 60 s: a machine twice as fast.
        estimate.took = 0.0;
        estimate.done(60.0);
        assert_eq!(estimate.left(), 50.0);
        estimate.done(60.0);
        assert_eq!(estimate.left(), 0.0);
        assert_eq!(Estimate::new(vec![80.0], 4).left(), 40.0);
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        assert_eq!((time(0.4), time(59.4), time(200.0)), ("0 s".into(), "59 s".into(), "3 min 20 s".into()));
        assert_eq!((about(10.0), about(61.0)), ("less than a minute".into(), "about a minute".into()));
        assert_eq!(remaining(2, 600.0), "; 2 steps left, about 10 minutes");
        assert_eq!(remaining(0, 0.0), "");
    }
}

//! The command line: commands, options, and which of them go together. Leaves out what the commands do (`plan`).

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use xtask::BenchOptions;

/// Sets up, builds, serves, tests and measures Fashion Lab.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Sets up what is missing, builds the page and serves it on localhost
    Serve {
        /// The port to listen on; another one is taken where this one is in use
        #[arg(long, value_name = "N", default_value_t = 8080)]
        port: u16,
    },
    /// Sets up what is missing and builds the page into dist/, for any static host
    Dist,
    /// Sets up what is missing and runs all checks, or one part of them
    Test(TestOptions),
    /// Measures training speed in the browser and natively: a table and target/bench.json
    Bench(BenchOptions),
    /// Only sets up: fetches the crates, installs the tools, and puts the dataset into public/data
    Setup,
}

impl Command {
    /// Its name on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Serve { .. } => "serve",
            Command::Dist => "dist",
            Command::Test(_) => "test",
            Command::Bench(_) => "bench",
            Command::Setup => "setup",
        }
    }
}

/// Which checks run, and under what conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct TestOptions {
    /// The part to run; without it, all of them
    pub part: Option<Part>,
    /// Runs only tests whose name contains this (parts native, scripts and browser)
    pub filter: Option<String>,
    /// Slows the page's processor down N times in the browser tests
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub slow: Option<u32>,
    /// Tests the exported script for PyTorch too, which is 3 GB to fetch
    #[arg(long)]
    pub pytorch: bool,
    /// Keeps N threads busy beside the browser tests
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub load: Option<u32>,
}

impl TestOptions {
    /// Whether this part is to run.
    pub fn has(&self, part: Part) -> bool {
        self.part.is_none_or(|only| only == part)
    }
}

/// A part of the checks, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Shows that after the first step no command needs the network for crates
    Offline,
    /// rustfmt and clippy
    Lint,
    /// The documentation builds without a warning
    Doc,
    /// Tests that run natively
    Native,
    /// The exported Python scripts on the test set, with NumPy and Keras
    Scripts,
    /// Tests of the built page in headless Chromium and Firefox
    Browser,
}

impl Arguments {
    /// Reads the command line. Ends the program with 0 for a question for help, and with 2 for what cannot be understood.
    pub fn read() -> Command {
        Self::checked(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Reads these words; the first is the program.
    fn checked<W: Into<std::ffi::OsString> + Clone>(
        words: impl IntoIterator<Item = W>,
    ) -> Result<Command, clap::Error> {
        let command = Self::try_parse_from(words)?.command;
        if let Command::Test(options) = &command {
            let fault = match options.part {
                Some(Part::Offline | Part::Lint | Part::Doc) if options.filter.is_some() => {
                    Some("only the parts native, scripts and browser take a FILTER")
                }
                Some(part) if part != Part::Browser && (options.slow.is_some() || options.load.is_some()) => {
                    Some("--slow and --load are for the browser tests: `cargo xtask test browser --slow 6`")
                }
                _ => None,
            };
            if let Some(fault) = fault {
                let mut program = Self::command();
                return Err(program.error(ErrorKind::ArgumentConflict, fault));
            }
        }
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Command, clap::Error> {
        Arguments::checked(std::iter::once("xtask").chain(words.iter().copied()))
    }

    #[test]
    fn the_definitions_agree_with_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_answers_help_with_zero() {
        for words in [
            &["--help"][..],
            &["serve", "--help"],
            &["dist", "--help"],
            &["test", "--help"],
            &["bench", "--help"],
            &["setup", "--help"],
        ] {
            let answer = read(words).unwrap_err();
            assert_eq!(answer.exit_code(), 0, "{words:?}");
            assert!(answer.to_string().contains("Usage: cargo xtask"), "{words:?}: {answer}");
        }
    }

    #[test]
    fn what_cannot_be_understood_ends_with_two() {
        for words in [
            &["no-such-command"][..],
            &[],
            &["serve", "--port", "many"],
            &["serve", "--port", "70000"],
            &["dist", "more"],
            &["test", "no-such-part"],
            &["test", "lint", "filter"],
            &["test", "native", "--slow", "6"],
            &["test", "browser", "--slow", "0"],
            &["bench", "--standard", "--gpu"],
            &["bench", "--native-only", "--browser-only"],
            &["bench", "--repetitions", "0"],
            &["bench", "--backends", "flex,none"],
        ] {
            assert_eq!(read(words).map_err(|e| e.exit_code()), Err(2), "{words:?}");
        }
    }

    #[test]
    fn the_defaults_are_as_documented() {
        assert_eq!(read(&["serve"]).unwrap(), Command::Serve { port: 8080 });
        assert_eq!(read(&["test"]).unwrap(), Command::Test(TestOptions::default()));
        let Command::Bench(options) = read(&["bench"]).unwrap() else { panic!("no bench") };
        assert_eq!((options.repetitions, &options.workers[..], options.backends.len()), (3, &[1, 0][..], 3));
    }

    #[test]
    fn a_part_takes_a_filter_and_the_conditions_of_a_slow_machine() {
        let Command::Test(options) = read(&["test", "browser", "pauses", "--slow", "6", "--load", "2"]).unwrap() else {
            panic!("no test")
        };
        assert_eq!(options.filter.as_deref(), Some("pauses"));
        assert_eq!((options.slow, options.load), (Some(6), Some(2)));
        assert!(options.has(Part::Browser) && !options.has(Part::Native));
        assert!(read(&["test", "scripts", "keras"]).is_ok());
    }

    #[test]
    fn the_benchmark_gets_the_options_that_were_given() {
        for words in [
            &["bench"][..],
            &["bench", "--standard"],
            &["bench", "--repetitions", "5", "--workers", "1,2,4", "--backends", "flex", "--gpu"],
            &["bench", "--native-only"],
        ] {
            let Command::Bench(options) = read(words).unwrap() else { panic!("no bench") };
            let again: Vec<String> = std::iter::once("bench".to_owned()).chain(options.words()).collect();
            let again: Vec<&str> = again.iter().map(String::as_str).collect();
            assert_eq!(read(&again).unwrap(), Command::Bench(options), "{words:?}");
        }
    }
}

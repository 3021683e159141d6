//! The log of one command: what cargo, trunk and apt-get print goes there, and the lines that matter come back when a step fails.

use anyhow::{Context, Result, bail};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Logs of one command that may be written at the same time, for instance by two clones.
const AT_ONCE: usize = 16;

/// An open log. The file is this process's own: it is locked.
pub struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Begins the log of a command: `logs/serve.log`, or `logs/serve-2.log` while another process writes that one.
    pub fn open(cache: &Path, command: &str) -> Result<Self> {
        let folder = cache.join("logs");
        std::fs::create_dir_all(&folder).with_context(|| {
            format!("the folder {} for logs cannot be made; set XDG_CACHE_HOME to a folder that can", folder.display())
        })?;
        for number in 1..=AT_ONCE {
            let name = if number == 1 { format!("{command}.log") } else { format!("{command}-{number}.log") };
            let path = folder.join(name);
            // Not truncated before it is locked. Appending, so that each program that writes to it writes at its end.
            let file = OpenOptions::new().create(true).append(true).read(true).open(&path);
            let file = file.with_context(|| format!("the log {} cannot be written", path.display()))?;
            match file.try_lock() {
                Ok(()) => {
                    file.set_len(0).with_context(|| format!("the log {} cannot be emptied", path.display()))?;
                    return Ok(Self { path, file });
                }
                Err(std::fs::TryLockError::WouldBlock) => {}
                Err(std::fs::TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("the log {} cannot be locked", path.display()));
                }
            }
        }
        bail!("{AT_ONCE} other processes write logs in {}; wait until one has ended", folder.display())
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a line.
    pub fn say(&self, line: &str) -> Result<()> {
        writeln!(&self.file, "{line}").with_context(|| format!("the log {} cannot be written", self.path.display()))
    }

    /// How long it is, in bytes.
    pub fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |m| m.len())
    }

    /// Runs a program with its output in the log, and fails where it fails.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        self.say(&format!("$ {}", shown(command)))?;
        command.stdin(Stdio::null()).stdout(self.file.try_clone()?).stderr(self.file.try_clone()?);
        finished(command)
    }

    /// Runs a program of which only the complaints are wanted, and fails where it fails.
    pub fn run_silent(&self, command: &mut Command) -> Result<()> {
        self.say(&format!("$ {}", shown(command)))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(self.file.try_clone()?);
        finished(command)
    }

    /// Runs a program that prints to the screen itself, and fails where it fails.
    pub fn run_streaming(&self, command: &mut Command) -> Result<()> {
        self.say(&format!("$ {}   (prints to the screen)", shown(command)))?;
        finished(command)
    }

    /// What was written from `mark` on, the last megabyte at most.
    pub fn since(&self, mark: u64) -> String {
        let read = || -> std::io::Result<String> {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(mark.max(self.len().saturating_sub(1 << 20))))?;
            let mut bytes = Vec::new();
            file.take(1 << 20).read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        read().unwrap_or_else(|error| format!("error: the log cannot be read: {error}"))
    }
}

fn finished(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("`{program}` could not be started"))?;
    let what: Vec<_> = std::iter::once(program).chain(first_word(command)).collect();
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => bail!("`{}` ended with exit code {code}", what.join(" ")),
        None => bail!("`{}` was ended by the system ({status})", what.join(" ")),
    }
}

fn first_word(command: &Command) -> Option<String> {
    command.get_args().next().map(|w| w.to_string_lossy().into_owned())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|w| w.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Of a program's output, the lines that tell why it failed: from its first error on, else the last ones. At most `most`.
pub fn relevant(output: &str, most: usize) -> Vec<String> {
    let lines: Vec<String> = output.lines().map(plain).filter(|line| says_something(line)).collect();
    let is_error = |line: &String| {
        let line = line.trim_start();
        ["error", "Error", "E: ", "fatal"].iter().any(|start| line.starts_with(start)) || line.contains(" ERROR ")
    };
    let from = lines.iter().position(is_error).unwrap_or(lines.len().saturating_sub(most));
    lines.into_iter().skip(from).take(most).collect()
}

/// The last line that tells how far a program has come.
pub fn last_line(output: &str) -> Option<String> {
    output.lines().rev().map(plain).find(|line| !line.trim().is_empty() && !line.starts_with('$'))
}

/// Lines by which cargo and apt-get only show how far they are.
fn says_something(line: &str) -> bool {
    const PROGRESS: [&str; 10] = [
        "Compiling ",
        "Checking ",
        "Downloading ",
        "Downloaded ",
        "Blocking ",
        "Fresh ",
        "Get:",
        "Hit:",
        "$ ",
        "Finished ",
    ];
    let line = line.trim_start();
    !line.is_empty() && !PROGRESS.iter().any(|start| line.starts_with(start))
}

/// A line without terminal control sequences.
fn plain(line: &str) -> String {
    let mut kept = String::new();
    let mut characters = line.trim_end().chars();
    while let Some(c) = characters.next() {
        match c {
            // A sequence ends with a letter.
            '\u{1b}' => drop(characters.by_ref().find(char::is_ascii_alphabetic)),
            c if c.is_control() && c != '\t' => {}
            c => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_tell_why_begin_with_the_first_error() {
        let output = "   Compiling a v1.0.0\nwarning: unused\n\u{1b}[1m\u{1b}[31merror\u{1b}[0m: failed to download `bincode v1.3.3`\n\n\
            Caused by:\n  --offline was specified\nINFO done\n";
        let expected =
            ["error: failed to download `bincode v1.3.3`", "Caused by:", "  --offline was specified", "INFO done"];
        assert_eq!(relevant(output, 10), expected);
        assert_eq!(relevant(output, 2), expected[..2]);
    }

    #[test]
    fn without_an_error_the_last_lines_tell_why() {
        let output = "one\ntwo\n   Compiling a v1.0.0\nthree\n";
        assert_eq!(relevant(output, 2), ["two", "three"]);
        assert_eq!(relevant("", 2), [""; 0]);
    }

    #[test]
    fn progress_is_the_last_line_that_a_program_wrote() {
        assert_eq!(last_line("$ cargo build\n   Compiling a v1.0.0\n\n").as_deref(), Some("   Compiling a v1.0.0"));
        assert_eq!(last_line("$ cargo build\n"), None);
    }

    #[test]
    fn a_program_that_fails_leaves_its_output_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::open(folder.path(), "serve").unwrap();
        log.run(Command::new("cargo").arg("--version")).unwrap();
        let mark = log.len();
        let error = log.run(Command::new("cargo").arg("no-such-command")).unwrap_err();
        assert_eq!(format!("{error:#}"), "`cargo no-such-command` ended with exit code 101");
        let said = log.since(mark);
        assert!(said.contains("$ cargo no-such-command") && !said.contains("--version"), "{said}");
        assert!(relevant(&said, 5)[0].contains("no such command"), "{said}");
        let missing = log.run(&mut Command::new("fashion-lab-no-such-program")).unwrap_err();
        assert!(
            format!("{missing:#}").starts_with("`fashion-lab-no-such-program` could not be started"),
            "{missing:#}"
        );
    }

    #[test]
    fn two_processes_do_not_write_the_same_log() {
        let folder = tempfile::tempdir().unwrap();
        let one = Log::open(folder.path(), "serve").unwrap();
        let two = Log::open(folder.path(), "serve").unwrap();
        assert!(one.path().ends_with("logs/serve.log") && two.path().ends_with("logs/serve-2.log"));
        one.say("kept").unwrap();
        drop(two);
        assert!(Log::open(folder.path(), "serve").unwrap().path().ends_with("logs/serve-2.log"));
        assert_eq!(one.since(0), "kept\n");
    }
}

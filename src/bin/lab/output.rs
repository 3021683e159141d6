//! Writes the result. A place that cannot be written is refused before the training. An existing file keeps its content until the
//! new content is complete.

use std::fmt::Arguments;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes a line to standard error. If it is closed, the training goes on.
pub fn say(line: Arguments) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A place that was found to be writable.
#[derive(Debug)]
pub enum Output {
    /// Standard output.
    Standard,
    /// A file, replaced at once by a temporary file beside it.
    Replaced(PathBuf),
    /// Something that cannot be replaced: a device, a pipe, a file in a folder that takes no new files.
    InPlace(PathBuf),
}

impl Output {
    /// Finds out whether the place can be written, and changes nothing there.
    pub fn prepare(path: Option<PathBuf>) -> Result<Self, String> {
        let Some(given) = path else { return Ok(Self::Standard) };
        let refused = |reason: &str| format!("{} cannot be written: {reason}", given.display());
        // A link is followed, so that what it points to is replaced and not the link.
        let path = fs::canonicalize(&given).unwrap_or_else(|_| given.clone());
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(refused("it is a folder; name a file in it")),
            Ok(found) if !found.is_file() => return Ok(Self::InPlace(path)),
            Ok(_) => {
                OpenOptions::new().append(true).open(&path).map_err(|e| refused(&e.to_string()))?;
            }
            Err(_) => {
                let folder = folder(&path);
                if !folder.is_dir() {
                    return Err(refused(&format!("there is no folder {}; create it first", folder.display())));
                }
            }
        }
        let beside = beside(&path);
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Ok(_) => {
                // If it cannot be removed, an empty file stays, which does no harm.
                let _ = fs::remove_file(&beside);
                Ok(Self::Replaced(path))
            }
            Err(_) if path.is_file() => Ok(Self::InPlace(path)),
            Err(e) => Err(refused(&e.to_string())),
        }
    }

    /// Writes the result and a line break. If writing the file fails, the result goes to standard output, so that it is not lost.
    pub fn write(self, text: &str) -> Result<(), String> {
        let (path, written) = match &self {
            Self::Standard => return print(text),
            Self::Replaced(path) => (path, replace(path, format!("{text}\n").as_bytes())),
            Self::InPlace(path) => (path, fs::write(path, format!("{text}\n"))),
        };
        written.map_err(|e| {
            let printed = print(text)
                .map_or_else(|e| format!("nor could it be printed: {e}"), |()| "it was printed instead".into());
            format!("the result could not be written to {} ({e}); {printed}", path.display())
        })
    }

    /// Writes bytes that are no text. To standard output they go as they are.
    pub fn write_bytes(self, bytes: &[u8]) -> Result<(), String> {
        let (path, written) = match &self {
            Self::Standard => return io::stdout().write_all(bytes).map_err(|e| format!("standard output: {e}")),
            Self::Replaced(path) => (path, replace(path, bytes)),
            Self::InPlace(path) => (path, fs::write(path, bytes)),
        };
        written.map_err(|e| format!("the result could not be written to {} ({e})", path.display()))
    }
}

/// Puts new content in a file's place in one step.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = beside(path);
    let written = fs::write(&beside, content).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// The name of the temporary file: of this process alone, in the same folder.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder(path).join(format!(".{name}.{}.part", std::process::id()))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Prints a text. A reader that has gone away (`lab train | head`) is no error.
fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(format!("standard output: {e}")),
        _ => Ok(()),
    }
}

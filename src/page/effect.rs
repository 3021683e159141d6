//! What can happen to the page ([`Msg`]) and what it wants done outside of itself ([`Effect`]). [`super::update`] takes the first and
//! returns the second. `app` sends messages and carries effects out.

use super::capability::Outcome;
use crate::config::RunConfig;
use crate::protocol::embed::Outgoing;
use crate::protocol::{FromEngine, ToEngine};
use std::rc::Rc;

/// What can happen to the page.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // One is made a few times a second and dropped at once.
pub enum Msg {
    /// Bytes of the engine's program have come: so far, and in all (0 where unknown).
    EngineLoading(u64, u64),
    /// The engine's program is compiled, or cannot be had: what happened and the next step.
    Compiled(Result<(), String>),
    /// The worker of this id sent a message, with these bytes beside it.
    Heard(u64, FromEngine, Vec<Vec<u8>>),
    /// A worker could not be started, or went away: its id and what was said.
    WorkerLost(u64, String),
    /// One field of the form.
    Set(&'static str, String),
    /// A preset of the form, by its key.
    Preset(&'static str),
    /// The fragment of the address changed.
    Fragment(String),
    /// Start a run.
    Start,
    /// One epoch, then hold. Starts a run where there is none.
    Step,
    /// Hold.
    Pause,
    /// Go on.
    Resume,
    /// End now and score.
    Stop,
    /// Load engine or dataset again.
    Retry,
    /// Somebody gave their own files.
    Files,
    /// Files were dropped beside the box that takes them.
    StrayDrop,
    /// Light or dark.
    Theme,
    /// Download the report.
    Export,
    /// A text was put on the clipboard, or not. Then: the id of the field that shows the text, and the notice if it was done.
    Copied(Outcome, &'static str, &'static str),
    /// A file was saved, or not.
    Saved(Outcome),
    /// The notice at this place was read.
    Dismiss(usize),
    /// Somebody should know this.
    Notice(String),
}

/// What the page wants done.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // As for `Msg`.
pub enum Effect {
    /// Fetch and compile the engine's program. Answered by [`Msg::Compiled`].
    Compile,
    /// Start a worker under this id.
    OpenWorker(u64),
    /// End the worker of this id.
    CloseWorker(u64),
    /// Tell the worker of this id something.
    Send(u64, ToEngine),
    /// The same, with bytes beside it.
    SendBytes(u64, ToEngine, Vec<u8>),
    /// Hand somebody's own files, which [`Msg::Files`] came with, to the worker of this id.
    SendFiles(u64),
    /// Tell the page around this one.
    Announce(Outgoing),
    /// Show the settings in the address.
    ShowFragment(Rc<RunConfig>),
    /// Save a file. Answered by [`Msg::Saved`].
    Download {
        /// Its name.
        name: String,
        /// Its content.
        text: String,
    },
    /// Show this theme (true: dark) and keep it for the next visit.
    ShowTheme(bool),
    /// Ask before the page is left, or do not.
    AskBeforeLeaving(bool),
    /// Put the focus on the field of this id and select its text.
    Select(&'static str),
}

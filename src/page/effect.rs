//! What can happen to the page ([`Msg`]) and what it wants done outside of itself ([`Effect`]). [`super::update`] takes the first and
//! returns the second. `app` sends messages and carries effects out.

use super::capability::Outcome;
use super::shipped::ShippedAnswers;
use super::storage::{BlobKey, StoreError};
use super::view::View;
use crate::config::RunConfig;
use crate::fashion_mnist::ImageSet;
use crate::protocol::asked::{Incoming, Picture};
use crate::protocol::classifier::{ExportForm, FromClassifier, ToClassifier};
use crate::protocol::embed::Outgoing;
use crate::protocol::{FromEngine, ToEngine};
use crate::run::ModelId;
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
    /// Save a run that has ended in this form.
    ExportAs(u64, ExportForm),
    /// Somebody opens files: weights, runs, settings.
    Import,
    /// A text was put on the clipboard, or not. Then: the id of the field that shows the text, and the notice if it was done.
    Copied(Outcome, &'static str, &'static str),
    /// A file was saved, or not.
    Saved(Outcome),
    /// The notice at this place was read.
    Dismiss(usize),
    /// Somebody should know this.
    Notice(String),
    /// Show a view.
    Show(View),
    /// Pick one of the twenty garments of the view Train, by its place.
    Pick(usize),
    /// Multiply the learning rate of the run from its next step on.
    ScaleLearningRate(f64),
    /// Lengthen the run by an epoch; if it has ended, a branch of it with one epoch more begins.
    OneMoreEpoch,
    /// Show the run as it was after this epoch (from 1); `None`: as it is at its end.
    OpenEpoch(Option<usize>),
    /// Begin a new run from this epoch (from 1) of the shown run, with the form's settings where they may differ.
    Branch(usize),
    /// Show this run in all views.
    SelectRun(u64),
    /// Put a run on one of the two sides of the view Compare (0 or 1), or take it away.
    CompareRun(usize, Option<u64>),
    /// Draw the curves of this run behind those of the shown run, or do not.
    Overlay(u64, bool),
    /// The note of a run.
    NoteRun(u64, String),
    /// The star of a run.
    StarRun(u64, bool),
    /// Delete a run. It can be undone until the next one is deleted.
    DeleteRun(u64),
    /// Bring the run back that was deleted last.
    UndoDelete,
    /// Go on with a run that the last visit left in its middle.
    GoOn(u64),
    /// Do not go on with it: it ends as it is.
    LeaveUnfinished(u64),
    /// The store is open: the records of its runs as JSON, and the runs that other tabs train now.
    Stored(Result<Vec<String>, StoreError>, Vec<u64>),
    /// Something could not be kept; `None` for a record.
    NotKept(u64, Option<BlobKey>, StoreError),
    /// A worker sent a checkpoint. Its bytes are not copied to the page: an [`Effect::KeepBlob`] that answers keeps them.
    CheckpointCame {
        /// The worker.
        worker: u64,
        /// Whose state it is.
        model: ModelId,
        /// Finished epochs.
        epoch: usize,
        /// Steps so far.
        step: usize,
        /// Its size.
        bytes: u64,
    },
    /// Bytes that were asked for are not there, or cannot be read; the worker that waits for them.
    BlobMissing(BlobKey, Option<u64>),
    /// Bytes that were asked for.
    BlobLoaded(BlobKey, Vec<u8>),
    /// The networks that ship with the page have answered, or cannot.
    Shipped(Result<ShippedAnswers, String>),
    /// The page is hidden: it may never be seen again.
    Hidden,
    /// The program `classifier` says something.
    FromClassifier(FromClassifier),
    /// The program `classifier` cannot be had: what happened and the next step.
    NoClassifier(String),
    /// Load the program `classifier` again.
    RetryClassifier,
    /// Look at an image in the view Inside.
    Inspect(ImageSet, u32),
    /// A page around this one asks. Each question is answered by one [`Effect::Answer`] or [`Effect::Classify`].
    Asked(Incoming),
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
    /// Answer the page around this one, which asked by the message that is being handled.
    Answer(Outgoing),
    /// Let both networks that ship with the page say what a picture shows, and answer that to the page around this one, which asked for
    /// it by the message that is being handled.
    Classify {
        /// The `id` of that message.
        id: Option<serde_json::Value>,
        /// The picture.
        picture: Picture,
    },
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
    /// Keep the record of this run, as JSON. Answered by [`Msg::NotKept`] if it is not.
    KeepRecord(u64, String),
    /// Keep the bytes that came beside the message that is being handled; those that were not kept, if it is [`Msg::NotKept`]. Answered as [`Effect::KeepRecord`].
    KeepBlob(BlobKey),
    /// Keep the bytes at this place, from 0, beside the message that is being handled. Answered as [`Effect::KeepRecord`].
    KeepPart(BlobKey, usize),
    /// Delete the record and all bytes of a run.
    DeleteRun(u64),
    /// Delete these bytes.
    DeleteBlobs(Vec<BlobKey>),
    /// Tell the worker of this id something, with kept bytes beside it. Answered by [`Msg::BlobMissing`] if they are not there.
    SendBlob(u64, ToEngine, BlobKey),
    /// Answered by [`Msg::BlobLoaded`] or [`Msg::BlobMissing`].
    LoadBlob(BlobKey),
    /// Load the program `classifier`. Answered by [`Msg::FromClassifier`] or [`Msg::NoClassifier`].
    OpenClassifier,
    /// Tell it something.
    TellClassifier(ToClassifier),
    /// Tell it something, with kept bytes beside it, in this order; no bytes for those that are not there.
    BlobsToClassifier(ToClassifier, Vec<BlobKey>),
    /// Hand the files, which [`Msg::Import`] came with, to it.
    ImportFiles,
    /// Tell other tabs that this page trains a run, until it does not (`None`).
    Hold(Option<u64>),
}

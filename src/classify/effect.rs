//! What can happen to the classifier ([`Msg`]) and what it wants done outside of itself ([`Effect`]).

use super::file::File;
use super::images::ImageName;
use super::inside::Cell;
use super::networks::Source;
use super::try_it::Try;
use crate::prepare::Picture;
use crate::protocol::asked::Incoming;
use crate::protocol::classifier::{ExportOrder, FromClassifier, ToClassifier};
use crate::protocol::embed::Outgoing;
use std::rc::Rc;

/// What can happen to the classifier.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// The page says something, with these bytes beside it.
    Page(ToClassifier, Vec<u8>),
    /// The page wants files of a run, with the bytes of each part beside it.
    Export(Box<ExportOrder>, Vec<Vec<u8>>),
    /// Somebody opens a file: its name and its bytes; or why it cannot be read.
    Import(String, Result<Vec<u8>, String>),
    /// A file could not be saved: its name, and what the browser said.
    NotSaved(String, String),
    /// A file that ships has come: its name in the folder `models`, and its bytes; or why it has not.
    Shipped(&'static str, Result<Vec<u8>, String>),
    /// A page around this program, which is alone, says something; the number of the question.
    Asked(u64, Incoming),
    /// A picture is decoded, or why it cannot be; the number of the question.
    Decoded(u64, Result<Rc<Picture>, String>),
    /// Somebody gave a file with weights, or a link to one: its name and its bytes; or why it has not come.
    Weights(String, Result<Vec<u8>, String>),
    /// Let the networks of this source answer.
    Choose(Source),
    /// Look at this image.
    Look(ImageName),
    /// Look at the image that stands so many places further.
    Next(i64),
    /// Something happens to the view Try it.
    Try(Try),
    /// Make the maps of Inside about this class; `None`: about each network's own answer.
    Explain(Option<usize>),
    /// The pointer is over this value: show how it came about, if none is kept.
    Point(Cell),
    /// Show how this value came about, and keep it.
    Keep(Cell),
    /// Follow the pointer again.
    Release,
    /// There is time for a piece of work.
    Work,
    /// The notice at this place was read.
    Dismiss(usize),
    /// Somebody should know this.
    Notice(String),
    /// Show the page's run as it was after this epoch; `None`: as it is now.
    OpenEpoch(Option<usize>),
}

/// What the classifier wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Tell the page.
    Tell(FromClassifier),
    /// Decode the picture at this address. Answered by [`Msg::Decoded`] with this number.
    Decode(u64, Rc<str>),
    /// Answer the question of this number.
    Answer(u64, Outgoing),
    /// Tell the page, with these bytes beside it.
    TellBytes(FromClassifier, Vec<Vec<u8>>),
    /// Save a file. Answered by [`Msg::NotSaved`] if it is not.
    Save(File),
    /// Send [`Msg::Work`] as soon as the browser has handled what waits.
    Later,
}

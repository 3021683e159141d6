//! What can happen to the view Try it.

use super::nudges::NudgeKind;
use super::pictures::{Camera, PictureFrom, Preset};
use crate::classify::images::ImageName;
use crate::prepare::{Picture, Preparation};
use std::rc::Rc;

/// What can happen to the view.
#[derive(Debug, Clone, PartialEq)]
pub enum Try {
    /// Take the picture from there.
    From(PictureFrom),
    /// The brush is so wide, as a share of the side.
    Brush(f32),
    /// The brush rubs out, or draws.
    Rubber(bool),
    /// Fill closed outlines, or do not.
    Fill(bool),
    /// The brush went through these places (shares of the side). `begins`: it was put down at the first of them.
    Stroke {
        /// Whether a new stroke begins.
        begins: bool,
        /// The places.
        points: Vec<[f32; 2]>,
    },
    /// Take the last stroke away, or bring back what was cleared.
    Undo,
    /// Take all strokes away.
    Clear,
    /// A file is being read. Each file has a larger ticket than the one before.
    Loading {
        /// The ticket.
        ticket: u64,
        /// The file's name.
        name: String,
    },
    /// A file was read; or why not.
    Loaded {
        /// Its ticket.
        ticket: u64,
        /// The picture.
        picture: Result<Rc<Picture>, String>,
    },
    /// The camera changes.
    Camera(Camera),
    /// The camera took a picture.
    Taken(Rc<Picture>),
    /// Change this image.
    Test(ImageName),
    /// Change the image that stands so many places further.
    Next(i64),
    /// A slider was moved.
    Nudge(NudgeKind, f32),
    /// Make black what lies around this place, in pixels of 28.
    Erase([f32; 2]),
    /// All sliders as they were.
    Reset,
    /// Choose a whole set of settings.
    Preset(Preset),
    /// Change the settings.
    Set(Preparation),
    /// Show the picture's way through the networks.
    Inside,
}

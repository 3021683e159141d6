//! Pictures: where they come from, how they are prepared, and what the networks see of them.

use super::shown::{Shown, hex};
use crate::prepare::{Picture, Preparation, Prepared, PreparedStep, StepKind, prepare};
use std::rc::Rc;

/// Pixels across or down of the picture of a step on the screen.
const STEP_SIDE: usize = 112;
/// Pixels across or down of a given picture on the screen.
const GIVEN_SIDE: usize = 560;

/// Where the picture comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureFrom {
    /// It is drawn.
    #[default]
    Draw,
    /// A file, pasted or dropped too.
    File,
    /// The camera.
    Camera,
    /// A test image with changes.
    Test,
}

impl PictureFrom {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Draw, Self::File, Self::Camera, Self::Test];

    /// The key in `data-from`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draw => "draw",
            Self::File => "file",
            Self::Camera => "camera",
            Self::Test => "test",
        }
    }
}

/// The camera.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Camera {
    /// It is off.
    #[default]
    Off,
    /// Somebody asked for it: the browser asks whether it may.
    Asked,
    /// It shows its picture.
    On,
    /// It cannot be had, for this reason and with this next step.
    Failed(&'static str),
}

/// A whole set of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// What the page does.
    Automatic,
    /// What Fashion-MNIST's authors did.
    Authors,
    /// Nothing but grey and small.
    Plain,
}

impl Preset {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Automatic, Self::Authors, Self::Plain];

    /// Its settings for a picture from there. Drawings are light on black already, so that the automatic one does less to them.
    pub fn settings(self, from: PictureFrom) -> Preparation {
        match self {
            Self::Automatic if from == PictureFrom::Draw => Preparation::drawing(),
            Self::Automatic => Preparation::default(),
            Self::Authors => Preparation::authors(),
            Self::Plain => Preparation::plain(),
        }
    }
}

/// A picture that somebody gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The file's name; empty for the camera.
    pub name: String,
    /// The picture.
    pub picture: Rc<Picture>,
    /// As it is shown.
    pub shown: Shown,
}

impl Given {
    pub(super) fn new(name: String, picture: Rc<Picture>) -> Self {
        let shown = Shown::of(&picture, GIVEN_SIDE);
        Self { name, picture, shown }
    }
}

/// A step of the preparation, for the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownStep {
    /// The step.
    pub kind: StepKind,
    /// What it gave.
    pub shown: Shown,
    /// Pixels across and down before it was made smaller for the screen.
    pub size: [usize; 2],
}

/// What the networks see, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// 784 bytes.
    pub pixels: Rc<[u8]>,
    /// The same as text.
    pub hex: Rc<str>,
    /// The steps of the preparation that were done. None for a test image.
    pub steps: Vec<ShownStep>,
    /// What the preparation found; `None` for a test image.
    pub prepared: Option<Rc<Prepared>>,
}

impl Seen {
    pub(super) fn of_picture(picture: &Picture, settings: &Preparation) -> Option<Self> {
        let prepared = prepare(picture, settings).ok()?; // Settings are checked when they are set.
        let shown = |step: &PreparedStep| ShownStep {
            kind: step.kind,
            shown: Shown::of_grey(&step.picture, STEP_SIDE),
            size: [step.picture.width, step.picture.height],
        };
        Some(Self {
            pixels: prepared.pixels.as_slice().into(),
            hex: hex(&prepared.pixels),
            steps: prepared.steps.iter().map(shown).collect(),
            prepared: Some(Rc::new(prepared)),
        })
    }

    pub(super) fn of_image(pixels: &[u8]) -> Self {
        Self { pixels: pixels.into(), hex: hex(pixels), steps: Vec::new(), prepared: None }
    }

    /// Whether nothing of a garment is in the picture, so that an answer means nothing.
    pub fn is_empty(&self) -> bool {
        self.prepared.as_ref().map_or(self.pixels.iter().all(|pixel| *pixel == 0), |prepared| prepared.empty)
    }
}

//! The changes of a test image as sliders, and at which of them a network changes its mind.

use crate::classify::networks::NetworkAnswer;
use crate::config::NetworkKind;
use crate::evaluate::arg_max;
use crate::fashion_mnist::SIDE;
use crate::prepare::{Erase, Nudge};

/// One slider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NudgeKind {
    /// To the right, in pixels.
    Right,
    /// Down, in pixels.
    Down,
    /// Clockwise, in degrees.
    Turn,
    /// The size, in percent.
    Scale,
    /// The standard deviation of noise, in grey levels.
    Noise,
    /// The side of the square that is made black, in pixels; 0: none.
    EraseSide,
    /// Its middle, from the left.
    EraseX,
    /// Its middle, from the top.
    EraseY,
    /// Whether black and white are exchanged: 0 or 1.
    Invert,
}

/// The side of the square when somebody points at the picture and there is none yet.
const FIRST_SIDE: f32 = 8.0;

impl NudgeKind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Right,
        Self::Down,
        Self::Turn,
        Self::Scale,
        Self::Noise,
        Self::EraseSide,
        Self::EraseX,
        Self::EraseY,
        Self::Invert,
    ];

    /// The key in `data-action`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Right => "nudge-right",
            Self::Down => "nudge-down",
            Self::Turn => "nudge-turn",
            Self::Scale => "nudge-scale",
            Self::Noise => "nudge-noise",
            Self::EraseSide => "nudge-erase",
            Self::EraseX => "nudge-erase-x",
            Self::EraseY => "nudge-erase-y",
            Self::Invert => "nudge-invert",
        }
    }

    /// The smallest value, the largest, and the step between.
    pub fn range(self) -> [f32; 3] {
        match self {
            Self::Right | Self::Down => [-12.0, 12.0, 1.0],
            Self::Turn => [-180.0, 180.0, 5.0],
            Self::Scale => [40.0, 160.0, 5.0],
            Self::Noise => [0.0, 120.0, 5.0],
            Self::EraseSide => [0.0, 20.0, 1.0],
            Self::EraseX | Self::EraseY => [0.0, 28.0, 1.0],
            Self::Invert => [0.0, 1.0, 1.0],
        }
    }
}

/// The values of all sliders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sliders([f32; NudgeKind::ALL.len()]);

impl Default for Sliders {
    fn default() -> Self {
        let mut sliders = Self([0.0; NudgeKind::ALL.len()]);
        let middle = SIDE as f32 / 2.0;
        for (kind, value) in [(NudgeKind::Scale, 100.0), (NudgeKind::EraseX, middle), (NudgeKind::EraseY, middle)] {
            sliders.0[kind as usize] = value;
        }
        sliders
    }
}

impl Sliders {
    /// The value of one.
    pub fn get(&self, kind: NudgeKind) -> f32 {
        self.0[kind as usize]
    }

    /// Moves one; beyond its range it stays at the end, and what is no number changes nothing.
    pub fn set(&mut self, kind: NudgeKind, value: f32) {
        let [low, high, _] = kind.range();
        if value.is_finite() {
            self.0[kind as usize] = value.clamp(low, high);
        }
    }

    /// Puts the middle of the black square there (in pixels), and makes one where there is none.
    pub fn erase_at(&mut self, x: f32, y: f32) {
        self.set(NudgeKind::EraseX, x.round());
        self.set(NudgeKind::EraseY, y.round());
        if self.get(NudgeKind::EraseSide) == 0.0 {
            self.set(NudgeKind::EraseSide, FIRST_SIDE);
        }
    }

    /// Whether the image stays as it is.
    pub fn changes_nothing(&self) -> bool {
        self.nudge() == Nudge::default()
    }

    /// What they ask for.
    pub fn nudge(&self) -> Nudge {
        let side = self.get(NudgeKind::EraseSide);
        let corner = |kind: NudgeKind| self.get(kind) - side / 2.0;
        let (left, top) = (corner(NudgeKind::EraseX), corner(NudgeKind::EraseY));
        let square = Erase::Rectangle { left, top, width: side, height: side };
        Nudge {
            shift: [self.get(NudgeKind::Right), self.get(NudgeKind::Down)],
            turn: self.get(NudgeKind::Turn),
            scale: self.get(NudgeKind::Scale) / 100.0,
            noise: self.get(NudgeKind::Noise),
            erase: (side > 0.0).then_some(square).into_iter().collect(),
            invert: self.get(NudgeKind::Invert) > 0.0,
            ..Nudge::default()
        }
    }
}

/// What one network said to the image as it was, and what it says now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mind {
    /// Which network.
    pub kind: NetworkKind,
    /// The class that it said without changes.
    pub before: usize,
    /// The class that it says.
    pub now: usize,
    /// The slider that was moved when it began to say that, and its value; `None` as long as it has not changed its mind.
    pub since: Option<(NudgeKind, f32)>,
}

/// The class of the largest probability.
pub fn class_of(answer: &NetworkAnswer) -> usize {
    arg_max(&answer.probabilities).first().copied().map_or(0, usize::from)
}

impl Mind {
    /// Of a network that answers to an image without changes.
    pub fn new(answer: &NetworkAnswer) -> Self {
        let class = class_of(answer);
        Self { kind: answer.kind, before: class, now: class, since: None }
    }

    /// It answers something after a slider was moved.
    pub fn hear(&mut self, answer: &NetworkAnswer, moved: Option<(NudgeKind, f32)>) {
        let class = class_of(answer);
        if class == self.before {
            self.since = None;
        } else if class != self.now {
            self.since = moved;
        }
        self.now = class;
    }
}

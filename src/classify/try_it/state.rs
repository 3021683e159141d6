//! What the view holds, and what each message changes.

use super::message::Try;
use super::nudges::{Mind, NudgeKind, Sliders};
use super::pictures::{Camera, Given, PictureFrom, Preset, Seen};
use super::shown::Shown;
use crate::classify::images::{Image, ImageName};
use crate::classify::networks::{Network, NetworkAnswer};
use crate::prepare::{Drawing, Picture, Preparation, Stroke};
use std::rc::Rc;

/// Side of the drawing's square in pixels.
pub const DRAWING_SIDE: usize = 280;
/// With what closed outlines are filled: about as light as the garments of Fashion-MNIST are inside.
const FILL: u8 = 190;
/// Points of a stroke that are nearer to the one before than this share of the side (half a pixel) are left out.
const NEAR: f32 = 0.5 / DRAWING_SIDE as f32;
/// The widest and the narrowest brush, as shares of the side.
pub const BRUSH: [f32; 2] = [0.01, 0.25];

/// The view.
#[derive(Debug, Clone, PartialEq)]
pub struct TryIt {
    /// Where the picture comes from.
    pub from: PictureFrom,
    /// The drawing.
    pub drawing: Drawing,
    /// The drawing as it is shown.
    pub canvas: Shown,
    /// How wide the brush is, as a share of the side.
    pub brush: f32,
    /// Whether the brush rubs out.
    pub rubber: bool,
    /// The file that is read: its ticket and name.
    pub loading: Option<(u64, String)>,
    /// The picture of a file.
    pub file: Option<Given>,
    /// The camera.
    pub camera: Camera,
    /// The picture that the camera took.
    pub photo: Option<Given>,
    /// Why the last file was not taken.
    pub refused: Option<String>,
    /// The image that is changed.
    pub test: ImageName,
    /// The changes.
    pub sliders: Sliders,
    /// What the networks said without changes and say now; empty unless a test image is changed.
    pub minds: Vec<Mind>,
    /// What the networks see; `None` where there is no picture yet.
    pub seen: Option<Seen>,
    /// What the answering networks say to it, the ANN first.
    pub answers: Rc<Vec<NetworkAnswer>>,
    settings: [Preparation; 2],
    /// What was cleared and can be brought back.
    cleared: Vec<Stroke>,
    /// Whether a stroke goes on.
    drawing_now: bool,
    /// The slider that was moved last.
    moved: Option<(NudgeKind, f32)>,
    /// Whether what is seen has to be computed again.
    stale: bool,
    /// The test image that was seen, without changes.
    base: Option<Rc<[u8]>>,
    /// The networks that answered.
    asked: Vec<Network>,
}

impl Default for TryIt {
    fn default() -> Self {
        let drawing = Drawing { strokes: Vec::new(), fill: Some(FILL) };
        Self {
            from: PictureFrom::default(),
            drawing,
            canvas: Shown { rgba: Rc::from([]), width: DRAWING_SIDE },
            brush: 0.06,
            rubber: false,
            loading: None,
            file: None,
            camera: Camera::Off,
            photo: None,
            refused: None,
            test: ImageName::Garment(0),
            sliders: Sliders::default(),
            minds: Vec::new(),
            seen: None,
            answers: Rc::default(),
            settings: [Preparation::drawing(), Preparation::default()],
            cleared: Vec::new(),
            drawing_now: false,
            moved: None,
            stale: true,
            base: None,
            asked: Vec::new(),
        }
    }
}

impl TryIt {
    /// The settings for pictures from where the picture comes now. Drawings have settings of their own.
    pub fn settings(&self) -> &Preparation {
        &self.settings[usize::from(self.from != PictureFrom::Draw)]
    }

    /// The set of settings that is chosen; `None` where somebody changed one.
    pub fn preset(&self) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.settings(self.from) == *self.settings())
    }

    /// Whether something can be undone.
    pub fn can_undo(&self) -> bool {
        !self.drawing.strokes.is_empty() || !self.cleared.is_empty()
    }

    /// The picture of the file or the camera, if one of them is chosen and has one.
    pub fn given(&self) -> Option<&Given> {
        match self.from {
            PictureFrom::File => self.file.as_ref(),
            PictureFrom::Camera => self.photo.as_ref(),
            PictureFrom::Draw | PictureFrom::Test => None,
        }
    }

    /// Changes the view. What is seen follows with [`TryIt::refresh`]. [`Try::Inside`] is not the view's own business.
    pub fn hear(&mut self, message: Try) {
        self.stale = true;
        match message {
            Try::From(from) => self.choose(from),
            Try::Brush(width) if width.is_finite() => self.brush = width.clamp(BRUSH[0], BRUSH[1]),
            Try::Rubber(on) => self.rubber = on,
            Try::Fill(on) => self.drawing.fill = on.then_some(FILL),
            Try::Stroke { begins, points } => self.draw(begins, points),
            Try::Undo => {
                self.drawing_now = false;
                if self.drawing.undo().is_none() {
                    self.drawing.strokes = std::mem::take(&mut self.cleared);
                }
            }
            Try::Clear => {
                self.drawing_now = false;
                if !self.drawing.strokes.is_empty() {
                    self.cleared = std::mem::take(&mut self.drawing.strokes);
                }
            }
            Try::Loading { ticket, name } => {
                self.choose(PictureFrom::File);
                self.loading = Some((ticket, name));
                self.refused = None;
            }
            Try::Loaded { ticket, picture } => self.loaded(ticket, picture),
            // What the camera says after somebody has gone elsewhere comes late.
            Try::Camera(camera) if self.from == PictureFrom::Camera => self.camera = camera,
            Try::Taken(picture) if self.from == PictureFrom::Camera => {
                self.photo = Some(Given::new(String::new(), picture));
                self.camera = Camera::Off;
            }
            Try::Test(name) => self.take_test(name),
            Try::Next(places) => self.take_test(self.test.further(places)),
            Try::Nudge(kind, value) => {
                self.sliders.set(kind, value);
                self.moved = Some((kind, self.sliders.get(kind)));
            }
            Try::Erase([x, y]) => {
                self.sliders.erase_at(x, y);
                self.moved = Some((NudgeKind::EraseSide, self.sliders.get(NudgeKind::EraseSide)));
            }
            Try::Reset => self.sliders = Sliders::default(),
            Try::Preset(preset) => self.set(preset.settings(self.from)),
            Try::Set(settings) => self.set(settings),
            Try::Brush(_) | Try::Camera(_) | Try::Taken(_) | Try::Inside => {}
        }
    }

    /// What is going on where the picture came from until now ends.
    fn choose(&mut self, from: PictureFrom) {
        self.from = from;
        (self.loading, self.refused, self.camera, self.drawing_now) = (None, None, Camera::Off, false);
    }

    fn take_test(&mut self, name: ImageName) {
        self.choose(PictureFrom::Test);
        self.test = name;
    }

    fn set(&mut self, settings: Preparation) {
        if settings.validate().is_ok() {
            self.settings[usize::from(self.from != PictureFrom::Draw)] = settings;
        }
    }

    fn loaded(&mut self, ticket: u64, picture: Result<Rc<Picture>, String>) {
        // One that was read for longer than the next one, or after somebody has gone elsewhere, comes late.
        let Some((_, name)) = self.loading.take_if(|(expected, _)| *expected == ticket) else { return };
        match picture {
            Ok(picture) => self.file = Some(Given::new(name, picture)),
            Err(reason) => self.refused = Some(reason),
        }
    }

    fn draw(&mut self, begins: bool, points: Vec<[f32; 2]>) {
        let before = match (begins, self.drawing_now) {
            (true, _) => None,
            (false, true) => self.drawing.undo(),
            // The stroke was undone while the pointer was still down.
            (false, false) => return,
        };
        let mut stroke = before.clone().unwrap_or_else(|| {
            let shade = if self.rubber { 0 } else { 255 };
            Stroke { points: Vec::new(), width: self.brush, shade }
        });
        for point in points {
            let near = |last: &[f32; 2]| (last[0] - point[0]).hypot(last[1] - point[1]) < NEAR;
            if !stroke.points.last().is_some_and(near) {
                stroke.points.push(point);
            }
        }
        self.drawing_now = self.drawing.add(stroke);
        if self.drawing_now {
            self.cleared.clear();
        } else if let Some(before) = before {
            self.drawing.strokes.push(before);
        }
    }

    /// Brings what is seen and what the networks say up to date. `test` is the test image, if it is here.
    pub fn refresh(&mut self, networks: Vec<Network>, test: Option<Image>) {
        let base = test.filter(|_| self.from == PictureFrom::Test).map(|image| image.pixels);
        let other_networks = self.asked != networks;
        let other_image = self.base != base;
        if !self.stale && !other_networks && !other_image {
            return;
        }
        if self.stale || other_image {
            let seen = self.look(base.as_deref());
            let same = seen.as_ref().map(|seen| &seen.pixels) == self.seen.as_ref().map(|seen| &seen.pixels);
            self.seen = seen;
            self.stale = false;
            if same && !other_networks && !other_image {
                return;
            }
        }
        self.asked = networks;
        self.answers =
            Rc::new(self.answers_to(self.seen.as_ref().filter(|seen| !seen.is_empty()).map(|seen| &seen.pixels)));
        if other_networks || other_image {
            self.minds = self.answers_to(base.as_ref()).iter().map(Mind::new).collect();
            self.base = base;
        }
        for (mind, answer) in self.minds.iter_mut().zip(self.answers.iter()) {
            mind.hear(answer, self.moved);
        }
    }

    fn answers_to(&self, pixels: Option<&Rc<[u8]>>) -> Vec<NetworkAnswer> {
        let answer = |pixels: &Rc<[u8]>, network: &Network| NetworkAnswer {
            kind: network.kind(),
            probabilities: network.answer(pixels).into(),
        };
        pixels.map_or_else(Vec::new, |pixels| self.asked.iter().map(|network| answer(pixels, network)).collect())
    }

    fn look(&mut self, base: Option<&[u8]>) -> Option<Seen> {
        match self.from {
            PictureFrom::Test => Some(Seen::of_image(&self.sliders.nudge().apply(base?))),
            PictureFrom::Draw => {
                let picture = self.drawing.picture(DRAWING_SIDE).ok()?; // The side is a possible one.
                self.canvas = Shown::of(&picture, DRAWING_SIDE);
                if self.drawing.is_empty() {
                    return None;
                }
                Seen::of_picture(&picture, self.settings())
            }
            PictureFrom::File | PictureFrom::Camera => {
                let picture = self.given()?.picture.clone();
                Seen::of_picture(&picture, self.settings())
            }
        }
    }
}

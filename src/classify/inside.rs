//! The view Inside: one image's way through the networks that answer, and which of its pixels matter. What takes longer than a few
//! milliseconds is computed piece by piece ([`Inside::work`]). Leaves out: the plane of many images (`plane`).

use super::networks::Network;
use super::tiles::{Tiles, in_a_row};
use crate::config::NetworkKind;
use crate::evaluate::arg_max;
use crate::fashion_mnist::{CLASSES, SIDE};
use crate::inspect::{Arithmetic, Cover, Occlusion, Parts, Stage, StageKind, Trace};
use crate::order::ascending;
use crate::prepare::Nudge;
use std::rc::Rc;

/// Side of the patch that covers a part of the image, and how far it moves, in pixels.
const PATCH: [usize; 2] = [7, 3];
/// Places that are covered in one piece of work: a few tens of milliseconds at most.
const PLACES: usize = 5;
/// Units of the ANN's first layer whose weights are shown.
const LOUDEST: usize = 24;
/// The image is shifted by so many pixels in eight directions.
pub const SHIFT: f32 = 2.0;

/// One network, looked into with one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The network.
    pub network: Network,
    /// The image's way through it.
    pub trace: Rc<Trace>,
    /// The class that it answers.
    pub says: usize,
    /// The values of each stage that is shown, by its place.
    pub stages: Vec<(usize, Tiles)>,
    /// What is about one class.
    pub about: About,
    /// In how many of the eight directions the answer changes when the image is shifted by [`SHIFT`] pixels; `None` until it is computed.
    pub changed_by_shift: Option<usize>,
}

/// What of a look is about one class.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The class.
    pub class: usize,
    /// The derivative of its logit by each pixel, as a picture.
    pub gradient: Tiles,
    /// How far its probability falls when a part is covered; not all places are computed at first.
    pub occlusion: Rc<Occlusion>,
    /// The same as a picture, as far as it is computed.
    pub covered: Tiles,
    /// The kernels of the CNN's first layer; the weights of those units of the ANN's first layer that speak for the class, the loudest
    /// first.
    pub first_layer: Tiles,
    /// The places of the units whose weights these are; empty in the CNN.
    pub loudest: Rc<Vec<usize>>,
}

/// A value of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Which network.
    pub kind: NetworkKind,
    /// The place of the stage.
    pub stage: usize,
    /// The place of the value in the stage.
    pub index: usize,
}

/// A step of the arithmetic behind a value: the stage and what goes in.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// The stage, from the first one.
    pub stage: usize,
    /// The place of the value.
    pub index: usize,
    /// How it came about.
    pub arithmetic: Arithmetic,
}

/// What the view shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inside {
    /// The networks, the ANN first; empty where no image is looked at.
    pub looks: Vec<Look>,
    /// The class that the maps are about; `None`: each network's own answer.
    pub class: Option<usize>,
    /// The value whose arithmetic is shown.
    pub cell: Option<Cell>,
    /// Whether the cell stays when the pointer goes on.
    pub kept: bool,
}

impl Look {
    fn new(network: &Network, pixels: &[u8], class: Option<usize>) -> Self {
        let inspector = network.inspector();
        let trace = Rc::new(inspector.trace(pixels));
        let says = largest(trace.probabilities());
        let shown = trace.stages().iter().enumerate().filter(|(_, stage)| is_shown(stage));
        let stages = shown.map(|(place, stage)| (place, Tiles::of_stage(stage))).collect();
        let about = About::new(network, &trace, class.unwrap_or(says));
        Self { network: network.clone(), trace, says, stages, about, changed_by_shift: None }
    }

    /// Which of the two networks.
    pub fn kind(&self) -> NetworkKind {
        self.network.kind()
    }

    /// Makes the maps about a class.
    fn explain(&mut self, class: usize) {
        self.about = About::new(&self.network, &self.trace, class);
    }

    /// A piece of work. False where nothing is left.
    fn work(&mut self) -> bool {
        let About { occlusion, covered, .. } = &mut self.about;
        if !occlusion.is_done() {
            Rc::make_mut(occlusion).step(PLACES);
            *covered = image(&occlusion.map());
            return true;
        }
        if self.changed_by_shift.is_none() {
            let directions = [-SHIFT, 0.0, SHIFT].map(|x| [-SHIFT, 0.0, SHIFT].map(|y| [x, y]));
            let shifted = directions.iter().flatten().filter(|shift| **shift != [0.0; 2]);
            let answers = shifted.map(|&[x, y]| {
                let pixels = Nudge { shift: [x, y], ..Nudge::default() }.apply(self.trace.pixels());
                arg_max(&self.network.answer(&pixels)).first().copied().map(usize::from)
            });
            self.changed_by_shift = Some(answers.filter(|says| *says != Some(self.says)).count());
            return true;
        }
        false
    }

    /// The arithmetic of a value, back to the last layer with weights: of a pooled value the winner's, of an activation that of the layer
    /// before it. The first one is the value's own.
    pub fn behind(&self, stage: usize, index: usize) -> Vec<Behind> {
        let (mut stage, mut index, mut found) = (stage, index, Vec::new());
        while let Some(arithmetic) = self.network.inspector().arithmetic(&self.trace, stage, index) {
            let next = match &arithmetic.parts {
                Parts::MaxPool { places, winner, .. } => places.get(*winner).copied(),
                Parts::Activation { .. } | Parts::BatchNorm { .. } => Some(index),
                _ => None,
            };
            found.push(Behind { stage, index, arithmetic });
            match (next, stage.checked_sub(1)) {
                (Some(place), Some(before)) => (stage, index) = (before, place),
                _ => break,
            }
        }
        found
    }
}

impl About {
    fn new(network: &Network, trace: &Trace, class: usize) -> Self {
        let inspector = network.inspector();
        let occlusion = inspector.occlusion(trace.pixels(), class, PATCH[0], PATCH[1], Cover::Black);
        let (loudest, first_layer) = match network.kind() {
            NetworkKind::Ann => {
                let quiet: Vec<f64> = inspector.contributions(trace, class).into_iter().map(|speaks| -speaks).collect();
                let loudest: Vec<usize> = ascending(&quiet).into_iter().take(LOUDEST).collect();
                let pictures = inspector.first_layer_pictures();
                let shown = loudest.iter().filter_map(|&unit| pictures.get(unit));
                let tiles = Tiles::of_pictures(shown, |_| 8);
                (loudest, tiles)
            }
            NetworkKind::Cnn => (Vec::new(), Tiles::of_pictures(inspector.filters().iter(), in_a_row)),
        };
        Self {
            class,
            gradient: image(&inspector.gradient(trace, class)),
            covered: image(&occlusion.map()),
            occlusion: Rc::new(occlusion),
            loudest: Rc::new(loudest),
            first_layer,
        }
    }
}

/// A map of the image's pixels as a picture.
fn image(values: &[f32]) -> Tiles {
    Tiles::new(values, SIDE, 1)
}

/// Whether a stage is shown: what each block of the CNN gives after its activation and after its pool, and what dense layers give after
/// their activation.
fn is_shown(stage: &Stage) -> bool {
    match stage.kind {
        StageKind::Activation | StageKind::MaxPool => true,
        StageKind::Average => stage.shape.side() == 1,
        _ => false,
    }
}

/// The place of the largest value.
fn largest(values: &[f64]) -> usize {
    let values: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    arg_max(&values).first().copied().map_or(0, usize::from)
}

impl Inside {
    /// Looks with this image into these networks, unless that is what is shown already.
    pub fn look(&mut self, pixels: Option<&[u8]>, networks: &[&Network]) {
        let Some(pixels) = pixels else {
            self.looks.clear();
            return;
        };
        let same = self.looks.len() == networks.len()
            && self
                .looks
                .iter()
                .zip(networks)
                .all(|(look, network)| look.network == **network && look.trace.pixels() == pixels);
        if !same {
            self.looks = networks.iter().map(|network| Look::new(network, pixels, self.class)).collect();
        }
    }

    /// Makes all maps about a class, or each about its network's answer.
    pub fn explain(&mut self, class: Option<usize>) {
        let class = class.filter(|class| *class < CLASSES);
        self.class = class;
        self.looks.iter_mut().for_each(|look| look.explain(class.unwrap_or(look.says)));
    }

    /// Whether something is left.
    pub fn has_work(&self) -> bool {
        self.looks.iter().any(|look| !look.about.occlusion.is_done() || look.changed_by_shift.is_none())
    }

    /// A piece of work. False where nothing is left.
    pub fn work(&mut self) -> bool {
        self.looks.iter_mut().any(Look::work)
    }

    /// The network of a kind.
    pub fn get(&self, kind: NetworkKind) -> Option<&Look> {
        self.looks.iter().find(|look| look.kind() == kind)
    }
}

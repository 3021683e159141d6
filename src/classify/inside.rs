//! The view Inside: one image's way through the networks that answer, and which of its pixels matter. What takes longer than a few
//! milliseconds is computed piece by piece ([`Inside::work`]). Leaves out: the plane of many images (`plane`).

use super::networks::Network;
use crate::config::NetworkKind;
use crate::evaluate::arg_max;
use crate::fashion_mnist::CLASSES;
use crate::inspect::{Arithmetic, Cover, Occlusion, Stage, StageKind, Trace};
use crate::prepare::Nudge;
use std::rc::Rc;

/// Side of the patch that covers a part of the image, and how far it moves, in pixels.
const PATCH: [usize; 2] = [7, 3];
/// Places that are covered in one piece of work: a few tens of milliseconds at most.
const PLACES: usize = 5;
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
    /// The class that the maps are about.
    pub class: usize,
    /// The derivative of the class's logit by each pixel, `[784]`.
    pub gradient: Rc<[f32]>,
    /// What each unit of the ANN's first layer, or each map of the CNN's first block, speaks for the class.
    pub contributions: Rc<[f64]>,
    /// How far the class's probability falls when a part is covered; not all places are computed at first.
    pub occlusion: Rc<Occlusion>,
    /// In how many of the eight directions the answer changes when the image is shifted by [`SHIFT`] pixels; `None` until it is computed.
    pub changed_by_shift: Option<usize>,
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
        let trace = network.inspector().trace(pixels);
        let says = largest(trace.probabilities());
        let mut look = Self {
            network: network.clone(),
            says,
            class: says,
            gradient: Rc::from([]),
            contributions: Rc::from([]),
            occlusion: Rc::new(network.inspector().occlusion(pixels, says, PATCH[0], PATCH[1], Cover::Black)),
            trace: Rc::new(trace),
            changed_by_shift: None,
        };
        look.explain(class.unwrap_or(says));
        look
    }

    /// Which of the two networks.
    pub fn kind(&self) -> NetworkKind {
        self.network.kind()
    }

    /// Makes the maps about a class.
    fn explain(&mut self, class: usize) {
        let inspector = self.network.inspector();
        self.class = class;
        self.gradient = inspector.gradient(self.trace.pixels(), class).into();
        self.contributions = inspector.contributions(&self.trace, class).into();
        let occlusion = inspector.occlusion(self.trace.pixels(), class, PATCH[0], PATCH[1], Cover::Black);
        self.occlusion = Rc::new(occlusion);
    }

    /// A piece of work. False where nothing is left.
    fn work(&mut self) -> bool {
        if !self.occlusion.is_done() {
            Rc::make_mut(&mut self.occlusion).step(PLACES);
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
                crate::inspect::Parts::MaxPool { places, winner, .. } => places.get(*winner).copied(),
                crate::inspect::Parts::Activation { .. } | crate::inspect::Parts::BatchNorm { .. } => Some(index),
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

    /// The stages that are shown as pictures: what each block of the CNN gives after its activation, and after its pool.
    pub fn pictured(&self) -> Vec<(usize, &Stage)> {
        let stages = self.trace.stages().iter().enumerate();
        let maps = |stage: &Stage| stage.shape.side() > 1;
        let shown = |stage: &Stage| matches!(stage.kind, StageKind::Activation | StageKind::MaxPool) && maps(stage);
        stages.filter(|(_, stage)| shown(stage)).collect()
    }

    /// The stages that are shown as rows of units: after the activations of dense layers, and the average.
    pub fn units(&self) -> Vec<(usize, &Stage)> {
        let stages = self.trace.stages().iter().enumerate();
        let kind = |stage: &Stage| matches!(stage.kind, StageKind::Activation | StageKind::Average);
        stages.filter(|(_, stage)| kind(stage) && stage.shape.side() == 1).collect()
    }

    /// The place of the logits.
    pub fn logits(&self) -> usize {
        self.trace.stages().len().saturating_sub(2)
    }

    /// The units of the first layer that speak for the class, the loudest first: their places.
    pub fn loudest(&self, most: usize) -> Vec<usize> {
        let quiet: Vec<f64> = self.contributions.iter().map(|contribution| -contribution).collect();
        let mut loudest = crate::order::ascending(&quiet);
        loudest.truncate(most);
        loudest
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
                .all(|(look, network)| look.network.is_same(network) && look.trace.pixels() == pixels);
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
        self.looks.iter().any(|look| !look.occlusion.is_done() || look.changed_by_shift.is_none())
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

//! Which garments the view Train shows, and what the networks answer to them: those of the shown run after each epoch, and before its
//! first epoch those that ship with the page. Leaves out: how they are drawn (`watch`).

use crate::config::NetworkKind;
use crate::fashion_mnist::CLASSES;
use crate::page::shipped::ShippedPhase;
use crate::page::state::State;
use std::rc::Rc;

/// A network's answers to the garments.
#[derive(Clone, PartialEq)]
pub struct Answered {
    pub kind: NetworkKind,
    /// The epoch, from 1, after which it answered; `None` for a network that ships with the page.
    pub epoch: Option<usize>,
    /// Ten of each garment.
    pub probabilities: Vec<f32>,
}

impl Answered {
    /// The ten probabilities of a garment.
    pub fn row(&self, place: usize) -> &[f32] {
        self.probabilities.get(CLASSES * place..CLASSES * (place + 1)).unwrap_or(&[])
    }

    /// What it says, if it answered.
    pub fn says(&self, place: usize) -> Option<usize> {
        let row = self.row(place).iter().enumerate();
        row.max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| class)
    }
}

/// Where the pixels of the garments are.
#[derive(Clone, PartialEq)]
pub enum Pictures {
    /// In the training set, at these places: the engine has them.
    TrainingSet(Vec<u32>),
    /// Here.
    Shipped(Vec<Rc<[u8]>>),
}

/// The garments with all answers.
#[derive(Clone, PartialEq)]
pub struct Garments {
    pub pictures: Pictures,
    /// The true class of each.
    pub truth: Vec<usize>,
    pub answered: Vec<Answered>,
}

/// What is to be shown; `None` where there is nothing yet.
pub fn garments(state: &State) -> Option<Garments> {
    watched(state).or_else(|| shipped(state))
}

/// The newest answers of each network of the shown run.
fn watched(state: &State) -> Option<Garments> {
    let mut places: Option<Vec<u32>> = None;
    let networks = state.run().into_iter().flat_map(|run| &run.networks);
    let newest = networks.filter_map(|network| {
        let at = network.watched.iter().rposition(Option::is_some)?;
        let watched = network.watched[at].as_ref()?;
        // Both networks of a run have the same validation images.
        places.get_or_insert_with(|| watched.images.clone());
        let epoch = network.epochs.get(at).map_or(at + 1, |record| record.epoch);
        Some(Answered { kind: network.kind, epoch: Some(epoch), probabilities: watched.probabilities.clone() })
    });
    let answered: Vec<Answered> = newest.collect();
    let places = places?;
    let class = |place: &u32| usize::from(state.labels.get(*place as usize).copied().unwrap_or(0)).min(CLASSES - 1);
    let truth = places.iter().map(class).collect();
    Some(Garments { pictures: Pictures::TrainingSet(places), truth, answered })
}

/// The garments and answers of the networks that ship with the page.
fn shipped(state: &State) -> Option<Garments> {
    let ShippedPhase::Ready(shipped) = &state.shipped else { return None };
    let answered = shipped.networks.iter().map(|network| Answered {
        kind: network.kind,
        epoch: None,
        probabilities: network.probabilities.clone(),
    });
    Some(Garments {
        pictures: Pictures::Shipped(shipped.pixels.clone()),
        truth: shipped.labels.iter().map(|label| usize::from(*label)).collect(),
        answered: answered.collect(),
    })
}

//! The shown run as it was after one of its epochs, and runs that are drawn behind it. Its figures, its confusion matrix and its answers to the watched images are in the
//! record; a worker computes the answers to all validation images from the epoch's checkpoint. Leaves out: how it is drawn (`app`).

use super::effect::Effect;
use super::state::{EpochAnswers, OpenedEpoch, State};
use super::storage::{BlobKey, Part};
use crate::fashion_mnist::CLASSES;
use crate::protocol::ToEngine;
use std::rc::Rc;

/// Shows the run as it was after this epoch (from 1), or as it is now (`None`).
pub(super) fn open(state: &mut State, epoch: Option<usize>) -> Vec<Effect> {
    let known = state.run().zip(epoch);
    let known = known.filter(|(run, epoch)| *epoch > 0 && run.networks.iter().any(|n| n.epochs.len() >= *epoch));
    let Some((run, epoch)) = known else {
        state.opened = None;
        return Vec::new();
    };
    let same = state.opened.as_ref().is_some_and(|opened| (opened.run, opened.epoch) == (run.id, epoch));
    if same {
        return Vec::new();
    }
    let id = run.id;
    let validates = run.config.validation_images() > 0;
    let worker = state.workers.iter().find(|worker| worker.has_data).filter(|_| validates).map(|worker| worker.id);
    let (mut asked, mut effects) = (Vec::new(), Vec::new());
    for (network, epoch) in run.checkpoints_of(epoch) {
        if let Some(worker) = worker {
            let request = state.questions + asked.len() as u64 + 1;
            asked.push((request, network));
            let key = BlobKey { run: id, network, part: Part::Epoch(epoch) };
            effects.push(Effect::SendBlob(worker, ToEngine::Answer { request }, key));
        }
    }
    state.questions += asked.len() as u64;
    state.opened = Some(OpenedEpoch { run: id, epoch, answers: Vec::new(), asked });
    effects
}

/// Takes the answers of a network: its probabilities, as little-endian 32-bit floats. Answers to a question about another epoch come late
/// and are dropped, as are answers without ten probabilities an image.
pub(super) fn answered(state: &mut State, request: u64, images: Vec<u32>, bytes: &[u8]) {
    let Some(opened) = &mut state.opened else { return };
    let Some(place) = opened.asked.iter().position(|(asked, _)| *asked == request) else { return };
    let (_, network) = opened.asked.remove(place);
    let probabilities: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    if probabilities.len() == images.len() * CLASSES {
        opened.answers.push((network, Rc::new(EpochAnswers { images, probabilities })));
    }
}

/// The bytes of a checkpoint are not there: its question stays without an answer.
pub(super) fn unanswered(state: &mut State, key: BlobKey) {
    if let Some(opened) = &mut state.opened
        && (key.run, key.part) == (opened.run, Part::Epoch(opened.epoch))
    {
        opened.asked.retain(|(_, network)| *network != key.network);
    }
}

/// Draws the curves of a run behind those of the shown run, or does not.
pub(super) fn overlay(state: &mut State, run: u64, on: bool) {
    state.overlaid.retain(|&other| other != run);
    if on && state.history.get(run).is_some() {
        state.overlaid.push(run);
    }
}

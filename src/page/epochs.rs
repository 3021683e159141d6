//! The shown run as it was after one of its epochs, and runs that are drawn behind it. The epoch's figures, its confusion matrix and its
//! answers to the watched images are in the record; a worker computes the answers to all validation images from the epoch's checkpoint. One
//! question is asked at a time, so that somebody who pulls the slider over many epochs does not wait for all of them. Leaves out: how it
//! is drawn (`app`).

use super::effect::Effect;
use super::state::{EpochAnswers, OpenedEpoch, Question, State};
use super::storage::{BlobKey, Part};
use crate::config::NetworkKind;
use crate::fashion_mnist::CLASSES;
use crate::protocol::{ToEngine, floats};
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
    if !same {
        let answers_exist = run.config.validation_images() > 0;
        let waiting = run.checkpoints_of(epoch).into_iter().filter(|_| answers_exist).map(|(kind, _)| kind).collect();
        state.opened = Some(OpenedEpoch { run: run.id, epoch, answers: Vec::new(), waiting });
    }
    ask(state)
}

/// Asks for the next answers, if a worker is there and none is busy with a question.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    // A worker that is gone does not answer any more.
    let workers = &state.workers;
    state.question.take_if(|question| workers.iter().all(|worker| worker.id != question.worker));
    let worker = workers.iter().find(|worker| worker.has_data).map(|worker| worker.id);
    let (Some(opened), Some(worker), None) = (&state.opened, worker, &state.question) else { return Vec::new() };
    let Some(&network) = opened.waiting.first() else { return Vec::new() };
    let key = BlobKey { run: opened.run, network, part: Part::Epoch(opened.epoch) };
    state.questions += 1;
    let request = state.questions;
    state.question = Some(Question { request, worker, key });
    vec![Effect::SendBlob(worker, ToEngine::Answer { request }, key)]
}

/// Takes the answers of a network: its probabilities, as little-endian 32-bit floats. Answers about an epoch that is not open any more are
/// dropped, as are answers without ten probabilities an image.
pub(super) fn answered(state: &mut State, request: u64, images: Vec<u32>, bytes: &[u8]) {
    let Some(question) = state.question.take_if(|question| question.request == request) else { return };
    let probabilities = floats(bytes);
    if let Some((opened, network)) = end_waiting(state, question.key)
        && probabilities.len() == images.len() * CLASSES
    {
        opened.answers.push((network, Rc::new(EpochAnswers { images, probabilities })));
    }
}

/// The bytes of a checkpoint are not there: the question stays without an answer, and the next one is asked.
pub(super) fn missing(state: &mut State, key: BlobKey) -> Vec<Effect> {
    if state.question.take_if(|question| question.key == key).is_some() {
        end_waiting(state, key);
    }
    ask(state)
}

/// A worker could not do something. If it was to answer, its answer does not come.
pub(super) fn refused(state: &mut State, worker: u64) {
    if let Some(question) = state.question.take_if(|question| question.worker == worker) {
        end_waiting(state, question.key);
    }
}

/// The opened epoch, if it waited for these answers. It does not any more.
fn end_waiting(state: &mut State, key: BlobKey) -> Option<(&mut OpenedEpoch, NetworkKind)> {
    let opened =
        state.opened.as_mut().filter(|opened| (key.run, key.part) == (opened.run, Part::Epoch(opened.epoch)))?;
    let place = opened.waiting.iter().position(|network| *network == key.network)?;
    let network = opened.waiting.remove(place);
    Some((opened, network))
}

/// Draws the curves of a run behind those of the shown run, or does not.
pub(super) fn overlay(state: &mut State, run: u64, on: bool) {
    state.overlaid.retain(|&other| other != run);
    if on && state.history.get(run).is_some() {
        state.overlaid.push(run);
    }
}

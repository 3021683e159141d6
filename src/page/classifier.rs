//! The program `classifier`: when it is loaded, and what it is told of the shown run. What it was told last is remembered, so that after
//! each message only what changed is told. Leaves out: the program itself (`classify`, `classifier`) and the images that it asks for
//! (`app`).

use super::effect::Effect;
use super::phase::{Classifier, ClassifierPhase};
use super::state::State;
use super::storage::{BlobKey, Part};
use super::view::View;
use crate::fashion_mnist::ImageSet;
use crate::protocol::classifier::{FromClassifier, ShownRun, ToClassifier};
use crate::run::{NetworkProgress, RunRecord};
use std::rc::Rc;

/// Loads the program where a view needs it, and tells it what changed.
pub(super) fn follow(state: &mut State, effects: &mut Vec<Effect>) {
    if !state.view.is_of_classifier() {
        return;
    }
    match state.classifier.phase {
        ClassifierPhase::Absent => effects.extend(load(state)),
        ClassifierPhase::Ready => tell(state, effects),
        ClassifierPhase::Loading | ClassifierPhase::Failed(_) => {}
    }
}

/// Loads the program where it is neither here nor on its way, whatever view is shown. What it is told meanwhile waits in its port.
pub(super) fn load(state: &mut State) -> Vec<Effect> {
    match state.classifier.phase {
        ClassifierPhase::Absent | ClassifierPhase::Failed(_) => {
            state.classifier.phase = ClassifierPhase::Loading;
            vec![Effect::OpenClassifier]
        }
        ClassifierPhase::Loading | ClassifierPhase::Ready => Vec::new(),
    }
}

fn tell(state: &mut State, effects: &mut Vec<Effect>) {
    let view = (state.view, state.dark);
    let (run, networks) = match state.run() {
        Some(run) => (Some(shown(state, run)), run.networks.iter().filter_map(|n| checkpoint(state, run, n)).collect()),
        None => (None, Vec::new()),
    };
    let told = &mut state.classifier;
    if told.run != run {
        // Another run's networks fall away with it.
        if told.run.as_ref().map(|run| run.id) != run.as_ref().map(|run| run.id) {
            told.networks.clear();
        }
        told.run.clone_from(&run);
        effects.push(Effect::TellClassifier(ToClassifier::Run { run }));
    }
    for &(key, epoch) in networks.iter().filter(|network| !told.networks.contains(network)) {
        let message = ToClassifier::Network { network: key.network, run: key.run, epoch };
        effects.push(Effect::BlobsToClassifier(message, vec![key]));
    }
    told.networks = networks;
    effects.extend(told.look.take().map(Effect::TellClassifier));
    if told.view.replace(view) != Some(view) {
        let (view, dark) = view;
        effects.push(Effect::TellClassifier(ToClassifier::Show { view: view.key().to_owned(), dark }));
    }
}

fn shown(state: &State, run: &RunRecord) -> ShownRun {
    let open = state.opened.as_ref().filter(|opened| opened.run == run.id).map(|opened| opened.epoch);
    let epochs = run.networks.iter().map(|network| network.epochs.len()).max().unwrap_or(0);
    ShownRun { id: run.id, name: state.name_of(run.id), epochs, open }
}

/// The bytes with the weights that are shown, and their epoch: the checkpoint of the open epoch; else the one whose weights count; else
/// the file of weights.
fn checkpoint(state: &State, run: &RunRecord, network: &NetworkProgress) -> Option<(BlobKey, usize)> {
    let opened = state.opened.as_ref().filter(|opened| opened.run == run.id).map(|opened| opened.epoch);
    let kept = match opened {
        Some(epoch) => Some(network.checkpoint_of(epoch)?),
        None => network.scored_checkpoint(),
    };
    let Some(kept) = kept else {
        let key = BlobKey { run: run.id, network: network.kind, part: Part::Weights };
        return network.has_weights.then(|| (key, network.scored_epoch.unwrap_or(0)));
    };
    let epoch = if kept.ends_epoch(network.steps_per_epoch) { kept.epoch } else { 0 };
    Some((BlobKey::of(run.id, network, kept), epoch))
}

/// The program says something.
pub(super) fn heard(state: &mut State, message: FromClassifier) -> Vec<Effect> {
    match message {
        FromClassifier::Opened => {
            let look = state.classifier.look.take();
            state.classifier = Classifier { phase: ClassifierPhase::Ready, look, ..Classifier::default() };
            Vec::new()
        }
        FromClassifier::OpenEpoch(epoch) => super::epochs::open(state, epoch),
        FromClassifier::Show(view) => {
            state.look_at(&view);
            vec![Effect::ShowFragment(Rc::new(state.config.clone()))]
        }
        // `app` has the pixels, and knows who asked.
        FromClassifier::Want(..) | FromClassifier::Answered(..) => Vec::new(),
        FromClassifier::Notice(text) => {
            state.notice(text);
            Vec::new()
        }
        // `update` hands these on.
        FromClassifier::UseConfig(_) | FromClassifier::Imported(..) => Vec::new(),
    }
}

/// The program cannot be had.
pub(super) fn failed(state: &mut State, message: String) {
    // Its own views say it in their place.
    if !state.view.is_of_classifier() {
        state.notice(format!("No file can be made or opened: {message}"));
    }
    state.classifier.phase = ClassifierPhase::Failed(message);
}

/// Try again to load it.
pub(super) fn retry(state: &mut State) {
    state.classifier.phase = ClassifierPhase::Absent;
}

/// Looks at an image in the view Inside.
pub(super) fn inspect(state: &mut State, set: ImageSet, index: u32) -> Vec<Effect> {
    state.classifier.look = Some(ToClassifier::Look { set, index });
    state.view = View::Inside;
    vec![Effect::ShowFragment(Rc::new(state.config.clone()))]
}

//! The runs that earlier visits kept: reads their records, shows one of them, and loads its answers to the test images. Leaves out: going on
//! with one (`go_on`).

use super::effect::Effect;
use super::state::State;
use super::storage::{BlobKey, Part, Storage, StoreError};
use crate::fashion_mnist::{CLASSES, TEST_IMAGES};
use crate::protocol::floats;
use crate::run::{ModelId, Phase, stored};
use std::rc::Rc;

/// The store is open. `live` are the runs that other tabs train.
pub(super) fn stored(state: &mut State, records: Result<Vec<String>, StoreError>, live: &[u64]) -> Vec<Effect> {
    let records = match records {
        Ok(records) => records,
        Err(error) => {
            to_memory(state, error);
            return Vec::new();
        }
    };
    if state.storage == Storage::Opening {
        state.storage = Storage::Browser;
    }
    let mut unread = Vec::new();
    for text in records {
        match stored::from_json(&text) {
            Ok(mut run) if state.history.get(run.id).is_none() => {
                if run.interrupt() {
                    let list = if live.contains(&run.id) { &mut state.elsewhere } else { &mut state.unfinished };
                    list.push(run.id);
                }
                state.history.insert_loaded(run);
            }
            Ok(_) => {} // It is of this visit.
            Err(error) => unread.push(error),
        }
    }
    if let Some(first) = unread.first() {
        let runs = if unread.len() == 1 { "One kept run".to_owned() } else { format!("{} kept runs", unread.len()) };
        state.notice(format!("{runs} cannot be read, so the list is without: {first}."));
    }
    let newest = state.history.runs().last().map(|run| run.id);
    match (state.run(), newest) {
        (None, Some(newest)) => select(state, newest),
        _ => Vec::new(),
    }
}

/// The browser does not keep runs. It is said once.
pub(super) fn to_memory(state: &mut State, error: StoreError) {
    if state.storage == Storage::Memory {
        return;
    }
    state.storage = Storage::Memory;
    let why = match error {
        StoreError::Refused(reason) => format!(" ({})", reason.trim_end_matches('.')),
        StoreError::Full => " (it has no room)".to_owned(),
    };
    state
        .notice(format!("The browser does not keep runs for this page{why}: they are there until the page is closed."));
}

/// Shows a run in all views.
pub(super) fn select(state: &mut State, run: u64) -> Vec<Effect> {
    if !state.history.select(run) {
        return Vec::new();
    }
    state.opened.take_if(|opened| opened.run != run);
    load_answers(state, run)
}

/// Puts a run on one of the two sides of the view Compare, or takes it away.
pub(super) fn compare(state: &mut State, side: usize, run: Option<u64>) -> Vec<Effect> {
    let run = run.filter(|&id| state.history.get(id).is_some());
    let Some(place) = state.compared.get_mut(side) else { return Vec::new() };
    *place = run;
    run.map(|id| load_answers(state, id)).unwrap_or_default()
}

/// Asks for the answers to the test images that a run has and that are not here.
pub(super) fn load_answers(state: &State, run: u64) -> Vec<Effect> {
    let networks = state.history.get(run).into_iter().flat_map(|run| &run.networks);
    let absent = networks.filter(|network| network.phase == Phase::Done && network.probabilities.is_none());
    absent.map(|network| Effect::LoadBlob(BlobKey::test_answers(ModelId { run, network: network.kind }))).collect()
}

/// Bytes came that were asked for.
pub(super) fn blob_loaded(state: &mut State, key: BlobKey, bytes: &[u8]) -> Vec<Effect> {
    if key.part != Part::TestAnswers {
        return Vec::new();
    }
    if bytes.len() != TEST_IMAGES * CLASSES * size_of::<f32>() {
        let name = state.name_of(key.run);
        state.notice(format!(
            "The kept answers of {name} ({}) are damaged, so its mistakes cannot be shown.",
            key.network.label()
        ));
        return Vec::new();
    }
    let network = state.history.get_mut(key.run).and_then(|run| run.get_mut(key.network));
    if let Some(network) = network.filter(|network| network.probabilities.is_none()) {
        network.probabilities = Some(Rc::new(floats(bytes)));
    }
    Vec::new()
}

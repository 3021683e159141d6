//! Files that somebody opens. The program `classifier` reads and checks them; what it finds comes back here: a run is kept like any other one,
//! settings go into the form. A file that it refuses changes nothing, because nothing but a notice comes back. Leaves out: the checks
//! (`export`), and trained weights, which stay in that program.

use super::classifier::load;
use super::effect::Effect;
use super::keep::keep;
use super::loaded::select;
use super::runs;
use super::state::State;
use super::storage::{BlobKey, Part, Storage};
use super::view::View;
use crate::config::RunConfig;
use crate::protocol::classifier::{RunBytes, RunPart};
use crate::run::{ModelId, RUN_COLOURS, RunRecord, stored};

/// Somebody gave files.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let mut effects = load(state);
    effects.push(Effect::ImportFiles);
    effects
}

/// Settings go into the form, which is shown.
pub(super) fn configure(state: &mut State, config: RunConfig) -> Vec<Effect> {
    state.view = View::Train;
    runs::configure(state, config)
}

/// A run of a file, with its parts beside the message. It is shown. A network that was in its middle is offered to go on, as after a visit.
pub(super) fn imported(state: &mut State, record: &str, parts: &[RunPart]) -> Vec<Effect> {
    let Ok(mut run) = stored::from_json(record) else { return Vec::new() }; // That program read it the same way.
    // Before the store is open it is not known which ids are taken.
    let opening = state.storage == Storage::Opening;
    if opening || state.history.get(run.id).is_some() || state.deleted.as_ref().is_some_and(|other| other.id == run.id)
    {
        run.id = runs::new_id(state);
    }
    run.colour = state.history.runs().len() % RUN_COLOURS;
    let id = run.id;
    let mut effects = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        effects.extend(key(&run, *part).map(|key| Effect::KeepPart(key, place)));
    }
    if run.interrupt() {
        state.unfinished.push(id);
    }
    state.history.insert_loaded(run);
    // After the bytes, so that no record names bytes that are not there.
    effects.extend(keep(state, id));
    effects.extend(select(state, id));
    effects
}

/// Under which key a part of a run is kept; `None` for one that its record does not name.
fn key(run: &RunRecord, part: RunPart) -> Option<BlobKey> {
    let network = run.get(part.network)?;
    match part.what {
        RunBytes::Checkpoint(step) => {
            let kept = network.checkpoints.iter().find(|kept| kept.step == step)?;
            Some(BlobKey::of(run.id, network, *kept))
        }
        RunBytes::TestAnswers => Some(BlobKey::test_answers(ModelId { run: run.id, network: part.network })),
        RunBytes::Weights => Some(BlobKey { run: run.id, network: part.network, part: Part::Weights }),
    }
}

//! What a page around this one asks for: does it if it can be done now, and answers. Pure. Leaves out: reading the messages
//! (`protocol::asked`), and computing what networks say to a picture (`app`).

use super::classifier;
use super::effect::Effect;
use super::outer::state_message;
use super::phase::{DataPhase, EnginePhase};
use super::runs;
use super::state::{Hold, State};
use crate::config::ConfigError;
use crate::protocol::asked::{Asked, Incoming};
use crate::protocol::embed::{Message, Outgoing};
use serde_json::{Map, Value};
use std::fmt::Write;

/// The most mistakes in settings that one answer names.
const MOST_MISTAKES: usize = 5;

/// Does what is asked, and answers: with the state that follows from it, or with an error, and then nothing has changed.
pub(super) fn asked(state: &mut State, Incoming { id, asked }: Incoming) -> Vec<Effect> {
    let done = match asked {
        Err(message) => Err(message),
        Ok(Asked::State) => Ok(Vec::new()),
        Ok(Asked::Configure(settings)) => configure(state, &settings),
        Ok(Asked::Start) => start(state),
        Ok(Asked::Pause) => pause(state).map_err(str::to_owned),
        Ok(Asked::Resume) => resume(state).map_err(str::to_owned),
        Ok(Asked::Stop) => stop(state).map_err(str::to_owned),
        Ok(Asked::Classify(picture)) => {
            let mut effects = classifier::load(state);
            effects.push(Effect::Classify { id, picture });
            return effects;
        }
    };
    match done {
        Ok(mut effects) => {
            effects.push(Effect::Answer(state_message(state, id)));
            effects
        }
        Err(message) => vec![Effect::Answer(Outgoing::answering(id, Message::Error { message }))],
    }
}

/// Sets the form. All settings are taken, or none.
fn configure(state: &mut State, settings: &Map<String, Value>) -> Result<Vec<Effect>, String> {
    let mut config = state.config.clone();
    let mut mistakes: Vec<ConfigError> =
        settings.iter().filter_map(|(key, value)| config.set_value(key, value).err()).collect();
    if mistakes.is_empty() {
        mistakes = config.validate().err().unwrap_or_default();
    }
    if mistakes.is_empty() { Ok(runs::configure(state, config)) } else { Err(refused(&mistakes)) }
}

/// Names what is wrong, each setting by its key too, as the asker knows it.
fn refused(mistakes: &[ConfigError]) -> String {
    let mut said = "The settings stay as they were".to_owned();
    for (at, mistake) in mistakes.iter().take(MOST_MISTAKES).enumerate() {
        said += if at == 0 { ": " } else { "; " };
        // Writing into a text never fails.
        let _ = match mistake {
            ConfigError::Value { key, .. } => write!(said, "`{key}`: {mistake}"),
            other => write!(said, "{other}"),
        };
    }
    if mistakes.len() > MOST_MISTAKES {
        let _ = write!(said, "; {}", ConfigError::More(mistakes.len() - MOST_MISTAKES));
    }
    said
}

/// Starts a run, at once or as soon as everything for it has come.
fn start(state: &mut State) -> Result<Vec<Effect>, String> {
    if state.is_running() {
        return Err("A run is under way. Stop it, or wait until it is over, before the next one starts.".to_owned());
    }
    if let EnginePhase::Failed(message) = &state.engine {
        return Err(format!("No run can start: {message}"));
    }
    if matches!(state.data, DataPhase::Failed(_)) {
        return Err("No run can start, because the dataset could not be loaded.".to_owned());
    }
    state.config.validate().map_err(|mistakes| refused(&mistakes))?;
    if state.can_start() {
        return Ok(runs::start(state, Hold::No));
    }
    state.autostart = true;
    Ok(Vec::new())
}

fn pause(state: &mut State) -> Result<Vec<Effect>, &'static str> {
    let run = state.history.active().ok_or("There is no run that could be held.")?;
    if run.is_paused() {
        return Err("The run is held already.");
    }
    if run.is_scoring() {
        return Err("The run is being scored, which cannot be held.");
    }
    Ok(runs::pause(state))
}

fn resume(state: &mut State) -> Result<Vec<Effect>, &'static str> {
    let run = state.history.active().ok_or("There is no run that could go on.")?;
    // A run that was told to hold a moment ago has not said yet that it does.
    if !run.is_paused() && state.hold == Hold::No {
        return Err("The run is not held.");
    }
    Ok(runs::resume(state))
}

fn stop(state: &mut State) -> Result<Vec<Effect>, &'static str> {
    // A start that waits for the engine is taken back.
    if std::mem::take(&mut state.autostart) && !state.is_running() {
        return Ok(Vec::new());
    }
    let run = state.history.active().ok_or("There is no run that could be stopped.")?;
    if run.is_scoring() {
        return Err("The run is being scored, and is over soon.");
    }
    Ok(runs::stop(state))
}

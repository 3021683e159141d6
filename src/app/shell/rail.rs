//! The rail: recipes as cards, then the settings. On a phone it is a sheet that its button opens. Leaves out: the fields (`form`), what a
//! preset is (`config`) and how long it takes (`page::forecast`).

use super::form::Form;
use crate::app::parts::Act;
use crate::app::texts::t;
use crate::config::{PRESETS, RunConfig};
use crate::evaluate::format::{percent, roughly, whole};
use crate::page::effect::Msg;
use crate::page::forecast;
use crate::page::state::State;
use yew::prelude::*;

/// The test accuracies of ANN and CNN that docs/measurements.md has of a preset: one run in the browser on the CPU.
const REACHED: &[(&str, [f64; 2])] = &[("standard", [0.8959, 0.9150])];

#[derive(Properties, PartialEq)]
pub struct RailProps {
    pub config: RunConfig,
    pub running: bool,
    /// Seconds of each preset, as far as runs tell.
    pub times: Vec<Option<u64>>,
    pub act: Act,
}

/// A preset with the backend that the form has: a preset keeps it.
fn recipe(preset: &crate::config::Preset, config: &RunConfig) -> RunConfig {
    RunConfig { backend: config.backend, ..preset.config() }
}

/// How long each preset takes here, in whole seconds. So a card changes only if its text does.
pub fn times(state: &State) -> Vec<Option<u64>> {
    let seconds = |preset| forecast::seconds(&recipe(preset, &state.config), state.history.runs());
    PRESETS.iter().map(|preset| seconds(preset).map(|seconds| seconds.round() as u64)).collect()
}

/// The rail.
#[function_component]
pub fn Rail(props: &RailProps) -> Html {
    let current = PRESETS.iter().find(|preset| recipe(preset, &props.config) == props.config);
    let card = |(place, preset): (usize, &'static crate::config::Preset)| {
        let chosen = current.is_some_and(|c| c.key == preset.key);
        let onclick = props.act.reform(move |_: MouseEvent| Msg::Preset(preset.key));
        let config = preset.config();
        let mut facts = vec![t::recipe_size(&whole(config.train), config.epochs)];
        facts.extend(props.times[place].map(|seconds| t::recipe_time(&roughly(seconds as f64))));
        let reached = REACHED.iter().find(|(key, _)| *key == preset.key);
        facts.extend(reached.map(|(_, [ann, cnn])| t::recipe_reached(&percent(*ann), &percent(*cnn))));
        html! {
            <button type="button" class="recipe" aria-pressed={chosen.to_string()} title={preset.help} data-action="preset" data-preset={preset.key} {onclick}>
                <b>{ preset.label }</b>
                <span>{ facts.join(" · ") }</span>
            </button>
        }
    };
    html! {
        <aside class="rail" id="settings" popover="auto" aria-label={t::SETTINGS}>
            <div class="sheet-head">
                <button type="button" class="quiet" data-action="close-settings" popovertarget="settings" popovertargetaction="hide">{ t::CLOSE }</button>
            </div>
            <h2 id="recipes-title">{ t::RECIPES }</h2>
            <div class="recipes" role="group" aria-labelledby="recipes-title">{ for PRESETS.iter().enumerate().map(card) }</div>
            <p class="preset-help">{ current.map_or(t::OWN_SETTINGS, |preset| preset.help) }</p>
            <Form config={props.config.clone()} running={props.running} act={props.act.clone()} />
        </aside>
    }
}

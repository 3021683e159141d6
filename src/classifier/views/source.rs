//! Whose networks answer: those of the page's run, those that ship, or those of files.

use super::file_button::FileButton;
use crate::classifier::media;
use crate::classifier::parts::Act;
use crate::classifier::texts::try_it as t;
use crate::classify::effect::Msg;
use crate::classify::networks::{Origin, Source};
use crate::classify::state::State;
use web_sys::File;
use yew::prelude::*;

/// The choice, and the button for files with weights.
pub fn source_choice(act: &Act, state: &State) -> Html {
    let chosen = state.networks.source();
    let sources = state.networks.sources();
    let taken = {
        let act = act.clone();
        Callback::from(move |file: File| media::read_weights(file, act.clone()))
    };
    html! {
        <div class="source-choice">
            <div class="choice" role="group" aria-label={t::WHOSE}>
                { for sources.iter().map(|&source| {
                    let onclick = act.reform(move |_: MouseEvent| Msg::Choose(source));
                    html! {
                        <button type="button" data-action="source" data-source={key(source)} aria-pressed={(source == chosen).to_string()} {onclick}>
                            { label(state, source) }
                        </button>
                    }
                }) }
            </div>
            <FileButton label={t::OPEN_WEIGHTS} action="open-weights" accept=".safetensors" class="quiet" {taken} />
        </div>
    }
}

fn key(source: Source) -> &'static str {
    match source {
        Source::Shipped => "shipped",
        Source::Run => "run",
        Source::Files => "files",
    }
}

fn label(state: &State, source: Source) -> String {
    match source {
        Source::Shipped => t::SHIPPED.to_owned(),
        Source::Files => t::OF_FILES.to_owned(),
        Source::Run => {
            let epochs = state.networks.all().iter().filter_map(|network| match network.origin {
                Origin::Run { epoch, .. } => Some(epoch),
                _ => None,
            });
            let name = state.run.as_ref().map_or("", |run| run.name.as_str());
            t::of_run(name, epochs.max().unwrap_or(0))
        }
    }
}

//! What came of a run, while it comes and after: curves, confusion matrices, classes, samples, the comparison.

mod classes;
mod comparison;
mod confusions;
mod curves;
mod gallery;

use super::images::ImageStore;
use crate::state::State;
use std::rc::Rc;
use yew::prelude::*;

/// What every panel is given.
#[derive(Properties, Clone)]
pub struct ResultProps {
    /// The page's state.
    pub state: Rc<State>,
    /// Pixels.
    pub images: ImageStore,
    /// The theme.
    pub dark: bool,
}

impl PartialEq for ResultProps {
    fn eq(&self, other: &Self) -> bool {
        // The run is what the panels show; the rest of the state moves without them.
        self.dark == other.dark
            && self.images == other.images
            && (Rc::ptr_eq(&self.state, &other.state)
                || (self.state.run == other.state.run && self.state.labels.len() == other.state.labels.len()))
    }
}

/// All panels, those first that have something to show first.
#[function_component]
pub fn Results(props: &ResultProps) -> Html {
    let Some(run) = &props.state.run else { return html!() };
    let scored = run.networks.iter().any(|n| n.report.is_some());
    let evaluated = run.networks.iter().any(|n| n.confusion().is_some());
    html! {
        <div class="results">
            if scored {
                <comparison::Comparison ..props.clone() />
            }
            <curves::Curves ..props.clone() />
            if evaluated {
                <confusions::Confusions ..props.clone() />
                <classes::Classes ..props.clone() />
            }
            if scored {
                <gallery::Samples ..props.clone() />
            }
        </div>
    }
}

/// A row of buttons of which one is chosen.
fn choice<T: PartialEq + Copy + 'static>(label: &str, options: &[(T, &'static str)], chosen: &UseStateHandle<T>) -> Html {
    html! {
        <div class="choice" role="group" aria-label={label.to_owned()}>
            { for options.iter().map(|&(value, text)| {
                let state = chosen.clone();
                let onclick = Callback::from(move |_: MouseEvent| state.set(value));
                html! { <button type="button" class="chip" aria-pressed={(**chosen == value).to_string()} {onclick}>{ text }</button> }
            }) }
        </div>
    }
}

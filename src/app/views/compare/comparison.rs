//! The comparison of the networks of one run: their figures side by side, what these mean in plain words, and whether the accuracies
//! really differ. Leaves out: which value is better, and the words (`evaluate`).

use super::figures::{self, Accuracies};
use crate::app::parts::{name, panel};
use crate::app::texts::t;
use crate::app::views::answered::Answered;
use crate::config::RunConfig;
use crate::evaluate::{Side, loss_difference, paired, rows, summary};
use crate::run::RunRecord;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ComparisonProps {
    /// The run's config, or the form's.
    pub config: RunConfig,
    pub run: Option<RunRecord>,
    /// Its answers to the test set.
    pub answered: Answered,
    pub dark: bool,
}

/// The panel.
#[function_component]
pub fn Comparison(props: &ComparisonProps) -> Html {
    let (config, run) = (&props.config, props.run.as_ref());
    let kinds = config.kinds();
    let words = use_memo(props.answered.clone(), |answered| {
        let [ann, cnn] = answered.both()?;
        let (a, c) = (ann.report.as_ref()?, cnn.report.as_ref()?);
        let probabilities = [ann.probabilities(), cnn.probabilities()];
        Some(summary(a, c, answered.truth(), Some((probabilities[0], probabilities[1]))))
    });
    let judged = use_memo(props.answered.clone(), |answered| {
        let [ann, cnn] = answered.both()?;
        let accuracy = paired(answered.truth(), ann.answers().predictions, cnn.answers().predictions);
        Some((accuracy, loss_difference(answered.truth(), ann.probabilities(), cnn.probabilities())))
    });
    if config.validate().is_err() {
        return html!();
    }
    let sides: Vec<Side> =
        kinds.iter().map(|&kind| figures::side(kind, config, run.and_then(|run| run.get(kind)))).collect();
    let rows = rows(&sides, judged.as_ref().as_ref());
    let lead = match (words.as_ref(), run) {
        (Some(words), _) => html! { <p class="summary">{ words }</p> },
        (None, None) => html! { <p class="note">{ t::COMPARE_BEFORE }</p> },
        (None, Some(run)) if run.is_active() => html! { <p class="note">{ t::COMPARE_DURING }</p> },
        (None, Some(_)) => html! { <p class="note">{ t::COMPARE_ALONE }</p> },
    };
    let notes = sides.iter().zip(kinds).flat_map(|(side, kind)| {
        let notes = side.report.map(|report| report.notes.as_slice()).unwrap_or_default();
        notes.iter().map(move |note| html! { <li>{ name(*kind) }{ ": " }{ note.to_string() }</li> })
    });
    let notes: Vec<Html> = notes.collect();
    let scored: Vec<figures::Scored> = props
        .answered
        .networks
        .iter()
        .filter_map(|network| Some((network.kind.label().to_owned(), network.kind, network.report.clone()?)))
        .collect();
    let content = html! {
        <>
            { lead }
            <div class="beside">
                { figures::table(kinds.iter().map(|kind| name(*kind)).collect(), &rows) }
                <div>
                    if !scored.is_empty() {
                        <Accuracies rows={scored} judged={judged.as_ref().as_ref().map(|(accuracy, _)| *accuracy)} dark={props.dark} />
                    }
                    if judged.is_some() {
                        <p class="note">{ t::BETTER_ABOUT }</p>
                    }
                    if !notes.is_empty() {
                        <ul class="notes">{ for notes }</ul>
                    }
                </div>
            </div>
        </>
    };
    panel("comparison", t::COMPARISON, html!(), content)
}

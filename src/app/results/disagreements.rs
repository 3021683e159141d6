//! The test images to which the two networks give different answers. Leaves out: their choice and order (`evaluate`).

use super::gallery::Gallery;
use super::scored::Scored;
use super::{ImageStore, choice, panel};
use crate::evaluate::format::count;
use crate::evaluate::{Outcome, of_outcome, outcomes};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct DisagreementsProps {
    pub scored: Scored,
    pub images: ImageStore,
}

/// The panel; nothing before both networks are scored.
#[function_component]
pub fn Disagreements(props: &DisagreementsProps) -> Html {
    // The ANN is network a, the CNN is network b.
    let outcome = use_state(|| Outcome::OnlyB);
    let all = use_memo(props.scored.clone(), |scored| {
        let both = scored.both();
        both.map_or_else(Vec::new, |[ann, cnn]| outcomes(scored.truth(), ann.answers(), cnn.answers()))
    });
    let found =
        use_memo((props.scored.clone(), all.clone(), *outcome), |(scored, all, outcome): &(_, Rc<Vec<_>>, _)| {
            let scored: &Scored = scored;
            let both = scored.both();
            both.map_or_else(Vec::new, |[ann, cnn]| of_outcome(all, *outcome, ann.answers(), cnn.answers()))
        });
    if all.is_empty() {
        return html!();
    }
    let number = |outcome| all.iter().filter(|o| **o == outcome).count();
    let options = [
        (Outcome::OnlyB, "Only the CNN is correct"),
        (Outcome::OnlyA, "Only the ANN is correct"),
        (Outcome::BothWrongApart, "Both wrong, with different answers"),
    ]
    .map(|(outcome, text)| (outcome, format!("{text}: {}", count(number(outcome) as u64))));
    let said = format!(
        "Of {} test images both networks classify {} correctly, and on {} both make the same mistake. Here are the others. The most \
         confident mistakes come first.",
        count(all.len() as u64),
        count(number(Outcome::BothCorrect) as u64),
        count(number(Outcome::BothWrongAlike) as u64),
    );
    let content = html! {
        <>
            <p class="note">{ said }</p>
            <div class="filters">{ choice("Which images", &options, &outcome) }</div>
            <Gallery chosen={found} scored={props.scored.clone()} images={props.images.clone()} />
        </>
    };
    panel("disagreements", "Where the two differ", html!(), content)
}

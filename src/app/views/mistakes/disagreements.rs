//! The images to which the two networks give different answers. Leaves out: their choice and order (`evaluate`).

use super::gallery::Gallery;
use crate::app::images::ImageStore;
use crate::app::parts::{Act, choice, panel};
use crate::app::texts::t;
use crate::app::views::answered::Answered;
use crate::evaluate::format::count;
use crate::evaluate::{Outcome, of_outcome, outcomes};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct DisagreementsProps {
    pub answered: Answered,
    pub images: ImageStore,
    pub act: Act,
}

/// The panel; nothing where one network alone answered.
#[function_component]
pub fn Disagreements(props: &DisagreementsProps) -> Html {
    // The ANN is network a, the CNN is network b.
    let outcome = use_state(|| Outcome::OnlyB);
    let answered = &props.answered;
    let all = use_memo(props.answered.clone(), |answered| {
        let both = answered.both();
        both.map_or_else(Vec::new, |[ann, cnn]| outcomes(answered.truth(), ann.answers(), cnn.answers()))
    });
    let found =
        use_memo((props.answered.clone(), all.clone(), *outcome), |(answered, all, outcome): &(_, Rc<Vec<_>>, _)| {
            let answered: &Answered = answered;
            let both = answered.both();
            both.map_or_else(Vec::new, |[ann, cnn]| of_outcome(all, *outcome, ann.answers(), cnn.answers()))
        });
    if all.is_empty() {
        return html!();
    }
    let number = |outcome| all.iter().filter(|o| **o == outcome).count();
    let options =
        [(Outcome::OnlyB, t::ONLY_CNN), (Outcome::OnlyA, t::ONLY_ANN), (Outcome::BothWrongApart, t::BOTH_WRONG)]
            .map(|(outcome, text)| (outcome, t::so_many(text, &count(number(outcome) as u64))));
    let said = t::disagreements(
        &t::images_of(&count(all.len() as u64), !answered.is_validation()),
        &count(number(Outcome::BothCorrect) as u64),
        &count(number(Outcome::BothWrongAlike) as u64),
    );
    let content = html! {
        <>
            <p class="note">{ said }</p>
            <div class="filters">{ choice(t::WHICH_IMAGES, &options, &outcome) }</div>
            <Gallery chosen={found} answered={props.answered.clone()} images={props.images.clone()} act={props.act.clone()} />
        </>
    };
    panel("disagreements", t::DISAGREEMENTS, html!(), content)
}

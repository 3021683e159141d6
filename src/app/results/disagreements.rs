//! The test images to which the two networks give different answers.

use super::gallery::Gallery;
use super::scored::Scored;
use super::{ImageStore, choice, panel};
use crate::config::NetworkKind;
use crate::evaluate::words::count;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct DisagreementsProps {
    pub scored: Scored,
    pub images: ImageStore,
}

/// What became of an image. The last two hold no disagreement and are only counted.
#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    OnlyCnn,
    OnlyAnn,
    BothWrongApart,
    BothWrongAlike,
    BothRight,
}

fn outcomes(scored: &Scored) -> Vec<Outcome> {
    let Some([ann, cnn]) = scored.both() else { return Vec::new() };
    let truth = scored.truth().iter().enumerate();
    let outcome = |(i, truth): (usize, &u8)| {
        let (a, c, truth) = (ann.prediction(i), cnn.prediction(i), usize::from(*truth));
        match (a == truth, c == truth) {
            (true, true) => Outcome::BothRight,
            (true, false) => Outcome::OnlyAnn,
            (false, true) => Outcome::OnlyCnn,
            (false, false) if a == c => Outcome::BothWrongAlike,
            (false, false) => Outcome::BothWrongApart,
        }
    };
    truth.map(outcome).collect()
}

/// The images of one outcome: those first on which who is wrong is surest.
fn chosen(scored: &Scored, outcomes: &[Outcome], outcome: Outcome) -> Vec<u32> {
    let wrong = |kind| {
        scored.get(kind).filter(|_| match outcome {
            Outcome::OnlyCnn => kind == NetworkKind::Ann,
            Outcome::OnlyAnn => kind == NetworkKind::Cnn,
            _ => true,
        })
    };
    let sure =
        |i: u32| NetworkKind::ALL.iter().filter_map(|kind| wrong(*kind)).map(|n| n.confidence(i as usize)).sum::<f32>();
    let mut chosen: Vec<u32> = (0..outcomes.len()).filter(|i| outcomes[*i] == outcome).map(|i| i as u32).collect();
    chosen.sort_by(|a, b| sure(*b).total_cmp(&sure(*a)));
    chosen
}

/// The panel; nothing before both networks are scored.
#[function_component]
pub fn Disagreements(props: &DisagreementsProps) -> Html {
    let outcome = use_state(|| Outcome::OnlyCnn);
    let all = use_memo(props.scored.clone(), outcomes);
    let found =
        use_memo((props.scored.clone(), all.clone(), *outcome), |(scored, all, outcome): &(_, Rc<Vec<_>>, _)| {
            chosen(scored, all, *outcome)
        });
    if all.is_empty() {
        return html!();
    }
    let number = |outcome| all.iter().filter(|o| **o == outcome).count();
    let options = [
        (Outcome::OnlyCnn, "Only the CNN is right"),
        (Outcome::OnlyAnn, "Only the ANN is right"),
        (Outcome::BothWrongApart, "Both wrong, differently"),
    ]
    .map(|(outcome, text)| (outcome, format!("{text}: {}", count(number(outcome) as u64))));
    let said = format!(
        "Of {} test images both networks get {} right, and on {} both make the same mistake. The others tell them apart; those come \
         first on which the wrong answer is surest.",
        count(all.len() as u64),
        count(number(Outcome::BothRight) as u64),
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

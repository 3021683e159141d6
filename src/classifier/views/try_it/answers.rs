//! What the networks see, and what they say to it.

use crate::classifier::parts::{Act, bars, button, garment, name};
use crate::classifier::texts::t as common;
use crate::classifier::texts::try_it as t;
use crate::classifier::views::source::source_choice;
use crate::classify::effect::Msg;
use crate::classify::state::State;
use crate::classify::try_it::{PictureFrom, Try};
use crate::prepare::{sureness, verdict};
use yew::prelude::*;

/// The 28 x 28 pixels, the verdict, and the way on to Inside.
pub fn seen(act: &Act, state: &State) -> Html {
    let tried = &state.try_it;
    let lists: Vec<&[f32]> = tried.answers.iter().map(|answer| &*answer.probabilities).collect();
    let said = match &tried.seen {
        None => t::NO_PICTURE.to_owned(),
        Some(seen) if seen.is_empty() => t::EMPTY.to_owned(),
        Some(_) if lists.is_empty() => t::LOADS.to_owned(),
        Some(_) => {
            let classes: Vec<usize> = lists.iter().map(|list| sureness(list).class).collect();
            let leaning = classes.first().copied().filter(|first| classes.iter().all(|class| class == first));
            t::verdict(verdict(&lists), lists.len(), leaning)
        }
    };
    html! {
        <section class="card try-seen" aria-label={t::SEEN}>
            if let Some(seen) = &tried.seen {
                <div class="try-final" data-pixels={seen.hex.to_string()}>
                    { garment(&seen.pixels, t::seen_picture(seen.pixels.iter().filter(|pixel| **pixel > 0).count())) }
                </div>
            } else {
                <div class="try-final"><span class="picture garment-picture" /></div>
            }
            <div class="try-said">
                <p class="try-verdict" role="status">{ said }</p>
                if tried.seen.is_some() {
                    <p class="note">{ t::SEEN_NOTE }</p>
                    { button(act, "see-inside", "", t::INSIDE.into(), "", Msg::Try(Try::Inside)) }
                }
            </div>
        </section>
    }
}

/// Both networks' answers.
pub fn answers(state: &State) -> Html {
    let tried = &state.try_it;
    let label = state.image(tried.test).and_then(|image| image.label).map(usize::from);
    let truth = label.filter(|_| tried.from == PictureFrom::Test);
    html! {
        <div class="try-answers" role="group" aria-label={t::ANSWERS}>
            { for tried.answers.iter().map(|answer| {
                let sure = sureness(&answer.probabilities);
                html! {
                    <section class={classes!("card", "answer", answer.kind.key())} data-network={answer.kind.key()} data-says={sure.class.to_string()} data-sure={sure.sure.to_string()}>
                        <h2>{ name(answer.kind) }{ " " }<small>{ common::verdict(sure.class, truth) }</small></h2>
                        { bars(answer.kind, &answer.probabilities, truth, &common::CLASSES) }
                        <p class="note">{ t::entropy(sure.entropy) }</p>
                    </section>
                }
            }) }
        </div>
    }
}

/// Whose networks answer, and what to expect of them.
pub fn whose(act: &Act, state: &State) -> Html {
    html! {
        <div class="card try-whose">
            { source_choice(act, state) }
            <p class="note">{ t::LIMITS }</p>
        </div>
    }
}

//! The classifier alone: one garment and ten bars for each network. For course pages that hold it in a small frame.

use crate::classifier::parts::{Act, bars, button, garment, name};
use crate::classifier::texts::t;
use crate::classify::effect::Msg;
use crate::classify::images::ImageName;
use crate::classify::state::State;
use crate::evaluate::arg_max;
use crate::shipped::GARMENTS;
use yew::prelude::*;

/// The view.
pub fn view(act: &Act, state: &State) -> Html {
    let image = state.looked_at.and_then(|name| state.image(name));
    let truth = image.as_ref().and_then(|image| image.label).map(usize::from);
    html! {
        <div class="view alone" data-view="classify" data-ready={(!state.answers.is_empty()).to_string()}>
            <div class="card subject">
                if let Some(image) = &image {
                    { garment(&image.pixels, truth.map_or_else(String::new, t::picture_of)) }
                    <p class="class">{ truth.map(|truth| t::CLASSES[truth]) }</p>
                } else {
                    <p class="note" role="status">{ t::LOADS }</p>
                }
                <div class="buttons">
                    { step(act, state, "previous", "‹", t::PREVIOUS, GARMENTS - 1) }
                    { step(act, state, "next", "›", t::NEXT, 1) }
                </div>
            </div>
            { for state.answers.iter().map(|answer| {
                let says = usize::from(arg_max(&answer.probabilities).first().copied().unwrap_or(0));
                html! {
                    <section class={classes!("card", "answer", answer.kind.key())}>
                        <h2>{ name(answer.kind) }{ " " }<small>{ t::verdict(says, truth) }</small></h2>
                        { bars(answer.kind, &answer.probabilities, truth, &t::CLASSES) }
                    </section>
                }
            }) }
            <p class="note">
                { t::ONE_OF_TEN }{ " " }
                <a href="#view=train" target="_blank" data-action="whole-lab">{ t::WHOLE_LAB }</a>{ "." }
            </p>
        </div>
    }
}

/// A button to the garment that stands so many places further.
fn step(act: &Act, state: &State, action: &'static str, sign: &'static str, label: &'static str, by: usize) -> Html {
    let place = match state.looked_at {
        Some(ImageName::Garment(place)) => place,
        _ => 0,
    };
    let next = Msg::Look(ImageName::Garment((place + by) % GARMENTS));
    let shown = html! { <><span aria-hidden="true">{ sign }</span><span class="unseen">{ label }</span></> };
    button(act, action, "bare", shown, label, next)
}

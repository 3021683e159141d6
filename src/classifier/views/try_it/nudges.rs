//! The changes of a test image, and at which of them each network changes its mind.

use crate::classifier::parts::{Act, button, name, slider, tick};
use crate::classifier::texts::try_it as t;
use crate::classify::effect::Msg;
use crate::classify::try_it::{NudgeKind, Try, TryIt};
use yew::prelude::*;

/// The card.
pub fn nudges(act: &Act, tried: &TryIt) -> Html {
    html! {
        <section class="card try-steps" aria-label={t::CHANGES}>
            <div class="panel-head">
                <h2>{ t::CHANGES }</h2>
                { button(act, "reset", "", t::RESET.into(), "", Msg::Try(Try::Reset)) }
            </div>
            <div class="try-sliders">
                { for NudgeKind::ALL.into_iter().map(|kind| nudge(act, kind, tried.sliders.get(kind))) }
            </div>
            <div class="try-minds" aria-live="polite">
                if tried.minds.iter().all(|mind| mind.since.is_none()) {
                    <p class="note">{ t::MOVED_NOTE }</p>
                }
                { for tried.minds.iter().map(|mind| html! {
                    <p class={mind.kind.key()} data-mind={mind.kind.key()} data-changed={mind.since.is_some().to_string()}>{ name(mind.kind) }{ " " }{ t::mind(mind) }</p>
                }) }
            </div>
        </section>
    }
}

fn nudge(act: &Act, kind: NudgeKind, value: f32) -> Html {
    let act = act.clone();
    let set = move |value| act.emit(Msg::Try(Try::Nudge(kind, value)));
    if kind == NudgeKind::Invert {
        return tick(kind.key(), t::nudge(kind).into(), value > 0.0, move |on| set(f32::from(u8::from(on))));
    }
    html! {
        <div class="try-line">
            <span>{ t::nudge(kind) }</span>
            { slider(kind.key(), t::nudge(kind), kind.range(), value, t::nudge_value(kind, value), set) }
            <output>{ t::nudge_value(kind, value) }</output>
        </div>
    }
}

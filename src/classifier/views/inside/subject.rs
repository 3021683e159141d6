//! Which image is looked at, at which epoch, and by whose networks.

use crate::classifier::parts::{Act, button, chosen, garment, test_image};
use crate::classifier::texts::inside as t;
use crate::classifier::texts::t as common;
use crate::classifier::views::source::source_choice;
use crate::classify::effect::Msg;
use crate::classify::images::ImageName;
use crate::classify::networks::{Origin, Source};
use crate::classify::state::State;
use yew::prelude::*;

/// The bar above the networks.
pub fn subject(act: &Act, state: &State) -> Html {
    let image = state.looked_at.and_then(|name| state.image(name));
    let label = image.as_ref().and_then(|image| image.label).map(usize::from);
    let look = act.reform(Msg::Look);
    let garments = state.garments.iter().flat_map(|garments| garments.pixels.iter().zip(&garments.labels).enumerate());
    html! {
        <section class="card subject" aria-label={t::SUBJECT}>
            if let Some(image) = &image {
                { garment(&image.pixels, label.map_or_else(|| t::OWN.to_owned(), common::picture_of)) }
            }
            <div class="which">
                <h2>{ label.map_or(t::OWN, |label| common::CLASSES[label]) }<small>{ state.looked_at.map(t::image_name) }</small></h2>
                <div class="buttons">
                    { button(act, "previous", "", t::PREVIOUS.into(), "", Msg::Next(-1)) }
                    { button(act, "next", "", t::NEXT.into(), "", Msg::Next(1)) }
                    if state.in_page {
                        { test_image(state.looked_at.unwrap_or(ImageName::Garment(0)), move |name| look.emit(name)) }
                    }
                    <details class="group">
                        <summary>{ t::GARMENTS }</summary>
                        <div class="twenty">
                            { for garments.map(|(place, (pixels, label))| {
                                let name = common::picture_of(usize::from(*label));
                                button(act, "look", "bare", garment(pixels, name), common::CLASSES[usize::from(*label)], Msg::Look(ImageName::Garment(place)))
                            }) }
                        </div>
                    </details>
                </div>
            </div>
            { networks(act, state) }
        </section>
    }
}

/// Whose networks, and after which epoch.
fn networks(act: &Act, state: &State) -> Html {
    let source = state.networks.source();
    html! {
        <div class="whose">
            { source_choice(act, state) }
            if source == Source::Run {
                { epochs(act, state) }
            }
        </div>
    }
}

/// The slider over the epochs of the page's run.
fn epochs(act: &Act, state: &State) -> Html {
    let Some(run) = state.run.as_ref().filter(|run| run.epochs > 0) else { return html!() };
    let shown = state.networks.answering().filter_map(|network| match network.origin {
        Origin::Run { epoch, .. } => Some(epoch),
        _ => None,
    });
    let shown = shown.max().unwrap_or(0);
    let at = run.open.unwrap_or(run.epochs);
    let all = run.epochs;
    let moved = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            if let Some(epoch) = chosen(&event) {
                act.emit(Msg::OpenEpoch(Some(epoch)));
            }
        })
    };
    html! {
        <div class="epochs">
            <label>
                <span>{ t::EPOCH }</span>
                <input type="range" min="1" max={all.to_string()} value={at.to_string()} data-action="epoch" aria-valuetext={t::epoch_of(at, all)} onchange={moved} />
            </label>
            <b>{ t::epoch_of(at, all) }</b>
            if run.open.is_some() {
                { button(act, "epoch-end", "quiet", t::AT_THE_END.into(), "", Msg::OpenEpoch(None)) }
            } else if shown > 0 && shown != all {
                <small>{ t::scored(shown) }</small>
            }
        </div>
    }
}

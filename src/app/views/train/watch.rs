//! Twenty garments with the answers of both networks, which change after each epoch; and the ten probabilities of the one that is picked.
//! Leaves out: which garments these are (`garments`).

use super::garments::{Answered, Garments, Pictures};
use crate::app::images::ImageStore;
use crate::app::parts::{Act, Thumbnail, name};
use crate::app::texts::t;
use crate::config::NetworkKind;
use crate::evaluate::format::percentage;
use crate::fashion_mnist::{CLASSES, ImageSet};
use crate::page::effect::Msg;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct WatchProps {
    pub garments: Option<Garments>,
    /// Whether the dataset is here, so that images can be asked for.
    pub ready: bool,
    /// Why the networks that ship with the page cannot answer, if they cannot.
    pub missing: Option<String>,
    /// Whether the run keeps no images to watch.
    pub unvalidated: bool,
    /// The place of the garment that is picked.
    pub picked: usize,
    pub images: ImageStore,
    pub act: Act,
}

/// The panel.
#[function_component]
pub fn Watch(props: &WatchProps) -> Html {
    let places: Vec<u32> = match props.garments.as_ref().map(|garments| &garments.pictures) {
        Some(Pictures::TrainingSet(places)) => places.clone(),
        _ => Vec::new(),
    };
    {
        let images = props.images.clone();
        use_effect_with((places, props.ready), move |(places, ready)| {
            if *ready {
                images.want(ImageSet::Train, places);
            }
        });
    }
    let counts =
        props.garments.iter().flat_map(|garments| garments.answered.iter().map(|network| right(network, garments)));
    html! {
        <section class="card watch" aria-labelledby="watch-title">
            <div class="panel-head">
                <h2 id="watch-title">{ t::WATCH }<small>{ t::WATCH_ABOUT }</small></h2>
                <p class="counts">{ for counts }</p>
            </div>
            if let Some(garments) = &props.garments {
                { body(props, garments) }
            } else {
                <p class="note">{ if props.unvalidated { t::WATCH_NONE } else { props.missing.as_deref().unwrap_or(t::WATCH_EMPTY) } }</p>
            }
        </section>
    }
}

/// How many garments a network answers rightly, and when it answered.
fn right(network: &Answered, garments: &Garments) -> Html {
    let truth = garments.truth.iter().enumerate();
    let right = truth.filter(|(place, truth)| network.says(*place) == Some(**truth)).count();
    let when = network.epoch.map_or_else(|| t::SHIPPED.to_owned(), t::after_epoch);
    html! { <span class={network.kind.key()}>{ t::right_of(network.kind, right, garments.truth.len()) }{ " " }<small>{ when }</small></span> }
}

/// The garments, and the answers to the one that is picked.
fn body(props: &WatchProps, garments: &Garments) -> Html {
    let number = garments.truth.len();
    let picked = props.picked.min(number.saturating_sub(1));
    let pixels = |place: usize| match &garments.pictures {
        Pictures::TrainingSet(places) => props.images.get(ImageSet::Train, *places.get(place)?),
        Pictures::Shipped(pixels) => pixels.get(place).cloned(),
    };
    html! {
        <div class="watch-body">
            <div class="garments" role="toolbar" aria-label={t::WATCH_ABOUT} onkeydown={keys(&props.act, picked, number)}>
                { for garments.truth.iter().enumerate().map(|(place, &truth)| html! {
                    <Garment key={place} {place} {truth} pixels={pixels(place)}
                        says={garments.answered.iter().map(|n| (n.kind, n.says(place))).collect::<Vec<_>>()}
                        picked={place == picked} act={props.act.clone()} />
                }) }
            </div>
            { bars(&garments.answered, picked, garments.truth.get(picked).copied().unwrap_or(0)) }
        </div>
    }
}

/// The arrow keys pick another garment, so that all of them together are one stop of the tab key.
fn keys(act: &Act, picked: usize, garments: usize) -> Callback<KeyboardEvent> {
    let act = act.clone();
    Callback::from(move |e: KeyboardEvent| {
        // A key is pressed in a garment, so what holds them all is its parent. Yew's current target is the whole page.
        let garment = e.target().and_then(|t| t.dyn_into::<HtmlElement>().ok());
        let Some(all) = garment.and_then(|garment| garment.parent_element()) else { return };
        let each = || {
            let first = all.first_element_child();
            std::iter::successors(first, |element| element.next_element_sibling())
                .filter_map(|element| element.dyn_into::<HtmlElement>().ok())
        };
        let top = each().next().map_or(0, |first| first.offset_top());
        let columns = each().filter(|garment| garment.offset_top() == top).count();
        let next = match e.key().as_str() {
            "ArrowRight" => picked + 1,
            "ArrowLeft" => picked.wrapping_sub(1),
            "ArrowDown" => picked + columns,
            "ArrowUp" => picked.wrapping_sub(columns),
            "Home" => 0,
            "End" => garments.saturating_sub(1),
            _ => return,
        };
        e.prevent_default();
        if let Some(garment) = each().nth(next).filter(|_| next < garments) {
            let _ = garment.focus(); // Only an element that is not shown refuses.
            act.emit(Msg::Pick(next));
        }
    })
}

#[derive(Properties, PartialEq)]
struct GarmentProps {
    place: usize,
    truth: usize,
    pixels: Option<Rc<[u8]>>,
    says: Vec<(NetworkKind, Option<usize>)>,
    picked: bool,
    act: Act,
}

#[function_component]
fn Garment(props: &GarmentProps) -> Html {
    let place = props.place;
    let onclick = props.act.reform(move |_: MouseEvent| Msg::Pick(place));
    let verdict = |&(kind, says): &(NetworkKind, Option<usize>)| {
        let Some(says) = says else { return html!() };
        let right = says == props.truth;
        html! {
            <span class={classes!("verdict", kind.key(), (!right).then_some("no"))}>
                <span class="unseen">{ kind.label() }{ " " }</span>
                <i aria-hidden="true">{ if right { "✓" } else { "✗" } }</i>
                <span class={right.then_some("unseen")}>{ t::CLASSES[says] }</span>
            </span>
        }
    };
    html! {
        <button type="button" class="garment" data-action="pick" tabindex={if props.picked { "0" } else { "-1" }} aria-pressed={props.picked.to_string()} {onclick}>
            <Thumbnail pixels={props.pixels.clone()} label="" />
            <span class="truth">{ t::CLASSES[props.truth] }</span>
            { for props.says.iter().map(verdict) }
        </button>
    }
}

/// The ten probabilities of each network for the garment that is picked.
fn bars(answered: &[Answered], place: usize, truth: usize) -> Html {
    let title = answered.iter().filter_map(|network| {
        let says = network.says(place)?;
        Some(html! { <span class={network.kind.key()}>{ t::says(network.kind, t::CLASSES[says]) }</span> })
    });
    html! {
        <div class="answer-of">
            <h3>{ t::CLASSES[truth] }{ for title }</h3>
            <table aria-label={t::PROBABILITIES}>
                <thead class="unseen"><tr><td />{ for answered.iter().map(|n| html! { <th scope="col">{ name(n.kind) }</th> }) }</tr></thead>
                <tbody>
                { for (0..CLASSES).map(|class| html! {
                    <tr class={(class == truth).then_some("truth")}>
                        <th scope="row">{ t::CLASSES[class] }</th>
                        { for answered.iter().map(|network| {
                            let share = f64::from(network.row(place).get(class).copied().unwrap_or(0.0));
                            let says = network.says(place) == Some(class);
                            html! {
                                <td class={classes!(network.kind.key(), says.then_some("says"))}>
                                    <span class="track"><span style={format!("width:{:.1}%", 100.0 * share)} /></span>
                                    <i>{ percentage(share) }</i>
                                </td>
                            }
                        }) }
                    </tr>
                }) }
                </tbody>
            </table>
        </div>
    }
}

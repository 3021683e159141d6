//! Twenty garments with the answers of both networks, which change after each epoch; and the ten probabilities of the one that is picked.
//! Leaves out: which garments these are (`train`).

use crate::app::images::ImageStore;
use crate::app::parts::{Act, Thumbnail, name};
use crate::app::texts::t;
use crate::config::NetworkKind;
use crate::evaluate::format::percentage;
use crate::fashion_mnist::{CLASSES, ImageSet};
use crate::page::effect::Msg;
use crate::page::state::State;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// A network's answers to the garments.
#[derive(Clone, PartialEq)]
pub struct Answered {
    pub kind: NetworkKind,
    /// The epoch, from 1, after which it answered.
    pub epoch: usize,
    /// Indices into the training set.
    pub images: Vec<u32>,
    /// Ten of each.
    pub probabilities: Vec<f32>,
}

impl Answered {
    /// The ten probabilities of a garment.
    fn row(&self, place: usize) -> &[f32] {
        self.probabilities.get(CLASSES * place..CLASSES * (place + 1)).unwrap_or(&[])
    }

    /// What it says, if it answered.
    fn says(&self, place: usize) -> Option<usize> {
        let row = self.row(place).iter().enumerate();
        row.max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| class)
    }
}

/// The newest answers of each network of the shown run.
pub fn watched(state: &State) -> Rc<Vec<Answered>> {
    let networks = state.run().into_iter().flat_map(|run| &run.networks);
    let newest = networks.filter_map(|network| {
        let at = network.watched.iter().rposition(Option::is_some)?;
        let watched = network.watched[at].clone()?;
        let epoch = network.epochs.get(at).map_or(at + 1, |record| record.epoch);
        Some(Answered { kind: network.kind, epoch, images: watched.images, probabilities: watched.probabilities })
    });
    Rc::new(newest.collect())
}

#[derive(Properties, PartialEq)]
pub struct WatchProps {
    pub watched: Rc<Vec<Answered>>,
    /// Whether the dataset is here, so that images can be asked for.
    pub ready: bool,
    /// Whether the run keeps no images to watch.
    pub unvalidated: bool,
    /// Training labels, then test labels.
    pub labels: Rc<Vec<u8>>,
    /// The place of the garment that is picked.
    pub picked: usize,
    pub images: ImageStore,
    pub act: Act,
}

/// The panel.
#[function_component]
pub fn Watch(props: &WatchProps) -> Html {
    let answered = &*props.watched;
    let shown: Vec<u32> = answered.first().map_or_else(Vec::new, |first| first.images.clone());
    {
        let images = props.images.clone();
        use_effect_with((shown.clone(), props.ready), move |(shown, ready)| {
            if *ready {
                images.want(ImageSet::Train, shown);
            }
        });
    }
    let truth: Vec<usize> = shown
        .iter()
        .map(|&index| props.labels.get(index as usize).map_or(0, |&label| usize::from(label).min(CLASSES - 1)))
        .collect();
    let picked = props.picked.min(shown.len().saturating_sub(1));
    let count = |network: &Answered| {
        let right = truth.iter().enumerate().filter(|(place, truth)| network.says(*place) == Some(**truth)).count();
        html! { <span class={network.kind.key()}>{ t::right_of(network.kind, right, truth.len()) }{ " " }<small>{ t::after_epoch(network.epoch) }</small></span> }
    };
    html! {
        <section class="card watch" aria-labelledby="watch-title">
            <div class="panel-head">
                <h2 id="watch-title">{ t::WATCH }<small>{ t::WATCH_ABOUT }</small></h2>
                <p class="counts">{ for answered.iter().map(count) }</p>
            </div>
            if shown.is_empty() {
                <p class="note">{ if props.unvalidated { t::WATCH_NONE } else { t::WATCH_EMPTY } }</p>
            } else {
                <div class="watch-body">
                    <div class="garments" role="toolbar" aria-label={t::WATCH_ABOUT} onkeydown={keys(&props.act, picked, shown.len())}>
                        { for shown.iter().enumerate().map(|(place, &index)| html! {
                            <Garment key={place} {place} truth={truth[place]} pixels={props.images.get(ImageSet::Train, index)}
                                says={answered.iter().map(|n| (n.kind, n.says(place))).collect::<Vec<_>>()}
                                picked={place == picked} act={props.act.clone()} />
                        }) }
                    </div>
                    { bars(answered, picked, truth[picked]) }
                </div>
            }
        </section>
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
            "End" => garments - 1,
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

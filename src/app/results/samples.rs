//! Test images, chosen by what a network makes of them. Before anything is scored: one image of each class.

use super::gallery::{Gallery, Thumbnail};
use super::scored::Scored;
use super::{ImageStore, choice, panel};
use crate::config::NetworkKind;
use crate::fashion_mnist::ImageSet;
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SamplesProps {
    pub scored: Scored,
    pub images: ImageStore,
}

#[derive(Clone, Copy, PartialEq)]
enum Filter {
    ConfidentWrong,
    Wrong,
    Right,
    Unsure,
    All,
}

/// The test images that pass, in the order in which they are shown.
fn chosen(scored: &Scored, kind: NetworkKind, filter: Filter, class: Option<u8>) -> Vec<u32> {
    let Some(network) = scored.get(kind) else { return Vec::new() };
    let truth = scored.truth();
    let passes = |&i: &usize| {
        let right = network.prediction(i) == usize::from(truth[i]);
        class.is_none_or(|c| truth[i] == c)
            && match filter {
                Filter::Right => right,
                Filter::Wrong | Filter::ConfidentWrong => !right,
                Filter::Unsure | Filter::All => true,
            }
    };
    let mut chosen: Vec<usize> = (0..truth.len()).filter(passes).collect();
    match filter {
        Filter::ConfidentWrong => chosen.sort_by(|a, b| network.confidence(*b).total_cmp(&network.confidence(*a))),
        Filter::Unsure => chosen.sort_by(|a, b| network.confidence(*a).total_cmp(&network.confidence(*b))),
        _ => {}
    }
    chosen.into_iter().map(|i| i as u32).collect()
}

/// The panel.
#[function_component]
pub fn Samples(props: &SamplesProps) -> Html {
    let scored = &props.scored;
    let filter = use_state(|| Filter::ConfidentWrong);
    let wanted = use_state(|| NetworkKind::Cnn);
    let class = use_state(|| None::<u8>);
    // One that is not scored (yet) cannot be chosen.
    let kind = scored.get(*wanted).or(scored.networks.first()).map_or(*wanted, |n| n.kind);
    let found = use_memo((scored.clone(), kind, *filter, *class), |(scored, kind, filter, class)| {
        chosen(scored, *kind, *filter, *class)
    });
    if scored.networks.is_empty() {
        return panel(
            "samples",
            "Test images",
            html!(),
            html! { <Classes ..SamplesProps { scored: scored.clone(), images: props.images.clone() } /> },
        );
    }
    let onchange = {
        let class = class.clone();
        Callback::from(move |e: Event| {
            let select = e.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            class.set(select.and_then(|s| s.value().parse().ok()));
        })
    };
    let networks: Vec<_> = scored.networks.iter().map(|n| (n.kind, n.kind.label().to_owned())).collect();
    let filters = [
        (Filter::ConfidentWrong, "Most confident wrong"),
        (Filter::Wrong, "Wrong"),
        (Filter::Right, "Right"),
        (Filter::Unsure, "Least sure"),
        (Filter::All, "All"),
    ]
    .map(|(filter, text)| (filter, text.to_owned()));
    let content = html! {
        <>
            <div class="filters">
                if networks.len() > 1 {
                    { choice("Judged by the answers of", &networks, &wanted) }
                }
                { choice("Which images", &filters, &filter) }
                <select aria-label="True class" {onchange}>
                    <option value="" selected={class.is_none()}>{ "All classes" }</option>
                    { for CLASS_NAMES.iter().enumerate().map(|(i, name)| html! {
                        <option value={i.to_string()} selected={*class == Some(i as u8)}>{ *name }</option>
                    }) }
                </select>
            </div>
            <Gallery chosen={found} scored={scored.clone()} images={props.images.clone()} />
        </>
    };
    panel("samples", "Test images", html!(), content)
}

/// The first test image of each class.
#[function_component]
fn Classes(props: &SamplesProps) -> Html {
    let first = use_memo(props.scored.clone(), |scored| {
        let of = |class: usize| scored.truth().iter().position(|t| usize::from(*t) == class).map(|i| i as u32);
        (0..CLASSES).filter_map(of).collect::<Vec<_>>()
    });
    {
        let images = props.images.clone();
        use_effect_with(first.clone(), move |first: &Rc<Vec<u32>>| images.want(ImageSet::Test, first));
    }
    html! {
        <>
            <p class="note">{ "What the networks learn to tell apart: grey images of 28 × 28 pixels, ten classes. After a run, the test images stand here with each network's answer." }</p>
            <div class="ten">
                { for first.iter().zip(CLASS_NAMES).map(|(&index, name)| html! {
                    <figure>
                        <Thumbnail pixels={props.images.get(ImageSet::Test, index)} label={name} />
                        <figcaption>{ name }</figcaption>
                    </figure>
                }) }
            </div>
        </>
    }
}

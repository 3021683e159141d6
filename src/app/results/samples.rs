//! Test images, chosen by a network's answer to them. Before a network is scored: one image of each class. Leaves out: which images
//! pass and in which order (`evaluate`).

use super::Thumbnail;
use super::gallery::Gallery;
use super::scored::Scored;
use super::{ImageStore, choice, panel};
use crate::config::NetworkKind;
use crate::evaluate::{Filter, filtered, first_of_each_class};
use crate::fashion_mnist::{CLASS_NAMES, ImageSet};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SamplesProps {
    pub scored: Scored,
    pub images: ImageStore,
}

/// The panel.
#[function_component]
pub fn Samples(props: &SamplesProps) -> Html {
    let scored = &props.scored;
    let filter = use_state(|| Filter::ConfidentWrong);
    let wanted = use_state(|| NetworkKind::Cnn);
    let class = use_state(|| None::<u8>);
    // Only a network that is scored can be chosen.
    let kind = scored.get(*wanted).or(scored.networks.first()).map_or(*wanted, |n| n.kind);
    let found = use_memo((scored.clone(), kind, *filter, *class), |(scored, kind, filter, class)| {
        let network = scored.get(*kind);
        network.map_or_else(Vec::new, |n| filtered(scored.truth(), n.answers(), *filter, *class))
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
    let filters = Filter::ALL.map(|(filter, text)| (filter, text.to_owned()));
    let content = html! {
        <>
            <div class="filters">
                if networks.len() > 1 {
                    { choice("Answers of", &networks, &wanted) }
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
    let first = use_memo(props.scored.clone(), |scored| first_of_each_class(scored.truth()));
    {
        let images = props.images.clone();
        use_effect_with(first.clone(), move |first: &Rc<Vec<u32>>| images.want(ImageSet::Test, first));
    }
    html! {
        <>
            <p class="note">{ "The networks learn to tell these ten classes apart, from grey images of 28 × 28 pixels. After a run you see the test images here, with each network's answer." }</p>
            <div class="ten">
                { for first.iter().map(|&index| (index, class_name(props.scored.truth(), index))).map(|(index, name)| html! {
                    <figure>
                        <Thumbnail pixels={props.images.get(ImageSet::Test, index)} label={name} />
                        <figcaption>{ name }</figcaption>
                    </figure>
                }) }
            </div>
        </>
    }
}

fn class_name(labels: &[u8], image: u32) -> &'static str {
    let class = labels.get(image as usize).map(|label| usize::from(*label));
    class.and_then(|class| CLASS_NAMES.get(class)).copied().unwrap_or_default()
}

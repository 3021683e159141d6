//! Images, chosen by a network's answer to them. Where there is no answer: one image of each class. Leaves out: which images
//! pass and in which order (`evaluate`).

use super::gallery::Gallery;
use crate::app::images::ImageStore;
use crate::app::parts::{Act, Thumbnail, choice, panel};
use crate::app::texts::t;
use crate::app::views::answered::Answered;
use crate::config::NetworkKind;
use crate::evaluate::{Filter, filtered, first_of_each_class};
use crate::fashion_mnist::{CLASS_NAMES, ImageSet, TRAIN_IMAGES};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq, Clone)]
pub struct SamplesProps {
    pub answered: Answered,
    pub images: ImageStore,
    pub act: Act,
}

/// The panel.
#[function_component]
pub fn Samples(props: &SamplesProps) -> Html {
    let answered = &props.answered;
    let filter = use_state(|| Filter::ConfidentWrong);
    let wanted = use_state(|| NetworkKind::Cnn);
    let class = use_state(|| None::<u8>);
    // Only a network that answered can be chosen.
    let kind = answered.get(*wanted).or(answered.networks.first()).map_or(*wanted, |n| n.kind);
    let found = use_memo((answered.clone(), kind, *filter, *class), |(answered, kind, filter, class)| {
        let network = answered.get(*kind);
        network.map_or_else(Vec::new, |n| filtered(answered.truth(), n.answers(), *filter, *class))
    });
    if answered.networks.is_empty() {
        return panel("samples", t::TEN_CLASSES, html!(), html! { <Classes ..props.clone() /> });
    }
    let onchange = {
        let class = class.clone();
        Callback::from(move |e: Event| {
            let select = e.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            class.set(select.and_then(|s| s.value().parse().ok()));
        })
    };
    let networks: Vec<_> = answered.networks.iter().map(|n| (n.kind, n.kind.label().to_owned())).collect();
    let filters = Filter::ALL.map(|(filter, text)| (filter, text.to_owned()));
    let content = html! {
        <>
            <div class="filters">
                if networks.len() > 1 {
                    { choice(t::ANSWERS_OF, &networks, &wanted) }
                }
                { choice(t::WHICH_IMAGES, &filters, &filter) }
                <select aria-label={t::TRUE_CLASS} {onchange}>
                    <option value="" selected={class.is_none()}>{ t::ALL_CLASSES }</option>
                    { for CLASS_NAMES.iter().enumerate().map(|(i, name)| html! {
                        <option value={i.to_string()} selected={*class == Some(i as u8)}>{ *name }</option>
                    }) }
                </select>
            </div>
            <Gallery chosen={found} answered={answered.clone()} images={props.images.clone()} act={props.act.clone()} />
        </>
    };
    panel("samples", if answered.is_validation() { t::VALIDATION_IMAGES } else { t::TEST_IMAGES }, html!(), content)
}

/// The first training image of each class.
#[function_component]
fn Classes(props: &SamplesProps) -> Html {
    let first = use_memo(props.answered.clone(), |answered| {
        first_of_each_class(answered.labels.get(..TRAIN_IMAGES).unwrap_or(&[]))
    });
    {
        let images = props.images.clone();
        use_effect_with(first.clone(), move |first: &Rc<Vec<u32>>| images.want(ImageSet::Train, first));
    }
    html! {
        <>
            <p class="note">{ t::TEN_CLASSES_ABOUT }</p>
            <div class="ten">
                { for first.iter().map(|&index| (index, class_name(&props.answered.labels, index))).map(|(index, name)| html! {
                    <figure>
                        <Thumbnail pixels={props.images.get(ImageSet::Train, index)} label="" />
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

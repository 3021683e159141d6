//! Test images with each network's answer: the picture, the predicted class, the ten probabilities. Leaves out: which images these are.

use super::scored::Scored;
use super::{ImageStore, Thumbnail, name};
use crate::fashion_mnist::{CLASS_NAMES, CLASSES, ImageSet};
use std::rc::Rc;
use yew::prelude::*;

/// Images that are shown at first.
const PAGE: usize = 12;

#[derive(Properties, PartialEq)]
pub struct GalleryProps {
    /// The test images, in the order in which they are shown.
    pub chosen: Rc<Vec<u32>>,
    /// What the networks say.
    pub scored: Scored,
    /// The pixels.
    pub images: ImageStore,
}

/// Images, some at first and more on demand.
#[function_component]
pub fn Gallery(props: &GalleryProps) -> Html {
    let shown = use_state(|| PAGE);
    {
        let shown = shown.clone();
        use_effect_with(props.chosen.clone(), move |_| shown.set(PAGE));
    }
    let now = props.chosen.len().min(*shown);
    {
        let images = props.images.clone();
        use_effect_with((props.chosen.clone(), now), move |(chosen, now)| images.want(ImageSet::Test, &chosen[..*now]));
    }
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + 2 * PAGE))
    };
    let said = match props.chosen.len() {
        0 => "There is no such image.".to_owned(),
        all if all == now => format!("{all} {}", if all == 1 { "image" } else { "images" }),
        all => format!("{now} of {all} images"),
    };
    html! {
        <div class="gallery">
            <div class="cards">
                { for props.chosen[..now].iter().map(|&index| {
                    let pixels = props.images.get(ImageSet::Test, index);
                    html! { <Sample key={index} {index} {pixels} scored={props.scored.clone()} /> }
                }) }
            </div>
            <p class="more" aria-live="polite">
                <span>{ said }</span>
                if now < props.chosen.len() {
                    <button type="button" data-action="more" onclick={more}>{ "Show more" }</button>
                }
            </p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SampleProps {
    index: u32,
    pixels: Option<Rc<[u8]>>,
    scored: Scored,
}

#[function_component]
fn Sample(props: &SampleProps) -> Html {
    let (index, scored) = (props.index as usize, &props.scored);
    let Some(truth) = scored.truth().get(index).map(|t| usize::from(*t).min(CLASSES - 1)) else { return html!() };
    let answers = scored.networks.iter().map(|network| {
        let (kind, predicted) = (network.kind, network.answers().prediction(index));
        let (class, mark, said) =
            if predicted == truth { ("correct", "✓", "correct") } else { ("wrong", "✗", "wrong") };
        html! {
            <p class={class}>
                { name(kind) }{ " " }{ CLASS_NAMES[predicted] }{ format!(" {} ", percent(network.answers().confidence(index))) }
                <span role="img" aria-label={said}>{ mark }</span>
            </p>
        }
    });
    let rows: Vec<_> =
        scored.networks.iter().map(|n| (n.kind, n.answers().row(index), n.answers().prediction(index))).collect();
    html! {
        <article class="sample">
            <div class="what">
                <Thumbnail pixels={props.pixels.clone()} label={format!("Test image {index}: {}", CLASS_NAMES[truth])} />
                <div class="answers">
                    <p class="truth"><b>{ CLASS_NAMES[truth] }</b><small>{ format!(" #{index}") }</small></p>
                    { for answers }
                </div>
            </div>
            <table class="probabilities" aria-label="Probability of each class, in percent">
                { for CLASS_NAMES.iter().enumerate().map(|(class, label)| html! {
                    <tr class={(class == truth).then_some("truth")}>
                        <th scope="row">{ *label }</th>
                        { for rows.iter().map(|(kind, row, predicted)| html! {
                            <td class={classes!(kind.key(), (class == *predicted).then_some("predicted"))}
                                title={format!("{}: {label} {:.2} %", kind.label(), 100.0 * row[class])}>
                                <span style={format!("width:{:.1}%", 100.0 * row[class])} />
                                <i>{ if row[class] >= 0.005 { format!("{:.0}", 100.0 * row[class]) } else { String::new() } }</i>
                            </td>
                        }) }
                    </tr>
                }) }
            </table>
        </article>
    }
}

/// A probability without decimals. If rounding gives 100 %, "more than 99 %" is shown, because it is not quite 100 %.
fn percent(share: f32) -> String {
    match 100.0 * share {
        p if p >= 99.5 => "> 99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

//! Images with each network's answer: the picture, the predicted class, the ten probabilities. Leaves out: which images these are.

use crate::app::images::ImageStore;
use crate::app::parts::{Act, Thumbnail, button, name};
use crate::app::texts::t;
use crate::app::views::answered::Answered;
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use crate::page::effect::Msg;
use std::rc::Rc;
use yew::prelude::*;

/// Images that are shown at first.
const PAGE: usize = 12;

#[derive(Properties, PartialEq)]
pub struct GalleryProps {
    /// The images by their places among the answers, in the order in which they are shown.
    pub chosen: Rc<Vec<u32>>,
    /// What the networks say.
    pub answered: Answered,
    /// The pixels.
    pub images: ImageStore,
    pub act: Act,
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
        let (images, answered) = (props.images.clone(), props.answered.clone());
        use_effect_with((props.chosen.clone(), now), move |(chosen, now)| {
            let (set, _) = answered.image(0);
            let indices: Vec<u32> = chosen[..*now].iter().map(|place| answered.image(*place).1).collect();
            images.want(set, &indices);
        });
    }
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + 2 * PAGE))
    };
    let said = match props.chosen.len() {
        0 => t::NO_IMAGE.to_owned(),
        all => t::shown_images(now, all),
    };
    html! {
        <div class="gallery">
            <div class="cards">
                { for props.chosen[..now].iter().map(|&index| {
                    let (set, at) = props.answered.image(index);
                    let pixels = props.images.get(set, at);
                    html! { <Sample key={index} {index} {pixels} answered={props.answered.clone()} act={props.act.clone()} /> }
                }) }
            </div>
            <p class="more" aria-live="polite">
                <span>{ said }</span>
                if now < props.chosen.len() {
                    <button type="button" data-action="more" onclick={more}>{ t::SHOW_MORE }</button>
                }
            </p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SampleProps {
    index: u32,
    pixels: Option<Rc<[u8]>>,
    answered: Answered,
    act: Act,
}

#[function_component]
fn Sample(props: &SampleProps) -> Html {
    let (index, answered) = (props.index as usize, &props.answered);
    let Some(truth) = answered.truth().get(index).map(|t| usize::from(*t).min(CLASSES - 1)) else { return html!() };
    let answers = answered.networks.iter().map(|network| {
        let (kind, predicted) = (network.kind, network.answers().prediction(index));
        let (class, mark, said) =
            if predicted == truth { ("correct", "✓", t::CORRECT) } else { ("wrong", "✗", t::WRONG) };
        html! {
            <p class={class}>
                { name(kind) }{ " " }{ CLASS_NAMES[predicted] }{ format!(" {} ", confidence(network.answers().confidence(index))) }
                <span role="img" aria-label={said}>{ mark }</span>
            </p>
        }
    });
    let (set, at) = answered.image(props.index);
    let rows: Vec<_> =
        answered.networks.iter().map(|n| (n.kind, n.answers().row(index), n.answers().prediction(index))).collect();
    html! {
        <article class="sample">
            <div class="what">
                { button(&props.act, "inspect", "look", html! { <Thumbnail pixels={props.pixels.clone()} label={t::LOOK_INSIDE} /> }, t::LOOK_INSIDE, Msg::Inspect(set, at)) }
                <div class="answers">
                    <p class="truth"><b>{ CLASS_NAMES[truth] }</b><small>{ format!(" #{at}") }</small></p>
                    { for answers }
                </div>
            </div>
            <table class="probabilities" aria-label={t::PROBABILITIES}>
                { for CLASS_NAMES.iter().enumerate().map(|(class, label)| html! {
                    <tr class={(class == truth).then_some("truth")}>
                        <th scope="row">{ *label }</th>
                        { for rows.iter().map(|(kind, row, predicted)| html! {
                            <td class={classes!(kind.key(), (class == *predicted).then_some("predicted"))}
                                >
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
fn confidence(share: f32) -> String {
    match 100.0 * share {
        p if p >= 99.5 => "> 99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

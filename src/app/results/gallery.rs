//! Test images with what each network makes of them.

use super::{ResultProps, choice};
use crate::app::canvas::{Canvas, Draw};
use crate::config::NetworkKind;
use crate::cost::{CLASSES, SIDE};
use crate::data::CLASS_NAMES;
use crate::plot::{Theme, bars};
use crate::protocol::ImageSet;
use crate::state::NetworkRun;
use std::rc::Rc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlSelectElement, ImageData};
use yew::prelude::*;

/// Images on a page of a gallery.
const PAGE: usize = 12;

/// One test image to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Card {
    pub index: u32,
}

#[derive(Properties, PartialEq)]
struct PictureProps {
    pixels: Option<Rc<[u8]>>,
    label: String,
}

/// One image, its pixels sharp.
#[function_component]
fn Picture(props: &PictureProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.pixels.clone(), move |pixels| {
            let (Some(pixels), Some(canvas)) = (pixels, node.cast::<HtmlCanvasElement>()) else { return };
            let rgba: Vec<u8> = pixels.iter().flat_map(|&p| [p, p, p, 255]).collect();
            let context = canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
            let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), SIDE as u32, SIDE as u32);
            if let (Some(context), Ok(image)) = (context, image) {
                // Nothing to do where a canvas cannot be drawn on.
                let _ = context.put_image_data(&image, 0.0, 0.0);
            }
        });
    }
    html! { <canvas ref={node} class="picture" width="28" height="28" role="img" aria-label={props.label.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct ThumbsProps {
    pub cards: Vec<Card>,
    pub props: ResultProps,
}

/// Pages of images, each with both networks' probabilities.
#[function_component]
pub fn Thumbs(props: &ThumbsProps) -> Html {
    let pages = use_state(|| 1usize);
    {
        let pages = pages.clone();
        use_effect_with(props.cards.first().copied(), move |_| pages.set(1));
    }
    let shown = &props.cards[..props.cards.len().min(*pages * PAGE)];
    let indices: Vec<u32> = shown.iter().map(|c| c.index).collect();
    props.props.images.want(ImageSet::Test, &indices);
    let more = {
        let pages = pages.clone();
        Callback::from(move |_: MouseEvent| pages.set(*pages + 1))
    };
    html! {
        <div class="gallery">
            <p class="note">{ match props.cards.len() { 0 => "No image.".to_owned(), 1 => "1 image.".to_owned(), n => format!("{n} images.") } }</p>
            <div class="cards">{ for shown.iter().map(|card| one(card, &props.props)) }</div>
            if shown.len() < props.cards.len() {
                <button type="button" data-action="more" onclick={more}>{ "Show more" }</button>
            }
        </div>
    }
}

fn one(card: &Card, props: &ResultProps) -> Html {
    let Some(run) = &props.state.run else { return html!() };
    let index = card.index as usize;
    let Some(&truth) = props.state.test_labels().get(index) else { return html!() };
    let truth = usize::from(truth);
    let pixels = props.images.get(ImageSet::Test, card.index);
    html! {
        <article key={card.index} class="sample">
            <div class="what">
                <Picture {pixels} label={format!("Test image {index}: {}", CLASS_NAMES[truth])} />
                <p><b>{ CLASS_NAMES[truth] }</b><br /><small>{ format!("test image {index}") }</small></p>
            </div>
            { for run.networks.iter().filter_map(|n| answer(n, index, truth, props.dark)) }
        </article>
    }
}

fn answer(network: &NetworkRun, index: usize, truth: usize, dark: bool) -> Option<Html> {
    let row: Vec<f32> = network.probabilities.as_ref()?.get(index * CLASSES..(index + 1) * CLASSES)?.to_vec();
    let predicted = usize::from(*network.report.as_ref()?.test.predictions.get(index)?);
    let words: Vec<String> =
        row.iter().enumerate().filter(|(_, p)| **p >= 0.005).map(|(c, p)| format!("{} {:.0} %", CLASS_NAMES[c], p * 100.0)).collect();
    let label = format!("{} probabilities: {}", network.kind.label(), words.join(", "));
    let version = format!("{}-{index}-{dark}-{}", network.kind.key(), words.join(""));
    let kind = network.kind;
    let draw: Draw = Rc::new(move |size| bars(&row, truth, kind, size, Theme { dark }));
    let right = predicted == truth;
    Some(html! {
        <div class={classes!("answer", network.kind.key())}>
            <p><span class="swatch" />{ network.kind.label() }{ ": " }<b class={if right { "right" } else { "wrong" }}>{ CLASS_NAMES[predicted] }{ if right { " ✓" } else { " ✗" } }</b></p>
            <Canvas {draw} {version} height={(|_| 146.0) as fn(f64) -> f64} {label} />
        </div>
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Filter {
    All,
    Right,
    Wrong,
    Confident,
    Unsure,
}

/// Samples with filters, and where the networks differ.
#[function_component]
pub fn Samples(props: &ResultProps) -> Html {
    let filter = use_state(|| Filter::Confident);
    let of = use_state(|| NetworkKind::Cnn);
    let class = use_state(|| None::<u8>);
    let Some(run) = &props.state.run else { return html!() };
    let labels = props.state.test_labels();
    let kind = if run.get(*of).is_some_and(|n| n.report.is_some()) { *of } else { run.networks.iter().find(|n| n.report.is_some()).map_or(*of, |n| n.kind) };
    let Some(network) = run.get(kind) else { return html!() };
    let (Some(report), Some(probabilities)) = (&network.report, &network.probabilities) else { return html!() };
    let predictions = &report.test.predictions;
    let confidence = |i: usize| probabilities.get(i * CLASSES + usize::from(predictions[i])).copied().unwrap_or(0.0);
    let mut chosen: Vec<usize> = (0..predictions.len().min(labels.len()))
        .filter(|&i| class.is_none_or(|c| labels[i] == c))
        .filter(|&i| match *filter {
            Filter::All | Filter::Unsure => true,
            Filter::Right => predictions[i] == labels[i],
            Filter::Wrong | Filter::Confident => predictions[i] != labels[i],
        })
        .collect();
    match *filter {
        Filter::Confident => chosen.sort_by(|&a, &b| confidence(b).total_cmp(&confidence(a))),
        Filter::Unsure => chosen.sort_by(|&a, &b| confidence(a).total_cmp(&confidence(b))),
        _ => {}
    }
    let cards: Vec<Card> = chosen.into_iter().map(|i| Card { index: i as u32 }).collect();
    let onclass = {
        let class = class.clone();
        Callback::from(move |e: Event| {
            if let Some(select) = e.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok()) {
                class.set(select.value().parse().ok());
            }
        })
    };
    let filters = [
        (Filter::Confident, "most confident wrong"),
        (Filter::Unsure, "least sure"),
        (Filter::Wrong, "wrong"),
        (Filter::Right, "right"),
        (Filter::All, "all"),
    ];
    let networks: Vec<_> = run.networks.iter().filter(|n| n.report.is_some()).map(|n| (n.kind, n.kind.label())).collect();
    html! {
        <>
            { differing(props) }
            <section class="card" aria-labelledby="samples-title">
                <h2 id="samples-title">{ "Test images" }</h2>
                <div class="row wrap">
                    { choice("Judged by", &networks, &of) }
                    { choice("Which", &filters, &filter) }
                    <select aria-label="True class" onchange={onclass}>
                        <option value="" selected={class.is_none()}>{ "all classes" }</option>
                        { for CLASS_NAMES.iter().enumerate().map(|(i, name)| html! { <option value={i.to_string()}>{ *name }</option> }) }
                    </select>
                </div>
                <Thumbs {cards} props={props.clone()} />
            </section>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DifferingProps {
    props: ResultProps,
}

fn differing(props: &ResultProps) -> Html {
    let both = props.state.run.as_ref().is_some_and(|r| r.networks.len() == 2 && r.networks.iter().all(|n| n.report.is_some()));
    if both { html! { <Differing props={props.clone()} /> } } else { html!() }
}

#[derive(Clone, Copy, PartialEq)]
enum Only {
    Cnn,
    Ann,
    Neither,
}

/// Images that the two networks answer differently.
#[function_component]
fn Differing(props: &DifferingProps) -> Html {
    let only = use_state(|| Only::Cnn);
    let props = &props.props;
    let labels = props.state.test_labels();
    let report = |kind| props.state.run.as_ref().and_then(|r| r.get(kind)?.report.clone());
    let (Some(ann), Some(cnn)) = (report(NetworkKind::Ann), report(NetworkKind::Cnn)) else { return html!() };
    let (a, c) = (&ann.test.predictions, &cnn.test.predictions);
    let which = |i: usize| match (a[i] == labels[i], c[i] == labels[i]) {
        (false, true) => Some(Only::Cnn),
        (true, false) => Some(Only::Ann),
        (false, false) if a[i] != c[i] => Some(Only::Neither),
        _ => None,
    };
    let all: Vec<(usize, Only)> = (0..labels.len().min(a.len())).filter_map(|i| Some((i, which(i)?))).collect();
    let count = |o: Only| all.iter().filter(|(_, w)| *w == o).count();
    let cards: Vec<Card> = all.iter().filter(|(_, w)| *w == *only).map(|(i, _)| Card { index: *i as u32 }).collect();
    html! {
        <section class="card" aria-labelledby="differ-title">
            <h2 id="differ-title">{ "Where the two differ" }</h2>
            <p>{ format!("Only the CNN is right on {} images, only the ANN on {}; on {} both are wrong, each in its own way.", count(Only::Cnn), count(Only::Ann), count(Only::Neither)) }</p>
            { choice("Which images", &[(Only::Cnn, "only the CNN is right"), (Only::Ann, "only the ANN is right"), (Only::Neither, "both wrong, differently")], &only) }
            <Thumbs {cards} props={props.clone()} />
        </section>
    }
}

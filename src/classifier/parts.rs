//! Small parts that several views share.

use super::texts::t;
use crate::classify::effect::Msg;
use crate::classify::images::ImageName;
use crate::config::NetworkKind;
use crate::evaluate::format::percentage;
use crate::fashion_mnist::{SIDE, TEST_IMAGES};
use std::rc::Rc;
use std::str::FromStr;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{
    CanvasRenderingContext2d, File, FileList, HtmlCanvasElement, HtmlInputElement, HtmlSelectElement, ImageData,
};
use yew::prelude::*;

/// The way to tell the program something.
pub type Act = Callback<Msg>;

/// A button that tells the program something.
pub fn button(act: &Act, action: &'static str, class: &'static str, label: Html, help: &'static str, msg: Msg) -> Html {
    let act = act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(msg.clone()));
    html! { <button type="button" {class} data-action={action} title={help} {onclick}>{ label }</button> }
}

/// A network's name in its colour.
pub fn name(kind: NetworkKind) -> Html {
    html! { <span class={classes!("network-name", kind.key())}>{ kind.label() }</span> }
}

#[derive(Properties, PartialEq)]
pub struct PictureProps {
    /// Red, green, blue and opacity of each pixel, row by row.
    pub rgba: Rc<[u8]>,
    /// Pixels in a row.
    pub width: usize,
    /// What it shows. Empty where a text beside it says that.
    pub label: AttrValue,
    #[prop_or_default]
    pub class: Classes,
}

/// A small picture in its own pixels, which the style sheet enlarges without blurring them.
#[function_component]
pub fn Picture(props: &PictureProps) -> Html {
    let node = use_node_ref();
    let width = props.width.max(1);
    let height = (props.rgba.len() / 4 / width).max(1);
    {
        let node = node.clone();
        use_effect_with((props.rgba.clone(), width), move |(rgba, width)| {
            let Some(canvas) = node.cast::<HtmlCanvasElement>() else { return };
            let context =
                canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
            let image = ImageData::new_with_u8_clamped_array(Clamped(rgba), *width as u32);
            if let (Some(context), Ok(image)) = (context, image) {
                let _ = context.put_image_data(&image, 0.0, 0.0); // Only an image without pixels is refused.
            }
        });
    }
    let (hidden, role) = if props.label.is_empty() { (Some("true"), None) } else { (None, Some("img")) };
    let label = role.map(|_| props.label.clone());
    let class = classes!("picture", props.class.clone());
    html! {
        <canvas ref={node} {class} width={width.to_string()} height={height.to_string()} {role} aria-label={label} aria-hidden={hidden} />
    }
}

/// A picture of the dataset's form: 784 bytes of grey.
pub fn garment(pixels: &[u8], label: impl Into<AttrValue>) -> Html {
    let rgba: Rc<[u8]> = pixels.iter().flat_map(|&p| [p, p, p, 255]).collect();
    html! { <Picture {rgba} width={SIDE} label={label.into()} class="garment-picture" /> }
}

/// Ten bars of a network's answer. `truth` is the right class, where there is one.
pub fn bars(kind: NetworkKind, probabilities: &[f32], truth: Option<usize>, classes: &[&'static str; 10]) -> Html {
    let best = crate::evaluate::arg_max(probabilities).first().copied().unwrap_or(0);
    html! {
        <ol class={classes!("bars", kind.key())}>
            { for probabilities.iter().zip(classes).enumerate().map(|(class, (&p, label))| {
                let marks = classes!((class == usize::from(best)).then_some("best"), (truth == Some(class)).then_some("truth"));
                html! {
                    <li class={marks}>
                        <span class="class">{ *label }</span>
                        <span class="bar" aria-hidden="true"><i style={format!("inline-size:{:.2}%", 100.0 * p)} /></span>
                        <span class="value">{ percentage(f64::from(p)) }{ " %" }</span>
                    </li>
                }
            }) }
        </ol>
    }
}

/// Hands on each file of a list.
pub fn take_files(files: Option<FileList>, taken: &Callback<File>) {
    let Some(files) = files else { return };
    (0..files.length()).filter_map(|place| files.get(place)).for_each(|file| taken.emit(file));
}

/// The value of the field or list that changed, if it is one of this kind.
pub fn chosen<T: FromStr>(event: &Event) -> Option<T> {
    // A list has the same method; the type is only used to call it.
    let field: HtmlInputElement = event.target()?.unchecked_into();
    field.value().parse().ok()
}

/// A field for a whole number from 0 to `most`. What is no such number is not told.
pub fn number(
    action: &'static str,
    label: &'static str,
    now: Option<usize>,
    most: usize,
    set: impl Fn(usize) + 'static,
) -> Html {
    let onchange =
        Callback::from(move |event: Event| chosen(&event).filter(|number| *number <= most).into_iter().for_each(&set));
    html! {
        <label class="number">{ label }<input type="number" min="0" max={most.to_string()} data-action={action}
            value={now.map(|number| number.to_string())} placeholder={format!("0–{most}")} {onchange} /></label>
    }
}

/// The field for a test image's number.
pub fn test_image(now: ImageName, look: impl Fn(ImageName) + 'static) -> Html {
    let index = match now {
        ImageName::Test(index) => Some(index as usize),
        _ => None,
    };
    number("test-image", t::TEST_IMAGE, index, TEST_IMAGES - 1, move |index| look(ImageName::Test(index as u32)))
}

/// A choice of a few words, as the browser's own list. `label` is said to those who do not see what stands beside it.
pub fn select<T: Copy + PartialEq + 'static>(
    action: &'static str,
    label: &'static str,
    options: &[(T, &'static str)],
    now: T,
    set: impl Fn(T) + 'static,
) -> Html {
    let values: Vec<T> = options.iter().map(|(value, _)| *value).collect();
    let onchange = Callback::from(move |event: Event| {
        let list = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        let place = list.and_then(|list| usize::try_from(list.selected_index()).ok());
        if let Some(value) = place.and_then(|place| values.get(place)) {
            set(*value);
        }
    });
    html! {
        <select data-action={action} aria-label={label} {onchange}>
            { for options.iter().map(|(value, words)| html! { <option selected={*value == now}>{ *words }</option> }) }
        </select>
    }
}

/// A box to tick.
pub fn tick(action: &'static str, label: Html, now: bool, set: impl Fn(bool) + 'static) -> Html {
    let onchange = Callback::from(move |event: Event| {
        if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            set(field.checked());
        }
    });
    html! { <label class="tick"><input type="checkbox" data-action={action} checked={now} {onchange} />{ label }</label> }
}

/// A slider, from the smallest to the largest value in steps; `said` is its value in words.
pub fn slider(
    action: &'static str,
    label: &'static str,
    [low, high, step]: [f32; 3],
    now: f32,
    said: String,
    set: impl Fn(f32) + 'static,
) -> Html {
    let oninput = Callback::from(move |event: InputEvent| {
        chosen(&event).into_iter().for_each(&set);
    });
    html! {
        <input type="range" data-action={action} aria-label={label} aria-valuetext={said}
            min={low.to_string()} max={high.to_string()} step={step.to_string()} value={now.to_string()} {oninput} />
    }
}

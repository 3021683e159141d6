//! Small parts that several views share: a row of buttons of which one is pressed, a network's name, a panel with its heading, a
//! garment's picture. Leaves out: what stands in them.

use super::App;
use crate::config::NetworkKind;
use crate::fashion_mnist::SIDE;
use crate::page::effect::Msg;
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, DragEvent, FileList, HtmlCanvasElement, HtmlInputElement, ImageData};
use yew::html::Scope;
use yew::prelude::*;

/// The way to tell the page something. The same value in every rendering, so that a panel with unchanged data is not rendered again.
pub type Act = Callback<Msg>;

/// A button that tells the page something.
pub fn button(act: &Act, action: &'static str, class: &'static str, label: Html, help: &'static str, msg: Msg) -> Html {
    let act = act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(msg.clone()));
    html! { <button type="button" {class} data-action={action} title={help} {onclick}>{ label }</button> }
}

/// What a field for files and a place to drop them do: they send the files as this message. What is dropped there and is no file is left
/// to the browser.
pub fn takes_files(link: &Scope<App>, message: fn(Array) -> super::Msg) -> (Callback<Event>, Callback<DragEvent>) {
    let files = |list: Option<FileList>| list.map(|list| Array::from(&list)).filter(|files| files.length() > 0);
    let onchange = link.batch_callback(move |e: Event| {
        let field = e.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())?;
        let given = files(field.files());
        field.set_value(""); // So that the same file can be given again.
        given.map(message)
    });
    let ondrop = link.batch_callback(move |e: DragEvent| {
        let given = files(e.data_transfer().and_then(|data| data.files()))?;
        e.prevent_default();
        Some(message(given))
    });
    (onchange, ondrop)
}

/// A row of buttons, of which one is pressed.
pub fn choice<T: PartialEq + Copy + 'static>(
    label: &'static str,
    options: &[(T, String)],
    chosen: &UseStateHandle<T>,
) -> Html {
    html! {
        <div class="choice" role="group" aria-label={label}>
            { for options.iter().map(|(value, text)| {
                let (state, value) = (chosen.clone(), *value);
                let onclick = Callback::from(move |_: MouseEvent| state.set(value));
                html! { <button type="button" aria-pressed={if **chosen == value { "true" } else { "false" }} {onclick}>{ text }</button> }
            }) }
        </div>
    }
}

/// A network's name in its colour.
pub fn name(kind: NetworkKind) -> Html {
    html! { <span class={classes!("network-name", kind.key())}>{ kind.label() }</span> }
}

/// A panel with its heading; `controls` stand beside it.
pub fn panel(id: &'static str, title: &'static str, controls: Html, content: Html) -> Html {
    html! {
        <section class={classes!("card", "panel", id)} aria-labelledby={format!("{id}-title")}>
            <div class="panel-head"><h2 id={format!("{id}-title")}>{ title }</h2>{ controls }</div>
            { content }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct ThumbnailProps {
    /// Row by row; `None` until they are loaded.
    pub pixels: Option<Rc<[u8]>>,
    /// What it shows. Empty where a text beside it says that.
    pub label: AttrValue,
}

/// One image in its own 28 x 28 pixels, which the style sheet enlarges without blurring them.
#[function_component]
pub fn Thumbnail(props: &ThumbnailProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.pixels.clone(), move |pixels| {
            let (Some(pixels), Some(canvas)) = (pixels, node.cast::<HtmlCanvasElement>()) else { return };
            let rgba: Vec<u8> = pixels.iter().flat_map(|&p| [p, p, p, 255]).collect();
            let context =
                canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
            let image = ImageData::new_with_u8_clamped_array(Clamped(&rgba), SIDE as u32);
            if let (Some(context), Ok(image)) = (context, image) {
                let _ = context.put_image_data(&image, 0.0, 0.0); // Only an image without pixels is refused.
            }
        });
    }
    let (hidden, role) = if props.label.is_empty() { (Some("true"), None) } else { (None, Some("img")) };
    let label = role.map(|_| props.label.clone());
    html! { <canvas ref={node} class="thumbnail" width="28" height="28" {role} aria-label={label} aria-hidden={hidden} /> }
}

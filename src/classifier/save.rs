//! Saves files: as a download of the browser. A PNG is an SVG that the browser draws on a canvas. Nothing here throws. Leaves out: what is
//! in the files (`classify::export`).

use super::parts::Act;
use crate::classify::effect::Msg;
use crate::classify::file::{Content, FINE, File};
use crate::web::says;
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Document, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement,
    Url,
};

/// How long an address of a saved file stays. Some browsers fetch it only a while after the click.
const KEPT_MS: i32 = 60_000;

/// Saves a file. Answers [`Msg::NotSaved`] if it is not.
pub fn save(file: File, act: Act) {
    wasm_bindgen_futures::spawn_local(async move {
        let saved = async {
            let blob = match &file.content {
                Content::Bytes { mime, bytes } => blob(bytes, mime)?,
                Content::Png { svg, size } => png(svg, *size).await?,
            };
            download(&file.name, &blob)
        };
        if let Err(error) = saved.await {
            act.emit(Msg::NotSaved(file.name.clone(), says(&error)));
        }
    });
}

fn blob(bytes: &[u8], mime: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options)
}

fn document() -> Result<Document, JsValue> {
    web_sys::window().and_then(|window| window.document()).ok_or_else(|| "there is no document".into())
}

fn download(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let anchor: HtmlAnchorElement = document()?.create_element("a")?.unchecked_into();
    let address = Url::create_object_url_with_blob(blob)?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    let revoke = Closure::once_into_js(move || {
        let _ = Url::revoke_object_url(&address); // Only an address that is none is refused.
    });
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), KEPT_MS);
    }
    Ok(())
}

/// Draws an SVG with [`FINE`] x [`FINE`] pixels for each of its own.
async fn png(svg: &str, [width, height]: [u32; 2]) -> Result<Blob, JsValue> {
    let address = Url::create_object_url_with_blob(&blob(svg.as_bytes(), "image/svg+xml")?)?;
    let drawn = draw(&address, [width * FINE, height * FINE]).await;
    let _ = Url::revoke_object_url(&address); // As above.
    let canvas = drawn?;
    let made = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob); // A promise's own function does not throw.
        });
        if let Err(error) = canvas.to_blob(done.unchecked_ref()) {
            let _ = reject.call1(&JsValue::UNDEFINED, &error); // As above.
        }
    });
    // Without memory for it there is no blob.
    JsFuture::from(made).await?.dyn_into().map_err(|_| "the browser has no room for the picture".into())
}

async fn draw(address: &str, [width, height]: [u32; 2]) -> Result<HtmlCanvasElement, JsValue> {
    let image = HtmlImageElement::new()?;
    let loaded = Promise::new(&mut |resolve, reject| {
        image.set_onload(Some(&resolve));
        let refused = Closure::once_into_js(move || {
            let what = JsValue::from("the browser does not draw SVG from a blob here; export the plots as SVG");
            let _ = reject.call1(&JsValue::UNDEFINED, &what); // A promise's own function does not throw.
        });
        image.set_onerror(Some(refused.unchecked_ref()));
    });
    image.set_src(address);
    JsFuture::from(loaded).await?;
    let canvas: HtmlCanvasElement = document()?.create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d")?.ok_or("there is no canvas")?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, f64::from(width), f64::from(height))?;
    Ok(canvas)
}

//! Lets the networks that ship with the page say what a picture shows, for a page around this one. Leaves out: reading the question
//! (`protocol::asked`), and fetching the networks (`shipped`).

use super::browser::says;
use super::shipped::Networks;
use crate::fashion_mnist::{PIXELS, SIDE};
use crate::protocol::asked::Picture;
use crate::protocol::embed::{Answer, Classified};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// What both networks say to a picture.
///
/// # Errors
/// A sentence that says what is wrong with the picture, or why the networks cannot be had.
pub async fn classify(networks: Networks, picture: Picture) -> Result<Classified, String> {
    let pixels = match picture {
        Picture::Pixels(pixels) => pixels,
        Picture::Address(address) => seen(&address).await.map_err(|e| {
            format!(
                "The image cannot be read ({}). One of another host needs the header Access-Control-Allow-Origin there.",
                says(&e)
            )
        })?,
    };
    let _ = JsFuture::from(networks.settled).await; // It is never rejected.
    let networks = networks.read.borrow();
    let [ann, cnn] = networks.as_slice() else {
        return Err("The networks that ship with the page could not be loaded. Reload the page.".to_owned());
    };
    Ok(Classified { ann: Answer::of(ann.answer(&pixels)), cnn: Answer::of(cnn.answer(&pixels)) })
}

/// A picture as the networks see it: 784 grey bytes. It fills the square as far as its shape allows; the rest is black, and so is what it
/// lets through.
async fn seen(address: &str) -> Result<Vec<u8>, JsValue> {
    let image = HtmlImageElement::new()?;
    // Without this the pixels of another host's picture could be shown but not read.
    image.set_cross_origin(Some("anonymous"));
    image.set_src(address);
    JsFuture::from(image.decode()).await?;
    let (width, height) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
    if width * height == 0.0 {
        return Err(js_sys::Error::new("it has no size").into());
    }
    let document = web_sys::window().and_then(|w| w.document()).ok_or("there is no document")?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(SIDE as u32);
    canvas.set_height(SIDE as u32);
    let context = canvas.get_context("2d")?.ok_or("there is no canvas")?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let side = SIDE as f64;
    context.fill_rect(0.0, 0.0, side, side);
    let scale = side / width.max(height);
    let (width, height) = (width * scale, height * scale);
    let (left, top) = ((side - width) / 2.0, (side - height) / 2.0);
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, left, top, width, height)?;
    let rgba = context.get_image_data(0.0, 0.0, side, side)?.data();
    let mut grey = vec![0; PIXELS];
    for (grey, pixel) in grey.iter_mut().zip(rgba.chunks_exact(4)) {
        // The luma of ITU-R BT.601.
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
        *grey = ((299 * r + 587 * g + 114 * b + 500) / 1000) as u8;
    }
    Ok(grey)
}

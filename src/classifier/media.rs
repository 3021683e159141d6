//! Reads pictures: of files, and of whatever a canvas can draw.

use super::parts::Act;
use crate::classify::effect::Msg;
use crate::classify::try_it::{Try, given};
use crate::prepare::Picture;
use crate::web::says;
use js_sys::Promise;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlImageElement, ImageBitmap, Url};

thread_local! {
    /// The ticket of the last file.
    static TICKET: Cell<u64> = const { Cell::new(0) };
}

/// Reads a file as a picture. Answers [`Try::Loading`] at once and [`Try::Loaded`] later.
pub fn read(file: File, act: Act) {
    let ticket = TICKET.with(|last| {
        last.set(last.get() + 1);
        last.get()
    });
    act.emit(Msg::Try(Try::Loading { ticket, name: file.name() }));
    wasm_bindgen_futures::spawn_local(async move {
        let picture = picture(&file).await;
        act.emit(Msg::Try(Try::Loaded { ticket, picture }));
    });
}

async fn picture(file: &File) -> Result<Rc<Picture>, String> {
    let name = file.name();
    if let Some(reason) = given::refusal(&name, &file.type_(), file.size()) {
        return Err(reason);
    }
    // A bitmap first: it needs no address, which some hosts forbid. Drawings (SVG) have none.
    match bitmap(file).await {
        Ok(bitmap) => {
            let picture = drawn([bitmap.width(), bitmap.height()], |context, width, height| {
                context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height)
            });
            bitmap.close();
            picture.map_err(|_| given::unreadable(&name))
        }
        Err(_) => of_image(file).await.map_err(|_| given::unreadable(&name)),
    }
}

async fn bitmap(file: &File) -> Result<ImageBitmap, JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    Ok(JsFuture::from(window.create_image_bitmap_with_blob(file)?).await?.unchecked_into())
}

/// By an element, which also reads SVG.
async fn of_image(file: &File) -> Result<Rc<Picture>, JsValue> {
    /// Frees the address when it is dropped.
    struct Address(String);
    impl Drop for Address {
        fn drop(&mut self) {
            let _ = Url::revoke_object_url(&self.0); // One that was freed already is no harm.
        }
    }
    let address = Address(Url::create_object_url_with_blob(file)?);
    at(&address.0).await
}

/// The picture at an address.
async fn at(address: &str) -> Result<Rc<Picture>, JsValue> {
    let image = HtmlImageElement::new()?;
    // Without this the pixels of another host's picture could be shown but not read.
    image.set_cross_origin(Some("anonymous"));
    image.set_src(address);
    JsFuture::from(image.decode()).await?;
    let size = [image.natural_width(), image.natural_height()];
    // An SVG without a size of its own has none.
    let size = if size.contains(&0) { [given::LONGEST; 2] } else { size };
    let draw = |context: &CanvasRenderingContext2d, width, height| {
        context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)
    };
    drawn(size, draw).map_err(|reason| reason.as_str().into())
}

/// Decodes the picture at an address. Answers [`Msg::Decoded`].
pub fn decode(ticket: u64, address: Rc<str>, act: Act) {
    wasm_bindgen_futures::spawn_local(async move {
        act.emit(Msg::Decoded(ticket, at(&address).await.map_err(|error| says(&error))));
    });
}

/// Draws something of this size on a canvas, smaller where it is large, and reads the pixels back.
pub fn drawn(
    [width, height]: [u32; 2],
    draw: impl Fn(&CanvasRenderingContext2d, f64, f64) -> Result<(), JsValue>,
) -> Result<Rc<Picture>, String> {
    let (across, down) = given::fit(width, height).ok_or("it has no pixels")?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no window")?;
    let read = || -> Result<Vec<u8>, JsValue> {
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
        canvas.set_width(across);
        canvas.set_height(down);
        let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or("there is no canvas")?.unchecked_into();
        draw(&context, f64::from(across), f64::from(down))?;
        Ok(context.get_image_data(0.0, 0.0, f64::from(across), f64::from(down))?.data().0)
    };
    let rgba = read().map_err(|error| says(&error))?;
    Picture::new(across as usize, down as usize, rgba).map(Rc::new).map_err(|error| error.to_string())
}

/// Reads a file with weights. Answers [`Msg::Weights`].
pub fn read_weights(file: File, act: Act) {
    let name = file.name();
    if file.size() > given::MOST_BYTES {
        act.emit(Msg::Weights(name, Err("it is larger than 64 MiB".to_owned())));
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        let buffer: Promise = file.array_buffer();
        let bytes = JsFuture::from(buffer).await.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
        act.emit(Msg::Weights(name, bytes.map_err(|error| says(&error))));
    });
}

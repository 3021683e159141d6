//! The image that is changed, and the choice of it.

use crate::classifier::parts::{self, Act, button, garment};
use crate::classifier::texts::inside::image_name;
use crate::classifier::texts::t as common;
use crate::classifier::texts::try_it as t;
use crate::classify::effect::Msg;
use crate::classify::images::ImageName;
use crate::classify::state::State;
use crate::classify::try_it::Try;
use crate::fashion_mnist::SIDE;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// The picture with its changes, and which it is.
pub fn test_image(act: &Act, state: &State) -> Html {
    let tried = &state.try_it;
    let label = state.image(tried.test).and_then(|image| image.label).map(usize::from);
    let garments = state.garments.iter().flat_map(|garments| garments.pixels.iter().zip(&garments.labels).enumerate());
    let onclick = {
        let act = act.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else {
                return;
            };
            let frame = element.get_bounding_client_rect();
            let place =
                |at: i32, start: f64, length: f64| ((f64::from(at) - start) / length.max(1.0)) as f32 * SIDE as f32;
            let x = place(event.client_x(), frame.left(), frame.width());
            act.emit(Msg::Try(Try::Erase([x, place(event.client_y(), frame.top(), frame.height())])));
        })
    };
    let look = act.clone();
    html! {
        <>
            if let Some(seen) = &tried.seen {
                <div class="try-erase" data-action="erase" title={t::ERASE_HELP} {onclick}>
                    { garment(&seen.pixels, label.map_or_else(String::new, common::picture_of)) }
                </div>
            } else {
                <p class="note" role="status">{ if state.garments.is_none() { t::LOADS } else { t::WAITS } }</p>
            }
            <p><b>{ label.map(|label| common::CLASSES[label]) }</b>{ " " }<small class="note">{ image_name(tried.test) }</small></p>
            <div class="buttons">
                { button(act, "previous", "", t::PREVIOUS.into(), "", Msg::Try(Try::Next(-1))) }
                { button(act, "next", "", t::NEXT.into(), "", Msg::Try(Try::Next(1))) }
                if state.in_page {
                    { parts::test_image(tried.test, move |name| look.emit(Msg::Try(Try::Test(name)))) }
                }
            </div>
            <details class="group">
                <summary>{ t::GARMENTS }</summary>
                <div class="try-twenty">
                    { for garments.map(|(place, (pixels, label))| {
                        let name = common::picture_of(usize::from(*label));
                        let look = Msg::Try(Try::Test(ImageName::Garment(place)));
                        button(act, "look", "bare", garment(pixels, name), common::CLASSES[usize::from(*label)], look)
                    }) }
                </div>
            </details>
        </>
    }
}

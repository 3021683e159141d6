//! The camera's live picture. Its stream ends when this part goes, or is hidden.

use crate::classifier::media;
use crate::classifier::parts::Act;
use crate::classifier::texts::try_it as t;
use crate::classify::effect::Msg;
use crate::classify::try_it::{Camera, Try, given};
use js_sys::Reflect;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlVideoElement, IntersectionObserver, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack,
};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct CameraViewProps {
    /// Hears what the camera does.
    pub act: Act,
    /// Whether it shows its picture.
    pub on: bool,
}

/// The live picture and the button that takes it.
#[function_component]
pub fn CameraView(props: &CameraViewProps) -> Html {
    let video = use_node_ref();
    {
        let (video, act) = (video.clone(), props.act.clone());
        use_effect_with((), move |()| {
            let open = Rc::new(Cell::new(true));
            let hidden = video.cast::<HtmlVideoElement>().and_then(|video| when_hidden(video, act.clone()));
            wasm_bindgen_futures::spawn_local(start(video.clone(), open.clone(), act));
            move || {
                open.set(false);
                if let Some((observer, _)) = &hidden {
                    observer.disconnect();
                }
                if let Some(stream) = video.cast::<HtmlVideoElement>().and_then(|video| video.src_object()) {
                    stop(&stream);
                }
            }
        });
    }
    let take = {
        let (video, act) = (video.clone(), props.act.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(video) = video.cast::<HtmlVideoElement>() else { return };
            let size = [video.video_width(), video.video_height()];
            let draw = |context: &web_sys::CanvasRenderingContext2d, width, height| {
                context.draw_image_with_html_video_element_and_dw_and_dh(&video, 0.0, 0.0, width, height)
            };
            // Without a picture yet there is nothing to take.
            if let Ok(picture) = media::drawn(size, draw) {
                act.emit(Msg::Try(Try::Taken(picture)));
            }
        })
    };
    let end = props.act.reform(|_: MouseEvent| Msg::Try(Try::Camera(Camera::Off)));
    html! {
        <>
            <video ref={video} class="try-picture" autoplay=true muted=true playsinline=true aria-label={t::CAMERA_PICTURE} />
            if !props.on {
                <p class="note" role="status">{ t::CAMERA_ASKED }</p>
            }
            <div class="buttons">
                <button type="button" class="primary" data-action="camera-take" disabled={!props.on} onclick={take}>{ t::TAKE }</button>
                <button type="button" data-action="camera-stop" onclick={end}>{ t::STOP_CAMERA }</button>
            </div>
        </>
    }
}

/// Asks for the camera. `open` says whether somebody still waits for it.
async fn start(video: NodeRef, open: Rc<Cell<bool>>, act: Act) {
    let answer = match stream().await {
        Ok(stream) => {
            let video = video.cast::<HtmlVideoElement>().filter(|_| open.get());
            let Some(video) = video else {
                stop(&stream);
                return;
            };
            video.set_src_object(Some(&stream));
            // It plays by itself; where a browser wants to be asked, it may refuse only until somebody presses a button.
            if let Ok(playing) = video.play() {
                let _ = JsFuture::from(playing).await;
            }
            Camera::On
        }
        Err(error) => {
            let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
            let window = web_sys::window();
            let secure = window.as_ref().is_some_and(|window| window.is_secure_context());
            // Where the page may not ask for the window around it, there is one.
            let framed = window.is_some_and(|window| !matches!(window.parent(), Ok(Some(parent)) if parent == window));
            Camera::Failed(given::no_camera(&name, secure, framed))
        }
    };
    if open.get() {
        act.emit(Msg::Try(Try::Camera(answer)));
    }
}

async fn stream() -> Result<MediaStream, JsValue> {
    let navigator = web_sys::window().ok_or("there is no window")?.navigator();
    // Pages that did not come over HTTPS have none.
    let devices = Reflect::get(&navigator, &"mediaDevices".into())?.dyn_into::<MediaDevices>()?;
    // The one at the back of a phone, where there are two.
    let wanted = js_sys::Object::new();
    Reflect::set(&wanted, &"facingMode".into(), &"environment".into())?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    Ok(JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?.unchecked_into())
}

fn stop(stream: &MediaStream) {
    stream
        .get_tracks()
        .iter()
        .filter_map(|track| track.dyn_into::<MediaStreamTrack>().ok())
        .for_each(|track| track.stop());
}

/// Ends the camera when the page shows another view: it hides this one then, without saying so.
fn when_hidden(video: HtmlVideoElement, act: Act) -> Option<(IntersectionObserver, Closure<dyn FnMut()>)> {
    let seen = video.clone();
    let changed = Closure::<dyn FnMut()>::new(move || {
        // What was scrolled away still has a parent in the layout.
        if seen.offset_parent().is_none() {
            act.emit(Msg::Try(Try::Camera(Camera::Off)));
        }
    });
    let observer = IntersectionObserver::new(changed.as_ref().unchecked_ref()).ok()?;
    observer.observe(&video);
    Some((observer, changed))
}

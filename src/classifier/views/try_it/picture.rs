//! Where the picture comes from, and the picture.

use super::camera::CameraView;
use super::pad::Pad;
use super::test_image;
use crate::classifier::parts::{Act, Picture, button, slider, tick};
use crate::classifier::texts::try_it as t;
use crate::classifier::views::file_button::FileButton;
use crate::classify::effect::Msg;
use crate::classify::state::State;
use crate::classify::try_it::state::BRUSH;
use crate::classify::try_it::{Camera, Given, PictureFrom, Try, TryIt};
use web_sys::File;
use yew::prelude::*;

/// The card.
pub fn picture(act: &Act, state: &State, taken: &Callback<File>) -> Html {
    let tried = &state.try_it;
    html! {
        <section class="card try-from" aria-label={t::FROM}>
            <div class="choice" role="group" aria-label={t::FROM}>
                { for PictureFrom::ALL.into_iter().map(|from| {
                    let onclick = act.reform(move |_: MouseEvent| Msg::Try(Try::From(from)));
                    html! {
                        <button type="button" data-action={format!("from-{}", from.key())} aria-pressed={(tried.from == from).to_string()} {onclick}>
                            { t::from(from) }
                        </button>
                    }
                }) }
            </div>
            { match tried.from {
                PictureFrom::Draw => draw(act, tried),
                PictureFrom::File => file(tried, taken),
                PictureFrom::Camera => camera(act, tried),
                PictureFrom::Test => test_image::test_image(act, state),
            } }
        </section>
    }
}

/// The square and its tools.
fn draw(act: &Act, tried: &TryIt) -> Html {
    let send = |message: fn(f32) -> Try| {
        let act = act.clone();
        move |value| act.emit(Msg::Try(message(value)))
    };
    let switch = |message: fn(bool) -> Try| {
        let act = act.clone();
        move |on| act.emit(Msg::Try(message(on)))
    };
    let [low, high] = BRUSH;
    let tool = |action: &'static str, label: &'static str, enabled: bool, message: Try| {
        let onclick = act.reform(move |_: MouseEvent| Msg::Try(message.clone()));
        html! { <button type="button" data-action={action} disabled={!enabled} {onclick}>{ label }</button> }
    };
    html! {
        <>
            <Pad act={act.clone()} shown={tried.canvas.clone()} />
            <div class="buttons">
                { tool("undo", t::UNDO, tried.can_undo(), Try::Undo) }
                { tool("clear", t::CLEAR, !tried.drawing.strokes.is_empty(), Try::Clear) }
                { tick("rub", t::RUB.into(), tried.rubber, switch(Try::Rubber)) }
            </div>
            <div class="try-line">
                <span>{ t::BRUSH }</span>
                { slider("brush", t::BRUSH, [low, high, 0.01], tried.brush, t::percent(tried.brush), send(Try::Brush)) }
                <i class="try-brush" style={format!("block-size:{0:.1}px;inline-size:{0:.1}px", tried.brush * 100.0)} aria-hidden="true" />
                { tick("fill", t::FILL.into(), tried.drawing.fill.is_some(), switch(Try::Fill)) }
            </div>
            <p class="note">{ t::DRAW_NOTE }</p>
        </>
    }
}

/// A picture that was given, as it is.
fn given(given: &Given) -> Html {
    let (rgba, width) = (given.shown.rgba.clone(), given.shown.width);
    html! { <Picture {rgba} {width} label={t::given(&given.name)} class="try-picture try-given" /> }
}

/// A file: chosen, dropped, pasted.
fn file(tried: &TryIt, taken: &Callback<File>) -> Html {
    html! {
        <div class="try-file">
            if let Some(file) = &tried.file {
                { given(file) }
                <p class="note try-name">{ &file.name }</p>
            }
            if let Some((_, name)) = &tried.loading {
                <p class="note" role="status">{ t::reads(name) }</p>
            }
            if let Some(reason) = &tried.refused {
                <p class="try-refused" role="alert">{ reason }</p>
            }
            <FileButton label={t::GIVE_FILE} action="give-file" accept="image/*" class={classes!(tried.file.is_none().then_some("primary"))} taken={taken.clone()} />
            <p class="note">{ t::DROP_NOTE }</p>
        </div>
    }
}

/// The camera, or the picture that it took.
fn camera(act: &Act, tried: &TryIt) -> Html {
    let is_live = matches!(tried.camera, Camera::Asked | Camera::On);
    let start = if tried.photo.is_some() { t::AGAIN } else { t::START_CAMERA };
    html! {
        <div class="try-file">
            if is_live {
                <CameraView act={act.clone()} on={tried.camera == Camera::On} />
            } else {
                if let Some(photo) = &tried.photo {
                    { given(photo) }
                }
                if let Camera::Failed(reason) = tried.camera {
                    <p class="try-refused" role="alert">{ reason }</p>
                }
                { button(act, "camera-start", if tried.photo.is_some() { "" } else { "primary" }, start.into(), "", Msg::Try(Try::Camera(Camera::Asked))) }
                <p class="note">{ t::CAMERA_NOTE }</p>
            }
        </div>
    }
}

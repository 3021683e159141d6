//! The view Try it: somebody's own picture or a changed test image, the steps of its preparation, and what both networks say.

mod answers;
mod camera;
mod nudges;
mod pad;
mod pasted;
mod picture;
mod steps;
mod test_image;

use crate::classifier::media;
use crate::classifier::parts::{Act, take_files};
use crate::classify::state::State;
use crate::classify::try_it::PictureFrom;
use pasted::Pasted;
use web_sys::File;
use yew::prelude::*;

/// The view.
pub fn view(act: &Act, state: &State) -> Html {
    let tried = &state.try_it;
    let ready = tried.seen.is_some() && tried.loading.is_none();
    let taken = {
        let act = act.clone();
        Callback::from(move |file: File| media::read(file, act.clone()))
    };
    // What the page around this view takes no notice of is what was prevented here.
    let ondragover = Callback::from(|event: DragEvent| {
        let transfer = event.data_transfer();
        if transfer.is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    });
    let ondrop = {
        let taken = taken.clone();
        Callback::from(move |event: DragEvent| {
            let files = event.data_transfer().and_then(|transfer| transfer.files());
            if files.as_ref().is_some_and(|files| files.length() > 0) {
                event.prevent_default();
                take_files(files, &taken);
            }
        })
    };
    html! {
        <div class="view try-view" data-view="try" data-from={tried.from.key()} data-ready={ready.to_string()} {ondragover} {ondrop}>
            <Pasted taken={taken.clone()} />
            { picture::picture(act, state, &taken) }
            { answers::seen(act, state) }
            if tried.from == PictureFrom::Test {
                { nudges::nudges(act, tried) }
            } else {
                { steps::steps(act, tried) }
            }
            { answers::answers(state) }
            { answers::whose(act, state) }
        </div>
    }
}

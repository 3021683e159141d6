//! What opens from "Share": the link with all settings, and the frame for a course page.

use crate::app::texts::t;
use crate::app::{App, Msg, browser};
use crate::page::state::State;
use yew::html::Scope;
use yew::prelude::*;

/// The dialog. It is always in the page and shown by its button, without a script.
pub fn sharing(link: &Scope<App>, state: &State) -> Html {
    let address = browser::link_to(&state.config);
    let frame = format!(
        r#"<iframe src="{}" width="100%" height="900" title="{}"></iframe>"#,
        address.replace('&', "&amp;"),
        t::NAME
    );
    let copy = |text: &str, field: &'static str, said: &'static str| {
        let text = text.to_owned();
        link.callback(move |_: MouseEvent| Msg::Copy(text.clone(), field, said))
    };
    html! {
        <dialog class="card sharing" id="share" popover="auto" aria-labelledby="share-title">
            <div class="panel-head">
                <h2 id="share-title">{ t::SHARE_TITLE }</h2>
                <button type="button" class="quiet" data-action="close-share" popovertarget="share" popovertargetaction="hide">{ t::CLOSE }</button>
            </div>
            <p>{ t::SHARE_ABOUT }<code>{ t::AUTOSTART }</code>{ "." }</p>
            <div class="buttons">
                <button type="button" data-action="copy-link" onclick={copy(&address, "share-link", t::LINK_COPIED)}>{ t::COPY_LINK }</button>
                <button type="button" data-action="copy-embed" onclick={copy(&frame, "share-frame", t::FRAME_COPIED)}>{ t::COPY_FRAME }</button>
                <a href={address.clone()} target="_blank" rel="noopener" data-action="open-tab">{ t::OPEN_TAB }</a>
            </div>
            // Fields, not plain text: if the clipboard is refused, their text is selected for the person to copy.
            <input class="snippet" id="share-link" readonly={true} aria-label={t::THE_LINK} value={address} />
            <textarea class="snippet" id="share-frame" readonly={true} rows="3" aria-label={t::THE_FRAME} value={frame} />
        </dialog>
    }
}

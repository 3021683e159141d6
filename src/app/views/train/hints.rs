//! The strip between curves and garments: what the curves show, one line each, with one thing to try. Leaves out: when there is something
//! to say (`run::hint`).

use crate::app::parts::name;
use crate::app::texts::t;
use crate::run::{RunRecord, hints_of};
use yew::prelude::*;

/// The strip; empty where the curves show nothing.
pub fn hints(run: Option<&RunRecord>) -> Html {
    let found = run.map(hints_of).unwrap_or_default();
    html! {
        <div class="hints" role="status">
            { for found.iter().map(|hint| html! {
                <p>{ name(hint.network) }<b>{ t::hint_seen(hint) }</b>{ " " }{ t::hint_try(hint) }</p>
            }) }
        </div>
    }
}

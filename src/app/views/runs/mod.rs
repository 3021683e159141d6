//! The view Runs: every run with what differs in it, its results, a star, a note, and what can be done with it. Leaves out: what differs
//! (`run`) and keeping them (`page` decides, `store` does it).

mod row;

use super::told;
use crate::app::browser::moment;
use crate::app::parts::{Act, button};
use crate::app::texts::t;
use crate::page::effect::Msg;
use crate::page::state::State;
use crate::page::storage::Storage;
use row::Row;
use std::rc::Rc;
use web_sys::DragEvent;
use yew::prelude::*;

#[derive(Properties, Clone)]
pub struct RunsProps {
    /// The page's state.
    pub state: Rc<State>,
    pub act: Act,
    /// Open files: those of a field, and those that are dropped.
    pub open: (Callback<Event>, Callback<DragEvent>),
}

impl PartialEq for RunsProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, then) = (&self.state, &other.state);
        // Notices, downloads and devices do not change the view.
        Rc::ptr_eq(now, then)
            || now.compared == then.compared
                && now.overlaid == then.overlaid
                && now.storage == then.storage
                && now.deleted == then.deleted
                && now.unfinished == then.unfinished
                && now.history == then.history
    }
}

/// The view.
#[function_component]
pub fn Runs(props: &RunsProps) -> Html {
    let (state, act) = (&*props.state, &props.act);
    let runs = state.history.runs();
    let kept = match state.storage {
        Storage::Opening => t::KEPT_OPENING,
        Storage::Browser => t::KEPT_BROWSER,
        Storage::Memory => t::KEPT_MEMORY,
    };
    let (onchange, ondrop) = props.open.clone();
    html! {
        <div class="view runs" data-view="runs" {ondrop}>
            <section class="card" aria-labelledby="runs-title">
                <div class="panel-head">
                    <h2 id="runs-title">{ t::RUNS }</h2><p class="note kept">{ kept }</p>
                    <label class="open-file" title={t::OPEN_HELP}>{ t::OPEN }<input type="file" data-action="import" multiple={true} {onchange} /></label>
                </div>
                <div aria-live="polite">
                    if let Some(run) = &state.deleted {
                        <p class="undo"><span>{ t::deleted(&moment(run.started_ms)) }</span>{ button(act, "undo-delete", "", t::UNDO.into(), "", Msg::UndoDelete) }</p>
                    }
                </div>
                if runs.is_empty() {
                    <p class="note">{ t::RUNS_EMPTY }</p>
                } else {
                    <table class="run-table">
                        <thead><tr>
                            { for t::RUN_HEADS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }
                            <th scope="col"><span class="unseen">{ t::ACTIONS }</span></th>
                        </tr></thead>
                        <tbody>
                            { for runs.iter().rev().map(|run| html! {
                                <Row key={run.id} run={run.clone()} number={told::number(state, run.id)} colour={told::colour(state, run.id)}
                                    label={told::label(state, run)} from={run.parent.map(|parent| (told::number(state, parent.run), parent.epoch))}
                                    shown={state.run().is_some_and(|shown| shown.id == run.id)}
                                    compared={state.compared.iter().position(|id| *id == Some(run.id))}
                                    free_side={state.compared.iter().position(Option::is_none)}
                                    overlaid={state.overlaid.contains(&run.id)} unfinished={state.unfinished.contains(&run.id)} act={act.clone()} />
                            }) }
                        </tbody>
                    </table>
                }
            </section>
        </div>
    }
}

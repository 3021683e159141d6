//! The view Compare: the networks of one run side by side, or the same network of two runs. Leaves out: every figure and sentence about
//! them (`evaluate`).

mod comparison;
mod figures;
mod step_times;
mod two_runs;

use super::answered::Answered;
use super::curves::Behind;
use super::told;
use crate::app::parts::Act;
use crate::app::texts::t;
use crate::page::effect::Msg;
use crate::page::state::State;
use crate::run::RunRecord;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, Clone)]
pub struct CompareProps {
    /// The page's state.
    pub state: Rc<State>,
    pub act: Act,
}

impl PartialEq for CompareProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, then) = (&self.state, &other.state);
        // Notices, downloads and devices do not change the view.
        Rc::ptr_eq(now, then)
            || now.dark == then.dark
                && now.compared == then.compared
                && Rc::ptr_eq(&now.labels, &then.labels)
                && now.config == then.config
                && now.history == then.history
    }
}

/// The view.
#[function_component]
pub fn Compare(props: &CompareProps) -> Html {
    let state = &*props.state;
    let [a, b] = state.compared.map(|id| state.history.get(id?));
    let a = a.or(state.run());
    let b = b.filter(|b| a.is_some_and(|a| a.id != b.id));
    html! {
        <div class="view compare results" data-view="compare">
            if !state.history.runs().is_empty() {
                <div class="card pickers">
                    { picker(props, 0, a) }
                    { picker(props, 1, b) }
                    <p class="note">{ t::COMPARE_ABOUT }</p>
                </div>
            }
            if let (Some(a), Some(b)) = (a, b) {
                <two_runs::TwoRuns a={Behind::new(state, a)} b={Behind::new(state, b)} labels={state.labels.clone()} dark={state.dark} />
            } else {
                { one_run(state, a) }
            }
        </div>
    }
}

fn one_run(state: &State, run: Option<&RunRecord>) -> Html {
    let answered = Answered::test(&state.labels, run);
    let config = run.map_or(&state.config, |run| &run.config).clone();
    html! {
        <>
            <comparison::Comparison {config} run={run.cloned()} answered={answered.clone()} dark={state.dark} />
            <step_times::StepTimesPanel {answered} />
        </>
    }
}

/// The choice of a run for one side.
fn picker(props: &CompareProps, side: usize, chosen: Option<&RunRecord>) -> Html {
    let state = &*props.state;
    let act = props.act.clone();
    let onchange = Callback::from(move |e: Event| {
        let select = e.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        act.emit(Msg::CompareRun(side, select.and_then(|select| select.value().parse().ok())));
    });
    let (label, action) = if side == 0 { (t::RUN_A, "compare-a") } else { (t::RUN_B, "compare-b") };
    let colour = chosen.map(|run| told::colour(state, run.id).to_string());
    html! {
        <label data-run-colour={colour}>
            <span>if chosen.is_some() { <i class="swatch" /> }{ label }</span>
            <select data-action={action} {onchange}>
                if side == 1 {
                    <option value="" selected={chosen.is_none()}>{ t::ONE_RUN }</option>
                }
                { for state.history.runs().iter().rev().map(|run| html! {
                    <option key={run.id} value={run.id.to_string()} selected={chosen.is_some_and(|chosen| chosen.id == run.id)}>
                        { t::run_with(told::number(state, run.id), &told::label(state, run)) }
                    </option>
                }) }
            </select>
        </label>
    }
}

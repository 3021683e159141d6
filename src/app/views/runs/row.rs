//! One run of the table; on a small screen it is a card. Leaves out: the table around it.

use crate::app::browser::moment;
use crate::app::parts::{Act, name};
use crate::app::texts::t;
use crate::evaluate::format::{duration, percent};
use crate::page::effect::Msg;
use crate::page::view::View;
use crate::run::{NetworkProgress, Phase, RunRecord};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub run: RunRecord,
    /// Its number, from 1.
    pub number: usize,
    /// The place of its colour.
    pub colour: usize,
    /// What differs in it.
    pub label: String,
    /// The number of the run that it branched from, 0 where that is gone, and the epoch.
    pub from: Option<(usize, usize)>,
    pub shown: bool,
    /// Its side in the view Compare.
    pub compared: Option<usize>,
    /// A side of the view Compare that no run has.
    pub free_side: Option<usize>,
    pub overlaid: bool,
    /// Whether the last visit left it in its middle.
    pub unfinished: bool,
    pub act: Act,
}

/// The row.
#[function_component]
pub fn Row(props: &RowProps) -> Html {
    let (run, id, number) = (&props.run, props.run.id, props.number);
    let starred = run.marks.starred;
    let action = |action: &'static str, label: &'static str, pressed: Option<bool>, off: bool, messages: Vec<Msg>| {
        let act = props.act.clone();
        let onclick = Callback::from(move |_: MouseEvent| messages.iter().for_each(|msg| act.emit(msg.clone())));
        html! {
            <button type="button" data-action={action} aria-label={t::of_run(label, number)} aria-pressed={pressed.map(|on| on.to_string())} disabled={off} {onclick}>{ label }</button>
        }
    };
    let compare = match (props.compared, props.free_side) {
        (Some(side), _) => vec![Msg::CompareRun(side, None)],
        // With this one both sides have a run.
        (None, Some(1)) => vec![Msg::CompareRun(1, Some(id)), Msg::Show(View::Compare)],
        (None, side) => vec![Msg::CompareRun(side.unwrap_or(1), Some(id))],
    };
    let active = run.is_active();
    let done = run.networks.iter().any(|network| network.report.is_some());
    let onnote = {
        let act = props.act.clone();
        Callback::from(move |e: Event| {
            if let Some(input) = e.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                act.emit(Msg::NoteRun(id, input.value()));
            }
        })
    };
    let began = moment(run.started_ms);
    let label = match (props.from, props.label.is_empty(), number) {
        (Some((0, epoch)), ..) => t::epoch(epoch),
        (Some((from, epoch)), true, _) => t::branched_from(from, epoch),
        (Some((from, epoch)), false, _) => format!("{}: {}", t::branched_from(from, epoch), props.label),
        (None, false, _) => props.label.clone(),
        (None, true, 1) => t::FIRST_RUN.to_owned(),
        (None, true, _) => t::SAME_SETTINGS.to_owned(),
    };
    html! {
        <tr data-run={id.to_string()} data-run-colour={props.colour.to_string()} class={props.shown.then_some("shown")} aria-current={props.shown.then_some("true")}>
            <th scope="row">
                <button type="button" class="star" data-action="star" aria-label={t::star(number)} aria-pressed={starred.to_string()}
                    onclick={props.act.reform(move |_: MouseEvent| Msg::StarRun(id, !starred))}>{ if starred { "★" } else { "☆" } }</button>
                <span class="run-name"><i class="swatch" />{ t::run(number) }if props.shown { <small>{ t::SHOWN }</small> }</span>
            </th>
            <td class="began">{ if began.is_empty() { t::NONE.to_owned() } else { began } }</td>
            <td class="label">{ label }</td>
            <td class="nets">{ for run.networks.iter().map(network) }</td>
            <td class="state">{ state(props) }</td>
            <td class="note-of"><input type="text" data-action="note" aria-label={t::note_of(number)} placeholder={t::RUN_HEADS[5]} value={run.marks.note.clone()} maxlength="200" onchange={onnote} /></td>
            <td class="does">
                { action("show", t::SHOW, None, false, vec![Msg::SelectRun(id), Msg::Show(View::Train)]) }
                { action("compare", t::COMPARE, Some(props.compared.is_some()), false, compare) }
                { action("overlay", t::OVERLAY, Some(props.overlaid), props.shown, vec![Msg::Overlay(id, !props.overlaid)]) }
                if props.unfinished {
                    { action("go-on", t::GO_ON, None, false, vec![Msg::GoOn(id)]) }
                }
                if !active {
                    <details class="exports">
                        <summary data-action="exports" aria-label={t::of_run(t::EXPORT, number)}>{ t::EXPORT }</summary>
                        <ul>
                            <li>{ action("export-run", t::REPORT, None, !done, vec![Msg::SelectRun(id), Msg::Export]) }<small>{ t::EXPORT_HELP }</small></li>
                            { for t::EXPORTS.into_iter().map(|(form, key, label, about)| html! {
                                <li>{ action(key, label, None, false, vec![Msg::ExportAs(id, form)]) }<small>{ about }</small></li>
                            }) }
                        </ul>
                    </details>
                }
                { action("delete", t::DELETE, None, active && !props.unfinished, vec![Msg::DeleteRun(id)]) }
            </td>
        </tr>
    }
}

/// A network with its accuracy and its training time.
fn network(network: &NetworkProgress) -> Html {
    let last = network.epochs.last();
    let (accuracy, on) = match (&network.report, last) {
        (Some(report), _) => (percent(report.test.accuracy), t::ON_TEST),
        (None, Some(epoch)) => match epoch.validation {
            Some(score) => (percent(score.accuracy), t::ON_VALIDATION),
            None => (percent(epoch.train.accuracy), t::ON_BATCHES),
        },
        (None, None) => (t::NONE.to_owned(), ""),
    };
    html! {
        <span class={network.kind.key()}>{ name(network.kind) }<b>{ accuracy }</b><small>{ on }{ " · " }{ duration(network.seconds) }</small></span>
    }
}

fn state(props: &RowProps) -> Html {
    let run = &props.run;
    if props.unfinished {
        return html! { { t::UNFINISHED } };
    }
    if run.is_done() {
        return html! { { t::phase(Phase::Done) } };
    }
    html! {
        { for run.networks.iter().filter(|network| network.phase != Phase::Done).map(|network| html! {
            <span>{ t::network_is(network.kind, t::phase(network.phase)) }</span>
        }) }
    }
}

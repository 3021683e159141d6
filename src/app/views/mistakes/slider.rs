//! The slider with which a run is looked at as it was after one of its epochs, and the button with which it goes on from there. Leaves
//! out: what the networks answered then (`page` asks for it).

use crate::app::parts::Act;
use crate::app::texts::t;
use crate::page::effect::Msg;
use crate::run::RunRecord;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SliderProps {
    pub run: RunRecord,
    /// The epoch that is shown, from 1; `None`: the end.
    pub epoch: Option<usize>,
    /// Says which epoch is under the slider while it is dragged.
    pub dragged: UseStateSetter<Option<Option<usize>>>,
    /// Whether a run is under way.
    pub running: bool,
    /// Whether the answers of this epoch are not here yet.
    pub waits: bool,
    pub act: Act,
}

fn value(e: &Event) -> Option<usize> {
    e.target()?.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok()
}

/// The panel; nothing before the first epoch.
#[function_component]
pub fn EpochSlider(props: &SliderProps) -> Html {
    let run = &props.run;
    let epochs = run.networks.iter().map(|network| network.epochs.len()).max().unwrap_or(0);
    if epochs == 0 {
        return html!();
    }
    let scored = run.networks.iter().any(|network| network.report.is_some());
    let at = move |place: usize| Some(place).filter(|place| *place <= epochs);
    let oninput = {
        let dragged = props.dragged.clone();
        Callback::from(move |e: InputEvent| {
            if let Some(place) = value(&e) {
                dragged.set(Some(at(place)));
            }
        })
    };
    let onchange = {
        let (dragged, act) = (props.dragged.clone(), props.act.clone());
        Callback::from(move |e: Event| {
            if let Some(place) = value(&e) {
                dragged.set(None);
                act.emit(Msg::OpenEpoch(at(place)));
            }
        })
    };
    let said = match (props.epoch, scored) {
        (Some(epoch), _) => t::opened_epoch(epoch, epochs),
        (None, true) => t::AT_THE_END.to_owned(),
        (None, false) => t::newest_epoch(epochs),
    };
    let from = props.epoch.unwrap_or(epochs);
    let kept = run.networks.iter().any(|network| {
        network.checkpoints.iter().any(|kept| kept.epoch == from && kept.step == from * network.steps_per_epoch)
    });
    let about = match (props.running, kept) {
        (true, _) => t::BRANCH_WAITS,
        (false, false) => t::BRANCH_GONE,
        (false, true) => t::BRANCH_ABOUT,
    };
    let branch = props.act.reform(move |_: MouseEvent| Msg::Branch(from));
    html! {
        <section class="card epoch-slider" aria-labelledby="epoch-title">
            <div class="slide">
                <label id="epoch-title" for="epoch">{ t::LOOK_AT }<output>{ &said }</output></label>
                <input id="epoch" type="range" min="1" max={(epochs + 1).to_string()} step="1" value={props.epoch.unwrap_or(epochs + 1).to_string()}
                    list="epoch-ticks" data-action="epoch" aria-valuetext={said.clone()} {oninput} {onchange} />
                <datalist id="epoch-ticks">{ for (1..=epochs + 1).map(|place| html! { <option value={place.to_string()} /> }) }</datalist>
                <p class="ends" aria-hidden="true"><span>{ t::epoch(1) }</span><span>{ if scored { t::THE_END } else { t::NEWEST } }</span></p>
            </div>
            <div class="branch">
                <button type="button" data-action="branch" disabled={props.running || !kept} aria-describedby="branch-about" onclick={branch}>{ t::branch_from(from) }</button>
                <p class="note" id="branch-about">{ about }</p>
            </div>
            <p class="note" aria-live="polite">{ if props.waits && kept { t::ANSWERS_WAIT } else { "" } }</p>
        </section>
    }
}

//! Where the time of a training step goes, layer by layer, beside what each layer has to compute. Leaves out: how it was
//! measured, and what it means in words (`evaluate`).

use crate::app::parts::{name, panel};
use crate::app::texts::t;
use crate::app::views::answered::{Answered, AnsweredNetwork};
use crate::evaluate::format::{milliseconds, percent};
use crate::evaluate::{slowest_layer, step_macs, step_rate};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct StepTimesProps {
    pub answered: Answered,
}

/// The panel; nothing if no step was timed.
#[function_component]
pub fn StepTimesPanel(props: &StepTimesProps) -> Html {
    let tables: Vec<Html> = props.answered.networks.iter().filter_map(table).collect();
    if tables.is_empty() {
        return html!();
    }
    let content = html! {
        <>
            <p class="note">{ t::STEP_TIMES_ABOUT }</p>
            <div class="beside">{ for tables }</div>
        </>
    };
    panel("step-times", t::STEP_TIMES, html!(), content)
}

fn table(network: &AnsweredNetwork) -> Option<Html> {
    let report = network.report.as_ref()?;
    let times = report.step_times.as_ref()?;
    let key = network.kind.key();
    let macs = step_macs(times);
    let share = |of: f64| {
        html! { <td class={key}>{ percent(of) }<span style={format!("width:{:.1}%", 100.0 * of)} /></td> }
    };
    Some(html! {
        <div>
            <p>{ name(network.kind) }{ t::step_takes(times.images, &milliseconds(times.ms), report.workers, &slowest_layer(times)) }</p>
            <div class="scroll">
                <table class="numbers share-table">
                    <thead><tr>{ for t::STEP_HEADS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                    <tbody>
                        { for times.layers.iter().map(|layer| html! {
                            <tr>
                                <th scope="row">{ &layer.label }</th>
                                if layer.macs > 0 { { share(layer.macs as f64 / macs) } } else { <td>{ t::NONE }</td> }
                                { share((layer.forward_ms + layer.backward_ms) / times.ms) }
                                <td>{ digits(layer.forward_ms) }</td><td>{ digits(layer.backward_ms) }</td>
                            </tr>
                        }) }
                        { for times.others.iter().map(|other| html! {
                            <tr>
                                <th scope="row">{ &other.label }</th><td>{ t::NONE }</td>{ share(other.ms / times.ms) }
                                <td colspan="2">{ digits(other.ms) }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
            <p class="note">{ step_rate(times) }</p>
        </div>
    })
}

/// Milliseconds under a heading that names the unit.
fn digits(ms: f64) -> String {
    format!("{ms:.2}")
}

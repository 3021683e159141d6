//! Where the time of a training step goes, layer by layer, beside what each layer has to compute. Leaves out: how it was
//! measured, and what it means in words (`evaluate`).

use super::scored::{Scored, ScoredNetwork};
use super::{name, panel};
use crate::evaluate::format::{milliseconds, percent};
use crate::evaluate::{slowest_layer, step_macs, step_rate};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct StepTimesProps {
    pub scored: Scored,
}

/// The panel; nothing if no step was timed.
#[function_component]
pub fn StepTimesPanel(props: &StepTimesProps) -> Html {
    let tables: Vec<Html> = props.scored.networks.iter().filter_map(table).collect();
    if tables.is_empty() {
        return html!();
    }
    let content = html! {
        <>
            <p class="note">{ "Multiply-accumulates (MACs) count what a layer has to compute. How long it takes also depends on how much data it moves. The table shows the time of one training step. A layer's time includes the activation and the pool that are computed together with it." }</p>
            <div class="beside">{ for tables }</div>
        </>
    };
    panel("step-times", "Where the time goes", html!(), content)
}

fn table(network: &ScoredNetwork) -> Option<Html> {
    let times = network.report.step_times.as_ref()?;
    let key = network.kind.key();
    let macs = step_macs(times);
    let share = |of: f64| {
        html! { <td class={key}>{ percent(of) }<span style={format!("width:{:.1}%", 100.0 * of)} /></td> }
    };
    let workers = match network.report.workers {
        0 | 1 => String::new(),
        n => format!(", in the first of {n} workers"),
    };
    Some(html! {
        <div>
            <p>{ name(network.kind) }{ format!(": a step of {} images takes {}{workers}. {}", times.images, milliseconds(times.ms), slowest_layer(times)) }</p>
            <div class="scroll">
                <table class="numbers share-table">
                    <thead><tr>
                        <th scope="col">{ "Part of the step" }</th><th scope="col">{ "MACs" }</th><th scope="col">{ "Time" }</th>
                        <th scope="col">{ "Forward, ms" }</th><th scope="col">{ "Backward, ms" }</th>
                    </tr></thead>
                    <tbody>
                        { for times.layers.iter().map(|layer| html! {
                            <tr>
                                <th scope="row">{ &layer.label }</th>
                                if layer.macs > 0 { { share(layer.macs as f64 / macs) } } else { <td>{ "–" }</td> }
                                { share((layer.forward_ms + layer.backward_ms) / times.ms) }
                                <td>{ digits(layer.forward_ms) }</td><td>{ digits(layer.backward_ms) }</td>
                            </tr>
                        }) }
                        { for times.others.iter().map(|other| html! {
                            <tr>
                                <th scope="row">{ &other.label }</th><td>{ "–" }</td>{ share(other.ms / times.ms) }
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

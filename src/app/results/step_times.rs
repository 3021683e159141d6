//! Where the time of a training step goes, layer by layer, beside what each layer has to compute.

use super::scored::{Scored, ScoredNetwork};
use super::{name, panel};
use crate::evaluate::words::{milliseconds, percent};
use crate::run::report::StepTimes;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct StepTimesProps {
    pub scored: Scored,
}

/// The panel; nothing where no step was timed.
#[function_component]
pub fn StepTimesPanel(props: &StepTimesProps) -> Html {
    let tables: Vec<Html> = props.scored.networks.iter().filter_map(table).collect();
    if tables.is_empty() {
        return html!();
    }
    let content = html! {
        <>
            <p class="note">{ "Multiply-accumulates (MACs) say what a layer has to compute. How long it really takes also hangs on how much data it moves: here is the time of a training step, with the activation and the pool that a layer is computed together with." }</p>
            <div class="beside">{ for tables }</div>
        </>
    };
    panel("step-times", "Where the time goes", html!(), content)
}

fn table(network: &ScoredNetwork) -> Option<Html> {
    let times = network.report.step_times.as_ref()?;
    let key = network.kind.key();
    let macs = times.layers.iter().map(|layer| layer.macs).sum::<usize>().max(1) as f64;
    let share = |of: f64| {
        html! { <td class={key}>{ percent(of) }<span style={format!("width:{:.1}%", 100.0 * of)} /></td> }
    };
    let workers = match network.report.workers {
        0 | 1 => String::new(),
        n => format!(", in the first of {n} workers"),
    };
    Some(html! {
        <div>
            <p>{ name(network.kind) }{ format!(": a step of {} images takes {}{workers}. {}", times.images, milliseconds(times.ms), most(times, macs)) }</p>
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
            <p class="note">{ said(times, macs) }</p>
        </div>
    })
}

/// Milliseconds under a heading that names the unit.
fn digits(ms: f64) -> String {
    format!("{ms:.2}")
}

/// How it was measured, and what the machine could do.
fn said(times: &StepTimes, macs: f64) -> String {
    // Forward, and backward by the inputs and by the weights: two operations for each multiply-accumulate.
    let counted = 6.0 * macs * times.images as f64 / times.ms / 1e6;
    let peak = times.peak_flops / 1e9;
    let why = if counted > peak {
        ", so more is counted than is computed: zeros are skipped, and convolutions take fewer multiplications (Winograd)"
    } else {
        ""
    };
    format!(
        "Means over {} steps. Counted as three times the forward pass's MACs, a step is {counted:.0} billion floating-point operations a second. This thread computes at most {peak:.0} billion{why}.",
        times.steps,
    )
}

/// What takes longest, in words.
fn most(times: &StepTimes, macs: f64) -> String {
    let time = |layer: &crate::run::report::LayerTime| layer.forward_ms + layer.backward_ms;
    times.layers.iter().max_by(|a, b| time(a).total_cmp(&time(b))).map_or_else(String::new, |layer| {
        format!(
            "{} takes longest: {} of the time for {} of the MACs.",
            layer.label,
            percent(time(layer) / times.ms),
            percent(layer.macs as f64 / macs)
        )
    })
}

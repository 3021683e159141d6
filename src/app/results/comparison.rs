//! The comparison of the networks: their figures side by side, what these mean in plain words, and whether the accuracies really
//! differ. Leaves out: which value is better, and the words (`evaluate`).

use super::scored::Scored;
use super::{name, panel};
use crate::app::canvas::Canvas;
use crate::architecture;
use crate::evaluate::format::{count, percent, points};
use crate::evaluate::{Paired, Progress, Side, loss_difference, paired, rows, summary};
use crate::page::state::State;
use crate::plot::{Dot, DotRow, Dots, Theme, dots};
use crate::run::{NetworkProgress, Phase};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ComparisonProps {
    pub state: Rc<State>,
    pub scored: Scored,
    pub dark: bool,
}

/// The panel.
#[function_component]
pub fn Comparison(props: &ComparisonProps) -> Html {
    let state = &*props.state;
    let config = state.run().map_or(&state.config, |run| &run.config);
    let kinds = config.kinds();
    let words = use_memo(props.scored.clone(), |scored| {
        let [ann, cnn] = scored.both()?;
        Some(summary(&ann.report, &cnn.report, scored.truth(), Some((&ann.probabilities, &cnn.probabilities))))
    });
    let judged = use_memo(props.scored.clone(), |scored| {
        let [ann, cnn] = scored.both()?;
        let accuracy = paired(scored.truth(), &ann.report.test.predictions, &cnn.report.test.predictions);
        Some((accuracy, loss_difference(scored.truth(), &ann.probabilities, &cnn.probabilities)))
    });
    if config.validate().is_err() {
        return html!();
    }
    let sides: Vec<Side> = kinds
        .iter()
        .map(|&kind| {
            let run = state.run().and_then(|run| run.get(kind));
            Side {
                cost: architecture::of(kind, config),
                progress: run.map(progress),
                report: run.and_then(|run| run.report.as_deref()),
            }
        })
        .collect();
    let rows = rows(&sides, judged.as_ref().as_ref());
    let lead = match (words.as_ref(), state.run()) {
        (Some(words), _) => html! { <p class="summary">{ words }</p> },
        (None, None) => {
            html! { <p class="note">{ "These costs are known before training. After a run you also see here how accurate the networks are and how long they took, with the difference explained in words." }</p> }
        }
        (None, Some(run)) if run.is_active() => {
            html! { <p class="note">{ "The table fills while the networks train. The test set is scored once, at the end." }</p> }
        }
        (None, Some(_)) => {
            html! { <p class="note">{ "This run has fewer than two scored networks, so there is nothing to compare." }</p> }
        }
    };
    let notes = sides.iter().zip(kinds).flat_map(|(side, kind)| {
        let notes = side.report.map(|report| report.notes.as_slice()).unwrap_or_default();
        notes.iter().map(move |note| html! { <li>{ name(*kind) }{ ": " }{ note.to_string() }</li> })
    });
    let notes: Vec<Html> = notes.collect();
    let content = html! {
        <>
            { lead }
            <div class="beside">
            <div class="scroll">
                <table class="numbers figures-table">
                    <thead><tr><th />{ for kinds.iter().map(|kind| html! { <th scope="col">{ name(*kind) }</th> }) }</tr></thead>
                    <tbody>{ for rows.iter().map(|row| html! {
                        <tr>
                            <th scope="row">{ row.name }<small>{ row.about }</small></th>
                            { for row.texts.iter().enumerate().map(|(i, text)| html! {
                                <td class={(row.better == Some(i)).then_some("better")}>{ &text.0 }if !text.1.is_empty() { <small>{ &text.1 }</small> }</td>
                            }) }
                        </tr>
                    }) }</tbody>
                </table>
            </div>
                <div>
            if !props.scored.networks.is_empty() {
                <Accuracies scored={props.scored.clone()} judged={judged.as_ref().as_ref().map(|(accuracy, _)| *accuracy)} dark={props.dark} />
            }
            if judged.is_some() {
                <p class="note">{ "A bold value with a mark is better by more than chance (accuracy, loss) or by more than the noise of one measurement (times)." }</p>
            }
            if !notes.is_empty() {
                <ul class="notes">{ for notes }</ul>
            }
                </div>
            </div>
        </>
    };
    panel("comparison", "The comparison", html!(), content)
}

/// How far a network's training is.
fn progress(run: &NetworkProgress) -> Progress<'_> {
    Progress {
        epochs: &run.epochs,
        seconds: run.seconds,
        images_per_s: run.images_per_s,
        workers: run.workers,
        device: run.device.as_ref(),
        failed: run.phase == Phase::Failed,
    }
}

#[derive(Properties, PartialEq)]
struct AccuraciesProps {
    scored: Scored,
    judged: Option<Paired>,
    dark: bool,
}

/// The accuracies with their intervals.
#[function_component]
fn Accuracies(props: &AccuraciesProps) -> Html {
    let plot = use_memo(props.scored.clone(), |scored| {
        let row = |network: &super::ScoredNetwork| {
            let test = &network.report.test;
            let dot = Dot { network: network.kind, value: test.accuracy, interval: Some(test.interval) };
            DotRow { name: network.kind.label().to_owned(), dots: vec![dot] }
        };
        Dots {
            rows: scored.networks.iter().map(row).collect(),
            title: "Test accuracy with its 95 % interval".to_owned(),
        }
    });
    let draw =
        use_callback((plot.clone(), props.dark), |size, (plot, dark)| dots(plot, size, None, Theme { dark: *dark }));
    let each: Vec<String> = props
        .scored
        .networks
        .iter()
        .map(|n| {
            let [low, high] = n.report.test.interval;
            format!(
                "{} {} ({:.1} to {:.1})",
                n.kind.label(),
                percent(n.report.test.accuracy),
                100.0 * low,
                100.0 * high
            )
        })
        .collect();
    let difference = props.judged.map(|paired| {
        let [low, high] = paired.interval;
        let real = if paired.is_real() { "" } else { ": no real difference" };
        format!("CNN minus ANN: {} points ({} to {}){real}", points(paired.difference), points(low), points(high))
    });
    let readout = each.into_iter().chain(difference).collect::<Vec<_>>();
    html! {
        <figure>
            <Canvas {draw} label={format!("Test accuracies. {}", readout.join(". "))} class="plot-accuracies" />
            <div class="readout">{ for readout.iter().map(|line| html! { <p>{ line }</p> }) }</div>
            if let Some(paired) = &props.judged {
                { fourfold(paired) }
            }
        </figure>
    }
}

/// How many images each network classifies correctly, and how likely chance alone gives such a difference.
fn fourfold(paired: &Paired) -> Html {
    let cell = |number: usize| html! { <td>{ count(number as u64) }</td> };
    let chance = match paired.p_value {
        p if p < 0.001 => "less than 0.1 %".to_owned(),
        p => percent(p),
    };
    html! {
        <>
            <table class="numbers fourfold">
                <caption>{ "Test images: who is correct" }</caption>
                <thead><tr><th /><th scope="col">{ "CNN correct" }</th><th scope="col">{ "CNN wrong" }</th></tr></thead>
                <tbody>
                    <tr><th scope="row">{ "ANN correct" }</th>{ cell(paired.both_correct) }{ cell(paired.only_a) }</tr>
                    <tr><th scope="row">{ "ANN wrong" }</th>{ cell(paired.only_b) }{ cell(paired.both_wrong) }</tr>
                </tbody>
            </table>
            <p class="note">{ format!("On some images only one network is correct. If neither were better, chance alone would split these images at least this unevenly in {chance} of all runs (McNemar's exact test).") }</p>
        </>
    }
}

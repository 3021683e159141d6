//! What the comparison of two networks and that of two runs share: the table of figures, the accuracies with their intervals, and who is
//! correct on which image. Leaves out: which value is better (`evaluate`).

use crate::app::canvas::Canvas;
use crate::app::texts::t;
use crate::architecture;
use crate::config::{NetworkKind, RunConfig};
use crate::evaluate::format::{count, percent, points, tenths};
use crate::evaluate::{Paired, Progress, Row, Side};
use crate::plot::{Dot, DotRow, Dots, Theme, dots};
use crate::run::report::NetworkReport;
use crate::run::{NetworkProgress, Phase};
use std::rc::Rc;
use yew::prelude::*;

/// What is known of a network of a run, or of the next run.
pub fn side<'a>(kind: NetworkKind, config: &RunConfig, network: Option<&'a NetworkProgress>) -> Side<'a> {
    let progress = network.map(|network| Progress {
        epochs: &network.epochs,
        seconds: network.seconds,
        images_per_s: network.images_per_s,
        workers: network.workers,
        device: network.device.as_ref(),
        failed: network.phase == Phase::Failed,
    });
    Side {
        cost: architecture::of(kind, config),
        progress,
        report: network.and_then(|network| network.report.as_deref()),
    }
}

/// The table; `heads` name its columns.
pub fn table(heads: Vec<Html>, rows: &[Row]) -> Html {
    html! {
        <div class="scroll">
            <table class="numbers figures-table">
                <thead><tr><td />{ for heads.into_iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
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
    }
}

/// One row of the accuracies: its name, its network and its result.
pub type Scored = (String, NetworkKind, Rc<NetworkReport>);

#[derive(Properties)]
pub struct AccuraciesProps {
    pub rows: Vec<Scored>,
    /// The comparison of the first row with the second.
    pub judged: Option<Paired>,
    pub dark: bool,
}

impl PartialEq for AccuraciesProps {
    fn eq(&self, other: &Self) -> bool {
        self.dark == other.dark
            && self.judged == other.judged
            && self.rows.len() == other.rows.len()
            && self.rows.iter().zip(&other.rows).all(|(a, b)| a.0 == b.0 && Rc::ptr_eq(&a.2, &b.2))
    }
}

/// The accuracies with their intervals.
#[function_component]
pub fn Accuracies(props: &AccuraciesProps) -> Html {
    let row = |(name, kind, report): &Scored| {
        let dot = Dot { network: *kind, value: report.test.accuracy, interval: Some(report.test.interval) };
        DotRow { name: name.clone(), dots: vec![dot] }
    };
    let plot = Dots { rows: props.rows.iter().map(row).collect(), title: t::TEST_ACCURACY.to_owned() };
    let draw = use_callback((plot, props.dark), |size, (plot, dark)| dots(plot, size, None, Theme { dark: *dark }));
    let each = props.rows.iter().map(|(name, _, report)| {
        let [low, high] = report.test.interval.map(|end| tenths(100.0 * end));
        t::with_interval(name, &percent(report.test.accuracy), &low, &high)
    });
    let names = match &props.rows[..] {
        [a, b, ..] => Some([a.0.as_str(), b.0.as_str()]),
        _ => None,
    };
    let judged = props.judged.as_ref().zip(names);
    let difference = judged.map(|(paired, names)| {
        let [low, high] = paired.interval.map(points);
        t::difference(names, &points(paired.difference), &low, &high, paired.is_real())
    });
    let readout: Vec<String> = each.chain(difference).collect();
    html! {
        <figure>
            <Canvas {draw} label={t::accuracies(&readout.join(". "))} class="plot-accuracies" />
            <div class="readout">{ for readout.iter().map(|line| html! { <p>{ line }</p> }) }</div>
            if let Some((paired, names)) = judged {
                { fourfold(paired, names) }
            }
        </figure>
    }
}

/// How many images each one classifies correctly, and how likely chance alone gives such a difference.
fn fourfold(paired: &Paired, [a, b]: [&str; 2]) -> Html {
    let cell = |number: usize| html! { <td>{ count(number as u64) }</td> };
    let chance = match paired.p_value {
        p if p < 0.001 => t::LESS_THAN_A_THOUSANDTH.to_owned(),
        p => percent(p),
    };
    html! {
        <>
            <table class="numbers fourfold">
                <caption>{ t::WHO_IS_CORRECT }</caption>
                <thead><tr><td /><th scope="col">{ t::is_correct(b) }</th><th scope="col">{ t::is_wrong(b) }</th></tr></thead>
                <tbody>
                    <tr><th scope="row">{ t::is_correct(a) }</th>{ cell(paired.both_correct) }{ cell(paired.only_a) }</tr>
                    <tr><th scope="row">{ t::is_wrong(a) }</th>{ cell(paired.only_b) }{ cell(paired.both_wrong) }</tr>
                </tbody>
            </table>
            <p class="note">{ t::by_chance(&chance) }</p>
        </>
    }
}

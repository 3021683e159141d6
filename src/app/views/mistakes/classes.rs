//! Precision, recall and F1 of each class, for both networks: the F1 as a picture, everything as a table. A value that is undefined is
//! shown as a dash with the reason. Leaves out: how the values are computed (`evaluate`).

use super::Confusion;
use crate::app::canvas::{Canvas, Key, Point};
use crate::app::parts::{name, panel};
use crate::app::texts::t;
use crate::config::NetworkKind;
use crate::evaluate::format::percent;
use crate::evaluate::{
    ClassReport, Measure, averages_leave_out, class_reports, hardest_class, macro_average, reads_as_largest,
    weighted_average,
};
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use crate::plot::{Dot, DotRow, Dots, Theme, dots};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ClassesProps {
    pub confusions: Vec<Confusion>,
    pub dark: bool,
}

/// A network and its ten classes.
type Reports = (NetworkKind, [ClassReport; CLASSES]);

/// The panel; nothing before the first epoch.
#[function_component]
pub fn Classes(props: &ClassesProps) -> Html {
    let reports = use_memo(props.confusions.clone(), |confusions| {
        confusions.iter().map(|(kind, counts, _)| (*kind, class_reports(counts))).collect::<Vec<Reports>>()
    });
    let plot = use_memo(reports.clone(), |reports| {
        let row = |class: usize| DotRow {
            name: CLASS_NAMES[class].to_owned(),
            dots: reports
                .iter()
                .filter_map(|(network, r)| Some(Dot { network: *network, value: r[class].f1?, interval: None }))
                .collect(),
        };
        Dots { rows: (0..CLASSES).map(row).collect(), title: t::F1.to_owned() }
    });
    let hover = use_state(|| None::<usize>);
    let draw = use_callback((plot.clone(), *hover, props.dark), |size, (plot, hover, dark)| {
        dots(plot, size, *hover, Theme { dark: *dark })
    });
    if reports.is_empty() {
        return html!();
    }
    let onpoint = {
        let (hover, plot) = (hover.setter(), plot.clone());
        Callback::from(move |p: Option<Point>| {
            hover.set(p.and_then(|p| plot.layout(p.size[0], p.size[1]).row_at(p.at[1])))
        })
    };
    let onkey = {
        let hover = hover.clone();
        Callback::from(move |key| {
            hover.set(match key {
                Key::Move(_, by) => {
                    Some(hover.map_or(0, |row| (row as i32 + by).clamp(0, CLASSES as i32 - 1) as usize))
                }
                Key::Home => Some(0),
                Key::End => Some(CLASSES - 1),
                Key::Escape => None,
                Key::Enter => return,
            });
        })
    };
    // Without a pointer the hardest class is shown, which says most.
    let hardest = hardest_class(&reports.iter().map(|(_, r)| *r).collect::<Vec<_>>());
    let class = hover.or(hardest).unwrap_or(0);
    let f1: Vec<String> = reports.iter().map(|(kind, r)| format!("{} {}", kind.label(), shown(r[class].f1))).collect();
    let readout = t::f1_of(hover.is_none() && hardest.is_some(), CLASS_NAMES[class], &f1.join(", "));
    let test = props.confusions.iter().all(|(_, _, test)| *test);
    let note = if test { t::CLASSES_TEST } else { t::CLASSES_VALIDATION };
    let content = html! {
        <div class="beside">
            <figure>
                <Canvas {draw} label={t::f1_plot(&readout)} class="plot-classes" {onpoint} {onkey} />
                <p class="readout" aria-live="polite">{ readout }</p>
            </figure>
            <div>
                <p class="note">{ note }</p>
                { table(&reports) }
                { for reports.iter().flat_map(|(kind, r)| averages_leave_out(kind.label(), r)).map(|line| html! { <p class="note">{ line }</p> }) }
            </div>
        </div>
    };
    panel("classes", t::CLASS_REPORT, html!(), content)
}

/// A share in percent, or a dash where it is undefined.
fn shown(share: Option<f64>) -> String {
    share.map_or_else(|| t::NONE.to_owned(), percent)
}

fn table(reports: &[Reports]) -> Html {
    let columns = reports.len().to_string();
    let support = |of: &dyn Fn(&[ClassReport; CLASSES]) -> u32| reports.first().map_or(0, |(_, r)| of(r));
    let class =
        |class: usize| row(CLASS_NAMES[class], reports, support(&|r| r[class].support), &|r, m| r[class].get(m));
    let average = |name: &'static str, of: fn(&[ClassReport], Measure) -> Option<f64>| {
        row(name, reports, support(&|r| r.iter().map(|c| c.support).sum()), &|r, m| of(r, m))
    };
    html! {
        <div class="scroll">
            <table class="numbers class-report">
                <thead>
                    <tr>
                        <th rowspan="2" scope="col">{ t::CLASS }</th>
                        { for Measure::ALL.iter().map(|m| html! { <th colspan={columns.clone()} scope="colgroup">{ m.label() }</th> }) }
                        <th rowspan="2" scope="col">{ t::IMAGES }</th>
                    </tr>
                    <tr>{ for (0..3).flat_map(|_| reports).map(|(kind, _)| html! { <th scope="col">{ name(*kind) }</th> }) }</tr>
                </thead>
                <tbody>{ for (0..CLASSES).map(class) }</tbody>
                <tfoot>
                    { average(t::MACRO_AVERAGE, macro_average) }
                    { average(t::WEIGHTED_AVERAGE, weighted_average) }
                </tfoot>
            </table>
        </div>
    }
}

/// One row: each measure of each network, and the number of images.
fn row(
    name: &'static str,
    reports: &[Reports],
    support: u32,
    value: &dyn Fn(&[ClassReport; CLASSES], Measure) -> Option<f64>,
) -> Html {
    let cells = Measure::ALL.into_iter().flat_map(|measure| {
        let all: Vec<Option<f64>> = reports.iter().map(|(_, r)| value(r, measure)).collect();
        let cell = |(kind, value): (NetworkKind, Option<f64>)| match value {
            Some(share) => html! {
                <td class={classes!(kind.key(), reads_as_largest(value, &all).then_some("better"))}>
                    { format!("{:.1}", 100.0 * share) }
                    <span style={format!("width:{:.1}%", 100.0 * share)} />
                </td>
            },
            None => html! { <td class={kind.key()} title={measure.why_undefined()}>{ t::NONE }</td> },
        };
        reports.iter().map(|(kind, _)| *kind).zip(all.iter().copied()).map(cell).collect::<Vec<Html>>()
    });
    html! { <tr><th scope="row">{ name }</th>{ for cells }<td>{ support }</td></tr> }
}

//! Precision, recall and F1 of each class, for both networks: the F1 as a picture, everything as a table.

use super::{Confusion, name, panel};
use crate::app::canvas::{Canvas, Key, Point};
use crate::config::NetworkKind;
use crate::evaluate::words::percent;
use crate::evaluate::{Average, ClassReport, class_reports, macro_average, weighted_average};
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

/// The panel.
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
                .map(|(network, r)| Dot { network: *network, value: r[class].f1, interval: None })
                .collect(),
        };
        Dots { rows: (0..CLASSES).map(row).collect(), title: "F1".to_owned() }
    });
    let hover = use_state(|| None::<usize>);
    let draw = use_callback((plot.clone(), *hover, props.dark), |size, (plot, hover, dark)| {
        dots(plot, size, *hover, Theme { dark: *dark })
    });
    if reports.is_empty() {
        let note = "Precision, recall and F1 of each class stand here after the first epoch.";
        return panel("classes", "Class report", html!(), html! { <p class="note">{ note }</p> });
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
    // The hardest class says most where nobody points.
    let hardest = (0..CLASSES).min_by(|a, b| sum(&reports, *a).total_cmp(&sum(&reports, *b))).unwrap_or(0);
    let class = hover.unwrap_or(hardest);
    let f1: Vec<String> =
        reports.iter().map(|(kind, r)| format!("{} {}", kind.label(), percent(r[class].f1))).collect();
    let lead = if hover.is_some() { "" } else { "Hardest class: " };
    let readout = format!("{lead}{}, F1 {}", CLASS_NAMES[class], f1.join(", "));
    let test = props.confusions.iter().all(|(_, _, test)| *test);
    let note = if test {
        "On the test set, in percent. The larger value of each pair is bold; whether a difference is more than chance is said above."
    } else {
        "In percent, on validation images until a network is scored on the test set at the end of its training."
    };
    let content = html! {
        <div class="beside">
            <figure>
                <Canvas {draw} label={format!("F1 of each class. {readout}")} class="plot-classes" {onpoint} {onkey} />
                <p class="readout" aria-live="polite">{ readout }</p>
            </figure>
            <div>
                <p class="note">{ note }</p>
                { table(&reports) }
            </div>
        </div>
    };
    panel("classes", "Class report", html!(), content)
}

fn sum(reports: &[Reports], class: usize) -> f64 {
    reports.iter().map(|(_, r)| r[class].f1).sum()
}

fn table(reports: &[Reports]) -> Html {
    let columns = reports.len().to_string();
    let class = |class: usize| {
        let values =
            reports.iter().map(|(kind, r)| (*kind, [r[class].precision, r[class].recall, r[class].f1])).collect();
        let support = reports.first().map_or(0, |(_, r)| r[class].support);
        row(CLASS_NAMES[class], values, support)
    };
    let average = |name: &'static str, of: fn(&[ClassReport]) -> Average| {
        let values = reports.iter().map(|(kind, r)| {
            let average = of(r);
            (*kind, [average.precision, average.recall, average.f1])
        });
        row(name, values.collect(), reports.first().map_or(0, |(_, r)| r.iter().map(|c| c.support).sum()))
    };
    html! {
        <div class="scroll">
            <table class="numbers class-report">
                <thead>
                    <tr>
                        <th rowspan="2" scope="col">{ "Class" }</th>
                        { for ["Precision", "Recall", "F1"].iter().map(|head| html! { <th colspan={columns.clone()} scope="colgroup">{ *head }</th> }) }
                        <th rowspan="2" scope="col">{ "Images" }</th>
                    </tr>
                    <tr>{ for (0..3).flat_map(|_| reports).map(|(kind, _)| html! { <th scope="col">{ name(*kind) }</th> }) }</tr>
                </thead>
                <tbody>{ for (0..CLASSES).map(class) }</tbody>
                <tfoot>
                    { average("Macro average", macro_average) }
                    { average("Weighted average", weighted_average) }
                </tfoot>
            </table>
        </div>
    }
}

fn row(name: &'static str, values: Vec<(NetworkKind, [f64; 3])>, support: u32) -> Html {
    let cell = |measure: usize, kind: NetworkKind, value: f64| {
        // What reads the same is the same.
        let shown = |v: f64| (1000.0 * v).round();
        let better = values.iter().any(|(_, other)| shown(other[measure]) < shown(value));
        html! {
            <td class={classes!(kind.key(), better.then_some("better"))}>
                { format!("{:.1}", 100.0 * value) }
                <span style={format!("width:{:.1}%", 100.0 * value)} />
            </td>
        }
    };
    html! {
        <tr>
            <th scope="row">{ name }</th>
            { for (0..3).flat_map(|m| values.iter().map(move |(kind, v)| (m, *kind, v[m]))).map(|(m, kind, v)| cell(m, kind, v)) }
            <td>{ support }</td>
        </tr>
    }
}

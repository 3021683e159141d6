//! Precision, recall and F1 of each class, for both networks.

use super::ResultProps;
use crate::config::NetworkKind;
use crate::data::CLASS_NAMES;
use crate::evaluate::{class_reports, macro_average, weighted_average};
use yew::prelude::*;

fn cell(value: f64, better: bool, kind: NetworkKind) -> Html {
    html! {
        <td class={classes!("share", kind.key(), better.then_some("better"))}>
            <span class="mini" style={format!("width:{:.1}%", value * 100.0)} /><i>{ format!("{:.1}", value * 100.0) }</i>
        </td>
    }
}

/// The table.
#[function_component]
pub fn Classes(props: &ResultProps) -> Html {
    let Some(run) = &props.state.run else { return html!() };
    let found: Vec<_> =
        run.networks.iter().filter_map(|n| Some((n.kind, class_reports(n.confusion()?.0), n.confusion()?.1))).collect();
    let test = found.iter().all(|f| f.2);
    let row = |name: &str, values: Vec<(NetworkKind, [f64; 3])>, support: String| {
        let best: [f64; 3] = std::array::from_fn(|i| values.iter().map(|v| v.1[i]).fold(0.0, f64::max));
        html! {
            <tr>
                <th scope="row">{ name }</th>
                { for (0..3).flat_map(|i| values.iter().map(move |(kind, v)| (i, *kind, v[i]))).map(|(i, kind, v)| {
                    cell(v, values.len() > 1 && v >= best[i] && values.iter().any(|o| o.1[i] < best[i]), kind)
                }) }
                <td>{ support }</td>
            </tr>
        }
    };
    html! {
        <section class="card" aria-labelledby="classes-title">
            <h2 id="classes-title">{ "Class by class" }</h2>
            <p class="note">{ if test { "On the test set, in percent; the better network is bold." } else { "In percent; on validation images until the test set is scored at the end." } }</p>
            <div class="scroll"><table class="classes">
                <thead>
                    <tr><th />{ for ["Precision", "Recall", "F1"].iter().map(|h| html! { <th colspan={found.len().to_string()} scope="colgroup">{ *h }</th> }) }<th>{ "Images" }</th></tr>
                    <tr><th scope="col">{ "Class" }</th>{ for (0..3).flat_map(|_| found.iter()).map(|f| html! { <th scope="col" class={f.0.key()}>{ f.0.label() }</th> }) }<th /></tr>
                </thead>
                <tbody>
                    { for (0..10).map(|class| {
                        let values = found.iter().map(|f| { let r = &f.1[class]; (f.0, [r.precision, r.recall, r.f1]) }).collect();
                        row(CLASS_NAMES[class], values, found.first().map_or_else(String::new, |f| f.1[class].support.to_string()))
                    }) }
                </tbody>
                <tfoot>
                    { for [("Macro average", false), ("Weighted average", true)].into_iter().map(|(name, weighted)| {
                        let values = found.iter().map(|f| {
                            let a = if weighted { weighted_average(&f.1) } else { macro_average(&f.1) };
                            (f.0, [a.precision, a.recall, a.f1])
                        }).collect();
                        row(name, values, String::new())
                    }) }
                </tfoot>
            </table></div>
        </section>
    }
}

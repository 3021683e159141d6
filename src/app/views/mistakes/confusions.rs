//! Both confusion matrices side by side, each with its largest confusions. A click on a cell shows its images. Leaves out: which images these are (`evaluate`).

use super::Confusion;
use super::gallery::Gallery;
use super::largest::Largest;
use crate::app::canvas::{Canvas, Key, Point};
use crate::app::images::ImageStore;
use crate::app::parts::{Act, choice, name, panel};
use crate::app::texts::t;
use crate::app::views::answered::Answered;
use crate::config::NetworkKind;
use crate::evaluate::format::{count, percent};
use crate::evaluate::{accuracy, most_confused, of_cell};
use crate::fashion_mnist::{CLASS_NAMES, CLASSES};
use crate::plot::{Matrix, MatrixLayout, Theme, confusion, largest_error};
use crate::run::report::ConfusionCounts;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ConfusionsProps {
    pub confusions: Vec<Confusion>,
    pub answered: Answered,
    pub images: ImageStore,
    pub act: Act,
    pub dark: bool,
}

/// A cell of a network's matrix: true class, predicted class.
type Cell = (NetworkKind, [usize; 2]);

/// The panel.
#[function_component]
pub fn Confusions(props: &ConfusionsProps) -> Html {
    let shares = use_state(|| false);
    let open = use_state(|| None::<Cell>);
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with(*open, move |_| show(&place));
    }
    let chosen = use_memo((*open, props.answered.clone()), |(open, answered)| {
        let Some((kind, cell)) = *open else { return Vec::new() };
        let Some(network) = answered.get(kind) else { return Vec::new() };
        of_cell(answered.truth(), network.answers(), cell)
    });
    if props.confusions.is_empty() {
        return panel("confusions", t::CONFUSIONS, html!(), html! { <p class="note">{ t::CONFUSIONS_EMPTY }</p> });
    }
    let toggles = [(false, t::COUNTS.to_owned()), (true, t::SHARES.to_owned())];
    // Both have one scale, so that their colours can be compared.
    let ceiling = props.confusions.iter().map(|(_, counts, _)| largest_error(counts)).fold(0.0, f64::max);
    let open_cell = {
        let open = open.setter();
        Callback::from(move |cell: Cell| open.set(Some(cell)))
    };
    let opened = (*open).filter(|(kind, _)| props.answered.get(*kind).is_some());
    let content = html! {
        <>
            <div class="matrices">
                { for props.confusions.iter().map(|(kind, counts, test)| html! {
                    <figure key={kind.key()}>
                        <OneMatrix kind={*kind} counts={*counts} test={*test} shares={*shares} {ceiling}
                            open={(*open, open.setter())} dark={props.dark} />
                        <Largest kind={*kind} counts={*counts} answered={props.answered.clone()} images={props.images.clone()}
                            opens={props.answered.get(*kind).is_some()} open={open_cell.clone()} />
                    </figure>
                }) }
            </div>
            if let Some((kind, [truth, predicted])) = opened {
                <div ref={place} class="cell-images" aria-live="polite">
                    <p>
                        <b>{ name(kind) }{ t::cell_title(CLASS_NAMES[truth], CLASS_NAMES[predicted]) }</b>
                        <button type="button" data-action="close-cell" onclick={{ let open = open.clone(); move |_: MouseEvent| open.set(None) }}>{ t::CLOSE }</button>
                    </p>
                    <Gallery {chosen} answered={props.answered.clone()} images={props.images.clone()} act={props.act.clone()} />
                </div>
            } else if !props.answered.networks.is_empty() {
                <p class="note">{ t::PRESS_A_CELL }</p>
            }
        </>
    };
    panel("confusions", t::CONFUSIONS, choice(t::NUMBERS_IN_CELLS, &toggles, &shares), content)
}

/// Brings the opened images into view where they open below the window's end, as they do on a phone.
fn show(place: &NodeRef) {
    let height = web_sys::window().and_then(|window| window.inner_height().ok()).and_then(|height| height.as_f64());
    if let (Some(place), Some(height)) = (place.cast::<web_sys::Element>(), height)
        && place.get_bounding_client_rect().top() > height - 240.0
    {
        place.scroll_into_view();
    }
}

#[derive(Properties, PartialEq)]
struct MatrixProps {
    kind: NetworkKind,
    counts: ConfusionCounts,
    test: bool,
    shares: bool,
    ceiling: f64,
    /// The cell whose images are open, and the way to open another.
    open: (Option<Cell>, UseStateSetter<Option<Cell>>),
    dark: bool,
}

/// A cell in words: `true Shirt, predicted T-shirt/top: 112 (11.2 %)`. Without images of the true class there is no share.
fn said(counts: &ConfusionCounts, [truth, predicted]: [usize; 2]) -> String {
    let all: u32 = counts[truth].iter().sum();
    let number = counts[truth][predicted];
    let share = match all {
        0 => t::NO_IMAGE_OF_CLASS.to_owned(),
        all => percent(f64::from(number) / f64::from(all)),
    };
    t::cell(CLASS_NAMES[truth], CLASS_NAMES[predicted], number, &share)
}

#[function_component]
fn OneMatrix(props: &MatrixProps) -> Html {
    let hover = use_state(|| None::<[usize; 2]>);
    let own = props.open.0.filter(|(kind, _)| *kind == props.kind).map(|(_, cell)| cell);
    let marked = (*hover).or(own);
    let drawn = (props.counts, props.shares, props.ceiling, marked, props.dark);
    let draw = use_callback(drawn, |[width, height]: [f64; 2], (counts, shares, ceiling, hover, dark)| {
        let matrix = Matrix { counts, shares: *shares, ceiling: *ceiling, hover: *hover };
        confusion(&matrix, MatrixLayout::new(width, height), Theme { dark: *dark })
    });
    let cell_at = |p: Point| MatrixLayout::new(p.size[0], p.size[1]).cell_at(p.at[0], p.at[1]);
    let onpoint = {
        let hover = hover.setter();
        Callback::from(move |point: Option<Point>| hover.set(point.and_then(cell_at)))
    };
    let (kind, open) = (props.kind, props.open.1.clone());
    let onpick = {
        let open = open.clone();
        Callback::from(move |point: Point| {
            if let Some(cell) = cell_at(point) {
                open.set(Some((kind, cell)));
            }
        })
    };
    let onkey = {
        let (hover, start) = (hover.clone(), marked.or_else(|| most_confused(&props.counts)).unwrap_or_default());
        Callback::from(move |key| match key {
            Key::Move(..) if hover.is_none() => hover.set(Some(start)),
            Key::Move(right, down) => {
                let moved = |at: usize, by: i32| (at as i32 + by).clamp(0, CLASSES as i32 - 1) as usize;
                hover.set(Some([moved(start[0], down), moved(start[1], right)]));
            }
            Key::Enter => open.set(Some((kind, start))),
            Key::Escape => {
                hover.set(None);
                open.set(None);
            }
            _ => {}
        })
    };
    let all: u32 = props.counts.iter().flatten().sum();
    let images = t::images_of(&count(all.into()), props.test);
    let readout = match marked {
        Some(cell) => said(&props.counts, cell),
        None => match most_confused(&props.counts) {
            Some(cell) => t::most_often(&said(&props.counts, cell)),
            None => t::NO_MISTAKE.to_owned(),
        },
    };
    let label = t::matrix_of(kind, &images, &readout);
    html! {
        <>
            <figcaption>{ name(kind) }{ t::correct_of(&percent(accuracy(&props.counts)), &images) }</figcaption>
            <Canvas {draw} {label} class="plot-matrix" {onpoint} {onpick} {onkey} />
            <p class="readout" aria-live="polite">{ readout }</p>
            { table(&props.counts) }
        </>
    }
}

fn table(counts: &ConfusionCounts) -> Html {
    html! {
        <details class="as-table">
            <summary>{ t::MATRIX_TABLE }</summary>
            <div class="scroll">
                <table class="numbers">
                    <thead><tr><th scope="col">{ t::TRUE_PREDICTED }</th>{ for CLASS_NAMES.iter().map(|name| html! { <th scope="col">{ *name }</th> }) }</tr></thead>
                    <tbody>{ for counts.iter().zip(CLASS_NAMES).map(|(row, name)| html! {
                        <tr><th scope="row">{ name }</th>{ for row.iter().map(|n| html! { <td>{ *n }</td> }) }</tr>
                    }) }</tbody>
                </table>
            </div>
        </details>
    }
}

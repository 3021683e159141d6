//! A network's largest confusions as pictures: a garment that it takes for another class, and a garment of that class. Leaves out: which
//! confusions these are (`evaluate`).

use crate::app::images::ImageStore;
use crate::app::parts::Thumbnail;
use crate::app::texts::t;
use crate::app::views::answered::Answered;
use crate::config::NetworkKind;
use crate::evaluate::{first_of_each_class, largest_confusions, of_cell};
use crate::fashion_mnist::{ImageSet, TRAIN_IMAGES};
use crate::run::report::ConfusionCounts;
use yew::prelude::*;

/// So many are shown.
const SHOWN: usize = 4;

#[derive(Properties, PartialEq)]
pub struct LargestProps {
    pub kind: NetworkKind,
    pub counts: ConfusionCounts,
    pub answered: Answered,
    pub images: ImageStore,
    /// Whether their images can be opened.
    pub opens: bool,
    /// Opens the images of a cell.
    pub open: Callback<(NetworkKind, [usize; 2])>,
}

/// The list.
#[function_component]
pub fn Largest(props: &LargestProps) -> Html {
    let found = use_memo((props.counts, props.answered.clone()), |(counts, answered)| {
        // Training images stand for the classes: the test set is not needed for that.
        let labels = &answered.labels;
        let examples = first_of_each_class(labels.get(..TRAIN_IMAGES).unwrap_or(&[]));
        let example = |class: usize| Some((ImageSet::Train, *examples.get(class)?));
        let network = answered.get(props.kind);
        largest_confusions(counts, SHOWN)
            .into_iter()
            .map(|(cell, number)| {
                let wrong =
                    network.and_then(|network| of_cell(answered.truth(), network.answers(), cell).first().copied());
                let wrong = wrong.map(|place| answered.image(place)).or_else(|| example(cell[0]));
                (cell, number, [wrong, example(cell[1])])
            })
            .collect::<Vec<_>>()
    });
    {
        let images = props.images.clone();
        use_effect_with(found.clone(), move |found| {
            for (set, index) in found.iter().flat_map(|(_, _, pictures)| pictures.iter().flatten()) {
                images.want(*set, &[*index]);
            }
        });
    }
    let picture = |image: Option<(ImageSet, u32)>| {
        html! { <Thumbnail pixels={image.and_then(|(set, index)| props.images.get(set, index))} label="" /> }
    };
    html! {
        <ul class="largest" aria-label={t::LARGEST}>
            { for found.iter().map(|&(cell, number, [wrong, other])| {
                let content = html! {
                    <>
                        { picture(wrong) }<span class="arrow" aria-hidden="true">{ "→" }</span>{ picture(other) }
                        <span>{ t::taken_for(t::CLASSES[cell[0]], t::CLASSES[cell[1]]) }<b>{ t::times(number) }</b></span>
                    </>
                };
                let (kind, open) = (props.kind, props.open.clone());
                html! {
                    <li key={cell[0] * 10 + cell[1]}>
                        if props.opens {
                            <button type="button" data-action="confusion" onclick={move |_: MouseEvent| open.emit((kind, cell))}>{ content }</button>
                        } else {
                            <div>{ content }</div>
                        }
                    </li>
                }
            }) }
        </ul>
    }
}

//! The view Mistakes: what the networks of the shown run get wrong, at its end or after one of its epochs.
//!
//! Each panel gets only what it shows, so that a training step redraws the curves and nothing else. Leaves out: every decision about
//! figures and images (`evaluate`) and the plots themselves (`plot`).

mod calibration;
mod classes;
mod confusions;
mod disagreements;
mod gallery;
mod largest;
mod samples;
mod slider;

use super::answered::Answered;
use super::curves::Curves;
use crate::app::images::ImageStore;
use crate::app::parts::Act;
use crate::config::NetworkKind;
use crate::page::state::State;
use crate::run::report::ConfusionCounts;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, Clone)]
pub struct MistakesProps {
    /// The page's state.
    pub state: Rc<State>,
    /// The images' pixels.
    pub images: ImageStore,
    pub act: Act,
}

impl PartialEq for MistakesProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, then) = (&self.state, &other.state);
        // Notices, downloads and devices do not change the view.
        self.images == other.images
            && (Rc::ptr_eq(now, then)
                || now.dark == then.dark
                    && now.opened == then.opened
                    && now.overlaid == then.overlaid
                    && Rc::ptr_eq(&now.labels, &then.labels)
                    && now.is_running() == then.is_running()
                    && now.run() == then.run())
    }
}

/// A network's confusion matrix, and whether it is the test set's.
type Confusion = (NetworkKind, ConfusionCounts, bool);

/// The view.
#[function_component]
pub fn Mistakes(props: &MistakesProps) -> Html {
    let state = &*props.state;
    let (images, dark, run) = (&props.images, state.dark, state.run());
    // The epoch under the slider while it is dragged. The page is only told where it stops, because the answers cost some time.
    let dragged = use_state(|| None::<Option<usize>>);
    let opened = state.opened.as_ref().filter(|opened| run.is_some_and(|run| run.id == opened.run));
    let epoch = dragged.unwrap_or(opened.map(|opened| opened.epoch));
    // The value stays the same until other answers come, so that panels with answers are not drawn again during training.
    let last = use_mut_ref(Answered::default);
    let answered = {
        let mut last = last.borrow_mut();
        let now = Answered::of(state, epoch, &last);
        if *last != now {
            *last = now;
        }
        last.clone()
    };
    let confusions: Vec<Confusion> = run
        .into_iter()
        .flat_map(|run| &run.networks)
        .filter_map(|network| {
            let (counts, test) = match epoch {
                Some(epoch) => (network.confusions.get(epoch - 1)?.as_ref()?, false),
                None => network.confusion()?,
            };
            Some((network.kind, *counts, test))
        })
        .collect();
    html! {
        <div class="view mistakes results" data-view="mistakes">
            if let Some(run) = run {
                <slider::EpochSlider run={run.clone()} {epoch} dragged={dragged.setter()} running={state.is_running()} waits={epoch.is_some() && answered.networks.is_empty()} act={props.act.clone()} />
            }
            <confusions::Confusions confusions={confusions.clone()} answered={answered.clone()} images={images.clone()} act={props.act.clone()} {dark} />
            <disagreements::Disagreements answered={answered.clone()} images={images.clone()} act={props.act.clone()} />
            <samples::Samples answered={answered.clone()} images={images.clone()} act={props.act.clone()} />
            if let Some(run) = run {
                <Curves run={run.clone()} behind={super::curves::behind_of(state)} epochs={run.config.epochs} opened={epoch} {dark} />
            }
            <classes::Classes {confusions} {dark} />
            <calibration::Calibrations {answered} {dark} />
        </div>
    }
}

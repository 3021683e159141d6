//! The results of a run, during it and after it: the comparison, confusion matrices, classes, images, calibration.
//!
//! Each panel gets only what it shows, so that a training step redraws the curves and nothing else. Leaves out: every decision about
//! figures and images (`evaluate`) and the plots themselves (`plot`).

mod calibration;
mod classes;
mod comparison;
mod confusions;
mod disagreements;
mod gallery;
mod samples;
mod scored;
mod step_times;

use super::images::ImageStore;
use super::parts::{Thumbnail, choice, name, panel};
use crate::config::NetworkKind;
use crate::page::state::State;
use crate::run::report::ConfusionCounts;
use scored::{Scored, ScoredNetwork};
use std::rc::Rc;
use yew::prelude::*;

/// What the panels show.
#[derive(Properties, Clone)]
pub struct ResultProps {
    /// The page's state.
    pub state: Rc<State>,
    /// The images' pixels.
    pub images: ImageStore,
    /// The theme.
    pub dark: bool,
}

impl PartialEq for ResultProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, then) = (&self.state, &other.state);
        // Notices, downloads and devices do not change the panels.
        self.dark == other.dark
            && self.images == other.images
            && (Rc::ptr_eq(now, then)
                || Rc::ptr_eq(&now.labels, &then.labels) && now.config == then.config && now.run() == then.run())
    }
}

/// A network's confusion matrix, and whether it is the test set's.
type Confusion = (NetworkKind, ConfusionCounts, bool);

/// All panels.
#[function_component]
pub fn Results(props: &ResultProps) -> Html {
    let (state, images, dark) = (&props.state, &props.images, props.dark);
    // The value stays the same until another network is scored, so that panels with test results are not drawn again during training.
    let last = use_mut_ref(Scored::default);
    let scored = {
        let networks = state.run().into_iter().flat_map(|run| &run.networks).filter_map(ScoredNetwork::of).collect();
        let now = Scored { labels: state.labels.clone(), networks };
        let mut last = last.borrow_mut();
        if *last != now {
            *last = now;
        }
        last.clone()
    };
    let confusions: Vec<Confusion> = state
        .run()
        .into_iter()
        .flat_map(|run| &run.networks)
        .filter_map(|n| n.confusion().map(|(counts, test)| (n.kind, *counts, test)))
        .collect();
    html! {
        <div class="results">
            <comparison::Comparison state={state.clone()} scored={scored.clone()} {dark} />
            <confusions::Confusions confusions={confusions.clone()} scored={scored.clone()} images={images.clone()} {dark} />
            <classes::Classes {confusions} {dark} />
            <disagreements::Disagreements scored={scored.clone()} images={images.clone()} />
            <samples::Samples scored={scored.clone()} images={images.clone()} />
            <calibration::Calibrations scored={scored.clone()} {dark} />
            <step_times::StepTimesPanel {scored} />
        </div>
    }
}

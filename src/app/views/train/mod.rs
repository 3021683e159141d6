//! The view Train: the curves, a hint where there is one, twenty garments with both networks' answers, and the two networks.

mod garments;
mod hints;
mod networks;
mod watch;

use crate::app::images::ImageStore;
use crate::app::parts::Act;
use crate::app::views::curves::{Curves, behind_of};
use crate::page::phase::DataPhase;
use crate::page::shipped::ShippedPhase;
use crate::page::state::State;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, Clone)]
pub struct TrainProps {
    /// The page's state.
    pub state: Rc<State>,
    /// The images' pixels.
    pub images: ImageStore,
    pub act: Act,
}

impl PartialEq for TrainProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, then) = (&self.state, &other.state);
        // Notices, downloads and devices do not change the view.
        self.images == other.images
            && (Rc::ptr_eq(now, then)
                || now.dark == then.dark
                    && now.data == then.data
                    && now.picked == then.picked
                    && now.shipped == then.shipped
                    && now.overlaid == then.overlaid
                    && Rc::ptr_eq(&now.labels, &then.labels)
                    && now.config == then.config
                    && now.run() == then.run())
    }
}

/// The view.
#[function_component]
pub fn Train(props: &TrainProps) -> Html {
    let state = &*props.state;
    let run = state.run();
    html! {
        <div class="view train" data-view="train">
            <Curves run={run.cloned()} behind={behind_of(state)} epochs={state.config.epochs} dark={state.dark} />
            { hints::hints(run) }
            <watch::Watch garments={garments::garments(state)} missing={match &state.shipped { ShippedPhase::Failed(why) => Some(why.clone()), _ => None }} unvalidated={run.is_some_and(|run| run.config.validation == 0.0)} ready={matches!(state.data, DataPhase::Ready(..))} picked={state.picked}
                images={props.images.clone()} act={props.act.clone()} />
            <networks::Networks config={run.filter(|run| run.is_active()).map_or(&state.config, |run| &run.config).clone()} />
        </div>
    }
}

//! A lane for each network in the bar of the run: what it does, how far it is, how accurate it is.

use crate::app::texts::t;
use crate::config::NetworkKind;
use crate::evaluate::format::{count, duration, percent};
use crate::page::state::State;
use crate::run::{NetworkProgress, Phase, RunRecord};
use yew::prelude::*;

/// The lanes of a run. Before the first run, those of the networks that it would train.
pub fn lanes(state: &State, run: Option<&RunRecord>) -> Html {
    let Some(run) = run else {
        return html! { <div class="lanes">{ for state.config.kinds().iter().map(|&kind| before(kind, shipped(state, kind))) }</div> };
    };
    html! {
        <div class="lanes">
            { for run.networks.iter().map(|network| lane(network, run)) }
            <p class="unseen" role="status">{ spoken(run) }</p>
        </div>
    }
}

/// The test accuracy of the network that ships with the page.
fn shipped(state: &State, kind: NetworkKind) -> Option<f64> {
    state.shipped.network(kind).map(|network| network.accuracy)
}

/// A lane before any run.
fn before(kind: NetworkKind, shipped: Option<f64>) -> Html {
    html! {
        <div class={classes!("lane", kind.key())}>
            <b class="of">{ kind.label() }</b>
            if let Some(accuracy) = shipped {
                <span class="said" title={t::SHIPPED_HELP}>{ t::SHIPPED }</span>
                <span class="live"><b>{ percent(accuracy) }</b>{ " " }<small>{ t::ON_TEST }</small></span>
            } else {
                <span class="said">{ t::UNTRAINED }</span>
            }
            <div class="bar" />
        </div>
    }
}

/// The accuracy to show, and on which images it is.
fn accuracy(network: &NetworkProgress) -> Option<(f64, &'static str)> {
    let validated = network.epochs.last().and_then(|epoch| epoch.validation);
    match (&network.report, validated) {
        (Some(report), _) => Some((report.test.accuracy, t::ON_TEST)),
        (None, Some(score)) => Some((score.accuracy, t::ON_VALIDATION)),
        (None, None) => (!network.step_losses.is_empty()).then_some((network.running_accuracy, t::ON_BATCHES)),
    }
}

fn said(network: &NetworkProgress, run: &RunRecord) -> String {
    match network.phase {
        Phase::Waiting => t::WAITS.to_owned(),
        Phase::WarmingUp => t::WARMS_UP.to_owned(),
        Phase::Scoring => t::SCORES.to_owned(),
        Phase::Failed => t::FAILED.to_owned(),
        Phase::Interrupted => t::INTERRUPTED.to_owned(),
        Phase::Done => {
            network.report.as_ref().map_or_else(String::new, |r| t::trained_in(&duration(r.training_seconds)))
        }
        Phase::Training | Phase::Paused => {
            let epoch = t::epoch_of(network.epoch, network.planned_epochs(&run.config));
            let speed = t::images_per_s(&count(network.images_per_s.round() as u64));
            let left = network.seconds_left(&run.config).map(|s| format!(" · {}", t::left(&duration(s))));
            let said = format!("{epoch} · {speed}{}", left.unwrap_or_default());
            if network.phase == Phase::Paused { t::paused_at(&said) } else { said }
        }
    }
}

fn lane(network: &NetworkProgress, run: &RunRecord) -> Html {
    let share = 100.0 * network.share_done(&run.config);
    let said = said(network, run);
    let kind = network.kind;
    html! {
        <div class={classes!("lane", "progress", kind.key())} data-network={kind.key()} data-phase={network.phase.word()}>
            <b class="of">{ kind.label() }</b>
            <span class="said" title={said.clone()}>{ said }</span>
            if let Some((accuracy, on)) = accuracy(network) {
                <span class="live"><b>{ percent(accuracy) }</b>{ " " }<small>{ on }</small></span>
            }
            <div class="bar" role="progressbar" aria-label={t::progress_of(kind)}
                aria-valuemin="0" aria-valuemax="100" aria-valuenow={format!("{share:.0}")}>
                <span style={format!("width:{share:.1}%")} />
            </div>
        </div>
    }
}

/// What a screen reader says: the last finished epoch of each network. It changes once an epoch, not with every step.
fn spoken(run: &RunRecord) -> String {
    let each = run.networks.iter().filter_map(|network| {
        let epoch = network.epochs.last()?;
        let (accuracy, on) = accuracy(network)?;
        let planned = network.planned_epochs(&run.config);
        Some(t::epoch_done(network.kind, epoch.epoch, planned, &percent(accuracy), on))
    });
    each.collect::<Vec<_>>().join(" ")
}

//! The preparation: each step with its picture and its setting.

use crate::classifier::parts::{Act, Picture, select, slider, tick};
use crate::classifier::texts::try_it as t;
use crate::classify::effect::Msg;
use crate::classify::try_it::{Preset, ShownStep, Try, TryIt};
use crate::prepare::{
    Centring, GreyFrom, Ground, GroundRemoval, Inversion, Mirroring, Preparation, Resampling, StepKind,
};
use yew::prelude::*;

/// All steps in their order.
const STEPS: [StepKind; 9] = [
    StepKind::Grey,
    StepKind::Invert,
    StepKind::RemoveGround,
    StepKind::Crop,
    StepKind::Resize,
    StepKind::Sharpen,
    StepKind::Stretch,
    StepKind::Mirror,
    StepKind::Centre,
];
/// The slider of the ground goes so far, in percent: beyond that it eats garments.
const FARTHEST: f32 = 40.0;
/// The distance that Fashion-MNIST's authors took.
const AUTHORS: f32 = 0.05;

/// The card.
pub fn steps(act: &Act, tried: &TryIt) -> Html {
    let chosen = tried.preset();
    let done = tried.seen.as_ref().map_or(&[][..], |seen| &seen.steps);
    let prepared = tried.seen.as_ref().and_then(|seen| seen.prepared.as_ref());
    html! {
        <section class="card try-steps" aria-label={t::PREPARATION}>
            <div class="panel-head">
                <h2>{ t::PREPARATION }</h2>
                <div class="choice" role="group" aria-label={t::PRESETS}>
                    { for Preset::ALL.into_iter().map(|preset| {
                        let onclick = act.reform(move |_: MouseEvent| Msg::Try(Try::Preset(preset)));
                        html! {
                            <button type="button" data-action={format!("preset-{}", key(preset))} aria-pressed={(chosen == Some(preset)).to_string()} {onclick}>
                                { t::preset(preset) }
                            </button>
                        }
                    }) }
                </div>
            </div>
            if let Some(prepared) = prepared {
                <p class="note try-found">{ t::found(prepared) }</p>
            }
            <ol class="try-list">
                { for STEPS.into_iter().map(|kind| step(act, tried.settings(), kind, done.iter().find(|step| step.kind == kind))) }
            </ol>
        </section>
    }
}

fn key(preset: Preset) -> &'static str {
    match preset {
        Preset::Automatic => "automatic",
        Preset::Authors => "authors",
        Preset::Plain => "none",
    }
}

fn step(act: &Act, settings: &Preparation, kind: StepKind, done: Option<&ShownStep>) -> Html {
    html! {
        <li data-step={step_key(kind)} data-done={done.is_some().to_string()}>
            <div class="try-thumbnail">
                if let Some(step) = done {
                    <Picture rgba={step.shown.rgba.clone()} width={step.shown.width} label={t::step_picture(kind, step.size)}
                        class={classes!((step.size[0].max(step.size[1]) > 28).then_some("try-smooth"))} />
                }
            </div>
            <div class="try-setting">
                <h3>{ t::step(kind) }</h3>
                { setting(act, *settings, kind) }
            </div>
        </li>
    }
}

fn step_key(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Grey => "grey",
        StepKind::Invert => "invert",
        StepKind::RemoveGround => "remove-ground",
        StepKind::Crop => "crop",
        StepKind::Resize => "resize",
        StepKind::Sharpen => "sharpen",
        StepKind::Stretch => "stretch",
        StepKind::Mirror => "mirror",
        StepKind::Centre => "centre",
    }
}

/// The setting of a step. The ground's kind stands beside the inversion that it decides.
fn setting(act: &Act, now: Preparation, kind: StepKind) -> Html {
    let act = act.clone();
    let set = move |change: Preparation| act.emit(Msg::Try(Try::Set(change)));
    let words = t::step(kind);
    let on = html! { <><span class="unseen">{ words }{ ": " }</span>{ t::ON }</> };
    match kind {
        StepKind::Grey => {
            let options =
                [(GreyFrom::Luma, t::GREYS[0]), (GreyFrom::Mean, t::GREYS[1]), (GreyFrom::Distance, t::GREYS[2])];
            select("set-grey", words, &options, now.grey, move |grey| set(Preparation { grey, ..now }))
        }
        StepKind::Invert => {
            let kinds = [Ground::Automatic, Ground::Light, Ground::Dark, Ground::Transparent];
            let grounds: Vec<_> = kinds.into_iter().zip(t::GROUNDS).collect();
            let inversions: Vec<_> =
                [Inversion::Automatic, Inversion::Always, Inversion::Never].into_iter().zip(t::INVERSIONS).collect();
            let other = set.clone();
            html! {
                <>
                    { select("set-inversion", words, &inversions, now.inversion, move |inversion| set(Preparation { inversion, ..now })) }
                    <label class="try-also"><span>{ t::GROUND }</span>
                        { select("set-ground", t::GROUND, &grounds, now.ground, move |ground| other(Preparation { ground, ..now })) }
                    </label>
                </>
            }
        }
        StepKind::RemoveGround => remove_ground(set, now),
        StepKind::Crop => tick("set-crop", on, now.crop, move |crop| set(Preparation { crop, ..now })),
        StepKind::Resize => {
            let options = [(Resampling::AreaAverage, t::RESAMPLINGS[0]), (Resampling::Subsample, t::RESAMPLINGS[1])];
            let other = set.clone();
            html! {
                <>
                    { select("set-resampling", words, &options, now.resampling, move |resampling| set(Preparation { resampling, ..now })) }
                    <div class="try-line">
                        <span>{ t::LONGER }</span>
                        { slider("set-longer-side", t::LONGER, [8.0, 28.0, 1.0], now.longer_side as f32, format!("{} px", now.longer_side), move |side| {
                            other(Preparation { longer_side: side as usize, ..now });
                        }) }
                        <output>{ format!("{} px", now.longer_side) }</output>
                    </div>
                </>
            }
        }
        StepKind::Sharpen => tick("set-sharpen", on, now.sharpen, move |sharpen| set(Preparation { sharpen, ..now })),
        StepKind::Stretch => tick("set-stretch", on, now.stretch, move |stretch| set(Preparation { stretch, ..now })),
        StepKind::Mirror => {
            let kinds = [Mirroring::Automatic, Mirroring::Always, Mirroring::Never];
            let options: Vec<_> = kinds.into_iter().zip(t::INVERSIONS).collect();
            select("set-mirror", words, &options, now.mirror, move |mirror| set(Preparation { mirror, ..now }))
        }
        StepKind::Centre => {
            let options: Vec<_> = [Centring::Box, Centring::Mass].into_iter().zip(t::CENTRES).collect();
            html! {
                <label class="try-also"><span>{ t::CENTRE }</span>
                    { select("set-centring", t::CENTRE, &options, now.centring, move |centring| set(Preparation { centring, ..now })) }
                </label>
            }
        }
    }
}

/// Which pixels become black: the slider is there where a distance is set.
fn remove_ground(set: impl Fn(Preparation) + Clone + 'static, now: Preparation) -> Html {
    let words = t::step(StepKind::RemoveGround);
    let share = match now.remove_ground {
        GroundRemoval::Within(share) => Some(share),
        GroundRemoval::Automatic | GroundRemoval::Off => None,
    };
    let within = GroundRemoval::Within(share.unwrap_or(AUTHORS));
    let kinds = [GroundRemoval::Automatic, within, GroundRemoval::Off];
    let options: Vec<_> = kinds.into_iter().zip(t::REMOVALS).collect();
    let choose = set.clone();
    html! {
        <>
            { select("set-remove-ground", words, &options, now.remove_ground, move |remove_ground| choose(Preparation { remove_ground, ..now })) }
            if let Some(share) = share {
                <div class="try-line">
                    { slider("set-within", t::REMOVALS[1], [0.0, FARTHEST, 1.0], (share * 100.0).round(), t::percent(share), move |percent| {
                        set(Preparation { remove_ground: GroundRemoval::Within(percent / 100.0), ..now });
                    }) }
                    <output>{ t::percent(share) }</output>
                </div>
            }
        </>
    }
}

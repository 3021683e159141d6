//! A run whose learning rate or length is changed in its middle.

use super::*;
use crate::page::rate::present_rate;
use crate::run::Parent;
use crate::run::report::RateChange;

#[test]
fn the_learning_rate_of_what_trains_is_scaled_and_of_nothing_else() {
    let mut page = Page::ready("");
    assert_eq!(page.tell(Msg::ScaleLearningRate(3.0)), [], "no run");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    let scale = ToEngine::ScaleLearningRate { run: 1, factor: 3.0 };
    assert_eq!(page.tell(Msg::ScaleLearningRate(3.0)), [Effect::Send(1, scale)]);
    for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(page.tell(Msg::ScaleLearningRate(factor)), [], "{factor}");
    }
    page.event(1, ANN, RunEvent::Scoring { epoch: 1 });
    assert_eq!(page.tell(Msg::ScaleLearningRate(3.0)), [], "scoring takes no steps");
}

#[test]
fn the_present_rate_is_that_of_the_last_change_or_the_last_epoch() {
    let mut page = Page::ready("learning_rate=0.5");
    page.tell(Msg::Start);
    let rate = |page: &Page| present_rate(page.state.run().unwrap());
    assert_eq!(rate(&page), 0.5);
    page.event(1, ANN, started());
    page.event(1, ANN, epoch(1));
    assert_eq!(rate(&page), 1e-3, "as the epoch says");
    let change = RateChange { step: 12, epoch: 2, factor: 3.0, learning_rate: 3e-3 };
    page.event(1, ANN, RunEvent::RateChanged { change });
    assert_eq!(rate(&page), 3e-3);
    page.event(1, ANN, epoch(2));
    assert_eq!(rate(&page), 1e-3);
}

#[test]
fn one_more_epoch_lengthens_what_trains_and_what_waits() {
    let mut page = Page::ready("epochs=3");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    let effects = page.tell(Msg::OneMoreEpoch);
    assert_eq!(sent(&effects), [(1, &ToEngine::OneMoreEpoch { run: 1 })]);
    assert_eq!(record_in(&effects, 1).unwrap().networks[1].extra_epochs, 1, "it is kept");
    let extra = |page: &Page| page.state.run().unwrap().networks.iter().map(|n| n.extra_epochs).collect::<Vec<_>>();
    assert_eq!(extra(&page), [0, 1], "the engine says when the ANN is longer");
    page.event(1, ANN, RunEvent::Extended { extra_epochs: 1 });
    page.tell(Msg::OneMoreEpoch);
    assert_eq!(extra(&page), [1, 2]);
    let effects = page.event(1, ANN, finished());
    let sent = sent(&effects);
    assert!(matches!(sent[..], [(1, ToEngine::Train { extra_epochs: 2, .. })]), "{effects:?}");
}

#[test]
fn one_more_epoch_before_a_device_is_there_reaches_the_first_network_too() {
    let mut page = Page::new("networks=cnn");
    page.tell(Msg::Compiled(Ok(())));
    page.give_data(1);
    page.tell(Msg::Start);
    assert_eq!(sent(&page.tell(Msg::OneMoreEpoch)), []);
    let effects = page.give_device(1, Backend::Flex);
    assert!(matches!(sent(&effects)[..], [(1, ToEngine::Train { extra_epochs: 1, .. })]), "{effects:?}");
}

#[test]
fn one_more_epoch_after_the_end_is_a_branch_with_the_runs_own_settings() {
    let mut page = trained("epochs=3&learning_rate=0.01", 3);
    let parent = page.state.run().unwrap().clone();
    page.tell(Msg::Set("learning_rate", "0.5".to_owned()));
    let effects = page.tell(Msg::OneMoreEpoch);
    let run = page.state.run().unwrap();
    assert_eq!((run.parent, &run.config), (Some(Parent { run: parent.id, epoch: 3 }), &parent.config));
    assert_eq!(run.networks.iter().map(|n| (n.epochs.len(), n.extra_epochs)).collect::<Vec<_>>(), [(3, 1); 2]);
    let sent = sent_with(&effects);
    assert!(matches!(sent[..], [(1, ToEngine::Train { extra_epochs: 1, .. }, _)]), "{effects:?}");
    assert_eq!(sent[0].2, format!("{}/ann/epoch-3", parent.id));
}

#[test]
fn a_run_that_was_stopped_early_becomes_one_epoch_longer_and_not_more() {
    let mut page = trained("epochs=10&networks=ann", 4);
    page.tell(Msg::OneMoreEpoch);
    let run = page.state.run().unwrap();
    assert_eq!(run.networks[0].planned_epochs(&run.config), 5);
}

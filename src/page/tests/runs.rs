//! Start, hold, go on, stop, and how networks end.

use super::*;

#[test]
fn a_run_can_start_only_with_engine_data_and_a_valid_config() {
    let mut page = Page::new("");
    assert_eq!((page.state.can_start(), page.state.phase()), (false, "loading"));
    page.tell(Msg::Compiled(Ok(())));
    assert!(!page.state.can_start());
    assert_eq!(page.tell(Msg::Start), []);
    page.give_data(1);
    assert_eq!((page.state.can_start(), page.state.phase()), (true, "ready"));
    page.state.config = RunConfig { train: 100, batch: 512, ..RunConfig::default() };
    assert!(!page.state.can_start());
}

#[test]
fn the_page_and_its_engine_greet_each_other_and_load_the_dataset() {
    let mut page = Page::new("");
    let effects = page.tell(Msg::Compiled(Ok(())));
    assert_eq!(effects, [Effect::OpenWorker(1), Effect::Send(1, ToEngine::Open)]);
    let effects = page.hear(1, FromEngine::Opened { protocol: PROTOCOL_VERSION });
    let base = "https://lab.test/data/".to_owned();
    assert_eq!(effects, [Effect::Send(1, ToEngine::LoadData { base })]);
    let effects = page.give_data(1);
    assert!(matches!(sent(&effects)[..], [(1, ToEngine::ChooseDevice { .. })]), "{effects:?}");
    assert!(page.state.is_choosing());
    page.give_device(1, Backend::Flex);
    assert!(!page.state.is_choosing());
    assert_eq!(page.announced(), ["ready"]);
}

#[test]
fn networks_in_turn_follow_each_other_in_one_worker() {
    let mut page = Page::ready("");
    let effects = page.tell(Msg::Start);
    assert_eq!(trained_by(&effects), [(1, ANN)]);
    assert!(effects.contains(&Effect::AskBeforeLeaving(true)));
    assert_eq!(page.phases(), [Phase::WarmingUp, Phase::Waiting]);
    page.event(1, ANN, started());
    assert_eq!((page.state.phase(), page.phases()[0]), ("training", Phase::Training));
    assert!(!page.state.can_start());
    let effects = page.event(1, ANN, finished());
    assert_eq!(trained_by(&effects), [(1, CNN)]);
    assert_eq!(page.phases(), [Phase::Done, Phase::WarmingUp]);
    let effects = page.event(1, CNN, finished());
    assert!(effects.contains(&Effect::AskBeforeLeaving(false)));
    assert_eq!(page.announced(), ["ready", "result"]);
    assert_eq!(page.state.phase(), "done");
    assert!(page.state.can_start());
}

#[test]
fn a_run_that_the_address_asks_for_starts_once_there_is_a_device() {
    let mut page = Page::new("autostart&networks=cnn");
    page.tell(Msg::Compiled(Ok(())));
    assert_eq!(trained_by(&page.give_data(1)), []);
    assert_eq!(trained_by(&page.give_device(1, Backend::Flex)), [(1, CNN)]);
    page.event(1, CNN, finished());
    assert_eq!(trained_by(&page.give_device(1, Backend::Flex)), [], "only once");
}

#[test]
fn networks_side_by_side_have_a_worker_each_and_the_first_keeps_what_the_second_trained() {
    let mut page = Page::ready("order=side");
    let effects = page.tell(Msg::Start);
    assert_eq!(trained_by(&effects), [(1, ANN)]);
    assert!(effects.contains(&Effect::OpenWorker(2)));
    assert_eq!(page.phases(), [Phase::WarmingUp; 2]);
    page.give_data(2);
    assert_eq!(trained_by(&page.give_device(2, Backend::Flex)), [(2, CNN)]);
    page.event(2, CNN, finished());
    assert!(page.state.is_running(), "the ANN still trains");
    let effects = page.event(1, ANN, finished());
    let model = ModelId { run: 1, network: CNN };
    assert!(sent(&effects).contains(&(2, &ToEngine::TakeModel { model })), "{effects:?}");
    let effects = page.tell(Msg::Heard(2, FromEngine::Model { model }, vec![vec![1, 2, 3]]));
    let kept = Effect::SendBytes(1, ToEngine::KeepModel { model }, vec![1, 2, 3]);
    assert_eq!(effects, [kept, Effect::CloseWorker(2)]);
    assert_eq!(page.state.workers.len(), 1);
}

#[test]
fn a_run_is_held_and_goes_on() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    assert_eq!(page.tell(Msg::Pause), [Effect::Send(1, ToEngine::Pause { run: 1 })]);
    page.event(1, ANN, RunEvent::Paused);
    assert_eq!(page.state.phase(), "paused");
    assert!(page.state.is_running() && !page.state.can_start());
    assert_eq!(page.tell(Msg::Resume), [Effect::Send(1, ToEngine::Resume { run: 1 })]);
    page.event(1, ANN, progress(1, &[1.0]));
    assert_eq!(page.state.phase(), "training");
    assert_eq!(trained_by(&page.event(1, ANN, finished())), [(1, CNN)]);
}

#[test]
fn a_pause_before_the_training_begins_is_not_lost() {
    let mut page = Page::new("networks=ann");
    page.tell(Msg::Compiled(Ok(())));
    page.give_data(1);
    page.tell(Msg::Start); // The device is still being chosen.
    assert_eq!(page.tell(Msg::Pause), []);
    let effects = page.give_device(1, Backend::Flex);
    assert_eq!(trained_by(&effects), [(1, ANN)]);
    assert_eq!(sent(&effects)[1], (1, &ToEngine::Pause { run: 1 }));
}

#[test]
fn a_step_starts_a_run_that_holds_after_each_epoch() {
    let mut page = Page::ready("");
    let effects = page.tell(Msg::Step);
    assert_eq!(sent(&effects)[1], (1, &ToEngine::StepEpoch { run: 1 }));
    page.event(1, ANN, RunEvent::Paused);
    assert_eq!(page.tell(Msg::Step), [Effect::Send(1, ToEngine::StepEpoch { run: 1 })]);
    // The second network is held in the same way, until somebody resumes.
    let effects = page.event(1, ANN, finished());
    assert_eq!(sent(&effects)[1], (1, &ToEngine::StepEpoch { run: 1 }));
}

#[test]
fn stop_scores_what_trains_and_leaves_out_what_has_not_begun() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    let effects = page.tell(Msg::Stop);
    assert_eq!(sent(&effects), [(1, &ToEngine::Stop { run: 1 })]);
    assert_eq!(record_in(&effects, 1).unwrap().networks.len(), 1, "the kept record is without the CNN too");
    assert_eq!(page.phases(), [Phase::Training]);
    assert_eq!(trained_by(&page.event(1, ANN, finished())), []);
    assert_eq!(page.state.phase(), "done");
    assert_eq!(page.announced(), ["ready", "result"]);
    assert_eq!(page.state.run().unwrap().config.networks.key(), "ann");
}

#[test]
fn stop_before_anything_began_ends_the_run() {
    let mut page = Page::new("");
    page.tell(Msg::Compiled(Ok(())));
    page.give_data(1);
    page.tell(Msg::Start); // The device is still being chosen.
    page.tell(Msg::Stop);
    assert_eq!(page.state.phase(), "failed");
    assert!(!page.state.is_running());
    assert_eq!(trained_by(&page.give_device(1, Backend::Flex)), []);
    assert!(page.state.can_start());
}

#[test]
fn one_networks_failure_is_its_own() {
    // The ANN diverges: the CNN is trained all the same, and its result is told.
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    let effects = page.event(1, ANN, failure("training the ANN ended: it diverged"));
    assert_eq!(trained_by(&effects), [(1, CNN)]);
    assert_eq!(page.phases(), [Phase::Failed, Phase::WarmingUp]);
    assert!(page.state.notices[0].contains("diverged"));
    page.event(1, CNN, finished());
    assert_eq!(page.announced(), ["ready", "error", "result"]);
    let run = page.state.run().unwrap();
    assert!(run.report().unwrap().networks.cnn.is_some());
    assert_eq!(run.networks[0].failure.as_deref(), Some("training the ANN ended: it diverged"));
    assert_eq!(page.state.phase(), "failed");
}

#[test]
fn the_network_that_finished_before_another_failed_is_kept_and_told() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, finished());
    page.event(1, CNN, failure("out of memory"));
    assert_eq!(page.phases(), [Phase::Done, Phase::Failed]);
    assert_eq!(page.announced(), ["ready", "error", "result"]);
    assert!(page.state.can_start());
}

#[test]
fn a_network_that_has_ended_never_comes_back_to_life() {
    let mut page = Page::ready("order=side");
    page.tell(Msg::Start);
    page.give_data(2);
    page.give_device(2, Backend::Flex);
    page.event(2, CNN, started());
    page.event(1, ANN, failure("diverged"));
    for event in
        [started(), progress(3, &[1.0]), RunEvent::Paused, epoch(1), RunEvent::Scoring { epoch: 1 }, finished()]
    {
        let effects = page.event(1, ANN, event);
        assert!(!effects.iter().any(|e| matches!(e, Effect::Announce(_))), "{effects:?}");
        assert_eq!(page.phases(), [Phase::Failed, Phase::Training]);
    }
    assert!(page.state.run().unwrap().networks[0].step_losses.is_empty());
}

#[test]
fn messages_of_an_old_run_change_nothing() {
    let mut page = Page::ready("networks=ann");
    page.tell(Msg::Start);
    page.event(1, ANN, finished());
    page.tell(Msg::Start);
    page.event_of(1, ModelId { run: 1001, network: ANN }, started());
    let before = page.state.clone();
    page.event(1, ANN, progress(2, &[1.0, 2.0]));
    page.event_of(1, ModelId { run: 9, network: ANN }, progress(2, &[1.0, 2.0]));
    page.event_of(1, ModelId { run: 1001, network: CNN }, progress(2, &[1.0, 2.0]));
    assert_eq!(page.state, before);
    assert_eq!(page.state.history.runs().len(), 2, "the first run is kept");
}

#[test]
fn steps_that_are_repeated_after_a_fallback_are_not_shown_twice() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, progress(3, &[3.0, 2.0, 1.0]));
    page.event(1, ANN, progress(2, &[9.0]));
    assert_eq!(*page.state.run().unwrap().networks[0].step_losses, [3.0, 9.0]);
    page.event(1, ANN, epoch(1));
    page.event(1, ANN, epoch(2));
    page.event(1, ANN, epoch(2));
    assert_eq!(page.state.run().unwrap().networks[0].epochs.len(), 2);
}

#[test]
fn a_sleep_of_the_machine_is_told() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, RunEvent::Interrupted { epoch: 1, seconds: 15.2 });
    assert!(page.state.notices[0].contains("15 s"), "{:?}", page.state.notices);
    assert_eq!(page.phases()[0], Phase::Training);
}

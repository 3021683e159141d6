//! What is kept of a run, and when.

use super::*;

#[test]
fn the_ids_of_two_tabs_differ_and_no_id_is_given_twice() {
    let mut page = Page::ready("networks=ann");
    (page.state.now_ms, page.state.environment.tab) = (1_764_060_000_123, 417);
    page.tell(Msg::Start);
    let first = page.state.run().unwrap().clone();
    assert_eq!((first.id, first.started_ms, first.colour), (1_764_060_000_123_417, 1_764_060_000_123, 0));
    page.event_of(1, ModelId { run: first.id, network: ANN }, finished());
    page.tell(Msg::Start);
    let second = page.state.run().unwrap();
    assert_eq!((second.id, second.id % 1000, second.colour), (1_764_060_000_124_417, 417, 1));
    page.event_of(1, ModelId { run: second.id, network: ANN }, finished());
    page.tell(Msg::DeleteRun(first.id));
    assert_ne!(crate::page::runs::new_id(&page.state), first.id, "it can still be brought back");
}

#[test]
fn a_record_is_kept_at_the_start_after_each_epoch_and_at_each_networks_end() {
    let mut page = Page::ready("");
    let effects = page.tell(Msg::Start);
    assert_eq!(record_in(&effects, 1).unwrap().networks[0].phase, Phase::WarmingUp);
    assert!(effects.contains(&Effect::Hold(Some(1))));
    assert!(record_in(&page.event(1, ANN, started()), 1).is_none());
    assert!(record_in(&page.event(1, ANN, progress(1, &[2.0])), 1).is_none(), "not twice a second");
    let kept = record_in(&page.event(1, ANN, epoch(1)), 1).unwrap();
    assert_eq!((kept.networks[0].epochs.len(), &kept.networks[0].step_losses[..]), (1, &[2.0][..]));
    let effects = page.event(1, ANN, finished());
    assert_eq!(record_in(&effects, 1).unwrap().networks[0].phase, Phase::Done);
    assert!(!effects.iter().any(|e| matches!(e, Effect::Hold(_))), "the other network still trains");
    let effects = page.event(1, CNN, failure("diverged"));
    assert_eq!(record_in(&effects, 1).unwrap().networks[1].failure.as_deref(), Some("diverged"));
    assert!(effects.contains(&Effect::Hold(None)));
}

#[test]
fn an_end_that_no_worker_tells_is_kept_too() {
    let mut page = Page::ready("backend=flex&networks=ann");
    page.tell(Msg::Start);
    let effects = page.hear(1, FromEngine::Crashed { message: "out of memory".to_owned() });
    assert_eq!(record_in(&effects, 1).unwrap().networks[0].phase, Phase::Failed);
    assert!(effects.contains(&Effect::Hold(None)));
}

#[test]
fn an_epoch_that_is_repeated_after_a_fallback_is_kept_again() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, epoch(1));
    let RunEvent::Epoch { mut record, .. } = epoch(1) else { unreachable!() };
    record.seconds = 7.5;
    let again = page.event(1, ANN, RunEvent::Epoch { record, confusion: None, watched: None });
    assert_eq!(record_in(&again, 1).unwrap().networks[0].epochs[0].seconds, 7.5);
}

#[test]
fn checkpoints_are_kept_by_their_epoch_and_their_record_follows_them() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, progress(10, &[1.0; 10]));
    page.event(1, ANN, epoch(1));
    let effects = page.checkpoint(1, ANN, 1, 10);
    assert_eq!(effects[0], Effect::KeepBlob(key(1, ANN, Part::Epoch(1))));
    assert!(matches!(effects[1], Effect::KeepRecord(1, _)) && effects.len() == 2, "{effects:?}");
    let kept = [KeptCheckpoint { epoch: 1, step: 10, bytes: 100 }];
    assert_eq!(record_in(&effects, 1).unwrap().networks[0].checkpoints, kept);
    assert_eq!(page.network(1, ANN).checkpoints, kept);
}

#[test]
fn of_the_checkpoints_from_the_middle_of_an_epoch_only_the_newest_is_kept() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    trained_to(&mut page, 1, ANN, 15);
    let steps = |page: &Page| page.network(1, ANN).checkpoints.iter().map(|kept| kept.step).collect::<Vec<_>>();
    assert_eq!(page.checkpoint(1, ANN, 1, 13)[0], Effect::KeepBlob(key(1, ANN, Part::Latest)));
    page.checkpoint(1, ANN, 1, 15);
    page.checkpoint(1, ANN, 1, 15);
    assert_eq!(steps(&page), [10, 15]);
    let effects = page.checkpoint(1, ANN, 2, 20);
    let useless = Effect::DeleteBlobs(vec![key(1, ANN, Part::Latest)]);
    assert_eq!(effects[..2], [Effect::KeepBlob(key(1, ANN, Part::Epoch(2))), useless]);
    assert_eq!(steps(&page), [10, 20]);
    page.checkpoint(1, ANN, 2, 20);
    assert_eq!(steps(&page), [10, 20], "one for each step");
}

#[test]
fn a_checkpoint_of_a_worker_or_a_run_that_is_gone_is_not_kept() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    assert_eq!(page.checkpoint(9, ANN, 1, 10), []);
    let model = ModelId { run: 5, network: ANN };
    assert_eq!(page.tell(Msg::CheckpointCame { worker: 1, model, epoch: 1, step: 10, bytes: 1 }), []);
    page.event(1, ANN, failure("diverged"));
    assert_eq!(page.checkpoint(1, ANN, 1, 10), []);
}

#[test]
fn the_answers_to_the_test_images_are_kept_beside_the_record() {
    let mut page = Page::ready("networks=ann");
    page.tell(Msg::Start);
    let event = FromEngine::Run { model: ModelId { run: 1, network: ANN }, event: finished() };
    let effects = page.tell(Msg::Heard(1, event, vec![vec![0; 400_000]]));
    assert!(effects.contains(&Effect::KeepBlob(key(1, ANN, Part::TestAnswers))), "{effects:?}");
}

#[test]
fn a_hidden_page_asks_for_checkpoints_and_keeps_its_run() {
    let mut page = Page::ready("order=side");
    assert_eq!(page.tell(Msg::Hidden), []);
    page.tell(Msg::Start);
    page.give_data(2);
    page.give_device(2, Backend::Flex);
    page.event(1, ANN, started());
    page.event(1, ANN, progress(3, &[3.0, 2.0, 1.0]));
    let effects = page.tell(Msg::Hidden);
    let save = ToEngine::SaveCheckpoint { run: 1 };
    assert_eq!(sent(&effects), [(1, &save), (2, &save)]);
    assert_eq!(record_in(&effects, 1).unwrap().networks[0].step_losses[..], [3.0, 2.0, 1.0]);
}

#[test]
fn a_note_and_a_star_are_kept_if_they_change_something() {
    let mut page = Page::ready("networks=ann");
    page.tell(Msg::Start);
    page.event(1, ANN, finished());
    let effects = page.tell(Msg::NoteRun(1, "wide".to_owned()));
    assert_eq!(record_in(&effects, 1).unwrap().marks.note, "wide");
    let effects = page.tell(Msg::StarRun(1, true));
    let marks = record_in(&effects, 1).unwrap().marks;
    assert!(marks.starred && marks.note == "wide");
    assert_eq!(page.tell(Msg::StarRun(1, true)), []);
    assert_eq!(page.tell(Msg::StarRun(77, true)), []);
}

//! The shown run as it was after one of its epochs.

use super::*;

/// Little-endian bytes of ten probabilities an image, all of one value.
fn answers(images: usize, value: f32) -> Vec<Vec<u8>> {
    vec![[value; 10].repeat(images).iter().flat_map(|p| p.to_le_bytes()).collect()]
}

fn answered(page: &mut Page, request: u64, beside: Vec<Vec<u8>>) -> Vec<Effect> {
    page.tell(Msg::Heard(1, FromEngine::Answers { request, images: vec![7, 9] }, beside))
}

/// The only question among some effects: its number and the checkpoint.
fn question(effects: &[Effect]) -> (u64, String) {
    match &sent_with(effects)[..] {
        [(1, ToEngine::Answer { request }, key)] => (*request, key.split_once('/').unwrap().1.to_owned()),
        other => panic!("{other:?}"),
    }
}

/// The networks whose answers are there, each with its first probability.
fn known(page: &Page) -> Vec<(NetworkKind, f32)> {
    let opened = page.state.opened.as_ref().unwrap();
    opened.answers.iter().map(|(kind, answers)| (*kind, answers.probabilities[0])).collect()
}

#[test]
fn an_epoch_is_opened_and_each_network_is_asked_with_its_checkpoint() {
    let mut page = trained("epochs=3", 3);
    assert_eq!(question(&page.tell(Msg::OpenEpoch(Some(2)))), (1, "ann/epoch-2".to_owned()));
    assert_eq!(page.tell(Msg::OpenEpoch(Some(2))), [], "it is open, and a worker is busy with it");
    assert_eq!(question(&answered(&mut page, 1, answers(2, 0.25))), (2, "cnn/epoch-2".to_owned()));
    assert_eq!(known(&page), [(ANN, 0.25)]);
    assert_eq!(page.state.opened.as_ref().unwrap().answers[0].1.images, [7, 9]);
    assert_eq!(page.state.opened.as_ref().unwrap().waiting, [CNN]);
    answered(&mut page, 1, answers(2, 0.75));
    assert_eq!(known(&page), [(ANN, 0.25)], "a question has one answer");
    assert_eq!(answered(&mut page, 2, answers(1, 0.5)), []);
    assert_eq!(known(&page), [(ANN, 0.25)], "too few probabilities");
    page.tell(Msg::OpenEpoch(None));
    assert_eq!(page.state.opened, None);
}

#[test]
fn of_epochs_that_are_only_passed_by_one_question_is_asked_and_its_answer_is_dropped() {
    let mut page = trained("epochs=4&networks=ann", 4);
    assert_eq!(question(&page.tell(Msg::OpenEpoch(Some(1)))), (1, "ann/epoch-1".to_owned()));
    assert_eq!(page.tell(Msg::OpenEpoch(Some(2))), []);
    assert_eq!(page.tell(Msg::OpenEpoch(Some(3))), []);
    assert_eq!(question(&answered(&mut page, 1, answers(2, 0.25))), (2, "ann/epoch-3".to_owned()));
    assert_eq!(known(&page), []);
    page.tell(Msg::OpenEpoch(Some(4)));
    page.tell(Msg::OpenEpoch(Some(3)));
    assert_eq!(answered(&mut page, 2, answers(2, 0.5)), [], "the slider came back to what was asked");
    assert_eq!(known(&page), [(ANN, 0.5)]);
    page.tell(Msg::OpenEpoch(Some(2)));
    page.tell(Msg::OpenEpoch(None));
    answered(&mut page, 3, answers(2, 0.5));
    assert_eq!((page.state.opened.clone(), page.state.question), (None, None));
}

#[test]
fn an_epoch_without_checkpoint_is_opened_and_nothing_is_asked() {
    let mut page = Page::ready("networks=ann");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, epoch(1));
    assert_eq!(page.tell(Msg::OpenEpoch(Some(1))), []);
    assert_eq!(page.state.opened.as_ref().map(|opened| (opened.epoch, opened.waiting.len())), Some((1, 0)));
    // An epoch that is not there yet closes what was open.
    for epoch in [0, 2] {
        page.tell(Msg::OpenEpoch(Some(1)));
        page.tell(Msg::OpenEpoch(Some(epoch)));
        assert_eq!(page.state.opened, None, "{epoch}");
    }
}

#[test]
fn without_a_worker_nothing_is_asked_until_there_is_one() {
    let mut page = trained("epochs=3&networks=ann", 3);
    page.tell(Msg::OpenEpoch(Some(3)));
    page.tell(Msg::WorkerLost(1, "gone".to_owned()));
    assert_eq!(page.tell(Msg::OpenEpoch(Some(2))), []);
    assert_eq!(page.state.opened.as_ref().unwrap().epoch, 2, "its confusion matrix is in the record");
    page.tell(Msg::Retry);
    let effects = page.give_data(2);
    assert!(matches!(sent_with(&effects)[..], [(2, ToEngine::Answer { request: 2 }, _)]), "{effects:?}");
}

#[test]
fn without_validation_images_nothing_is_asked() {
    let mut page = trained("epochs=3&networks=ann&validation=0", 3);
    assert_eq!(page.tell(Msg::OpenEpoch(Some(3))), []);
    assert!(page.state.opened.is_some());
}

#[test]
fn a_question_that_cannot_be_answered_does_not_hold_up_the_next_one() {
    let mut page = trained("epochs=3", 3);
    let effects = page.tell(Msg::OpenEpoch(Some(2)));
    let Some(&Effect::SendBlob(_, _, key)) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(question(&page.tell(Msg::BlobMissing(key, Some(1)))), (2, "cnn/epoch-2".to_owned()));
    assert_eq!(page.tell(Msg::BlobMissing(key, Some(1))), []);
    assert_eq!(page.state.opened.as_ref().unwrap().waiting, [CNN]);
    page.tell(Msg::OpenEpoch(Some(3)));
    let effects = page.hear(1, FromEngine::Failed { message: "no memory".to_owned() });
    assert_eq!(question(&effects), (3, "ann/epoch-3".to_owned()));
    assert_eq!(page.state.opened.as_ref().unwrap().waiting, [ANN, CNN]);
}

#[test]
fn a_new_run_closes_the_epoch_of_the_old_one() {
    let mut page = trained("epochs=3&networks=ann", 3);
    page.tell(Msg::OpenEpoch(Some(2)));
    page.tell(Msg::Start);
    assert_eq!(page.state.opened, None);
}

#[test]
fn runs_are_drawn_behind_the_shown_one_each_once() {
    let mut page = trained("epochs=3&networks=ann", 3);
    let id = page.state.run().unwrap().id;
    page.tell(Msg::Overlay(id, true));
    page.tell(Msg::Overlay(id, true));
    page.tell(Msg::Overlay(id + 1, true));
    assert_eq!(page.state.overlaid, [id], "an unknown run is not drawn");
    page.tell(Msg::Overlay(id, false));
    assert!(page.state.overlaid.is_empty());
}

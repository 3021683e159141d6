//! The shown run as it was after one of its epochs.

use super::*;

/// Little-endian bytes of ten probabilities an image, all of one value.
fn answers(images: usize, value: f32) -> Vec<Vec<u8>> {
    vec![[value; 10].repeat(images).iter().flat_map(|p| p.to_le_bytes()).collect()]
}

fn answered(page: &mut Page, request: u64, beside: Vec<Vec<u8>>) {
    page.tell(Msg::Heard(1, FromEngine::Answers { request, images: vec![7, 9] }, beside));
}

/// The networks whose answers are there, each with its first probability.
fn known(page: &Page) -> Vec<(NetworkKind, f32)> {
    let opened = page.state.opened.as_ref().unwrap();
    opened.answers.iter().map(|(kind, answers)| (*kind, answers.probabilities[0])).collect()
}

#[test]
fn an_epoch_is_opened_and_each_network_is_asked_with_its_checkpoint() {
    let mut page = trained("epochs=3", 3);
    let id = page.state.run().unwrap().id;
    let effects = page.tell(Msg::OpenEpoch(Some(2)));
    let ask = |request| ToEngine::Answer { request };
    let asked = [(1, &ask(1), format!("{id}/ann/epoch-2")), (1, &ask(2), format!("{id}/cnn/epoch-2"))];
    assert_eq!(sent_with(&effects), asked);
    answered(&mut page, 2, answers(2, 0.25));
    assert_eq!(known(&page), [(CNN, 0.25)]);
    assert_eq!(page.state.opened.as_ref().unwrap().answers[0].1.images, [7, 9]);
    answered(&mut page, 2, answers(2, 0.75));
    assert_eq!(known(&page), [(CNN, 0.25)], "a question has one answer");
    answered(&mut page, 1, answers(1, 0.5));
    assert_eq!(known(&page), [(CNN, 0.25)], "too few probabilities");
    assert_eq!(page.tell(Msg::OpenEpoch(Some(2))), [], "it is open");
    page.tell(Msg::OpenEpoch(None));
    assert_eq!(page.state.opened, None);
}

#[test]
fn answers_about_another_epoch_come_late_and_are_dropped() {
    let mut page = trained("epochs=3&networks=ann", 3);
    page.tell(Msg::OpenEpoch(Some(1)));
    let effects = page.tell(Msg::OpenEpoch(Some(2)));
    assert!(matches!(sent_with(&effects)[..], [(1, ToEngine::Answer { request: 2 }, _)]));
    answered(&mut page, 1, answers(2, 0.25));
    assert_eq!(known(&page), []);
    answered(&mut page, 2, answers(2, 0.5));
    assert_eq!(known(&page), [(ANN, 0.5)]);
    page.tell(Msg::OpenEpoch(None));
    answered(&mut page, 2, answers(2, 0.5));
    assert_eq!(page.state.opened, None);
}

#[test]
fn an_epoch_without_worker_or_checkpoint_is_opened_and_nothing_is_asked() {
    let mut page = trained("epochs=3&networks=ann", 3);
    page.state.workers.clear();
    assert_eq!(page.tell(Msg::OpenEpoch(Some(3))), []);
    let opened = page.state.opened.as_ref().unwrap();
    assert_eq!((opened.epoch, opened.asked.len()), (3, 0));
    let mut page = Page::ready("networks=ann");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, epoch(1));
    assert_eq!(page.tell(Msg::OpenEpoch(Some(1))), []);
    assert_eq!(page.state.opened.as_ref().map(|opened| opened.epoch), Some(1));
    // An epoch that is not there yet closes what was open.
    for epoch in [0, 2] {
        page.tell(Msg::OpenEpoch(Some(1)));
        page.tell(Msg::OpenEpoch(Some(epoch)));
        assert_eq!(page.state.opened, None, "{epoch}");
    }
}

#[test]
fn without_validation_images_nothing_is_asked() {
    let mut page = trained("epochs=3&networks=ann&validation=0", 3);
    assert_eq!(page.tell(Msg::OpenEpoch(Some(3))), []);
    assert!(page.state.opened.is_some());
}

#[test]
fn a_checkpoint_that_is_gone_leaves_its_question_without_an_answer() {
    let mut page = trained("epochs=3", 3);
    let effects = page.tell(Msg::OpenEpoch(Some(2)));
    let Some(&Effect::SendBlob(_, _, key)) = effects.first() else { panic!("{effects:?}") };
    page.tell(Msg::BlobMissing(key, Some(1)));
    assert_eq!(page.state.opened.as_ref().unwrap().asked, [(2, CNN)]);
    page.tell(Msg::OpenEpoch(Some(3)));
    page.tell(Msg::BlobMissing(key, Some(1)));
    assert_eq!(page.state.opened.as_ref().unwrap().asked.len(), 2, "the checkpoint of another epoch");
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

//! Runs of earlier visits.

use super::*;

fn stored(page: &mut Page, records: &[String], live: &[u64]) -> Vec<Effect> {
    page.tell(Msg::Stored(Ok(records.to_vec()), live.to_vec()))
}

#[test]
fn a_page_that_just_opened_is_ready_whatever_was_kept() {
    for phases in [[Phase::Done; 2], [Phase::Done, Phase::Failed], [Phase::Paused, Phase::Waiting], [Phase::Scoring; 2]]
    {
        let mut page = Page::ready("");
        stored(&mut page, &[kept_run(10, phases, 2)], &[]);
        assert_eq!((page.state.phase(), page.state.is_running()), ("ready", false), "{phases:?}");
        assert!(page.state.can_start());
        assert_eq!(page.state.storage, Storage::Browser);
        page.tell(Msg::SelectRun(10));
        assert_eq!(page.state.phase(), "ready", "{phases:?}");
    }
}

#[test]
fn the_newest_run_is_shown_but_this_visits_run_stays() {
    let records = [kept_run(30, [Phase::Done; 2], 1), kept_run(20, [Phase::Done; 2], 1)];
    let mut page = Page::ready("");
    stored(&mut page, &records, &[]);
    assert_eq!(page.state.run().unwrap().id, 30);
    assert_eq!([20, 30].map(|id| page.state.history.number(id)), [Some(1), Some(2)]);

    let mut page = Page::ready("networks=ann");
    page.state.now_ms = 5;
    page.tell(Msg::Start); // Before the store is open.
    let mut own = page.state.run().unwrap().clone();
    assert_eq!(own.id, 5001);
    own.marks.note = "of the store".to_owned();
    stored(&mut page, &[kept_run(30, [Phase::Done; 2], 1), stored::to_json(&own).unwrap()], &[]);
    let run = page.state.run().unwrap();
    assert_eq!((run.id, run.marks.note.as_str(), page.state.phase()), (5001, "", "training"));
    assert_eq!(page.state.history.runs().len(), 2);
    assert!(page.state.unfinished.is_empty());
}

#[test]
fn what_was_left_in_its_middle_is_offered_unless_another_tab_trains_it() {
    let mut page = Page::new("");
    let records = [
        kept_run(10, [Phase::Done; 2], 1),
        kept_run(20, [Phase::Done, Phase::Training], 2),
        kept_run(30, [Phase::Training, Phase::Waiting], 2),
    ];
    stored(&mut page, &records, &[30, 10]);
    assert_eq!((page.state.unfinished.clone(), page.state.elsewhere.clone()), (vec![20], vec![30]));
    assert_eq!(page.network(20, ANN).phase, Phase::Done);
    assert_eq!(page.network(20, CNN).phase, Phase::Interrupted);
    assert_eq!(page.network(20, CNN).phase.word(), "interrupted");
    assert_eq!(page.network(30, CNN).phase, Phase::Interrupted);
    // The other tab writes its record.
    assert_eq!(page.tell(Msg::StarRun(30, true)), []);
    assert_eq!(page.tell(Msg::DeleteRun(30)), []);
    assert!(page.state.history.get(30).is_some_and(|run| !run.marks.starred));
    assert_eq!(page.notices_with("Another tab trains run #3"), 1);
    page.tell(Msg::GoOn(30));
    assert_eq!(page.state.going_on, None);
}

#[test]
fn records_that_cannot_be_read_are_left_out_and_counted() {
    let mut page = Page::ready("");
    let good = kept_run(20, [Phase::Done; 2], 1);
    let newer = good.replace("\"version\":1", "\"version\":9");
    stored(&mut page, &[newer, good.clone(), good[..40].to_owned()], &[]);
    assert_eq!(page.state.history.runs().len(), 1);
    assert_eq!(page.state.notices.len(), 1);
    assert!(page.state.notices[0].starts_with("2 kept runs cannot be read"), "{:?}", page.state.notices);
}

#[test]
fn a_store_that_is_refused_is_told_once() {
    let mut page = Page::ready("");
    page.tell(Msg::Stored(Err(StoreError::Refused("SecurityError.".to_owned())), Vec::new()));
    assert_eq!(page.state.storage, Storage::Memory);
    page.tell(Msg::NotKept(1, None, StoreError::Refused("InvalidStateError".to_owned())));
    assert_eq!(page.state.notices.len(), 1);
    let said = "(SecurityError): they are there until the page is closed.";
    assert!(page.state.notices[0].ends_with(said), "{:?}", page.state.notices);
}

#[test]
fn a_store_that_breaks_down_later_is_told_too() {
    let mut page = Page::ready("");
    stored(&mut page, &[], &[]);
    page.tell(Msg::NotKept(1, None, StoreError::Refused("quit".to_owned())));
    assert_eq!((page.state.storage, page.state.notices.len()), (Storage::Memory, 1));
}

#[test]
fn answers_to_the_test_images_are_loaded_for_what_is_shown_or_compared() {
    let ask = |network| Effect::LoadBlob(key(20, network, Part::TestAnswers));
    let mut page = Page::ready("");
    let records = [kept_run(20, [Phase::Done; 2], 1), kept_run(30, [Phase::Failed, Phase::Interrupted], 1)];
    assert_eq!(stored(&mut page, &records, &[]), [], "what is shown has none");
    assert_eq!(page.tell(Msg::CompareRun(1, Some(20))), [ask(ANN), ask(CNN)]);
    assert_eq!(page.state.compared, [None, Some(20)]);
    let mut bytes = vec![0; 400_000];
    bytes[4..8].copy_from_slice(&0.75_f32.to_le_bytes());
    page.tell(Msg::BlobLoaded(key(20, ANN, Part::TestAnswers), bytes));
    let probabilities = page.network(20, ANN).probabilities.clone().unwrap();
    assert_eq!((probabilities.len(), probabilities[1]), (100_000, 0.75));
    assert_eq!(page.tell(Msg::SelectRun(20)), [ask(CNN)]);
    page.tell(Msg::BlobLoaded(key(20, CNN, Part::TestAnswers), vec![0; 399_996]));
    assert_eq!(page.network(20, CNN).probabilities, None);
    assert_eq!(page.notices_with("The kept answers of run #1 (CNN) are damaged"), 1);
    page.tell(Msg::CompareRun(1, None));
    page.tell(Msg::CompareRun(0, Some(99)));
    page.tell(Msg::CompareRun(7, Some(20)));
    assert_eq!(page.state.compared, [None, None]);
    assert_eq!(page.tell(Msg::SelectRun(99)), []);
    assert_eq!(page.state.run().unwrap().id, 20);
}

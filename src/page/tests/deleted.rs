//! Runs that are deleted and brought back.

use super::*;

/// A page with the kept runs 10, 20 and 30; 30 is shown.
fn three() -> Page {
    let mut page = Page::ready("networks=ann");
    let texts = [10, 20].map(|id| kept_run(id, [Phase::Done; 2], 1));
    let left = kept_run(30, [Phase::Training, Phase::Waiting], 1);
    page.tell(Msg::Stored(Ok(texts.into_iter().chain([left]).collect()), Vec::new()));
    page
}

#[test]
fn a_deleted_run_is_gone_at_once_and_for_good_with_the_next_one() {
    let mut page = three();
    page.tell(Msg::CompareRun(0, Some(10)));
    page.state.overlaid = vec![10, 20];
    assert_eq!(page.tell(Msg::DeleteRun(10)), [], "it can still be brought back");
    assert!(page.state.history.get(10).is_none());
    assert_eq!((page.state.compared, page.state.overlaid.clone()), ([None, None], vec![20]));
    assert_eq!(page.tell(Msg::DeleteRun(10)), [], "it is not there");
    assert_eq!(page.state.deleted.as_ref().map(|run| run.id), Some(10));
    assert_eq!(page.tell(Msg::DeleteRun(20))[0], Effect::DeleteRun(10));
    page.tell(Msg::UndoDelete);
    assert_eq!(page.state.history.runs().iter().map(|run| run.id).collect::<Vec<_>>(), [20, 30]);
    assert_eq!(page.state.run().unwrap().id, 20);
    assert_eq!(page.tell(Msg::UndoDelete), []);
}

#[test]
fn the_newest_run_is_shown_in_place_of_a_deleted_one() {
    let mut page = three();
    let effects = page.tell(Msg::DeleteRun(30));
    assert_eq!(page.state.run().unwrap().id, 20);
    assert_eq!(effects, [ANN, CNN].map(|network| Effect::LoadBlob(key(20, network, Part::TestAnswers))));
    assert!(page.state.unfinished.is_empty());
    let effects = page.tell(Msg::UndoDelete);
    assert!(record_in(&effects, 30).is_some());
    assert_eq!((page.state.unfinished.clone(), page.state.run().unwrap().id), (vec![30], 30));
}

#[test]
fn a_start_and_a_hidden_page_delete_for_good() {
    for msg in [Msg::Start, Msg::Hidden] {
        let mut page = three();
        page.tell(Msg::DeleteRun(20));
        assert_eq!(page.tell(msg)[0], Effect::DeleteRun(20));
        assert_eq!(page.state.deleted, None);
    }
}

#[test]
fn a_run_that_trains_is_not_deleted() {
    let mut page = three();
    page.tell(Msg::Start);
    assert_eq!(page.tell(Msg::DeleteRun(1)), []);
    assert_eq!((page.state.is_running(), page.notices_with("is not over. Stop it first.")), (true, 1));
    page.tell(Msg::DeleteRun(10));
    page.tell(Msg::UndoDelete);
    assert_eq!(page.state.run().unwrap().id, 1, "the run in training stays in view");
}

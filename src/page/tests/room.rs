//! What goes where the browser has no room left.

use super::*;

/// A page whose run 1 trains, with the kept runs 10 (starred), 20, 30 (left in its middle) and 40 behind it. Run 1 is shown.
fn full() -> Page {
    let mut page = Page::ready("");
    page.state.now_ms = 0;
    let phases = [[Phase::Done; 2], [Phase::Done; 2], [Phase::Training, Phase::Waiting], [Phase::Done; 2]];
    let texts = [10, 20, 30, 40].into_iter().zip(phases).map(|(id, phases)| kept_run(id, phases, 1)).collect();
    page.tell(Msg::Stored(Ok(texts), Vec::new()));
    page.tell(Msg::StarRun(10, true));
    page.tell(Msg::Start);
    trained_to(&mut page, 1, ANN, 30);
    page
}

fn not_kept(page: &mut Page, key: BlobKey) -> Vec<Effect> {
    page.tell(Msg::NotKept(key.run, Some(key), StoreError::Full))
}

fn deleted(effects: &[Effect]) -> Vec<BlobKey> {
    let keys = effects.iter().filter_map(|e| if let Effect::DeleteBlobs(keys) = e { Some(keys.clone()) } else { None });
    keys.flatten().collect()
}

#[test]
fn the_oldest_runs_without_a_star_lose_their_checkpoints_first_then_the_runs_older_epochs() {
    let mut page = full();
    let failed = key(1, ANN, Part::Epoch(3));
    let effects = not_kept(&mut page, failed);
    assert_eq!(deleted(&effects), [ANN, CNN].map(|network| key(20, network, Part::Epoch(1))));
    assert_eq!(record_in(&effects, 20).unwrap().networks[0].checkpoints, []);
    assert_eq!(effects.last(), Some(&Effect::KeepBlob(failed)), "it is tried again");
    assert_eq!(page.notices_with("the checkpoints of run #3 were deleted; its curves and results stay."), 1);
    // A run that could go on comes after those that are over.
    assert_eq!(deleted(&not_kept(&mut page, failed))[0].run, 40);
    assert_eq!(deleted(&not_kept(&mut page, failed)), [key(30, ANN, Part::Epoch(1))]);
    assert_eq!(deleted(&not_kept(&mut page, failed)), [key(1, ANN, Part::Epoch(1))]);
    assert_eq!(page.notices_with("older epochs of run #1"), 1);
    let steps = |page: &Page| page.network(1, ANN).checkpoints.iter().map(|kept| kept.step).collect::<Vec<_>>();
    assert_eq!(steps(&page), [20, 30]);
    // Epoch 2 is the newest one that is in the store. It stays, and epoch 3 is given up.
    let effects = not_kept(&mut page, failed);
    assert_eq!(deleted(&effects), []);
    assert!(!effects.contains(&Effect::KeepBlob(failed)), "{effects:?}");
    assert_eq!(steps(&page), [20]);
    assert_eq!(record_in(&effects, 1).unwrap().networks[0].checkpoints.len(), 1);
    assert_eq!(page.network(10, ANN).checkpoints.len(), 1, "it has a star");
    assert!(page.state.is_running());
}

#[test]
fn that_nothing_is_left_to_delete_is_told_once() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    trained_to(&mut page, 1, ANN, 10);
    assert_eq!(deleted(&not_kept(&mut page, key(1, ANN, Part::Epoch(1)))), []);
    assert_eq!((page.notices_with("not all of run #1 is kept"), page.network(1, ANN).checkpoints.len()), (1, 0));
    page.tell(Msg::Dismiss(0));
    page.checkpoint(1, ANN, 1, 10);
    not_kept(&mut page, key(1, ANN, Part::Epoch(1)));
    assert_eq!(page.state.notices.len(), 0);
}

#[test]
fn a_record_makes_room_too() {
    let mut page = full();
    let effects = page.tell(Msg::NotKept(1, None, StoreError::Full));
    assert_eq!(deleted(&effects)[0].run, 20);
    assert!(record_in(&effects, 1).is_some());
}

#[test]
fn a_deleted_run_goes_before_anything_else() {
    let mut page = full();
    page.tell(Msg::DeleteRun(40));
    let failed = key(1, ANN, Part::Epoch(3));
    assert_eq!(not_kept(&mut page, failed), [Effect::DeleteRun(40), Effect::KeepBlob(failed)]);
    assert_eq!(page.state.deleted, None);
    assert_eq!(not_kept(&mut page, key(40, ANN, Part::Epoch(1))), [], "what belongs to it is not tried again");
}

#[test]
fn the_shown_run_keeps_its_checkpoints() {
    let mut page = full();
    page.tell(Msg::SelectRun(20));
    assert_eq!(deleted(&not_kept(&mut page, key(1, ANN, Part::Epoch(3))))[0].run, 40);
    assert_eq!(page.network(20, ANN).checkpoints.len(), 1);
}

//! Runs that the last visit left in their middle.

use super::*;

const LEFT: u64 = 40;

fn model(network: NetworkKind) -> ModelId {
    ModelId { run: LEFT, network }
}

/// A page that finds this run.
fn found(mut page: Page, phases: [Phase; 2], epochs: usize) -> Page {
    page.tell(Msg::Stored(Ok(vec![kept_run(LEFT, phases, epochs)]), Vec::new()));
    assert_eq!(page.state.unfinished, [LEFT]);
    page
}

/// What is trained from kept bytes: the worker, the network, the key.
fn resumed(effects: &[Effect]) -> Vec<(u64, ModelId, BlobKey)> {
    let of = |effect: &Effect| match effect {
        Effect::SendBlob(id, ToEngine::Train { model, .. }, key) => Some((*id, *model, *key)),
        _ => None,
    };
    effects.iter().filter_map(of).collect()
}

#[test]
fn a_run_goes_on_from_its_newest_checkpoint_and_the_waiting_network_follows() {
    let mut page = found(Page::ready(""), [Phase::Training, Phase::Waiting], 2);
    let effects = page.tell(Msg::GoOn(LEFT));
    let newest = key(LEFT, ANN, Part::Epoch(2));
    assert_eq!(resumed(&effects), [(1, model(ANN), newest)]);
    assert!(effects.contains(&Effect::Hold(Some(LEFT))) && effects.contains(&Effect::AskBeforeLeaving(true)));
    assert_eq!(record_in(&effects, LEFT).unwrap().networks[0].phase, Phase::WarmingUp);
    assert_eq!((page.state.unfinished.clone(), page.state.going_on), (vec![], None));
    assert_eq!((page.state.phase(), page.phases()), ("training", vec![Phase::WarmingUp, Phase::Waiting]));
    let again = RunEvent::Started { steps_per_epoch: 10, workers: 1, warmup_seconds: 0.1, step: 20 };
    page.event_of(1, model(ANN), again);
    page.event_of(1, model(ANN), progress(21, &[0.25]));
    let losses = &page.network(LEFT, ANN).step_losses;
    assert_eq!((losses.len(), losses[19], losses[20]), (21, 0.5, 0.25));
    let effects = page.event_of(1, model(ANN), finished());
    assert_eq!((trained_by(&effects), resumed(&effects)), (vec![(1, CNN)], vec![]));
    page.event_of(1, model(CNN), finished());
    assert_eq!(page.state.phase(), "done");
    assert_eq!(page.announced(), ["ready", "progress", "result"]);
}

#[test]
fn what_is_done_stays_and_what_the_curve_has_beyond_the_checkpoint_is_repeated() {
    let mut page = Page::ready("");
    let mut run = stored::from_json(&kept_run(LEFT, [Phase::Done, Phase::Training], 2)).unwrap();
    run.networks[1].apply(progress(25, &[0.5; 5]), Vec::new());
    run.networks[1].extra_epochs = 3;
    page.tell(Msg::Stored(Ok(vec![stored::to_json(&run).unwrap()]), Vec::new()));
    let effects = page.tell(Msg::GoOn(LEFT));
    assert_eq!(resumed(&effects), [(1, model(CNN), key(LEFT, CNN, Part::Epoch(2)))]);
    let extra = effects.iter().find_map(|effect| match effect {
        Effect::SendBlob(_, ToEngine::Train { extra_epochs, config, .. }, _) => Some((*extra_epochs, config.epochs)),
        _ => None,
    });
    assert_eq!(extra, Some((3, 5)));
    assert_eq!(page.phases(), [Phase::Done, Phase::WarmingUp]);
    page.event_of(1, model(CNN), RunEvent::Started { steps_per_epoch: 10, workers: 1, warmup_seconds: 0.1, step: 20 });
    assert_eq!((page.network(LEFT, CNN).step_losses.len(), page.network(LEFT, CNN).epochs.len()), (20, 2));
}

#[test]
fn a_checkpoint_beyond_the_kept_curve_would_leave_a_gap_so_an_older_one_is_taken() {
    let mut page = Page::ready("");
    let mut run = stored::from_json(&kept_run(LEFT, [Phase::Done, Phase::Training], 2)).unwrap();
    run.networks[1].add_checkpoint(KeptCheckpoint { epoch: 2, step: 27, bytes: 1 });
    page.tell(Msg::Stored(Ok(vec![stored::to_json(&run).unwrap()]), Vec::new()));
    assert_eq!(resumed(&page.tell(Msg::GoOn(LEFT)))[0].2, key(LEFT, CNN, Part::Epoch(2)));
}

#[test]
fn a_checkpoint_from_the_middle_of_an_epoch_is_the_newest_one() {
    let mut page = Page::ready("");
    let mut run = stored::from_json(&kept_run(LEFT, [Phase::Done, Phase::Training], 2)).unwrap();
    run.networks[1].apply(progress(27, &[0.5; 7]), Vec::new());
    run.networks[1].add_checkpoint(KeptCheckpoint { epoch: 2, step: 27, bytes: 1 });
    page.tell(Msg::Stored(Ok(vec![stored::to_json(&run).unwrap()]), Vec::new()));
    assert_eq!(resumed(&page.tell(Msg::GoOn(LEFT)))[0].2, key(LEFT, CNN, Part::Latest));
}

#[test]
fn without_a_checkpoint_the_network_begins_anew() {
    let mut page = found(Page::ready(""), [Phase::Training, Phase::Waiting], 0);
    let effects = page.tell(Msg::GoOn(LEFT));
    assert_eq!((trained_by(&effects), resumed(&effects)), (vec![(1, ANN)], vec![]));
    assert!(page.network(LEFT, ANN).step_losses.is_empty());
}

#[test]
fn side_by_side_both_go_on_each_in_its_worker() {
    let mut page = Page::ready("");
    let mut run = stored::from_json(&kept_run(LEFT, [Phase::Training; 2], 1)).unwrap();
    run.config.set("order", "side").unwrap();
    page.tell(Msg::Stored(Ok(vec![stored::to_json(&run).unwrap()]), Vec::new()));
    let effects = page.tell(Msg::GoOn(LEFT));
    assert_eq!(resumed(&effects), [(1, model(ANN), key(LEFT, ANN, Part::Epoch(1)))]);
    assert_eq!(page.phases(), [Phase::WarmingUp; 2]);
    page.give_data(2);
    assert_eq!(resumed(&page.give_device(2, Backend::Flex)), [(2, model(CNN), key(LEFT, CNN, Part::Epoch(1)))]);
}

#[test]
fn a_wish_to_go_on_is_remembered_until_everything_is_there() {
    let mut page = found(Page::new("autostart"), [Phase::Training, Phase::Waiting], 1);
    page.tell(Msg::GoOn(LEFT));
    assert_eq!(page.state.going_on, Some(LEFT));
    page.tell(Msg::Compiled(Ok(())));
    assert_eq!(resumed(&page.give_data(1)), []);
    assert_eq!(resumed(&page.give_device(1, Backend::Flex)).len(), 1);
    assert_eq!(page.state.history.runs().len(), 1, "the address asked for a run too: one is enough");
}

#[test]
fn one_run_trains_at_a_time() {
    let mut page = found(Page::ready("networks=ann"), [Phase::Training, Phase::Waiting], 1);
    page.tell(Msg::Start);
    assert_eq!(page.tell(Msg::GoOn(LEFT)), []);
    assert_eq!(page.notices_with("One run trains at a time"), 1);
    page.event(1, ANN, finished());
    assert_eq!((page.state.phase(), page.state.unfinished.clone()), ("done", vec![LEFT]));
    assert_eq!(resumed(&page.tell(Msg::GoOn(LEFT))).len(), 1);
}

#[test]
fn other_data_cannot_go_on() {
    let mut page = found(Page::ready(""), [Phase::Training, Phase::Waiting], 1);
    page.state.dataset.name = "Own data".to_owned();
    assert_eq!(page.tell(Msg::GoOn(LEFT)), []);
    assert_eq!(page.notices_with("run #1 was trained on other data"), 1);
    assert_eq!((page.state.unfinished.clone(), page.state.going_on), (vec![LEFT], None));
}

#[test]
fn a_checkpoint_that_is_gone_leaves_the_older_one_and_then_the_beginning() {
    let mut page = found(Page::ready(""), [Phase::Training, Phase::Waiting], 2);
    page.tell(Msg::GoOn(LEFT));
    page.tell(Msg::Pause);
    let effects = page.tell(Msg::BlobMissing(key(LEFT, ANN, Part::Epoch(2)), Some(1)));
    assert_eq!(resumed(&effects), [(1, model(ANN), key(LEFT, ANN, Part::Epoch(1)))]);
    assert_eq!(sent(&effects), [(1, &ToEngine::Pause { run: LEFT })], "the pause is not lost");
    assert_eq!(page.notices_with("It goes on after epoch 1."), 1);
    let effects = page.tell(Msg::BlobMissing(key(LEFT, ANN, Part::Epoch(1)), Some(1)));
    assert_eq!((trained_by(&effects), resumed(&effects)), (vec![(1, ANN)], vec![]));
    assert_eq!(page.notices_with("It begins anew."), 1);
    let network = page.network(LEFT, ANN);
    assert_eq!((network.phase, network.step_losses.len(), network.checkpoints.len()), (Phase::WarmingUp, 0, 0));
    assert_eq!(record_in(&effects, LEFT).unwrap().networks[0].checkpoints, []);
}

#[test]
fn other_bytes_that_are_gone_start_nothing() {
    let mut page = found(Page::ready(""), [Phase::Done, Phase::Training], 2);
    assert_eq!(page.tell(Msg::BlobMissing(key(LEFT, ANN, Part::TestAnswers), None)), []);
    page.tell(Msg::GoOn(LEFT));
    let effects = page.tell(Msg::BlobMissing(key(LEFT, ANN, Part::Epoch(1)), Some(1)));
    assert_eq!((sent(&effects), resumed(&effects)), (vec![], vec![]));
    assert_eq!(page.network(LEFT, ANN).checkpoints.len(), 1);
    assert_eq!(page.notices_with("a checkpoint of run #1 is not there"), 1);
    assert_eq!(page.tell(Msg::BlobMissing(key(77, ANN, Part::Epoch(1)), Some(1))), []);
}

#[test]
fn a_run_that_is_left_ends_as_it_is() {
    let mut page = found(Page::ready(""), [Phase::Training, Phase::Waiting], 2);
    let effects = page.tell(Msg::LeaveUnfinished(LEFT));
    let kept = record_in(&effects, LEFT).unwrap();
    assert_eq!(kept.networks[0].phase, Phase::Failed);
    assert_eq!(kept.networks[0].failure.as_deref(), Some("It was interrupted after epoch 2, and did not go on."));
    assert!(kept.networks[1].failure.as_ref().is_some_and(|why| why.contains("before its training began")));
    assert_eq!((page.state.unfinished.len(), page.state.phase()), (0, "ready"));
    assert_eq!(page.tell(Msg::GoOn(LEFT)), []);
    assert_eq!(page.tell(Msg::LeaveUnfinished(LEFT)), []);
}

/// A page that finds a branch of run 10 after its epoch 1, which was left before it had a checkpoint of its own.
fn found_branch() -> Page {
    let mut page = Page::ready("");
    let parent = stored::from_json(&kept_run(10, [Phase::Done; 2], 2)).unwrap();
    let from = [(ANN, 1), (CNN, 1)];
    let mut run =
        RunRecord::branch(LEFT, parent.config.clone(), &parent, &from, Default::default(), None, String::new());
    run.started_ms = LEFT;
    run.networks[0].apply(progress(13, &[0.25; 3]), Vec::new());
    let records = [&parent, &run].map(|run| stored::to_json(run).unwrap());
    page.tell(Msg::Stored(Ok(records.to_vec()), Vec::new()));
    page
}

#[test]
fn a_branch_without_a_checkpoint_of_its_own_goes_on_from_its_parents() {
    let mut page = found_branch();
    let effects = page.tell(Msg::GoOn(LEFT));
    assert_eq!(resumed(&effects), [(1, model(ANN), key(10, ANN, Part::Epoch(1)))]);
    assert_eq!(page.network(LEFT, ANN).step_losses[..], [0.5; 10], "the parent's part of the curve stays");
}

#[test]
fn a_branch_whose_parents_checkpoint_is_gone_does_not_begin_anew() {
    let mut page = found_branch();
    page.tell(Msg::GoOn(LEFT));
    let effects = page.tell(Msg::BlobMissing(key(10, ANN, Part::Epoch(1)), Some(1)));
    assert_eq!(page.phases(), [Phase::Failed, Phase::WarmingUp]);
    assert_eq!(resumed(&effects), [(1, model(CNN), key(10, CNN, Part::Epoch(1)))], "the other network has its turn");
    assert_eq!(record_in(&effects, 10).unwrap().networks[0].checkpoints.len(), 1);
    let effects = page.tell(Msg::BlobMissing(key(10, CNN, Part::Epoch(1)), Some(1)));
    assert_eq!((trained_by(&effects), page.state.phase()), (vec![], "failed"));
    assert!(effects.contains(&Effect::Hold(None)));
}

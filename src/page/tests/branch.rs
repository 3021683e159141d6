//! Runs that go on from an epoch of another run.

use super::*;
use crate::config::Networks;
use crate::page::storage::BlobKey;
use crate::run::Parent;

#[test]
fn a_branch_goes_on_from_its_parents_checkpoints_one_network_after_the_other() {
    let mut page = trained("epochs=3", 3);
    let parent = page.state.run().unwrap().id;
    page.state.config = RunConfig { learning_rate: 0.01, batch: 128, epochs: 2, ..page.state.config.clone() };
    let effects = page.tell(Msg::Branch(2));
    let run = page.state.run().unwrap().clone();
    assert_ne!(run.id, parent);
    assert_eq!(run.parent, Some(Parent { run: parent, epoch: 2 }));
    assert_eq!((run.config.learning_rate, run.config.batch, run.config.epochs), (0.01, 64, 3));
    assert_eq!(page.phases(), [Phase::WarmingUp, Phase::Waiting]);
    assert_eq!(run.networks.iter().map(|n| (n.epochs.len(), n.step_losses.len())).collect::<Vec<_>>(), [(2, 20); 2]);
    assert_eq!(page.state.history.get(parent).unwrap().networks[0].epochs.len(), 3, "the parent is as it was");

    let (ann, cnn) = (ModelId { run: run.id, network: ANN }, ModelId { run: run.id, network: CNN });
    let train = |model| ToEngine::Train { model, config: run.config.clone(), extra_epochs: 0 };
    assert_eq!(sent_with(&effects), [(1, &train(ann), format!("{parent}/ann/epoch-2"))]);
    assert_eq!(trained_by(&effects), [], "none begins anew");
    let started = RunEvent::Started { steps_per_epoch: 10, workers: 1, warmup_seconds: 0.0, step: 20 };
    page.event_of(1, ann, started);
    assert_eq!(page.state.run().unwrap().networks[0].epochs.len(), 2, "the curves go on");
    let effects = page.event_of(1, ann, finished());
    assert_eq!(sent_with(&effects), [(1, &train(cnn), format!("{parent}/cnn/epoch-2"))]);
}

#[test]
fn only_networks_with_a_checkpoint_of_that_epoch_go_on() {
    let mut page = trained("epochs=3", 3);
    let parent = page.state.run().unwrap().id;
    drop_checkpoint(&mut page, 0, 2);
    let effects = page.tell(Msg::Branch(2));
    assert_eq!(sent_with(&effects).iter().map(|s| s.2.clone()).collect::<Vec<_>>(), [format!("{parent}/cnn/epoch-2")]);
    let run = page.state.run().unwrap();
    assert_eq!((run.config.networks, run.networks.len(), run.networks[0].kind), (Networks::Cnn, 1, CNN));
}

/// Takes a checkpoint out of the record of the shown run.
fn drop_checkpoint(page: &mut Page, network: usize, epoch: usize) {
    let mut history = crate::run::History::default();
    for mut run in page.state.history.runs().iter().cloned() {
        run.networks[network].checkpoints.retain(|kept| kept.epoch != epoch);
        history.push(run);
    }
    page.state.history = history;
}

#[test]
fn where_no_run_can_go_on_a_notice_says_why() {
    let mut page = trained("epochs=3&networks=ann", 3);
    assert_eq!(page.tell(Msg::Branch(4)), []);
    assert!(page.state.notices.last().unwrap().contains("No checkpoint of this epoch is kept"));
    // The parent keeps no validation images, and the form asks for the best epoch's weights.
    let mut page = trained("epochs=3&networks=ann&validation=0", 3);
    page.tell(Msg::Set("validation", "0.1".to_owned()));
    page.tell(Msg::Set("weights", "best".to_owned()));
    assert_eq!(page.tell(Msg::Branch(1)), []);
    assert!(page.state.notices.last().unwrap().contains("validation"), "{:?}", page.state.notices);
    assert_eq!(page.state.history.runs().len(), 1);
    page.tell(Msg::Set("weights", "last".to_owned()));
    assert_eq!(sent_with(&page.tell(Msg::Branch(1))).len(), 1);
    assert_eq!(page.tell(Msg::Branch(1)), [], "the first one trains");
    assert!(page.state.notices.last().unwrap().contains("No checkpoint of this epoch"), "the branch itself has none");
    assert_eq!(page.state.history.runs().len(), 2);
}

#[test]
fn a_run_that_starts_afterwards_begins_anew() {
    let mut page = trained("epochs=3&networks=ann", 3);
    page.tell(Msg::Branch(2));
    let run = page.state.run().unwrap().id;
    page.event_of(1, ModelId { run, network: ANN }, finished());
    let effects = page.tell(Msg::Start);
    assert_eq!((trained_by(&effects), sent_with(&effects)), (vec![(1, ANN)], vec![]));
    assert_eq!(page.state.run().unwrap().parent, None);
}

#[test]
fn a_branch_whose_gpu_breaks_down_begins_again_from_the_same_checkpoint() {
    let mut page = Page::with_device("networks=ann", Backend::WebGpu);
    page.state.history = trained("epochs=3&networks=ann&backend=webgpu", 3).state.history;
    let parent = page.state.run().unwrap().id;
    page.tell(Msg::Branch(2));
    let run = page.state.run().unwrap().id;
    page.event_of(1, ModelId { run, network: ANN }, progress(25, &[0.5; 5]));
    page.tell(Msg::WorkerLost(1, "device lost".to_owned()));
    assert_eq!(page.state.run().unwrap().networks[0].step_losses.len(), 20);
    page.give_data(2);
    let effects = page.give_device(2, Backend::Flex);
    let sent = sent_with(&effects);
    assert!(matches!(sent[..], [(2, ToEngine::Train { .. }, _)]), "{effects:?}");
    assert_eq!(sent[0].2, format!("{parent}/ann/epoch-2"));
}

#[test]
fn a_network_whose_checkpoint_is_gone_ends_and_the_next_one_goes_on() {
    let mut page = trained("epochs=3", 3);
    page.tell(Msg::Branch(2));
    let run = page.state.run().unwrap().clone();
    let key = BlobKey::origin(&run, ANN).unwrap();
    let effects = page.tell(Msg::BlobMissing(BlobKey { network: CNN, ..key }, Some(1)));
    assert!(sent(&effects).is_empty() && sent_with(&effects).is_empty(), "nobody waits for it yet");
    assert!(!page.network(key.run, CNN).has_checkpoint(2), "its record does not name it any more");
    assert_eq!(page.phases(), [Phase::WarmingUp, Phase::Waiting]);
    let effects = page.tell(Msg::BlobMissing(key, Some(1)));
    assert_eq!(page.phases(), [Phase::Failed, Phase::WarmingUp]);
    assert!(page.state.notices.last().unwrap().contains("ANN"));
    assert_eq!(
        sent_with(&effects).iter().map(|s| s.2.clone()).collect::<Vec<_>>(),
        [format!("{}/cnn/epoch-2", key.run)]
    );
    // In training it does not wait any more.
    page.event_of(1, ModelId { run: run.id, network: CNN }, started());
    page.tell(Msg::BlobMissing(BlobKey { network: CNN, ..key }, Some(1)));
    assert_eq!(page.phases(), [Phase::Failed, Phase::Training]);
}

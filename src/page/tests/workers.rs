//! Workers that break down, do not start, or are of another version.

use super::*;

fn crash(page: &mut Page, worker: u64) -> Vec<Effect> {
    page.hear(worker, FromEngine::Crashed { message: "out of memory\nat line 3".to_owned() })
}

#[test]
fn an_engine_of_another_version_is_not_used() {
    let mut page = Page::new("");
    page.tell(Msg::Compiled(Ok(())));
    let effects = page.hear(1, FromEngine::Opened { protocol: PROTOCOL_VERSION + 1 });
    assert!(effects.contains(&Effect::CloseWorker(1)));
    assert!(matches!(&page.state.engine, EnginePhase::Failed(m) if m.contains("without its cache")));
}

#[test]
fn an_engine_that_cannot_be_had_is_asked_for_again() {
    let mut page = Page::new("");
    page.tell(Msg::EngineLoading(5, 10));
    assert_eq!(page.state.engine, EnginePhase::Loading(5, 10));
    page.tell(Msg::Compiled(Err("404".to_owned())));
    assert_eq!(page.state.phase(), "engine-failed");
    assert_eq!(page.tell(Msg::Retry), [Effect::Compile]);
    page.tell(Msg::Compiled(Ok(())));
    page.tell(Msg::WorkerLost(1, "no worker starts".to_owned()));
    assert_eq!(page.state.phase(), "engine-failed");
    let effects = page.tell(Msg::Retry);
    assert_eq!(effects, [Effect::OpenWorker(2), Effect::Send(2, ToEngine::Open)]);
}

#[test]
fn a_crash_on_the_cpu_fails_its_network_and_the_next_one_is_trained() {
    let mut page = Page::ready("backend=flex");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, progress(1, &[1.0]));
    let effects = crash(&mut page, 1);
    assert!(effects.contains(&Effect::CloseWorker(1)) && effects.contains(&Effect::OpenWorker(2)), "{effects:?}");
    assert_eq!(page.phases(), [Phase::Failed, Phase::WarmingUp]);
    assert_eq!(page.state.run().unwrap().networks[0].step_losses.len(), 1, "the curve stays");
    page.give_data(2);
    assert_eq!(trained_by(&page.give_device(2, Backend::Flex)), [(2, CNN)]);
    page.event(2, CNN, finished());
    assert_eq!(page.announced().last().unwrap(), "result");
}

#[test]
fn a_crash_with_nothing_left_to_do_is_told_and_mended_by_hand() {
    let mut page = Page::ready("backend=flex&networks=ann");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    crash(&mut page, 1);
    assert_eq!((page.state.phase(), page.phases()), ("engine-failed", vec![Phase::Failed]));
    assert!(!page.state.is_running());
    let effects = page.tell(Msg::Retry);
    assert!(effects.contains(&Effect::OpenWorker(2)));
    page.give_data(2);
    page.give_device(2, Backend::Flex);
    assert!(page.state.can_start());
}

#[test]
fn late_words_of_a_worker_that_was_closed_are_not_heard() {
    let mut page = Page::ready("backend=flex");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    crash(&mut page, 1);
    let before = page.state.clone();
    page.event(1, ANN, progress(2, &[1.0]));
    page.event(1, CNN, started());
    crash(&mut page, 1);
    page.tell(Msg::WorkerLost(1, "again".to_owned()));
    assert_eq!(page.state, before);
}

#[test]
fn a_gpu_that_breaks_down_leaves_its_network_to_the_cpu_and_the_finished_one_as_it_is() {
    let mut page = Page::with_device("", Backend::WebGpu);
    page.tell(Msg::Start);
    page.event(1, ANN, finished());
    page.event(1, CNN, started());
    page.event(1, CNN, progress(1, &[1.0]));
    let effects = crash(&mut page, 1);
    assert_eq!(page.state.config.backend.key(), "flex");
    assert!(effects.contains(&Effect::OpenWorker(2)));
    assert!(page.state.notices[0].contains("WebGPU broke down (out of memory)"), "{:?}", page.state.notices);
    assert_eq!(page.phases(), [Phase::Done, Phase::WarmingUp]);
    assert!(page.state.run().unwrap().networks[1].step_losses.is_empty(), "it begins again");
    page.give_data(2);
    assert_eq!(trained_by(&page.give_device(2, Backend::Flex)), [(2, CNN)]);
    page.event(2, CNN, finished());
    assert_eq!(page.state.phase(), "done");
}

#[test]
fn a_gpu_that_breaks_down_after_an_epoch_leaves_its_checkpoint_to_the_cpu() {
    let mut page = Page::with_device("", Backend::WebGpu);
    page.tell(Msg::Start);
    trained_to(&mut page, 1, ANN, 14);
    crash(&mut page, 1);
    assert_eq!(page.phases(), [Phase::WarmingUp, Phase::Waiting]);
    assert_eq!(page.notices_with("goes on there after its epoch 1"), 1, "{:?}", page.state.notices);
    page.give_data(2);
    let effects = page.give_device(2, Backend::Flex);
    assert!(
        matches!(&effects[..], [.., Effect::SendBlob(2, ToEngine::Train { config, .. }, from)]
        if *from == key(1, ANN, Part::Epoch(1)) && config.backend.key() == "flex"),
        "{effects:?}"
    );
}

#[test]
fn a_gpu_that_breaks_down_while_it_is_chosen_is_left_for_the_cpu() {
    let mut page = Page::new("autostart&networks=ann");
    page.tell(Msg::Compiled(Ok(())));
    page.give_data(1);
    crash(&mut page, 1);
    assert_eq!(page.state.config.backend.key(), "flex");
    page.give_data(2);
    assert_eq!(trained_by(&page.give_device(2, Backend::Flex)), [(2, ANN)], "the run starts all the same");
}

#[test]
fn side_by_side_one_workers_crash_leaves_the_other_alone() {
    for (lost, its, other, others) in [(2, CNN, 1, ANN), (1, ANN, 2, CNN)] {
        let mut page = Page::ready("backend=flex&order=side");
        page.tell(Msg::Start);
        page.give_data(2);
        page.give_device(2, Backend::Flex);
        page.event(1, ANN, started());
        page.event(2, CNN, started());
        crash(&mut page, lost);
        let phase = |page: &Page, kind| page.state.run().unwrap().get(kind).unwrap().phase;
        assert_eq!((phase(&page, its), phase(&page, others)), (Phase::Failed, Phase::Training));
        assert_eq!(page.state.engine, EnginePhase::Ready);
        page.event(other, others, progress(1, &[1.0]));
        page.event(other, others, finished());
        assert_eq!((phase(&page, its), phase(&page, others)), (Phase::Failed, Phase::Done));
        assert_eq!(page.announced().last().unwrap(), "result");
        assert_eq!(page.state.workers.len(), 1);
        assert!(page.state.can_start());
    }
}

#[test]
fn a_second_worker_without_the_dataset_fails_its_network_alone() {
    let mut page = Page::ready("order=side");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.hear(2, FromEngine::Opened { protocol: PROTOCOL_VERSION });
    page.hear(2, FromEngine::DataFailed { failures: Vec::new() });
    assert_eq!(page.phases(), [Phase::Training, Phase::Failed]);
    assert!(matches!(page.state.data, DataPhase::Ready(..)), "the dataset is still there");
    page.event(1, ANN, finished());
    assert_eq!(page.announced().last().unwrap(), "result");
}

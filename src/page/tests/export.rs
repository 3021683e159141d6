//! Files of a run: what is handed to the program that makes them, and what comes back from files.

use super::*;
use crate::page::phase::ClassifierPhase;
use crate::page::view::View;
use crate::protocol::classifier::{ExportForm, ExportOrder, FromClassifier, RunBytes, RunPart, ToClassifier};
use crate::run::RUN_COLOURS;

/// The order among some effects, with the keys of its bytes.
fn order(effects: &[Effect]) -> Option<(ExportOrder, Vec<String>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::BlobsToClassifier(ToClassifier::Export(order), keys) => {
            Some(((**order).clone(), keys.iter().map(BlobKey::text).collect()))
        }
        _ => None,
    })
}

/// What a form of run 1 needs.
fn needs(page: &mut Page, form: ExportForm) -> Vec<String> {
    let effects = page.tell(Msg::ExportAs(1, form));
    let (order, keys) = order(&effects).unwrap();
    assert_eq!((order.form, order.number, order.parts.len()), (form, 1, keys.len()));
    assert_eq!(stored::from_json(&order.record).unwrap().id, 1);
    keys
}

#[test]
fn the_program_is_loaded_before_it_is_told_and_only_once() {
    let mut page = trained("networks=ann&epochs=2", 2);
    let effects = page.tell(Msg::ExportAs(1, ExportForm::Config));
    assert_eq!((effects.len(), &effects[0]), (2, &Effect::OpenClassifier));
    assert!(order(&effects).is_some(), "it waits in the port");
    let effects = page.tell(Msg::ExportAs(1, ExportForm::Metrics));
    assert_eq!(effects.len(), 1, "it is on its way");
    assert!(page.tell(Msg::FromClassifier(FromClassifier::Opened)).is_empty(), "its view is not shown");
    assert_eq!(page.tell(Msg::ExportAs(1, ExportForm::Numpy)).len(), 1);
    page.tell(Msg::NoClassifier("no answer".to_owned()));
    assert_eq!(page.notices_with("no answer"), 1, "nobody sees the view that would say it");
    assert_eq!(page.tell(Msg::ExportAs(1, ExportForm::Numpy))[0], Effect::OpenClassifier, "it is tried again");
}

#[test]
fn each_form_gets_the_bytes_that_it_needs() {
    let mut page = trained("epochs=3", 3); // The first epoch is the scored one.
    for form in ExportForm::ALL {
        let expected: &[&str] = match form {
            ExportForm::Weights | ExportForm::Npz => &["1/ann/epoch-1", "1/cnn/epoch-1"],
            ExportForm::WholeRun => &[
                "1/ann/epoch-1",
                "1/ann/epoch-3",
                "1/ann/epoch-2",
                "1/ann/test-answers",
                "1/cnn/epoch-1",
                "1/cnn/epoch-3",
                "1/cnn/epoch-2",
                "1/cnn/test-answers",
            ],
            _ => &[],
        };
        assert_eq!(needs(&mut page, form), expected, "{form:?}");
    }
    let ann = page.state.history.get_mut(1).unwrap().get_mut(ANN).unwrap();
    ann.checkpoints.iter_mut().for_each(|kept| kept.bytes = 60 << 20);
    assert_eq!(needs(&mut page, ExportForm::WholeRun)[..3], ["1/ann/epoch-1", "1/ann/epoch-3", "1/ann/test-answers"]);
    page.state.history.get_mut(1).unwrap().get_mut(ANN).unwrap().checkpoints.clear();
    assert_eq!(needs(&mut page, ExportForm::Npz), ["1/cnn/epoch-1"], "what is not there is not asked for");
}

#[test]
fn the_weights_do_not_depend_on_the_epoch_that_is_open() {
    let mut page = trained("networks=ann&epochs=3", 3);
    page.tell(Msg::OpenEpoch(Some(2)));
    assert_eq!(needs(&mut page, ExportForm::Weights), ["1/ann/epoch-1"]);
}

#[test]
fn a_run_that_trains_and_an_unknown_one_are_not_exported() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    for run in [1, 99] {
        assert_eq!(page.tell(Msg::ExportAs(run, ExportForm::Config)), []);
    }
    assert_eq!(page.state.classifier.phase, ClassifierPhase::Absent);
}

#[test]
fn files_are_handed_on_after_the_program_is_loaded() {
    let mut page = Page::ready("");
    assert_eq!(page.tell(Msg::Import), [Effect::OpenClassifier, Effect::ImportFiles]);
    assert_eq!(page.tell(Msg::Import), [Effect::ImportFiles]);
}

/// A run comes out of a file.
fn import(page: &mut Page, record: String, parts: &[RunPart]) -> Vec<Effect> {
    page.tell(Msg::FromClassifier(FromClassifier::Imported(record, parts.to_vec())))
}

fn part(what: RunBytes) -> RunPart {
    RunPart { network: ANN, what }
}

#[test]
fn a_run_of_a_file_is_kept_and_shown_like_any_other() {
    let mut page = Page::ready("");
    page.tell(Msg::Stored(Ok(Vec::new()), Vec::new()));
    let parts =
        [RunBytes::Checkpoint(20), RunBytes::Checkpoint(99), RunBytes::TestAnswers, RunBytes::Weights].map(part);
    let effects = import(&mut page, kept_run(5, [Phase::Done, Phase::Failed], 2), &parts);
    let keys = effects.iter().filter_map(|effect| match effect {
        Effect::KeepPart(key, place) => Some((key.text(), *place)),
        _ => None,
    });
    let keys: Vec<_> = keys.collect();
    let expected = [("5/ann/epoch-2", 0), ("5/ann/test-answers", 2), ("5/ann/weights", 3)];
    assert_eq!(keys, expected.map(|(key, place)| (key.to_owned(), place)), "what no record names is not kept");
    let kept = effects.iter().position(|effect| matches!(effect, Effect::KeepRecord(5, _))).unwrap();
    let read = effects.iter().position(|effect| matches!(effect, Effect::LoadBlob(_))).unwrap();
    assert!(kept >= 3 && read > kept, "the bytes are kept before they are read: {effects:?}");
    assert_eq!(page.state.run().map(|run| run.id), Some(5));
    assert!(page.state.unfinished.is_empty());
}

#[test]
fn a_run_whose_id_is_taken_gets_another_one() {
    let mut page = Page::ready("");
    page.tell(Msg::Stored(Ok(vec![kept_run(5, [Phase::Done; 2], 1)]), Vec::new()));
    let parts = [part(RunBytes::Checkpoint(10))];
    let effects = import(&mut page, kept_run(5, [Phase::Done; 2], 1), &parts);
    assert_eq!(page.state.history.runs().len(), 2);
    let id = page.state.run().unwrap().id;
    assert_ne!(id, 5);
    assert!(effects.contains(&Effect::KeepPart(key(id, ANN, Part::Epoch(1)), 0)));
    assert!(page.state.run().unwrap().colour < RUN_COLOURS);
    // One that could still be brought back counts too.
    page.tell(Msg::DeleteRun(5));
    import(&mut page, kept_run(5, [Phase::Done; 2], 1), &parts);
    assert!(page.state.history.get(5).is_none());
    // Before the store is open, any id may be taken.
    let mut early = Page::new("");
    import(&mut early, kept_run(5, [Phase::Done; 2], 1), &parts);
    assert!(early.state.history.get(5).is_none() && early.state.run().is_some());
}

#[test]
fn a_run_that_was_in_its_middle_is_offered_and_does_not_go_on_by_itself() {
    let mut page = Page::ready("");
    page.tell(Msg::Stored(Ok(Vec::new()), Vec::new()));
    let effects = import(&mut page, kept_run(5, [Phase::Training, Phase::Waiting], 1), &[]);
    assert_eq!((&page.state.unfinished[..], page.state.going_on), (&[5][..], None));
    assert!(!page.state.is_running() && sent(&effects).is_empty());
    let effects = page.tell(Msg::GoOn(5));
    assert!(!sent_with(&effects).is_empty() || !trained_by(&effects).is_empty(), "{effects:?}");
}

#[test]
fn a_damaged_record_changes_nothing() {
    let mut page = Page::ready("");
    for text in ["", "{}", r#"{"version":9,"record":{}}"#, "[[[["] {
        let before = page.state.clone();
        assert_eq!(import(&mut page, text.to_owned(), &[part(RunBytes::Weights)]), []);
        assert!(before == page.state, "{text}");
    }
}

#[test]
fn settings_of_a_file_go_into_the_form() {
    let mut page = Page::ready("");
    page.tell(Msg::Show(View::Runs));
    let config = RunConfig { epochs: 7, ..RunConfig::default() };
    let effects = page.tell(Msg::FromClassifier(FromClassifier::UseConfig(Box::new(config.clone()))));
    assert_eq!((&page.state.config, page.state.view), (&config, View::Train));
    assert!(matches!(effects[..], [Effect::ShowFragment(_)]), "{effects:?}");
    page.tell(Msg::FromClassifier(FromClassifier::Notice("said".to_owned())));
    assert_eq!(page.notices_with("said"), 1);
}

#[test]
fn a_run_without_checkpoints_is_looked_into_with_its_file_of_weights() {
    let mut page = trained("networks=ann&epochs=2", 2);
    let shown = |page: &mut Page| {
        page.state.classifier = Default::default();
        page.state.classifier.phase = ClassifierPhase::Ready;
        let effects = page.tell(Msg::Show(View::Inside));
        effects.into_iter().find_map(|effect| match effect {
            Effect::BlobsToClassifier(ToClassifier::Network { epoch, .. }, keys) => Some((keys[0].text(), epoch)),
            _ => None,
        })
    };
    assert_eq!(shown(&mut page), Some(("1/ann/epoch-1".to_owned(), 1)));
    let ann = page.state.history.get_mut(1).unwrap().get_mut(ANN).unwrap();
    (ann.has_weights, ann.checkpoints) = (true, Vec::new());
    assert_eq!(shown(&mut page), Some(("1/ann/weights".to_owned(), 1)));
    assert_eq!(needs(&mut page, ExportForm::Weights), ["1/ann/weights"]);
    page.tell(Msg::BlobMissing(key(1, ANN, Part::Weights), None));
    assert_eq!(shown(&mut page), None, "the record does not name them any more");
}

//! Settings, address, notices, files, theme, export.

use super::*;
use crate::page::capability::Outcome;
use crate::page::view::View;
use crate::protocol::FileFailure;

#[test]
fn a_setting_that_is_allowed_moves_form_and_address() {
    let mut page = Page::ready("");
    let effects = page.tell(Msg::Set("epochs", "3".to_owned()));
    assert_eq!(page.state.config.epochs, 3);
    assert_eq!(effects, [Effect::ShowFragment(page.state.config.clone().into())]);
    assert_eq!(page.tell(Msg::Set("epochs", "0".to_owned())), []);
    assert_eq!(page.tell(Msg::Set("colour", "red".to_owned())), []);
    assert_eq!(page.state.config.epochs, 3);
}

#[test]
fn a_preset_keeps_the_backend() {
    let mut page = Page::ready("backend=flex");
    page.tell(Msg::Preset("quick"));
    assert_eq!((page.state.config.train, page.state.config.backend.key()), (6000, "flex"));
    assert_eq!(page.tell(Msg::Preset("none")), []);
}

#[test]
fn mistakes_in_the_address_are_named_at_the_start_and_later() {
    let mut page = Page::new("epochs=0");
    assert!(page.state.notices[0].contains("Epochs"), "{:?}", page.state.notices);
    page.tell(Msg::Fragment("batch=0&epochs=4".to_owned()));
    assert!(page.state.notices[1].contains("Batch"), "{:?}", page.state.notices);
    assert_eq!((page.state.config.epochs, page.state.config.batch), (4, 64));
    page.tell(Msg::Dismiss(0));
    page.tell(Msg::Dismiss(7));
    assert_eq!(page.state.notices.len(), 1);
}

#[test]
fn notices_are_few_and_each_is_shown_once() {
    let mut page = Page::new("");
    for text in ["a", "b", "a", "c", "d", "e", "f"] {
        page.tell(Msg::Notice(text.to_owned()));
    }
    assert_eq!(page.state.notices, ["a", "c", "d", "e", "f"]);
}

#[test]
fn own_files_go_to_the_first_worker() {
    let mut page = Page::new("");
    assert_eq!(page.tell(Msg::Files), [], "there is no worker yet");
    page.tell(Msg::Compiled(Ok(())));
    assert_eq!(page.tell(Msg::Files), [Effect::SendFiles(1)]);
    let ignored = vec![FileFailure {
        file: "cat.png".to_owned(),
        address: "your files".to_owned(),
        reason: "a picture".to_owned(),
    }];
    page.hear(1, FromEngine::Opened { protocol: PROTOCOL_VERSION });
    page.hear(
        1,
        FromEngine::DataReady { source: "your files".to_owned(), seconds: 1.0, dataset: Default::default(), ignored },
    );
    assert!(page.state.notices[0].contains("cat.png"), "{:?}", page.state.notices);
    assert_eq!(page.state.data, DataPhase::Ready("your files".to_owned(), 1.0));
}

#[test]
fn files_beside_the_box_get_a_word() {
    let mut page = Page::new("");
    page.tell(Msg::StrayDrop);
    assert!(page.state.notices[0].contains("beside the box"));
}

#[test]
fn a_dataset_that_failed_is_named_and_asked_for_again() {
    let mut page = Page::new("");
    page.tell(Msg::Compiled(Ok(())));
    page.hear(1, FromEngine::Opened { protocol: PROTOCOL_VERSION });
    let failures =
        vec![FileFailure { file: "t10k".to_owned(), address: "data/t10k".to_owned(), reason: "404".to_owned() }];
    page.hear(1, FromEngine::DataFailed { failures });
    assert_eq!(page.state.phase(), "data-failed");
    assert!(!page.state.can_start());
    assert_eq!(page.announced(), ["error"]);
    let again = page.tell(Msg::Retry);
    assert!(matches!(sent(&again)[..], [(1, ToEngine::LoadData { .. })]), "{again:?}");
    assert_eq!(page.state.phase(), "loading");
}

#[test]
fn the_clipboard_is_believed_only_when_it_said_yes() {
    let mut page = Page::ready("");
    page.tell(Msg::Copied(Outcome::Done, "field", "The link is on the clipboard."));
    assert_eq!(page.state.notices, ["The link is on the clipboard."]);
    for outcome in [Outcome::Absent, Outcome::Refused("Write permission denied.".to_owned())] {
        let effects = page.tell(Msg::Copied(outcome, "field", "The link is on the clipboard."));
        assert_eq!(effects, [Effect::Select("field")]);
        assert!(page.state.notices.last().unwrap().contains("does not let this page"));
    }
}

#[test]
fn what_is_finished_can_be_exported() {
    let mut page = Page::ready("");
    assert_eq!(page.tell(Msg::Export), []);
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, finished());
    page.event(1, CNN, failure("diverged"));
    let [Effect::Download { name, text }] = &page.tell(Msg::Export)[..] else { panic!("no download") };
    assert_eq!(name, "fashion-lab-seed-42.json");
    let report: serde_json::Value = serde_json::from_str(text).unwrap();
    assert!(report["networks"]["ann"].is_object() && report["networks"]["cnn"].is_null());
    page.tell(Msg::Saved(Outcome::Refused("sandbox".to_owned())));
    assert!(page.state.notices.last().unwrap().contains("save a file"));
}

#[test]
fn the_theme_turns_round() {
    let mut page = Page::new("");
    assert_eq!(page.tell(Msg::Theme), [Effect::ShowTheme(true)]);
    assert_eq!(page.tell(Msg::Theme), [Effect::ShowTheme(false)]);
}

#[test]
fn the_address_names_the_view() {
    assert_eq!(Page::new("epochs=4").state.view, View::Train);
    let mut page = Page::new("view=mistakes&epochs=4");
    assert_eq!((page.state.view, page.state.config.epochs), (View::Mistakes, 4));
    page.tell(Msg::Fragment("epochs=4&view=runs".to_owned()));
    assert_eq!(page.state.view, View::Runs);
    assert!(page.state.notices.is_empty(), "{:?}", page.state.notices);
    // The browser's way back.
    page.tell(Msg::Fragment("epochs=4".to_owned()));
    assert_eq!(page.state.view, View::Train);
    page.tell(Msg::Fragment("view=attic".to_owned()));
    assert_eq!(page.state.view, View::Train);
    assert!(page.state.notices[0].contains("`attic`"), "{:?}", page.state.notices);
}

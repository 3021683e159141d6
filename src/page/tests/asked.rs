//! What a page around this one asks for, in each phase of the page.

use super::*;
use crate::config::Optimizer;
use crate::protocol::asked::{Asked, Incoming, Picture};
use serde_json::{Value, json};

/// Asks with the id "q", checks that there is exactly one answer and that it has this id, and returns it with the other effects.
fn ask_all(page: &mut Page, asked: Asked) -> (Value, Vec<Effect>) {
    let mut effects = page.tell(Msg::Asked(Incoming { id: Some(json!("q")), asked: Ok(asked) }));
    let mut answers = Vec::new();
    effects.retain(|effect| match effect {
        Effect::Answer(told) => {
            answers.push(serde_json::from_str::<Value>(&told.to_json()).unwrap());
            false
        }
        _ => true,
    });
    let [answer] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!(answer["id"], "q");
    (answer.clone(), effects)
}

/// Asks for what can be done, and returns the state that was answered and the other effects.
fn done(page: &mut Page, asked: Asked) -> (Value, Vec<Effect>) {
    let (answer, effects) = ask_all(page, asked);
    assert_eq!(answer["type"], "state", "{answer}");
    (answer, effects)
}

/// Asks for what cannot be done, checks that nothing changed, and returns what was said.
fn refused(page: &mut Page, asked: Asked) -> String {
    let before = page.state.clone();
    let (answer, effects) = ask_all(page, asked);
    assert_eq!((&answer["type"], &effects[..]), (&json!("error"), &[][..]), "{answer}");
    assert_eq!(page.state, before);
    answer["message"].as_str().unwrap().to_owned()
}

fn configure(settings: Value) -> Asked {
    Asked::Configure(settings.as_object().unwrap().clone())
}

/// A page whose first network trains.
fn training() -> Page {
    let mut page = Page::ready("");
    done(&mut page, Asked::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, progress(1, &[1.0]));
    page
}

/// The engine says that it holds.
fn held(page: &mut Page) {
    page.event(1, ANN, RunEvent::Paused);
    assert_eq!(page.state.phase(), "paused");
}

#[test]
fn hello_is_answered_in_each_phase_and_changes_nothing() {
    let pages = [(Page::new(""), "loading"), (Page::ready(""), "ready"), (training(), "training")];
    for (mut page, phase) in pages {
        let before = page.state.clone();
        let (answer, effects) = done(&mut page, Asked::State);
        assert_eq!((answer["phase"].as_str(), effects.len()), (Some(phase), 0));
        assert_eq!(page.state, before);
    }
    // What was not understood is answered too.
    let effects = Page::new("").tell(Msg::Asked(Incoming { id: None, asked: Err("what?".to_owned()) }));
    let [Effect::Answer(told)] = &effects[..] else { panic!("{effects:?}") };
    assert!(told.to_json().contains("what?"));
}

#[test]
fn settings_are_taken_before_between_and_during_runs() {
    for mut page in [Page::new(""), Page::ready(""), training()] {
        let before = page.state.config.clone();
        let (answer, effects) =
            done(&mut page, configure(json!({"epochs": 3, "ann_hidden": [64, 32], "flip": true, "optimizer": "sgd"})));
        let config = RunConfig { epochs: 3, ann_hidden: vec![64, 32], flip: true, optimizer: Optimizer::Sgd, ..before };
        assert_eq!(page.state.config, config);
        assert_eq!(effects, [Effect::ShowFragment(config.into())]);
        assert_eq!((&answer["next"]["epochs"], &answer["next"]["ann_hidden"]), (&json!(3), &json!([64, 32])));
    }
    // The config of a run that trains stays.
    let mut page = training();
    let (answer, _) = done(&mut page, configure(json!({"epochs": "3"})));
    assert_eq!((&answer["config"]["epochs"], &answer["next"]["epochs"]), (&json!(10), &json!(3)));
    assert_eq!(page.state.run().unwrap().config.epochs, 10);
}

#[test]
fn one_wrong_setting_refuses_all_and_each_is_named() {
    let mut page = Page::ready("");
    let said = refused(&mut page, configure(json!({"epochs": 0, "batch": 32, "colour": "red"})));
    assert!(said.contains("`epochs`") && said.contains("`colour`") && !said.contains("batch"), "{said}");
    assert!(said.contains("from 1 to 200"), "{said}");
    // Each is allowed, but they do not fit together.
    let said = refused(&mut page, configure(json!({"train": 100, "batch": 512})));
    assert!(said.contains("fewer than one batch"), "{said}");
    let many = json!({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1, "i": 1});
    let said = refused(&mut page, configure(many));
    assert!(said.contains("4 more settings") && said.matches(';').count() == 5, "{said}");
    for wrong in
        [json!({"epochs": null}), json!({"epochs": [3, 4]}), json!({"epochs": {"a": 1}}), json!({"epochs": 2.5})]
    {
        assert!(refused(&mut page, configure(wrong)).contains("`epochs`"));
    }
    // Nothing to set is no mistake.
    done(&mut page, configure(json!({})));
}

#[test]
fn a_run_starts_at_once_where_everything_is_there() {
    let mut page = Page::ready("networks=ann");
    let (answer, effects) = done(&mut page, Asked::Start);
    assert_eq!((&answer["phase"], &answer["networks"]), (&json!("training"), &json!({"ann": {"phase": "warming-up"}})));
    assert_eq!(trained_by(&effects), [(1, ANN)]);
    assert!(refused(&mut page, Asked::Start).contains("under way"));
    page.event(1, ANN, started());
    page.event(1, ANN, finished());
    let (_, effects) = done(&mut page, Asked::Start);
    assert_eq!(trained_by(&effects), [(1, ANN)], "a second run");
}

#[test]
fn a_start_before_the_engine_is_ready_is_remembered() {
    let mut page = Page::new("");
    let (answer, effects) = done(&mut page, Asked::Start);
    assert_eq!((answer["phase"].as_str(), effects.len()), (Some("loading"), 0));
    done(&mut page, Asked::Start);
    done(&mut page, configure(json!({"networks": "cnn"})));
    page.tell(Msg::Compiled(Ok(())));
    page.give_data(1);
    let effects = page.give_device(1, Backend::Flex);
    assert_eq!(trained_by(&effects), [(1, CNN)], "with the settings of the last message");
    page.event(1, CNN, started());
    let effects = page.event(1, CNN, finished());
    assert!(!page.state.is_running() && trained_by(&effects).is_empty(), "one start is one run");
}

#[test]
fn a_start_while_another_dataset_loads_is_remembered_although_the_device_is_there() {
    let mut page = Page::ready("networks=ann");
    page.tell(Msg::Files);
    assert!(done(&mut page, Asked::Start).1.is_empty());
    let effects = page.give_data(1);
    assert_eq!(trained_by(&effects), [(1, ANN)]);
}

#[test]
fn a_remembered_start_is_taken_back_by_stop_and_given_up_for_another_run() {
    let mut page = Page::new("autostart");
    done(&mut page, Asked::Stop);
    page.tell(Msg::Compiled(Ok(())));
    page.give_data(1);
    assert!(trained_by(&page.give_device(1, Backend::Flex)).is_empty());
    // A person starts a run before the device has come.
    let mut page = Page::new("networks=ann");
    page.tell(Msg::Compiled(Ok(())));
    done(&mut page, Asked::Start);
    page.give_data(1);
    page.tell(Msg::Start);
    page.give_device(1, Backend::Flex);
    page.event(1, ANN, started());
    page.event(1, ANN, finished());
    assert!(!page.state.is_running(), "no second run");
}

#[test]
fn nothing_starts_where_engine_dataset_or_settings_are_wrong() {
    let mut page = Page::new("");
    page.tell(Msg::Compiled(Err("The engine is missing.".to_owned())));
    assert_eq!(page.announced(), ["error"], "a page around this one that waits hears of it");
    assert!(refused(&mut page, Asked::Start).contains("The engine is missing."));
    let mut page = Page::new("");
    page.tell(Msg::Compiled(Ok(())));
    page.hear(1, FromEngine::Opened { protocol: PROTOCOL_VERSION });
    page.hear(1, FromEngine::DataFailed { failures: Vec::new() });
    assert!(refused(&mut page, Asked::Start).contains("dataset"));
    // The form takes each field by itself.
    let mut page = Page::ready("train=200&batch=64");
    page.tell(Msg::Set("batch", "512".to_owned()));
    assert!(refused(&mut page, Asked::Start).contains("fewer than one batch"));
}

#[test]
fn without_a_run_nothing_can_be_held_resumed_or_stopped() {
    let mut over = trained("networks=ann&epochs=1", 1);
    for page in [&mut Page::new(""), &mut Page::ready(""), &mut over] {
        for asked in [Asked::Pause, Asked::Resume, Asked::Stop] {
            assert!(refused(page, asked).contains("no run"));
        }
    }
}

#[test]
fn a_run_is_held_and_goes_on() {
    let mut page = training();
    assert!(refused(&mut page, Asked::Resume).contains("not held"));
    let (answer, effects) = done(&mut page, Asked::Pause);
    assert_eq!(sent(&effects), [(1, &ToEngine::Pause { run: 1 })]);
    assert_eq!(answer["phase"], "training", "the engine finishes its step first");
    held(&mut page);
    assert!(refused(&mut page, Asked::Pause).contains("already"));
    let (_, effects) = done(&mut page, Asked::Resume);
    assert_eq!(sent(&effects), [(1, &ToEngine::Resume { run: 1 })]);
    page.event(1, ANN, progress(2, &[1.0]));
    assert_eq!(page.state.phase(), "training");
    // A resume that comes before the engine has said that it holds takes the pause back.
    done(&mut page, Asked::Pause);
    assert_eq!(sent(&done(&mut page, Asked::Resume).1), [(1, &ToEngine::Resume { run: 1 })]);
}

#[test]
fn a_run_is_stopped_while_it_trains_and_while_it_is_held() {
    for is_held in [false, true] {
        let mut page = training();
        if is_held {
            held(&mut page);
        }
        let (answer, effects) = done(&mut page, Asked::Stop);
        assert_eq!(sent(&effects), [(1, &ToEngine::Stop { run: 1 })]);
        assert_eq!(answer["networks"].get("cnn"), None, "what has not begun is left out");
        page.event(1, ANN, RunEvent::Scoring { epoch: 1 });
        for asked in [Asked::Pause, Asked::Stop] {
            assert!(refused(&mut page, asked).contains("scored"));
        }
        page.event(1, ANN, finished());
        assert_eq!(page.announced().last().unwrap(), "result");
    }
}

#[test]
fn a_picture_is_handed_on_in_each_phase() {
    let picture = Picture::Pixels(vec![0; 784].into());
    for mut page in [Page::new(""), Page::ready(""), training()] {
        let asked = || Ok(Asked::Classify(picture.clone()));
        let handed_on = Effect::Classify { id: Some(json!(7)), picture: picture.clone() };
        let effects = page.tell(Msg::Asked(Incoming { id: Some(json!(7)), asked: asked() }));
        assert!(effects == [Effect::OpenClassifier, handed_on.clone()], "the program that answers is loaded first");
        let effects = page.tell(Msg::Asked(Incoming { id: Some(json!(7)), asked: asked() }));
        assert!(effects == [handed_on], "and only once");
    }
}

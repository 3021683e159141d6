//! The decisions of the classifier, without a browser.

use super::effect::{Effect, Msg, SHIPPED};
use super::networks::Source;
use super::state::{ImageName, State, View};
use super::update;
use crate::fashion_mnist::{ImageSet, PIXELS};
use crate::protocol::classifier::{FromClassifier, ShownRun, ToClassifier};

fn shipped(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/public/models/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// With everything that ships.
fn ready() -> State {
    let mut state = State::new(View::Alone, false, false);
    for name in SHIPPED {
        update(&mut state, Msg::Shipped(name, Ok(shipped(name))));
    }
    state
}

#[test]
fn the_shipped_networks_answer_to_the_first_garment_as_soon_as_they_are_here() {
    let mut state = State::new(View::Alone, false, false);
    update(&mut state, Msg::Shipped(SHIPPED[0], Ok(shipped(SHIPPED[0]))));
    assert_eq!((state.looked_at, state.answers.len()), (Some(ImageName::Garment(0)), 0));
    update(&mut state, Msg::Shipped(SHIPPED[2], Ok(shipped(SHIPPED[2]))));
    assert_eq!(state.answers.len(), 1);
    update(&mut state, Msg::Shipped(SHIPPED[1], Ok(shipped(SHIPPED[1]))));
    let kinds: Vec<_> = state.answers.iter().map(|answer| answer.kind.key()).collect();
    assert_eq!(kinds, ["ann", "cnn"]);
    for answer in state.answers.iter() {
        let sum: f32 = answer.probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    }
    assert!(state.notices.is_empty());
}

#[test]
fn a_file_that_is_missing_or_damaged_is_named_and_the_rest_works() {
    let mut state = State::new(View::Alone, false, false);
    update(&mut state, Msg::Shipped(SHIPPED[0], Ok(shipped(SHIPPED[0]))));
    update(&mut state, Msg::Shipped(SHIPPED[1], Err("the server answered 404".to_owned())));
    update(&mut state, Msg::Shipped(SHIPPED[2], Ok(shipped(SHIPPED[2]))));
    assert!(state.notices[0].contains("models/ann.safetensors") && state.notices[0].contains("404"));
    assert_eq!(state.answers.len(), 1);
    let before = state.clone();
    update(&mut state, Msg::Weights("a.safetensors".to_owned(), Ok(vec![1, 2, 3])));
    assert_eq!(state.networks, before.networks);
    assert!(state.notices[1].contains("Nothing was changed"), "{:?}", state.notices);
}

#[test]
fn an_image_of_the_dataset_is_asked_for_and_answered_when_it_comes() {
    let mut state = ready();
    let look = ToClassifier::Look { set: ImageSet::Test, index: 7 };
    let asked = update(&mut state, Msg::Page(look, Vec::new()));
    assert_eq!(asked, [Effect::Tell(FromClassifier::Want { set: ImageSet::Test, indices: vec![7] })]);
    assert!(state.answers.is_empty(), "no answer of another image stands there meanwhile");
    let images = ToClassifier::Images { set: ImageSet::Test, indices: vec![7], labels: vec![3] };
    update(&mut state, Msg::Page(images, vec![9; PIXELS]));
    assert_eq!(state.answers.len(), 2);
    assert_eq!(state.image(ImageName::Test(7)).unwrap().label, 3);
    assert!(update(&mut state, Msg::Look(ImageName::Test(7))).is_empty(), "it is not asked for twice");
}

#[test]
fn networks_of_a_file_answer_until_another_source_is_chosen() {
    let mut state = ready();
    assert_eq!(state.networks.source(), Source::Shipped);
    update(&mut state, Msg::Weights("mine".to_owned(), Ok(shipped("cnn.safetensors"))));
    assert_eq!((state.networks.source(), state.answers.len()), (Source::Files, 1));
    update(&mut state, Msg::Choose(Source::Shipped));
    assert_eq!((state.networks.source(), state.answers.len()), (Source::Shipped, 2));
}

#[test]
fn a_checkpoint_of_another_run_or_a_damaged_one_changes_no_network() {
    let mut state = ready();
    let run = ShownRun { id: 5, name: "run 1".to_owned(), epochs: 2, open: None };
    update(&mut state, Msg::Page(ToClassifier::Run { run: Some(run) }, Vec::new()));
    let network = |run| ToClassifier::Network { network: crate::config::NetworkKind::Cnn, run, epoch: 2 };
    update(&mut state, Msg::Page(network(4), b"FLCP".to_vec()));
    assert!(state.notices.is_empty(), "it comes late and is dropped");
    update(&mut state, Msg::Page(network(5), b"FLCP".to_vec()));
    assert!(state.notices[0].contains("CNN"), "{:?}", state.notices);
    assert_eq!(state.networks.source(), Source::Shipped);
}

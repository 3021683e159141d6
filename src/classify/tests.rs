//! The decisions of the classifier, without a browser.

mod files;

use super::effect::{Effect, Msg};
use super::images::{ImageName, SHIPPED};
use super::networks::Source;
use super::state::{State, View};
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
    assert_eq!(asked, [Effect::Tell(FromClassifier::Want(ImageSet::Test, vec![7]))]);
    assert!(state.answers.is_empty(), "no answer of another image stands there meanwhile");
    let images = ToClassifier::Images { set: ImageSet::Test, indices: vec![7], labels: vec![3] };
    update(&mut state, Msg::Page(images, vec![9; PIXELS]));
    assert_eq!(state.answers.len(), 2);
    assert_eq!(state.image(ImageName::Test(7)).unwrap().label, Some(3));
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

/// Works until nothing is left; returns how many pieces it took.
fn work(state: &mut State) -> usize {
    let mut pieces = 0;
    while update(state, Msg::Work).contains(&Effect::Later) {
        pieces += 1;
        assert!(pieces < 10_000);
    }
    pieces
}

fn inside() -> State {
    let mut state = ready();
    state.in_page = true;
    let show = ToClassifier::Show { view: "inside".to_owned(), dark: true };
    let effects = update(&mut state, Msg::Page(show, Vec::new()));
    assert!(effects.contains(&Effect::Later));
    state
}

#[test]
fn inside_shows_both_networks_at_once_and_computes_the_rest_piece_by_piece() {
    let mut state = inside();
    assert_eq!(state.inside.looks.len(), 2);
    assert!(state.inside.looks.iter().all(|look| !look.about.occlusion.is_done() && look.changed_by_shift.is_none()));
    assert!(work(&mut state) > 10);
    for look in &state.inside.looks {
        assert!(look.about.occlusion.is_done() && look.changed_by_shift.is_some());
        let answer = state.answers.iter().find(|answer| answer.kind == look.kind()).unwrap();
        for (a, b) in look.trace.probabilities().iter().zip(answer.probabilities.iter()) {
            // The view computes in 64 bits, the answer in 32.
            assert!((a - f64::from(*b)).abs() < 1e-4, "{a} {b}");
        }
    }
    update(&mut state, Msg::Explain(Some(6)));
    assert!(state.inside.looks.iter().all(|look| look.about.class == 6 && !look.about.occlusion.is_done()));
    update(&mut state, Msg::Next(1));
    assert_eq!(state.looked_at, Some(ImageName::Garment(1)));
    assert!(state.inside.looks.iter().all(|look| look.about.class == 6), "the class stays with the next image");
}

#[test]
fn a_pooled_value_is_followed_back_to_the_convolution() {
    let state = inside();
    let look = state.inside.get(crate::config::NetworkKind::Cnn).unwrap();
    let is_pool = |place: usize| look.trace.stages()[place].kind == crate::inspect::StageKind::MaxPool;
    let (pool, _) = look.stages.iter().find(|(place, _)| is_pool(*place)).unwrap();
    let behind = look.behind(*pool, 100);
    let kinds: Vec<_> = behind.iter().map(|step| look.trace.stages()[step.stage].kind).collect();
    use crate::inspect::StageKind::*;
    assert_eq!(kinds, [MaxPool, Activation, Convolution]);
    for step in &behind {
        let value = look.trace.stages()[step.stage].values[step.index];
        // Sums in another order.
        assert!((step.arithmetic.total - value).abs() < 1e-9, "{step:?}");
    }
}

#[test]
fn the_plane_waits_for_its_images() {
    let mut state = inside();
    work(&mut state);
    assert!(state.planes.iter().all(|plane| plane.done == 0 && plane.pca.is_none()));
    let indices: Vec<u32> = (0..super::plane::IMAGES).collect();
    let labels = vec![0; indices.len()];
    let pixels: Vec<u8> = (0..indices.len() * PIXELS).map(|i| (i * 7 % 251) as u8).collect();
    let asked = update(&mut state, Msg::Page(ToClassifier::Images { set: ImageSet::Test, indices, labels }, pixels));
    assert!(asked.contains(&Effect::Later));
    work(&mut state);
    for plane in &state.planes {
        assert_eq!(plane.pca.as_ref().unwrap().points.len(), super::plane::IMAGES as usize);
    }
}

#[test]
fn a_page_around_it_gets_answers_as_soon_as_the_networks_are_here() {
    use crate::protocol::asked::read;
    let asked = |text: serde_json::Value| read(&text.to_string()).unwrap();
    let envelope = |kind: &str| serde_json::json!({"target": "fashion-lab", "version": 1, "id": "q", "type": kind});
    let said = |effects: &[Effect]| -> serde_json::Value {
        let [Effect::Answer(_, message)] = effects else { panic!("{effects:?}") };
        serde_json::from_str(&message.to_json()).unwrap()
    };
    let mut state = State::new(View::Alone, false, false);
    let hello = said(&update(&mut state, Msg::Asked(1, asked(envelope("hello")))));
    assert_eq!((&hello["type"], &hello["phase"], &hello["id"]), (&"state".into(), &"loading".into(), &"q".into()));
    let mut question = envelope("classify");
    question["pixels"] = vec![0; PIXELS].into();
    assert!(update(&mut state, Msg::Asked(2, asked(question))).is_empty(), "the networks are not here");
    update(&mut state, Msg::Shipped(SHIPPED[0], Ok(shipped(SHIPPED[0]))));
    update(&mut state, Msg::Shipped(SHIPPED[1], Ok(shipped(SHIPPED[1]))));
    let answer = said(&update(&mut state, Msg::Shipped(SHIPPED[2], Ok(shipped(SHIPPED[2])))));
    assert_eq!((&answer["type"], &answer["id"]), (&"classified".into(), &"q".into()));
    assert_eq!(answer["cnn"]["probabilities"].as_array().unwrap().len(), 10);
    assert_eq!(state.looked_at, Some(ImageName::Own), "alone it shows the picture");
    let refused = said(&update(&mut state, Msg::Asked(3, asked(envelope("start")))));
    assert_eq!(refused["type"], "error");
}

#[test]
fn a_picture_of_an_address_is_prepared_and_one_that_cannot_be_read_is_refused() {
    use crate::prepare::Picture;
    use crate::protocol::asked::Picture as Asked;
    let mut state = ready();
    state.in_page = true;
    let ask = |ticket| ToClassifier::Classify { ticket, id: None, picture: Asked::Address("data:image/png,".into()) };
    let effects = update(&mut state, Msg::Page(ask(4), Vec::new()));
    assert_eq!(effects, [Effect::Decode(4, "data:image/png,".into())]);
    let before = state.looked_at;
    let picture = Picture::new(2, 2, vec![200; 16]).unwrap();
    let effects = update(&mut state, Msg::Decoded(4, Ok(picture.into())));
    assert!(matches!(effects[..], [Effect::Answer(4, _)]), "{effects:?}");
    assert_eq!(state.looked_at, before, "in the page nothing that is shown changes");
    update(&mut state, Msg::Page(ask(5), Vec::new()));
    let effects = update(&mut state, Msg::Decoded(5, Err("it is damaged".to_owned())));
    let [Effect::Answer(5, message)] = &effects[..] else { panic!("{effects:?}") };
    assert!(message.to_json().contains("it is damaged"));
    assert!(update(&mut state, Msg::Decoded(5, Err("again".to_owned()))).is_empty(), "it is answered once");
}

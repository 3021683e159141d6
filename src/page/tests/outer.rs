//! What a page around this one hears.

use super::*;
use crate::page::outer::state_message;
use serde_json::{Value, json};

fn told(page: &Page, id: Option<Value>) -> Value {
    serde_json::from_str(&state_message(&page.state, id).to_json()).unwrap()
}

#[test]
fn a_hello_before_anything_happened_hears_that_the_page_loads() {
    let told = told(&Page::new(""), None);
    assert_eq!((told["type"].as_str(), told["phase"].as_str()), (Some("state"), Some("loading")));
    assert_eq!((told["config"]["epochs"].as_u64(), &told["networks"]), (Some(10), &json!({})));
    for absent in ["ready", "report", "id"] {
        assert!(told.get(absent).is_none(), "{absent} in {told}");
    }
}

#[test]
fn a_late_listener_hears_the_device_and_the_last_progress_of_each_network() {
    let mut page = Page::ready("");
    page.tell(Msg::Start);
    page.event(1, ANN, started());
    page.event(1, ANN, progress(2, &[1.5, 0.5]));
    let now = told(&page, Some(json!("q1")));
    assert_eq!((now["id"].as_str(), now["phase"].as_str()), (Some("q1"), Some("training")));
    assert_eq!(now["ready"], json!({"backend": "flex", "adapter": "adapter", "why": "why"}));
    let ann = &now["networks"]["ann"];
    assert_eq!(ann["phase"], "training");
    let expected =
        json!({"network": "ann", "epoch": 1, "step": 2, "images_per_s": 100.0, "loss": 0.5, "accuracy": 0.5});
    assert_eq!(ann["progress"], expected);
    assert_eq!(now["networks"]["cnn"], json!({"phase": "waiting"}));
    page.event(1, ANN, finished());
    assert!(told(&page, None).get("report").is_none(), "the run is not over");
    page.event(1, CNN, failure("diverged"));
    assert!(told(&page, None)["report"]["networks"]["ann"].is_object());
}

#[test]
fn messages_of_another_run_are_not_told() {
    let mut page = Page::ready("networks=ann");
    page.tell(Msg::Start);
    page.event(1, ANN, finished());
    page.tell(Msg::Start);
    page.effects.clear();
    page.event(1, ANN, progress(2, &[1.0]));
    assert_eq!(page.announced(), Vec::<String>::new());
    page.event_of(1, ModelId { run: 1001, network: ANN }, progress(2, &[1.0]));
    page.event_of(1, ModelId { run: 1001, network: ANN }, epoch(1));
    assert_eq!(page.announced(), ["progress", "evaluated"]);
}

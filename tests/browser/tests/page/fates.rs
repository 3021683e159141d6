//! Each network of a run ends by its own fate: where one diverges, the other is still trained, shown, exported and posted.
//!
//! A learning rate of 10 makes the default networks diverge within some steps. Bounded activations keep the other one finite. Both
//! follow from seed and settings, not from the machine.

use crate::help::{Lab, minutes, number, phase, press, quiet, result, show_view, text_of, word};
use anyhow::{Result, ensure};
use browser::Page;
use serde_json::Value;

const RUN: &str = "backend=flex&workers=1&train=300&epochs=1&batch=32&optimizer=sgd&learning_rate=10";
const FINITE_ANN: &str = "ann_hidden=16&ann_activation=tanh";
const FINITE_CNN: &str = "cnn_channels=4&cnn_activation=tanh&cnn_dense=16";

/// Keeps what the page saves as a file, and every phase that a network comes into.
const WATCH: &str = r"
const make = URL.createObjectURL;
URL.createObjectURL = blob => {
    if (blob.type === 'application/json') window.__saved = blob;
    return make.call(URL, blob);
};
window.__phases = [];
new MutationObserver(changes => changes.forEach(({target}) => {
    if (target.dataset.network) window.__phases.push([target.dataset.network, target.dataset.phase]);
})).observe(document, {subtree: true, attributeFilter: ['data-phase']});
";

/// Trains with these settings at once. Gives the page once its run is over.
fn run(lab: &Lab, settings: &str) -> Result<Page> {
    let page = lab.chrome.open("about:blank")?;
    page.before_all(WATCH)?;
    page.go(&format!("{}#autostart&{RUN}&{settings}", lab.server.address()))?;
    phase(&page, "failed", minutes(5))?;
    Ok(page)
}

/// The phase of one network.
fn phase_of(page: &Page, network: &str) -> Result<Value> {
    page.eval(&format!("document.querySelector('[data-network={network}]')?.dataset.phase"))
}

/// The run of these settings loses one network and finishes the other one.
fn one_fails(settings: &str, failed: &str, finished: &str) -> Result<()> {
    let lab = Lab::new()?;
    let page = run(&lab, settings)?;
    // Posted.
    let report = result(&page, minutes(1))?;
    ensure!(page.events("result")?.len() == 1, "the result is posted more than once");
    ensure!(report["networks"][failed].is_null(), "the {failed} has a result: {}", report["networks"][failed]["ended"]);
    let network = &report["networks"][finished];
    ensure!(word(network, "/ended")? == "completed", "the {finished} ended as {}", network["ended"]);
    let told = page.events("error")?;
    let name = format!("the {} ended", failed.to_uppercase());
    let names = |e: &Value| e["message"].as_str().is_some_and(|m| m.contains(&name));
    ensure!(told.len() == 1 && told.iter().all(names), "a page around this one hears {told:?}");
    ensure!(word(&told[0], "/message")?.contains("smaller learning rate"), "there is no next step in {told:?}");
    // Shown.
    let accuracy = number(network, "/test/accuracy")?;
    let shown = text_of(&page, &format!(".progress.{finished}"))?;
    ensure!(shown.contains("on the test set"), "the {finished} is shown as {shown}");
    let said = text_of(&page, &format!(".progress.{failed}"))?;
    ensure!(said.contains("ended without a result"), "the {failed} is shown as {said}");
    let notices = text_of(&page, "#notices")?;
    ensure!(notices.contains("smaller learning rate"), "the notices are {notices}");
    show_view(&page, "compare")?;
    let table = text_of(&page, ".comparison")?;
    let percent = format!("{:.1}", accuracy * 100.0);
    ensure!(table.contains(&percent), "{percent} is not in the table: {table}");
    // Exported.
    press(&page, "export")?;
    // Read by the browser, as the posted one was: JavaScript writes 1.0 as 1.
    let exported = page.wait("window.__saved?.text().then(JSON.parse)", minutes(1))?;
    ensure!(exported == report, "the exported report is not the posted one");
    // Each stays as it is, and a next run can start.
    ensure!(phase_of(&page, failed)? == "failed" && phase_of(&page, finished)? == "done", "the phases changed");
    let phases: Vec<(String, String)> = serde_json::from_value(page.eval("window.__phases")?)?;
    let mut later = phases.iter().filter(|(network, _)| network == failed).skip_while(|(_, phase)| phase != "failed");
    ensure!(later.all(|(_, phase)| phase == "failed"), "the {failed} came back to life: {phases:?}");
    page.wait("document.querySelector('[data-action=start]')?.disabled === false", minutes(1))?;
    quiet(&page)
}

#[test]
fn a_network_that_diverges_first_leaves_the_other_one_its_run() -> Result<()> {
    one_fails(FINITE_CNN, "ann", "cnn")
}

#[test]
fn a_network_that_is_finished_stays_so_when_the_next_one_diverges() -> Result<()> {
    one_fails(FINITE_ANN, "cnn", "ann")
}

#[test]
fn side_by_side_each_network_ends_by_its_own_fate() -> Result<()> {
    one_fails(&format!("order=side&{FINITE_CNN}"), "ann", "cnn")?;
    one_fails(&format!("order=side&{FINITE_ANN}"), "cnn", "ann")
}

#[test]
fn where_both_diverge_nothing_is_exported_and_both_are_named() -> Result<()> {
    for order in ["turn", "side"] {
        let lab = Lab::new()?;
        let page = run(&lab, &format!("order={order}"))?;
        page.wait("window.__events.filter(e => e.type === 'error').length === 2", minutes(1))?;
        let told = page.events("error")?;
        for name in ["ANN", "CNN"] {
            let named =
                told.iter().any(|e| e["message"].as_str().is_some_and(|m| m.contains(&format!("the {name} ended"))));
            ensure!(named, "the {name} is not named in {told:?}");
        }
        ensure!(page.events("result")?.is_empty(), "a result is posted of nothing");
        ensure!(
            page.eval("document.querySelector('[data-action=export]').disabled")? == true,
            "nothing can be exported"
        );
        page.wait("document.querySelector('[data-action=start]')?.disabled === false", minutes(1))?;
        quiet(&page)?;
    }
    Ok(())
}

//! The page in frames of other pages: in a frame without an origin, with and without CORS headers of the host; and the messages between
//! both pages.

use crate::help::{Lab, can_start, minutes, phase, quiet, text_of, word};
use anyhow::{Result, ensure};
use browser::Page;
use serde_json::{Value, json};
use std::time::Duration;

const SMALL: &str = "backend=flex&networks=ann&train=1000&epochs=1&batch=64";

/// Opens a course page on another origin, with the lab in a frame that has these attributes.
fn course(lab: &Lab, attributes: &str, fragment: &str) -> Result<Page> {
    let inside = format!("{}#{fragment}", lab.server.address()).replace('&', "&amp;");
    let html = format!(
        "<!doctype html><meta charset=utf-8><title>Course</title><iframe src=\"{inside}\" {attributes} width=\"900\" height=\"600\"></iframe>"
    );
    lab.server.add("/course.html", html);
    // Under its number the host is another origin.
    lab.chrome.open(&format!("{}course.html", lab.server.address_at("127.0.0.1")))
}

/// Opens the page itself as one without an origin, as `sandbox="allow-scripts"` does, but in a tab of its own that can be looked into.
///
/// In such a tab, and in no frame, Chromium now and then asks for the style sheets and never for the first script. The document then
/// stays as it came, and is loaded again.
pub fn without_origin(lab: &Lab, fragment: &str) -> Result<Page> {
    const LOADS: usize = 16;
    lab.server.header("/", "Content-Security-Policy", "sandbox allow-scripts");
    let page = lab.open(fragment)?;
    for _ in 1..LOADS {
        // The help is there until the first script runs.
        if page.wait("!document.getElementById('opening-help')", Duration::from_secs(10)).is_ok() {
            break;
        }
        page.reload()?;
    }
    Ok(page)
}

pub fn with_cors(lab: &Lab) {
    lab.server.header("", "Access-Control-Allow-Origin", "*");
}

/// Asks for the state and gives the answer.
fn hello(page: &Page, window: &str, id: &str) -> Result<Value> {
    page.eval(&format!("{window}.postMessage({{target: 'fashion-lab', version: 1, id: '{id}', type: 'hello'}}, '*')"))?;
    page.wait(&format!("window.__events.find(e => e.id === '{id}')"), minutes(1))
}

#[test]
fn a_sandboxed_frame_trains_where_the_host_allows_it() -> Result<()> {
    for workers in [1, 2] {
        let lab = Lab::new()?;
        with_cors(&lab);
        let page = course(&lab, "sandbox=\"allow-scripts\"", &format!("autostart&workers={workers}&{SMALL}"))?;
        let report = page.event("result", minutes(5))?["report"].take();
        let ann = &report["networks"]["ann"];
        ensure!(word(ann, "/ended")? == "completed", "it ended as {}", ann["ended"]);
        ensure!(ann["workers"] == workers, "{} of {workers} workers trained", ann["workers"]);
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn a_sandboxed_frame_without_the_hosts_leave_says_what_to_send() -> Result<()> {
    let lab = Lab::new()?;
    let page = course(&lab, "sandbox=\"allow-scripts\"", SMALL)?;
    let told = page.wait("window.__events.find(e => e.type === 'error')", minutes(1))?;
    ensure!(word(&told, "/message")?.contains("frame without an origin"), "the course page hears {told}");
    let late = hello(&page, "document.querySelector('iframe').contentWindow", "late")?;
    ensure!(late["phase"] == "cannot-open" && late["message"] == told["message"], "a late listener hears {late}");

    // What a person reads in it.
    let lab = Lab::new()?;
    let page = without_origin(&lab, SMALL)?;
    phase(&page, "cannot-open", minutes(1))?;
    let said = text_of(&page, "main")?;
    ensure!(said.contains("Access-Control-Allow-Origin: *") && said.contains("allow-same-origin"), "it says: {said}");
    let link = page.eval("(a => a && [a.target, a.rel, a.href])(document.querySelector('#opening a'))")?;
    ensure!(link == json!(["_blank", "noopener", format!("{}#{SMALL}", lab.server.address())]), "the link is {link}");
    Ok(())
}

#[test]
fn nothing_that_a_page_without_origin_is_refused_stops_it() -> Result<()> {
    let lab = Lab::new()?;
    with_cors(&lab);
    let page = without_origin(&lab, &format!("autostart&workers=2&{SMALL}"))?;
    let report = page.event("result", minutes(5))?["report"].take();
    ensure!(report["networks"]["ann"]["workers"] == 2, "the helper did not work");
    // Storage, history, clipboard and download.
    for action in ["theme", "copy-link", "export"] {
        page.click(&format!("[data-action={action}]"))?;
    }
    page.click("[data-preset=quick]")?;
    let told = hello(&page, "window", "alive")?;
    ensure!(told["phase"] == "done", "it is {} afterwards", told["phase"]);
    ensure!(can_start(&page)?, "there is no second run");
    quiet(&page)
}

#[test]
fn a_listener_that_comes_late_hears_the_present_state() -> Result<()> {
    let lab = Lab::new()?;
    let page = course(&lab, "", &format!("autostart&workers=1&{SMALL}"))?;
    page.event("result", minutes(5))?;
    // As if it had not heard anything before.
    page.eval("window.__events.length = 0")?;
    let told = hello(&page, "document.querySelector('iframe').contentWindow", "late")?;
    ensure!(told["type"] == "state" && told["source"] == "fashion-lab" && told["version"] == 1, "it hears {told}");
    ensure!(
        told["phase"] == "done" && told["config"]["train"] == 1000,
        "it hears {} and {}",
        told["phase"],
        told["config"]
    );
    ensure!(told["ready"]["backend"] == "flex", "the device is {}", told["ready"]);
    let ann = &told["networks"]["ann"];
    ensure!(ann["phase"] == "done" && ann["progress"]["step"].as_u64() > Some(0), "the ANN is {ann}");
    ensure!(ann["evaluated"]["epoch"] == 1, "the ANN is {ann}");
    ensure!(told["report"]["networks"]["ann"]["ended"] == "completed", "the report is not in the state");
    quiet(&page)
}

#[test]
fn strange_messages_are_ignored_and_misunderstood_ones_answered() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open(SMALL)?;
    phase(&page, "ready", minutes(5))?;
    let before = page.eval("window.__events.length")?;
    page.eval(
        "[null, 7, 'hello', {}, {target: 'other', type: 'hello'}, {type: 'hello'}, {target: {}, type: 'hello'}].forEach(m => window.postMessage(m, '*'))",
    )?;
    page.eval("window.postMessage({target: 'fashion-lab', version: 1, id: 'odd', type: 'dance'}, '*')")?;
    let told = page.wait("window.__events.find(e => e.id === 'odd')", minutes(1))?;
    ensure!(told["type"] == "error" && word(&told, "/message")?.contains("dance"), "it hears {told}");
    let after = page.eval("window.__events.length")?;
    ensure!(after.as_u64() == before.as_u64().map(|n| n + 1), "{before} messages became {after}");
    let told = hello(&page, "window", "then")?;
    ensure!(told["phase"] == "ready" && told["networks"] == json!({}), "it hears {told}");
    quiet(&page)
}

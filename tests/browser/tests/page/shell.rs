//! The page around a run: it opens before its engine, lives under any path and in a frame, and says what is wrong with its address.

use crate::help::{Lab, can_start, dist, keeps_to_itself, minutes, phase, quiet, text_of, word};
use anyhow::{Result, ensure};
use browser::{Fault, Gpu, Site};
use std::time::Duration;

/// The engine that Chromium takes, because it has relaxed SIMD.
const ENGINE: &str = "engine-relaxed_bg.wasm";
const SMALL: &str = "backend=flex&networks=ann&train=1000&epochs=1&batch=64&workers=1";

#[test]
fn a_bad_value_in_the_address_is_named_and_replaced_by_its_default() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open("epochs=0&colour=red&batch=32")?;
    page.wait("document.querySelectorAll('#notices .notice').length === 2", minutes(1))?;
    let notices = text_of(&page, "#notices")?;
    for part in ["Epochs", "`0`", "colour"] {
        ensure!(notices.contains(part), "{part} is not named in: {notices}");
    }
    let shown = |field: &str| page.eval(&format!("document.querySelector('input[name={field}]').value"));
    ensure!(shown("epochs")? == "10", "the default of the epochs is not shown, but {}", shown("epochs")?);
    ensure!(shown("batch")? == "32", "a good value was lost beside a bad one: {}", shown("batch")?);
    quiet(&page)
}

#[test]
fn the_page_trains_under_any_path_and_asks_for_nothing_above_it() -> Result<()> {
    const BASE: &str = "/some/course/";
    let lab = Lab::with(Site::of(dist()).below(BASE), Gpu::None)?;
    let (page, report) = lab.train(SMALL, minutes(5))?;
    ensure!(word(&report, "/networks/ann/ended")? == "completed", "no run");
    let asked = lab.server.asked();
    let above: Vec<_> = asked.iter().filter(|path| !path.starts_with(BASE)).collect();
    ensure!(above.is_empty(), "it asked for {above:?}");
    ensure!(asked.iter().any(|path| path.contains("engine-relaxed_bg")), "the engine is not from there: {asked:?}");
    keeps_to_itself(&page, &lab.chrome)?;
    quiet(&page)
}

#[test]
fn the_page_is_there_while_its_engine_is_on_the_way() -> Result<()> {
    let late = Duration::from_secs(5);
    let lab = Lab::new()?;
    lab.server.fail(ENGINE, Fault::Late(late));
    let page = lab.open("")?;
    let at = page.wait("window.__shell", minutes(1))?.as_f64().unwrap_or(f64::MAX);
    ensure!(at < late.as_secs_f64() * 1e3, "the page came {at:.0} ms after its address, not before the engine");
    ensure!(!can_start(&page)?, "a run can start without an engine");
    ensure!(text_of(&page, ".setup")?.contains("Engine"), "the engine's progress is not shown");
    println!("start button after {at:.0} ms");
    phase(&page, "ready", minutes(5))?;
    ensure!(can_start(&page)?, "a ready page cannot start");
    quiet(&page)
}

#[test]
fn a_missing_engine_is_named_and_can_be_had_again() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.fail(ENGINE, Fault::Missing);
    let page = lab.open("")?;
    phase(&page, "engine-failed", minutes(1))?;
    let said = text_of(&page, ".failure")?;
    let address = lab.server.file(ENGINE)?;
    ensure!(said.contains(&address) && said.contains("404"), "address and status are not in: {said}");
    ensure!(!can_start(&page)?, "a run can start without an engine");
    lab.server.heal();
    page.click("[data-action=retry-engine]")?;
    phase(&page, "ready", minutes(5))?;
    ensure!(can_start(&page)?, "a ready page cannot start");
    quiet(&page)
}

#[test]
fn without_relaxed_simd_the_plain_engine_trains() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.chrome.open("about:blank")?;
    page.before_all("WebAssembly.validate = () => false")?;
    page.go(&format!("{}#autostart&backend=flex&{}", lab.server.address(), SMALL))?;
    let result = page.event("result", minutes(5))?;
    let adapter = word(&result, "/report/device/adapter")?;
    ensure!(adapter == "WebAssembly, SIMD128", "the adapter is {adapter}");
    quiet(&page)
}

#[test]
fn a_framed_page_posts_its_messages_to_the_page_around_it() -> Result<()> {
    let lab = Lab::new()?;
    let inside = format!("{}#autostart&{}", lab.server.address(), SMALL);
    let course = format!(
        "<!doctype html><title>Course</title><iframe src=\"{}\" width=\"900\" height=\"600\"></iframe>",
        inside.replace('&', "&amp;")
    );
    lab.server.add("/course.html", course);
    // Under its number the host is another origin, as a course page usually is.
    let around = format!("{}course.html", lab.server.address()).replace("localhost", "127.0.0.1");
    let page = lab.chrome.open(&around)?;
    let result = page.event("result", minutes(5))?;
    ensure!(result["version"] == 1, "the messages are of version {}", result["version"]);
    ensure!(word(&result, "/report/networks/ann/ended")? == "completed", "no run in the frame");
    for kind in ["ready", "progress", "evaluated"] {
        ensure!(!page.events(kind)?.is_empty(), "the course page heard no {kind}");
    }
    quiet(&page)
}

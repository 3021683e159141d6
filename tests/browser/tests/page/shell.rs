//! The page around a run: it opens before its engine, lives under any path and in a frame, and says what is wrong with its address.

use crate::help::{Lab, can_start, dist, keeps_to_itself, minutes, phase, press, quiet, text_of, word};
use anyhow::{Context, Result, ensure};
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
    let lab = Lab::new()?;
    lab.server.fail(ENGINE, Fault::Late(Duration::from_secs(10)));
    let page = lab.open("")?;
    page.wait("window.__shell", minutes(1))?;
    ensure!(!can_start(&page)?, "a run can start without an engine");
    ensure!(text_of(&page, ".setup")?.contains("Engine"), "the engine's progress is not shown");
    phase(&page, "ready", minutes(5))?;
    let engine = format!("performance.getEntriesByName('{}')[0]?.responseStart", lab.server.file(ENGINE)?);
    let (at, engine) = (page.eval("window.__shell")?.as_f64(), page.eval(&engine)?.as_f64());
    let (at, engine) = (at.context("no time of the page")?, engine.context("no time of the engine")?);
    ensure!(at < engine, "the page came after {at:.0} ms, the engine's first byte after {engine:.0} ms");
    println!("start button after {at:.0} ms");
    ensure!(can_start(&page)?, "a ready page cannot start");
    quiet(&page)
}

#[test]
fn the_start_button_names_the_networks_that_it_trains() -> Result<()> {
    let lab = Lab::new()?;
    for (networks, label) in [("both", "Train both networks"), ("ann", "Train the ANN"), ("cnn", "Train the CNN")] {
        let page = lab.open(&format!("networks={networks}"))?;
        page.wait("document.querySelector('[data-action=start]')", minutes(1))?;
        let said = text_of(&page, "[data-action=start]")?;
        ensure!(said == label, "with networks={networks} it says: {said}");
        page.close()?;
    }
    let page = lab.open(SMALL)?;
    page.wait("document.querySelector('[name=networks]')", minutes(1))?;
    let says = |label: &str| {
        page.wait(&format!("document.querySelector('[data-action=start]').innerText === '{label}'"), minutes(1))
    };
    for (networks, label) in [("cnn", "Train the CNN"), ("both", "Train both networks"), ("ann", "Train the ANN")] {
        page.eval(&format!(
            "(e => {{ e.value = '{networks}'; e.dispatchEvent(new Event('change', {{bubbles: true}})); }})(document.querySelector('[name=networks]'))"
        ))?;
        says(label)?;
    }
    press(&page, "start")?;
    phase(&page, "done", minutes(5))?;
    says("Train the ANN again")?;
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

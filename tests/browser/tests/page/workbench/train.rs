//! A run watched to its end: the garments' answers change after each epoch, and no view makes the page slow meanwhile.

use super::{ANN, ready, step, to_the_end};
use crate::blocked;
use crate::help::{Lab, VIEWS, list, minutes, phase, press, quiet, show_view};
use anyhow::{Context, Result, ensure};
use std::collections::HashSet;

/// What is said of the garments: their classes and the networks' answers.
const GARMENTS: &str = "[...document.querySelectorAll('[data-view=train] [data-action=pick]')].map(g => g.getAttribute('aria-label') ?? g.innerText)";

#[test]
fn a_run_is_watched_to_its_end() -> Result<()> {
    let lab = Lab::new()?;
    // The last epoch of a run does not hold it.
    let page = ready(&lab, &format!("{ANN}&epochs=4"))?;
    let mut seen = Vec::new();
    for epoch in 1..=3 {
        step(&page, epoch)?;
        page.wait(&format!("({GARMENTS}).length === 20"), minutes(1))?;
        let said: Vec<String> = serde_json::from_value(page.eval(GARMENTS)?)?;
        ensure!(said.iter().all(|words| !words.is_empty()), "a garment has no words: {said:?}");
        seen.push(said);
    }
    let different: HashSet<_> = seen.iter().collect();
    ensure!(different.len() == 3, "the answers of three epochs are not three: {seen:?}");
    let report = to_the_end(&page, "resume", 0)?;
    ensure!(list(&report, "/networks/ann/history")?.len() == 4, "four epochs were trained");
    quiet(&page)
}

#[test]
fn a_garment_is_picked_by_the_keyboard_alone() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, &format!("{ANN}&epochs=2"))?;
    step(&page, 1)?;
    let picked = "[...document.querySelectorAll('[data-view=train] [data-action=pick]')].findIndex(g => g.getAttribute('aria-pressed') === 'true' || g.getAttribute('aria-checked') === 'true' || g.getAttribute('aria-selected') === 'true')";
    page.wait(&format!("({GARMENTS}).length === 20"), minutes(1))?;
    ensure!(page.eval(picked)? == 0, "the first garment is not picked at first, but {}", page.eval(picked)?);
    let stops = page.eval(
        "[...document.querySelectorAll('[data-view=train] [data-action=pick]')].filter(g => g.tabIndex === 0).length",
    )?;
    ensure!(stops == 1, "the garments are {stops} tab stops");
    page.eval(
        "(g => (g.focus(), g.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', code: 'ArrowRight', bubbles: true, cancelable: true}))))(document.querySelector('[data-view=train] [data-action=pick]'))",
    )?;
    page.wait(&format!("{picked} === 1"), minutes(1))?;
    ensure!(
        page.eval("[...document.querySelectorAll('[data-action=pick]')].indexOf(document.activeElement)")? == 1,
        "the focus stays behind"
    );
    quiet(&page)
}

#[test]
fn no_view_blocks_the_page_while_it_trains() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, "backend=flex&train=6000&epochs=2&batch=64&workers=1")?;
    // With the machine idle, before anything trains.
    let limit = blocked::limit(&blocked::pieces(&page)?)?;
    let mut wrong = Vec::new();
    for view in VIEWS {
        show_view(&page, view)?;
        page.eval("(window.__events.length = 0, window.__long.length = 0)")?;
        press(&page, "start")?;
        page.wait("window.__events.some(e => e.type === 'result')", minutes(10))?;
        phase(&page, "done", minutes(1))?;
        page.eval("new Promise(done => setTimeout(done, 1000))")?;
        let events = page.eval("window.__events")?.as_array().cloned().context("no messages")?;
        let long: Vec<(f64, f64)> = serde_json::from_value(page.eval("window.__long.map(t => [t.start, t.ms])")?)?;
        wrong.extend(blocked::over(&events, &long, None, limit)?.into_iter().map(|task| (view, task)));
    }
    ensure!(wrong.is_empty(), "tasks over {limit:.0} ms while training (view, start, ms): {wrong:?}");
    quiet(&page)
}

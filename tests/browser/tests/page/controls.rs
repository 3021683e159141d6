//! Start, pause, resume, one epoch at a time, stop; and leaving in the middle.

use crate::help::{Lab, can_start, list, minutes, phase, quiet, steps, word};
use anyhow::{Result, ensure};
use browser::Page;
use std::time::Duration;

/// A CNN, because it is slow enough to be interrupted: some seconds an epoch.
const SLOW: &str = "backend=flex&networks=cnn&train=3000&batch=64&workers=1";
/// Whole batches of 64 in the nine tenths of 3000 images that are trained on.
const STEPS: u64 = 42;

/// Opens the page with a slow run of so many epochs, ready to start.
fn ready(epochs: usize) -> Result<(Lab, Page)> {
    let lab = Lab::new()?;
    let page = lab.open(&format!("{SLOW}&epochs={epochs}"))?;
    phase(&page, "ready", minutes(5))?;
    ensure!(can_start(&page)?, "a ready page cannot start");
    ensure!(page.events("progress")?.is_empty(), "it trains without being asked to");
    Ok((lab, page))
}

/// Waits until more than this many steps are done.
fn beyond(page: &Page, before: u64) -> Result<()> {
    page.wait(&format!("window.__events.some(e => e.type === 'progress' && e.step > {before})"), minutes(5)).map(drop)
}

/// Checks that no step is done for a time in which many could be done, and returns their number.
fn holds(page: &Page) -> Result<u64> {
    let before = steps(page)?;
    std::thread::sleep(Duration::from_secs(3));
    let after = steps(page)?;
    ensure!(before == after, "a held run went on from step {before} to {after}");
    Ok(after)
}

#[test]
fn a_run_starts_pauses_and_resumes_by_its_buttons() -> Result<()> {
    let (_lab, page) = ready(2)?;
    page.click("[data-action=start]")?;
    beyond(&page, 0)?;
    ensure!(!can_start(&page)?, "a second run can start beside the first");
    page.click("[data-action=pause]")?;
    phase(&page, "paused", minutes(1))?;
    let held = holds(&page)?;
    ensure!(held < 2 * STEPS, "it was over before it paused");
    page.click("[data-action=resume]")?;
    beyond(&page, held)?;
    let result = page.event("result", minutes(10))?;
    let cnn = &result["report"]["networks"]["cnn"];
    ensure!(word(cnn, "/ended")? == "completed", "it ended as {}", cnn["ended"]);
    let losses = list(cnn, "/step_losses")?.len();
    ensure!(losses as u64 == 2 * STEPS, "a pause must not lose or repeat steps: there are {losses}");
    phase(&page, "done", minutes(1))?;
    ensure!(can_start(&page)?, "there is no second run after the first");
    quiet(&page)
}

#[test]
fn a_step_trains_exactly_one_epoch_and_stop_gives_the_result_so_far() -> Result<()> {
    let (_lab, page) = ready(50)?;
    for epoch in 1..=2 {
        page.click("[data-action=step]")?;
        page.wait(&format!("window.__events.filter(e => e.type === 'evaluated').length >= {epoch}"), minutes(5))?;
        phase(&page, "paused", minutes(1))?;
        let held = holds(&page)?;
        ensure!(held == epoch * STEPS, "epoch {epoch} ended after {held} steps");
        let evaluated = page.events("evaluated")?.len();
        ensure!(evaluated as u64 == epoch, "{evaluated} epochs are done instead of {epoch}");
    }
    page.click("[data-action=stop]")?;
    let result = page.event("result", minutes(5))?;
    let cnn = &result["report"]["networks"]["cnn"];
    ensure!(word(cnn, "/ended")? == "stopped", "it ended as {}", cnn["ended"]);
    ensure!(list(cnn, "/history")?.len() == 2, "two epochs were trained");
    quiet(&page)
}

#[test]
fn stop_in_the_middle_of_an_epoch_gives_a_result() -> Result<()> {
    let (_lab, page) = ready(50)?;
    page.click("[data-action=start]")?;
    beyond(&page, STEPS)?;
    page.click("[data-action=stop]")?;
    let result = page.event("result", minutes(5))?;
    let cnn = &result["report"]["networks"]["cnn"];
    ensure!(word(cnn, "/ended")? == "stopped", "it ended as {}", cnn["ended"]);
    let epochs = list(cnn, "/history")?.len();
    ensure!((1..50).contains(&epochs), "a stopped run of 50 epochs has {epochs}");
    ensure!(list(cnn, "/test/predictions")?.len() == 10_000, "the test set was not scored");
    phase(&page, "done", minutes(1))?;
    quiet(&page)
}

#[test]
fn a_reload_in_the_middle_of_a_run_leaves_a_page_that_trains_again() -> Result<()> {
    let (_lab, page) = ready(50)?;
    page.click("[data-action=start]")?;
    beyond(&page, 0)?;
    page.reload()?;
    phase(&page, "ready", minutes(5))?;
    let epochs = page.eval("document.querySelector('input[name=epochs]').value")?;
    ensure!(epochs == "50", "the settings were lost: {epochs} epochs");
    page.click("[data-action=start]")?;
    beyond(&page, 0)?;
    quiet(&page)
}

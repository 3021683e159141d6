//! Start, pause, resume, one epoch at a time, stop; and leaving in the middle.
//!
//! Each is tried with a CNN and with a tiny ANN, of which a whole run takes some milliseconds: what a much faster machine would do. No
//! test hopes to press a button in time. A run is held by the page (one epoch at a time), by the gate in front of the engine's steps,
//! or it is so long that it cannot end before it is stopped.

use crate::gate::Gate;
use crate::help::{Lab, can_start, list, minutes, number, phase, press, quiet, result, steps, word};
use anyhow::{Result, ensure};
use browser::Page;
use std::time::Duration;

/// Both have the same steps: [`STEPS`] an epoch.
const NETWORKS: [(&str, &str); 2] = [("cnn", "networks=cnn"), ("ann", "networks=ann&ann_hidden=8")];
const RUN: &str = "backend=flex&train=3000&batch=64&workers=1";
/// Whole batches of 64 in the nine tenths of 3000 images that are trained on. More than the steps that the engine takes at once.
const STEPS: u64 = 42;
/// 168,600 steps of a CNN: eleven minutes on a machine with 15,000 images a second.
const LONG: &str = "backend=flex&networks=cnn&train=60000&epochs=200&batch=64&workers=1";

/// Opens the page, ready to start.
fn ready(fragment: &str) -> Result<(Lab, Page)> {
    ready_in(Lab::new()?, fragment)
}

/// The same with a gate in front of the engine's steps.
fn gated(fragment: &str) -> Result<(Lab, Page)> {
    let lab = Lab::new()?;
    Gate::build(&lab)?;
    ready_in(lab, fragment)
}

fn ready_in(lab: Lab, fragment: &str) -> Result<(Lab, Page)> {
    let page = lab.open(fragment)?;
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

/// Trains one more epoch and waits until the run is held at its end.
fn step(page: &Page, epoch: u64) -> Result<()> {
    press(page, "step")?;
    page.wait(&format!("window.__events.filter(e => e.type === 'evaluated').length >= {epoch}"), minutes(5))?;
    phase(page, "paused", minutes(1))
}

#[test]
fn a_run_starts_pauses_and_resumes_by_its_buttons() -> Result<()> {
    const EPOCHS: u64 = 2;
    for (kind, network) in NETWORKS {
        let (_lab, page) = gated(&format!("{RUN}&{network}&epochs={EPOCHS}"))?;
        let gate = Gate::of(&page)?;
        gate.close()?;
        press(&page, "start")?;
        // After the first epoch's last step at the latest.
        gate.until("window.__events.some(e => e.type === 'progress')")?;
        ensure!(!can_start(&page)?, "a second run can start beside the first");
        press(&page, "pause")?;
        gate.open()?;
        phase(&page, "paused", minutes(1))?;
        let held = holds(&page)?;
        ensure!((1..EPOCHS * STEPS).contains(&held), "it was held after {held} steps");
        press(&page, "resume")?;
        beyond(&page, held)?;
        let report = page.event("result", minutes(10))?["report"].take();
        let network = &report["networks"][kind];
        ensure!(word(network, "/ended")? == "completed", "it ended as {}", network["ended"]);
        let losses = list(network, "/step_losses")?.len();
        ensure!(losses as u64 == EPOCHS * STEPS, "a pause must not lose or repeat steps: there are {losses}");
        phase(&page, "done", minutes(1))?;
        page.wait("document.querySelector('[data-action=start]')?.disabled === false", minutes(1))?;
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn a_step_trains_exactly_one_epoch_and_stop_gives_the_result_so_far() -> Result<()> {
    for (kind, network) in NETWORKS {
        let (_lab, page) = ready(&format!("{RUN}&{network}&epochs=50"))?;
        for epoch in 1..=2 {
            step(&page, epoch)?;
            let held = holds(&page)?;
            ensure!(held == epoch * STEPS, "epoch {epoch} ended after {held} steps");
            let evaluated = page.events("evaluated")?.len();
            ensure!(evaluated as u64 == epoch, "{evaluated} epochs are done instead of {epoch}");
        }
        press(&page, "stop")?;
        let report = page.event("result", minutes(5))?["report"].take();
        let network = &report["networks"][kind];
        ensure!(word(network, "/ended")? == "stopped", "it ended as {}", network["ended"]);
        ensure!(list(network, "/history")?.len() == 2, "two epochs were trained");
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn a_run_that_is_stepped_and_then_resumed_is_trained_to_its_end() -> Result<()> {
    const EPOCHS: u64 = 3;
    for (kind, network) in NETWORKS {
        let (_lab, page) = ready(&format!("{RUN}&{network}&epochs={EPOCHS}"))?;
        step(&page, 1)?;
        press(&page, "resume")?;
        let report = page.event("result", minutes(10))?["report"].take();
        let network = &report["networks"][kind];
        ensure!(word(network, "/ended")? == "completed", "it ended as {}", network["ended"]);
        ensure!(list(network, "/history")?.len() as u64 == EPOCHS, "{EPOCHS} epochs were asked for");
        let losses = list(network, "/step_losses")?.len();
        ensure!(losses as u64 == EPOCHS * STEPS, "there are {losses} steps");
        phase(&page, "done", minutes(1))?;
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn stop_in_the_middle_of_an_epoch_gives_a_result() -> Result<()> {
    for (kind, network) in NETWORKS {
        let (_lab, page) = gated(&format!("{RUN}&{network}&epochs=50"))?;
        let gate = Gate::of(&page)?;
        step(&page, 1)?;
        gate.close()?;
        press(&page, "resume")?;
        // The engine takes some steps at once, but never a whole epoch of these.
        gate.reached()?;
        press(&page, "stop")?;
        gate.open()?;
        let report = page.event("result", minutes(5))?["report"].take();
        let network = &report["networks"][kind];
        ensure!(word(network, "/ended")? == "stopped", "it ended as {}", network["ended"]);
        let losses = list(network, "/step_losses")?.len() as u64;
        ensure!((STEPS + 1..2 * STEPS).contains(&losses), "it was stopped after {losses} steps");
        ensure!(list(network, "/history")?.len() == 1, "one epoch was trained to its end");
        ensure!(number(network, "/scored_epoch")? == 0.0, "the scored weights are those of no epoch");
        ensure!(list(network, "/test/predictions")?.len() == 10_000, "the test set was not scored");
        phase(&page, "done", minutes(1))?;
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn a_run_that_computes_can_be_paused_and_stopped() -> Result<()> {
    let (_lab, page) = ready(LONG)?;
    press(&page, "start")?;
    beyond(&page, 0)?;
    press(&page, "pause")?;
    phase(&page, "paused", minutes(1))?;
    let held = holds(&page)?;
    press(&page, "resume")?;
    beyond(&page, held)?;
    press(&page, "stop")?;
    let report = result(&page, minutes(5))?;
    ensure!(report["networks"]["cnn"]["ended"] == "stopped", "it ended as {}", report["networks"]["cnn"]["ended"]);
    quiet(&page)
}

#[test]
fn a_reload_in_the_middle_of_a_run_leaves_a_page_that_trains_again() -> Result<()> {
    let (_lab, page) = ready(LONG)?;
    press(&page, "start")?;
    beyond(&page, 0)?;
    page.reload()?;
    phase(&page, "ready", minutes(5))?;
    let epochs = page.eval("document.querySelector('input[name=epochs]').value")?;
    ensure!(epochs == "200", "the settings were lost: {epochs} epochs");
    press(&page, "start")?;
    beyond(&page, 0)?;
    quiet(&page)
}

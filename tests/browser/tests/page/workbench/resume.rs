//! After a reload in the middle of a run the page offers to go on, and the run that goes on equals the uninterrupted one to the bit.

use super::{ANN, STEPS, is_kept, nth_result, ready, same, step};
use crate::gate::Gate;
use crate::help::{Lab, list, minutes, phase, press, quiet};
use anyhow::{Result, ensure};
use browser::Page;
use serde_json::Value;

const EPOCHS: usize = 3;
/// The page is hidden, as when another tab is chosen or a phone is locked.
const HIDE: &str = "(Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true}), Object.defineProperty(document, 'hidden', {value: true, configurable: true}), document.dispatchEvent(new Event('visibilitychange')))";

fn fragment() -> String {
    format!("{ANN}&epochs={EPOCHS}&ann_dropout=0.2")
}

/// The run without any interruption.
fn uninterrupted() -> Result<Value> {
    let lab = Lab::new()?;
    let page = ready(&lab, &fragment())?;
    super::to_the_end(&page, "start", 0)
}

/// Reloads, goes on, and gives the report.
fn go_on(page: &Page) -> Result<Value> {
    page.reload()?;
    phase(page, "ready", minutes(5))?;
    press(page, "go-on")?;
    let report = nth_result(page, 0)?;
    ensure!(page.eval("!document.querySelector('[data-action=go-on]')")? == true, "it still offers to go on");
    Ok(report)
}

#[test]
fn a_run_that_is_reloaded_at_the_end_of_an_epoch_goes_on_to_the_bit() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, &fragment())?;
    step(&page, 1)?;
    page.wait(&is_kept("/ann/epoch-1"), minutes(1))?;
    let resumed = go_on(&page)?;
    ensure!(list(&resumed, "/networks/ann/step_losses")?.len() == EPOCHS * STEPS, "steps were lost or repeated");
    same(&uninterrupted()?, &resumed, "ann")?;
    quiet(&page)
}

#[test]
fn a_run_that_is_hidden_and_reloaded_in_the_middle_of_an_epoch_goes_on_to_the_bit() -> Result<()> {
    let lab = Lab::new()?;
    Gate::build(&lab)?;
    let page = ready(&lab, &fragment())?;
    let gate = Gate::of(&page)?;
    step(&page, 1)?;
    gate.close()?;
    press(&page, "resume")?;
    gate.reached()?;
    page.eval(HIDE)?;
    gate.until(&is_kept("/ann/latest"))?;
    let resumed = go_on(&page)?;
    same(&uninterrupted()?, &resumed, "ann")?;
    quiet(&page)
}

#[test]
fn an_unfinished_run_that_is_left_is_kept_as_it_is() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, &fragment())?;
    step(&page, 1)?;
    page.wait(&is_kept("/ann/epoch-1"), minutes(1))?;
    page.reload()?;
    phase(&page, "ready", minutes(5))?;
    press(&page, "leave-unfinished")?;
    page.wait("!document.querySelector('[data-action=go-on]')", minutes(1))?;
    ensure!(super::wait_for_runs(&page, 1)?.len() == 1, "the run is gone");
    page.eval("new Promise(done => setTimeout(done, 500))")?;
    page.reload()?;
    phase(&page, "ready", minutes(5))?;
    super::wait_for_runs(&page, 1)?;
    ensure!(page.eval("!document.querySelector('[data-action=go-on]')")? == true, "it is offered again");
    quiet(&page)
}

#[test]
fn both_networks_of_a_run_go_on() -> Result<()> {
    const BOTH: &str =
        "backend=flex&train=1000&epochs=2&batch=64&workers=1&seed=3&ann_hidden=32&cnn_channels=4&cnn_dense=16";
    let whole = {
        let lab = Lab::new()?;
        let page = ready(&lab, BOTH)?;
        super::to_the_end(&page, "start", 0)?
    };
    // The ANN is finished, the CNN has an epoch behind it.
    let lab = Lab::new()?;
    let page = ready(&lab, BOTH)?;
    // The second step trains the ANN's last epoch and then the CNN's first.
    for (kind, epoch) in [("ann", 1), ("cnn", 1)] {
        press(&page, "step")?;
        let ended = format!("e.type === 'evaluated' && e.network === '{kind}' && e.epoch === {epoch}");
        page.wait(&format!("window.__events.some(e => {ended})"), minutes(5))?;
        phase(&page, "paused", minutes(1))?;
    }
    page.wait(&is_kept("/cnn/epoch-1"), minutes(1))?;
    let resumed = go_on(&page)?;
    for kind in ["ann", "cnn"] {
        same(&whole, &resumed, kind)?;
    }
    quiet(&page)
}

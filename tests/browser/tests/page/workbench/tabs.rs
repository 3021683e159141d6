//! Two tabs of one browser: neither takes the other's run for one that was left, and both keep their runs.

use super::{ANN, is_kept, ready, step, to_the_end, wait_for_runs};
use crate::help::{Lab, minutes, phase, press, quiet};
use anyhow::{Result, ensure};

const OFFERS: &str = "!!document.querySelector('[data-action=go-on]')";

#[test]
fn two_tabs_keep_their_runs_and_leave_each_other_alone() -> Result<()> {
    let lab = Lab::new()?;
    let first = ready(&lab, &format!("{ANN}&epochs=2"))?;
    step(&first, 1)?;
    first.wait(&is_kept("/ann/epoch-1"), minutes(1))?;

    let second = ready(&lab, &format!("{ANN}&epochs=1&seed=8"))?;
    // It has read the store as soon as it shows the first tab's run.
    wait_for_runs(&second, 1)?;
    ensure!(second.eval(OFFERS)? == false, "the second tab offers to go on with a run that the first one trains");
    to_the_end(&second, "start", 0)?;
    wait_for_runs(&second, 2)?;

    to_the_end(&first, "resume", 0)?;
    for page in [&first, &second] {
        page.reload()?;
        phase(page, "ready", minutes(5))?;
        wait_for_runs(page, 2)?;
        ensure!(page.eval(OFFERS)? == false, "a finished run is offered");
        quiet(page)?;
    }
    Ok(())
}

#[test]
fn a_run_whose_tab_was_closed_is_offered_in_another_one() -> Result<()> {
    let lab = Lab::new()?;
    let first = ready(&lab, &format!("{ANN}&epochs=2"))?;
    step(&first, 1)?;
    first.wait(&is_kept("/ann/epoch-1"), minutes(1))?;
    first.close()?;
    let second = ready(&lab, &format!("{ANN}&epochs=2"))?;
    second.wait(OFFERS, minutes(1))?;
    press(&second, "go-on")?;
    second.event("result", minutes(5))?;
    wait_for_runs(&second, 1)?;
    quiet(&second)
}

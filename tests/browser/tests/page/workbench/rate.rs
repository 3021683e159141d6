//! The learning rate is changed in the middle of a run, and a run is made longer; both stand in the record.

use super::{ANN, STEPS, ready, step, to_the_end};
use crate::help::{Lab, list, minutes, number, press, quiet};
use anyhow::{Result, ensure};

#[test]
fn a_learning_rate_that_is_changed_in_mid_run_stands_in_the_record() -> Result<()> {
    let constant = format!("{ANN}&epochs=2&schedule=constant&learning_rate=0.003");
    let whole = {
        let lab = Lab::new()?;
        let page = ready(&lab, &constant)?;
        to_the_end(&page, "start", 0)?
    };
    let lab = Lab::new()?;
    let page = ready(&lab, &constant)?;
    step(&page, 1)?;
    press(&page, "rate-down")?;
    let changed = to_the_end(&page, "resume", 0)?;
    let changes = list(&changed, "/networks/ann/rate_changes")?;
    ensure!(changes.len() == 1, "one change is recorded as {changes:?}");
    ensure!(changes[0]["step"] == STEPS && changes[0]["epoch"] == 2, "it is at another step: {}", changes[0]);
    let (factor, rate) = (number(&changes[0], "/factor")?, number(&changes[0], "/learning_rate")?);
    ensure!((factor - 1.0 / 3.0).abs() < 1e-9 && (rate - 0.001).abs() < 1e-9, "{factor} makes the rate {rate}");
    ensure!((number(&changed, "/networks/ann/history/1/learning_rate")? - 0.001).abs() < 1e-9, "the epoch's rate");
    let (a, b) = (list(&whole, "/networks/ann/step_losses")?, list(&changed, "/networks/ann/step_losses")?);
    // The first step after the change still has the old weights.
    ensure!(a[..=STEPS] == b[..=STEPS] && a[STEPS + 1..] != b[STEPS + 1..], "the curves do not part at the change");
    quiet(&page)
}

#[test]
fn a_run_is_made_longer_by_an_epoch() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, &format!("{ANN}&epochs=2"))?;
    step(&page, 1)?;
    press(&page, "one-more-epoch")?;
    let report = to_the_end(&page, "resume", 0)?;
    ensure!(report["networks"]["ann"]["extra_epochs"] == 1, "the report does not say it");
    ensure!(report["config"]["epochs"] == 2, "the config was changed");
    ensure!(list(&report, "/networks/ann/history")?.len() == 3, "there is no third epoch");
    // After its end it goes on too, as a branch.
    press(&page, "one-more-epoch")?;
    page.wait("window.__events.filter(e => e.type === 'result').length === 2", minutes(5))?;
    let longer = super::nth_result(&page, 1)?;
    ensure!(list(&longer, "/networks/ann/history")?.len() == 4, "there is no fourth epoch");
    let first = |report| list(report, "/networks/ann/step_losses").map(|losses| losses[..2 * STEPS].to_vec());
    ensure!(first(&report)? == first(&longer)?, "the longer run has another past");
    quiet(&page)
}

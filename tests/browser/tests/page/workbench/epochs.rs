//! An epoch of a run is opened and shows the run as it was then; a new run branches from it.

use super::{ANN, STEPS, fill, is_kept, nth_result, ready, same, to_the_end, wait_for_runs};
use crate::help::{Lab, list, minutes, number, quiet, show_view, text_of};
use anyhow::{Result, ensure};
use serde_json::Value;

const EPOCHS: usize = 3;

/// The accuracy on the validation set after an epoch, as the page shows it.
fn validation(report: &Value, epoch: usize) -> Result<String> {
    let accuracy = number(report, &format!("/networks/ann/history/{}/validation/accuracy", epoch - 1))?;
    Ok(format!("{:.1}", accuracy * 100.0))
}

#[test]
fn an_epoch_is_opened_and_shows_the_run_as_it_was() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, &format!("{ANN}&epochs={EPOCHS}"))?;
    let report = to_the_end(&page, "start", 0)?;
    ensure!(validation(&report, 1)? != validation(&report, 2)?, "both epochs are the same");
    show_view(&page, "mistakes")?;
    for epoch in [1, 2] {
        fill(&page, "[data-view=mistakes] [data-action=epoch]", &epoch.to_string())?;
        let shown = Value::from(validation(&report, epoch)?);
        page.wait(&format!("document.querySelector('[data-view=mistakes]').innerText.includes({shown})"), minutes(2))?;
        // The confusion matrix of that epoch: as many images as the validation set has.
        let said = text_of(&page, "[data-view=mistakes]")?;
        ensure!(said.contains("200"), "the number of validation images is not in: {said}");
    }
    quiet(&page)
}

#[test]
fn a_branch_with_the_same_settings_is_the_same_run() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, &format!("{ANN}&epochs={EPOCHS}"))?;
    let whole = to_the_end(&page, "start", 0)?;
    page.wait(&is_kept("/ann/epoch-1"), minutes(1))?;
    show_view(&page, "mistakes")?;
    fill(&page, "[data-view=mistakes] [data-action=epoch]", "1")?;
    page.wait("document.querySelector('[data-view=mistakes] [data-action=branch]')?.disabled === false", minutes(1))?;
    page.click("[data-view=mistakes] [data-action=branch]")?;
    let branch = nth_result(&page, 1)?;
    same(&whole, &branch, "ann")?;
    wait_for_runs(&page, 2)?;
    quiet(&page)
}

#[test]
fn a_branch_with_another_learning_rate_parts_at_its_epoch() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, &format!("{ANN}&epochs={EPOCHS}&schedule=constant&learning_rate=0.001"))?;
    let whole = to_the_end(&page, "start", 0)?;
    page.wait(&is_kept("/ann/epoch-2"), minutes(1))?;
    fill(&page, "[name=learning_rate]", "0.01")?;
    show_view(&page, "mistakes")?;
    fill(&page, "[data-view=mistakes] [data-action=epoch]", "2")?;
    page.wait("document.querySelector('[data-view=mistakes] [data-action=branch]')?.disabled === false", minutes(1))?;
    page.click("[data-view=mistakes] [data-action=branch]")?;
    let branch = nth_result(&page, 1)?;
    let losses = |report: &Value| Ok::<_, anyhow::Error>(list(report, "/networks/ann/step_losses")?.to_vec());
    let (a, b) = (losses(&whole)?, losses(&branch)?);
    ensure!(a.len() == EPOCHS * STEPS && b.len() == a.len(), "{} and {} steps", a.len(), b.len());
    // The first step after the branch still has the old weights.
    ensure!(a[..=2 * STEPS] == b[..=2 * STEPS], "the branch has another past");
    ensure!(a[2 * STEPS + 1..] != b[2 * STEPS + 1..], "the branch has the same future");
    ensure!(number(&branch, "/config/learning_rate")? == 0.01, "the branch has the old learning rate");
    quiet(&page)
}

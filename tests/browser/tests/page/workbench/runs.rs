//! Runs are kept, told apart, marked, deleted and brought back; two of them stand side by side.

use super::{ANN, fill, of_run, ready, runs, to_the_end, wait_for_runs};
use crate::help::{Lab, minutes, number, phase, quiet, show_view, text_of};
use anyhow::{Context, Result, ensure};
use browser::Page;

/// A page with two runs that differ in the learning rate, and the accuracies of both on the test set.
fn two_runs(lab: &Lab) -> Result<(Page, [f64; 2])> {
    let page = ready(lab, &format!("{ANN}&epochs=1&learning_rate=0.001"))?;
    let first = number(&to_the_end(&page, "start", 0)?, "/networks/ann/test/accuracy")?;
    fill(&page, "[name=learning_rate]", "0.003")?;
    let second = number(&to_the_end(&page, "start", 1)?, "/networks/ann/test/accuracy")?;
    ensure!(first != second, "both runs are the same");
    Ok((page, [first, second]))
}

/// As the page shows an accuracy.
fn percent(accuracy: f64) -> String {
    format!("{:.1}", accuracy * 100.0)
}

#[test]
fn two_runs_are_compared_in_figures_and_settings() -> Result<()> {
    let lab = Lab::new()?;
    let (page, accuracies) = two_runs(&lab)?;
    let ids = wait_for_runs(&page, 2)?;
    let rows = text_of(&page, "[data-view=runs]")?;
    for accuracy in accuracies {
        ensure!(rows.contains(&percent(accuracy)), "{accuracy} is not in: {rows}");
    }
    ensure!(rows.contains("1e-3") && rows.contains("3e-3"), "the runs' difference is not in: {rows}");
    show_view(&page, "compare")?;
    for (side, id) in ["compare-a", "compare-b"].into_iter().zip(&ids) {
        fill(&page, &format!("[data-view=compare] select[data-action={side}]"), id)?;
    }
    page.wait(
        &format!(
            "(text => {}.every(part => text.includes(part)))(document.querySelector('[data-view=compare]').innerText)",
            serde_json::json!([percent(accuracies[0]), percent(accuracies[1])])
        ),
        minutes(1),
    )?;
    let shown = text_of(&page, "[data-view=compare]")?;
    ensure!(shown.to_lowercase().contains("learning rate"), "the difference of the settings is not in: {shown}");
    quiet(&page)
}

#[test]
fn runs_with_their_marks_are_there_at_the_next_visit() -> Result<()> {
    let lab = Lab::new()?;
    let (page, accuracies) = two_runs(&lab)?;
    let ids = wait_for_runs(&page, 2)?;
    page.click(&of_run(&ids[0], "star"))?;
    fill(&page, &of_run(&ids[0], "note"), "the better one?")?;
    let starred =
        format!("document.querySelector(\"{}\")?.getAttribute('aria-pressed') === 'true'", of_run(&ids[0], "star"));
    page.wait(&starred, minutes(1))?;
    // The record is written after the change is shown.
    page.eval("new Promise(done => setTimeout(done, 500))")?;
    page.reload()?;
    phase(&page, "ready", minutes(5))?;
    let again = wait_for_runs(&page, 2)?;
    ensure!(again == ids, "the runs {ids:?} became {again:?}");
    page.wait(&starred, minutes(1))?;
    let note = page.eval(&format!("document.querySelector(\"{}\")?.value", of_run(&ids[0], "note")))?;
    ensure!(note == "the better one?", "the note is {note}");
    let rows = text_of(&page, "[data-view=runs]")?;
    ensure!(accuracies.iter().all(|a| rows.contains(&percent(*a))), "the accuracies are not in: {rows}");
    quiet(&page)
}

#[test]
fn a_deleted_run_can_be_brought_back() -> Result<()> {
    let lab = Lab::new()?;
    let (page, _) = two_runs(&lab)?;
    let ids = wait_for_runs(&page, 2)?;
    page.click(&of_run(&ids[1], "delete"))?;
    let left = wait_for_runs(&page, 1)?;
    ensure!(left == ids[..1], "{left:?} is left of {ids:?}");
    page.click("[data-action=undo-delete]")?;
    ensure!(wait_for_runs(&page, 2)? == ids, "{:?} is there instead of {ids:?}", runs(&page)?);
    // Deleted for good, it is gone at the next visit too.
    page.click(&of_run(&ids[0], "delete"))?;
    wait_for_runs(&page, 1)?;
    page.eval("new Promise(done => setTimeout(done, 500))")?;
    page.reload()?;
    phase(&page, "ready", minutes(5))?;
    ensure!(wait_for_runs(&page, 1)? == ids[1..], "{:?} is there", runs(&page)?);
    quiet(&page)
}

#[test]
fn the_curves_of_another_run_are_drawn_behind() -> Result<()> {
    let lab = Lab::new()?;
    let (page, _) = two_runs(&lab)?;
    let ids = wait_for_runs(&page, 2)?;
    let shown = |page: &Page| -> Result<String> {
        show_view(page, "train")?;
        page.eval("new Promise(done => requestAnimationFrame(() => setTimeout(done, 400)))")?;
        let drawn = page.eval("[...document.querySelectorAll('[data-view=train] canvas.plot-curves, [data-view=train] .plot-curves canvas')].at(-1)?.toDataURL()")?;
        Ok(drawn.as_str().context("there are no curves of the loss")?.to_owned())
    };
    let alone = shown(&page)?;
    runs(&page)?;
    // Whichever is shown, the other one is laid behind it.
    for id in &ids {
        let overlay = of_run(id, "overlay");
        let can =
            page.eval(&format!("(e => e && !e.disabled && !e.checked)(document.querySelector(\"{overlay}\"))"))?;
        if can == true {
            page.click(&overlay)?;
        }
    }
    ensure!(shown(&page)? != alone, "the curves are drawn as before");
    quiet(&page)
}

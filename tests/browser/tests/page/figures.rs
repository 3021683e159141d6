//! Figures that a browser makes hard to get right: times of a machine that sleeps, times below the tick of the clock, and which
//! weights were scored.

use crate::help::{Lab, list, minutes, number, quiet, show_view, text_of, word};
use anyhow::{Context, Result, ensure};
use serde_json::Value;

const RUN: &str = "backend=flex&workers=1&batch=64";

#[test]
fn the_latency_of_one_image_is_not_zero() -> Result<()> {
    let lab = Lab::new()?;
    let (page, report) =
        lab.train(&format!("{RUN}&train=300&epochs=1&ann_hidden=8&cnn_channels=4&cnn_dense=8"), minutes(5))?;
    for kind in ["ann", "cnn"] {
        let latency = list(&report, &format!("/networks/{kind}/latency"))?;
        let batches: Vec<u64> = latency.iter().filter_map(|l| l["batch"].as_u64()).collect();
        ensure!(batches == [1, 256], "the {kind} was timed with batches of {batches:?}");
        for figure in latency {
            let (p50, p95) = (number(figure, "/p50_ms")?, number(figure, "/p95_ms")?);
            ensure!(p50 > 0.0 && p95 >= p50, "the {kind}'s latency is {figure}");
        }
        // One pass of such a network is shorter than the browser's clock can tell.
        ensure!(number(&latency[0], "/passes")? > 1.0, "the {kind}'s latency is that of one pass: {}", latency[0]);
    }
    show_view(&page, "compare")?;
    let table = text_of(&page, ".comparison")?;
    ensure!(!table.contains("0.00 ms"), "the page shows no time at all: {table}");
    quiet(&page)
}

/// Small enough to overfit within some epochs. No dropout and a constant learning rate: a run of fewer epochs is the beginning of it.
const OVERFITS: &str = "backend=flex&workers=1&networks=ann&train=500&validation=0.4&batch=16&learning_rate=0.01&schedule=constant&ann_hidden=128";

#[test]
fn the_best_weights_are_scored_where_they_are_asked_for_and_the_page_names_their_epoch() -> Result<()> {
    const EPOCHS: u64 = 12;
    let lab = Lab::new()?;
    let (page, report) = lab.train(&format!("{OVERFITS}&epochs={EPOCHS}&weights=best"), minutes(5))?;
    let best = &report["networks"]["ann"];
    let losses = list(best, "/history")?.iter().map(|e| number(e, "/validation/loss")).collect::<Result<Vec<_>>>()?;
    let lowest = losses.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).context("no epoch")?;
    let epoch = lowest.0 as u64 + 1;
    ensure!(epoch < EPOCHS, "these settings do not overfit: {losses:?}");
    ensure!(
        best["scored_epoch"] == epoch,
        "epoch {} is scored, {epoch} was the best: {losses:?}",
        best["scored_epoch"]
    );
    let said = format!("epoch {epoch} of the ANN");
    let curves = text_of(&page, ".curves")?;
    ensure!(curves.contains(&said), "`{said}` is not beside the curves: {curves}");
    show_view(&page, "compare")?;
    let table = text_of(&page, ".comparison")?;
    let cell = format!("{epoch} of {EPOCHS}");
    ensure!(table.contains(&cell) && table.contains("lowest validation loss"), "`{cell}` is not in the table: {table}");
    quiet(&page)?;
    page.close()?;

    // They are the weights of that epoch indeed: a run that ends there answers the same.
    let (page, report) = lab.train(&format!("{OVERFITS}&epochs={epoch}"), minutes(5))?;
    let short = &report["networks"]["ann"];
    ensure!(short["scored_epoch"] == epoch, "the last epoch is scored where nothing else is asked for");
    ensure!(short["test"] == best["test"], "the best weights answer otherwise than those of epoch {epoch}");
    page.close()?;

    let (_page, report) = lab.train(&format!("{OVERFITS}&epochs={EPOCHS}"), minutes(5))?;
    let last = &report["networks"]["ann"];
    ensure!(last["scored_epoch"] == EPOCHS, "epoch {} is scored instead of the last one", last["scored_epoch"]);
    ensure!(last["test"] != best["test"], "the last weights are the best ones");
    Ok(())
}

/// Stopping a process by a signal is what sleep looks like to it.
#[cfg(target_os = "linux")]
mod sleep {
    use super::*;
    use crate::help::{phase, press, result};
    use browser::{Chrome, Page};
    use std::process::Command;
    use std::time::{Duration, Instant};

    /// How long the renderers sleep.
    const SLEEP: Duration = Duration::from_secs(6);
    /// The signal seldom finds the engine between two steps, where nothing is interrupted. Then it sleeps once more.
    const TRIES: usize = 5;

    /// A number of /proc/ID/status.
    fn status(id: u32, name: &str) -> Option<u32> {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
    }

    /// All renderers of a browser. Workers are threads of theirs.
    fn renderers(chrome: &Chrome) -> Result<Vec<u32>> {
        let mut family = vec![chrome.process().context("the browser has no process")?];
        let all: Vec<u32> =
            std::fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
        let mut at = 0;
        while let Some(&parent) = family.get(at) {
            family.extend(all.iter().filter(|&&id| status(id, "PPid:") == Some(parent)));
            at += 1;
        }
        family.retain(|id| {
            let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains("--type=renderer")
        });
        ensure!(!family.is_empty(), "the browser has no renderer");
        Ok(family)
    }

    fn signal(name: &str, processes: &[u32]) -> Result<()> {
        let done = Command::new("kill").arg(name).args(processes.iter().map(u32::to_string)).status()?;
        ensure!(done.success(), "kill {name} {processes:?} failed");
        Ok(())
    }

    /// Lets the page sleep in the middle of training and gives the seconds for which it slept.
    fn sleep(chrome: &Chrome) -> Result<f64> {
        let processes = renderers(chrome)?;
        let start = Instant::now();
        signal("-STOP", &processes)?;
        std::thread::sleep(SLEEP);
        // It slept at least until here. Awake again whatever comes, so that the browser can end.
        let slept = start.elapsed();
        signal("-CONT", &processes)?;
        Ok(slept.as_secs_f64())
    }

    fn steps_after(page: &Page, step: u64) -> Result<u64> {
        let last = format!("window.__events.findLast(e => e.type === 'progress' && e.step > {step})?.step");
        page.wait(&last, minutes(5))?.as_u64().context("a step is a number")
    }

    #[test]
    fn the_sleep_of_the_machine_is_not_training_time() -> Result<()> {
        let lab = Lab::new()?;
        // Long enough to be stopped on any machine, and always in a step: no validation, and many steps at once.
        let page = lab.open(&format!("{RUN}&networks=cnn&train=60000&epochs=200&validation=0"))?;
        phase(&page, "ready", minutes(5))?;
        let start = Instant::now();
        press(&page, "start")?;
        let mut step = steps_after(&page, 0)?;
        let mut slept = 0.0;
        for _ in 0..TRIES {
            slept += sleep(&lab.chrome)?;
            // Some steps before the sleep may be told after it, so that two more are waited for.
            step = steps_after(&page, step)?;
            step = steps_after(&page, step)?;
            if text_of(&page, "#notices")?.contains("stood still") {
                break;
            }
        }
        press(&page, "stop")?;
        let report = result(&page, minutes(5))?;
        let wall = start.elapsed().as_secs_f64();
        let network = &report["networks"]["cnn"];
        let trained = number(network, "/training_seconds")?;
        // Four fifths, because an interrupted step counts as long as the steps before it.
        ensure!(trained < wall - 0.8 * slept, "{trained} s of training in {wall} s of which {slept} s were slept");
        let notes: Vec<&Value> = list(network, "/notes")?.iter().filter(|n| n["kind"] == "interrupted").collect();
        ensure!(!notes.is_empty(), "the interruption is not noted: {}", network["notes"]);
        let mut noted = 0.0;
        for note in &notes {
            ensure!(number(note, "/epoch")? >= 1.0, "it has no epoch: {note}");
            noted += number(note, "/seconds")?;
        }
        ensure!(trained + noted <= wall, "{trained} s and the noted {noted} s are more than the {wall} s that passed");
        ensure!(noted > 0.8 * SLEEP.as_secs_f64(), "of {slept} s asleep {noted} s are noted");
        // No single step lasted as long as the sleep.
        let times = list(network, "/step_seconds")?.iter().map(|t| t.as_f64().context("no number"));
        let times = times.collect::<Result<Vec<_>>>()?;
        let longest = times.windows(2).map(|two| two[1] - two[0]).fold(0.0, f64::max);
        ensure!(longest < 0.5 * SLEEP.as_secs_f64(), "a step lasted {longest} s");
        let notices = text_of(&page, "#notices")?;
        ensure!(notices.contains("not counted as training time"), "the notices are {notices}");
        ensure!(word(network, "/ended")? == "stopped", "it ended as {}", network["ended"]);
        quiet(&page)
    }
}

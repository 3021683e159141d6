//! WebGPU on the software adapter, which is slow. Either it trains as the CPU does, or the CPU trains and the page says why.

use crate::help::{Lab, dist, list, minutes, phase, press, quiet, word};
use anyhow::{Result, bail, ensure};
use browser::{Gpu, Site};
use serde_json::Value;

/// Scoring 10,000 images takes this adapter a minute and more.
const LIMIT: std::time::Duration = minutes(15);

/// The device is WebGPU after it agreed with the CPU, or the CPU; and the report says why.
fn chosen_with_reason(device: &Value) -> Result<()> {
    let why = word(device, "/why")?;
    match word(device, "/backend")? {
        "webgpu" => ensure!(why.contains("as the CPU did"), "WebGPU was taken without the check: {device}"),
        "flex" => {
            let reason = why.strip_prefix("no WebGPU here: ").unwrap_or_default();
            ensure!(!reason.is_empty(), "the CPU was taken without a reason: {device}");
        }
        other => bail!("the backend is {other}"),
    }
    println!("device: {device}");
    Ok(())
}

#[test]
fn webgpu_trains_where_it_agrees_with_the_cpu() -> Result<()> {
    let lab = Lab::with(Site::of(dist()), Gpu::Software)?;
    let (page, report) = lab.train("backend=webgpu&networks=ann&train=200&epochs=1&batch=32&validation=0", LIMIT)?;
    chosen_with_reason(&report["device"])?;
    ensure!(report["device"]["backend"] == "webgpu", "the software adapter was refused: {}", report["device"]);
    let ann = &report["networks"]["ann"];
    ensure!(list(ann, "/step_losses")?.len() == 6, "200 images make 6 whole batches of 32");
    ensure!(list(ann, "/test/predictions")?.len() == 10_000, "not every test image was scored");
    ensure!(list(ann, "/step_losses")?.iter().all(|l| l.as_f64().is_some_and(|l| l > 0.0)), "a loss is not a number");
    quiet(&page)
}

#[test]
fn a_gpu_lost_in_mid_run_leaves_the_run_to_the_cpu_from_its_last_good_weights() -> Result<()> {
    let lab = Lab::with(Site::of(dist()), Gpu::Software)?;
    let page = lab.open("backend=webgpu&networks=ann&train=640&epochs=4&batch=64")?;
    phase(&page, "ready", LIMIT)?;
    // The run is held after its first epoch, so that the loss comes in its middle on every machine.
    press(&page, "step")?;
    page.event("evaluated", LIMIT)?;
    phase(&page, "paused", minutes(1))?;
    // A device of the page's own tells when the GPU is gone. It is kept: a device that nothing holds is collected, and tells nothing.
    page.eval(
        "navigator.gpu.requestAdapter().then(a => a.requestDevice()).then(d => { window.__device = d; d.lost.then(() => window.__lost = true); return true; })",
    )?;
    lab.chrome.crash_gpu()?;
    page.wait("window.__lost", minutes(1))?;
    press(&page, "resume")?;
    let report = page.event("result", LIMIT)?["report"].take();
    let ann = &report["networks"]["ann"];
    ensure!(ann["device"]["backend"] == "flex", "it ended on {}", ann["device"]);
    let epochs: Vec<u64> = list(ann, "/history")?.iter().filter_map(|e| e["epoch"].as_u64()).collect();
    ensure!(epochs == [1, 2, 3, 4], "the history is of the epochs {epochs:?}");
    ensure!(list(ann, "/step_losses")?.len() == 4 * 9, "steps were lost or counted twice");
    ensure!(word(ann, "/notes/0/kind")? == "fell_back", "the notes are {}", ann["notes"]);
    let note = word(ann, "/notes/0/why")?;
    ensure!(note.contains("goes on with the CPU from the last good weights"), "the note is: {note}");
    let shown = page.text()?;
    ensure!(shown.contains("goes on with the CPU"), "the page does not say it");
    Ok(())
}

#[test]
fn the_automatic_choice_checks_webgpu_and_says_what_it_found() -> Result<()> {
    let lab = Lab::with(Site::of(dist()), Gpu::Software)?;
    let page = lab.open("backend=auto")?;
    let ready = page.event("ready", LIMIT)?;
    chosen_with_reason(&ready)?;
    ensure!(!word(&ready, "/adapter")?.is_empty(), "no adapter in {ready}");
    let shown = page.eval("document.querySelector('[data-backend]').dataset.backend")?;
    ensure!(shown == ready["backend"], "the page shows {shown}, its message says {ready}");
    quiet(&page)
}

//! A browser without WebGPU trains on the CPU and says why; the CPU's backends can be chosen.

use crate::help::{Lab, minutes, quiet, text_of, word};
use anyhow::{Result, ensure};
use serde_json::Value;

const SMALL: &str = "networks=ann&train=200&epochs=1&batch=32&validation=0&workers=1";

/// Trains with this backend and gives what the report says of the device.
fn device(backend: &str) -> Result<Value> {
    let lab = Lab::new()?;
    let (page, report) = lab.train(&format!("backend={backend}&{SMALL}"), minutes(5))?;
    let shown = text_of(&page, "[data-backend]")?;
    let device = report["device"].clone();
    ensure!(shown.contains(word(&device, "/why")?), "the page shows `{shown}`, the report has {device}");
    let ready = page.event("ready", minutes(1))?;
    ensure!(ready["backend"] == device["backend"] && ready["why"] == device["why"], "{ready} and {device} differ");
    ensure!(report.pointer("/networks/ann/device") == Some(&device), "the network finished on another device");
    quiet(&page)?;
    Ok(device)
}

fn cpu_because_there_is_no_webgpu(device: &Value) -> Result<()> {
    ensure!(device["backend"] == "flex", "{device}");
    ensure!(word(device, "/why")?.starts_with("no WebGPU here: "), "{device}");
    Ok(())
}

#[test]
fn without_webgpu_the_automatic_choice_is_the_cpu_and_it_says_why() -> Result<()> {
    cpu_because_there_is_no_webgpu(&device("auto")?)
}

#[test]
fn without_webgpu_a_wish_for_it_trains_on_the_cpu_and_says_why() -> Result<()> {
    cpu_because_there_is_no_webgpu(&device("webgpu")?)
}

#[test]
fn the_reference_backend_can_be_chosen() -> Result<()> {
    let device = device("ndarray")?;
    ensure!(device["backend"] == "ndarray", "{device}");
    Ok(())
}

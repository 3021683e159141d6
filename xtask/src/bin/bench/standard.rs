//! The standard preset from start to end in the browser on the CPU: accuracy, time, and the memory that it takes.

use crate::timed;
use anyhow::{Context, Result};
use browser::{Chrome, Gpu, Page, Server, Site};
use serde_json::Value;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Trains both networks as a person would who presses Start, and prints what came of it.
pub fn standard() -> Result<()> {
    let server = Server::start(Site::of(PathBuf::from("dist")))?;
    let chrome = Chrome::start(Gpu::None)?;
    let report = timed("standard preset, both networks, CPU", || {
        let page = chrome.open(&format!("{}#autostart&backend=flex", server.address()))?;
        watch(&page, &chrome)
    })?;
    for (name, network) in report["networks"].as_object().context("no networks in the report")? {
        let test = &network["test"];
        println!(
            "{name}: test accuracy {:.2} % (95 % interval {:.2} to {:.2}), loss {:.4}, {:.1} s of training, {:.0} images/s, {} worker(s), warm-up {:.1} s, {}",
            100.0 * test["accuracy"].as_f64().unwrap_or(f64::NAN),
            100.0 * test["interval"][0].as_f64().unwrap_or(f64::NAN),
            100.0 * test["interval"][1].as_f64().unwrap_or(f64::NAN),
            test["loss"].as_f64().unwrap_or(f64::NAN),
            network["training_seconds"].as_f64().unwrap_or(f64::NAN),
            network["images_per_s"].as_f64().unwrap_or(f64::NAN),
            network["workers"],
            network["warmup_seconds"].as_f64().unwrap_or(f64::NAN),
            network["device"]["adapter"].as_str().unwrap_or("?"),
        );
        budget(&network["step_times"]);
        for latency in network["latency"].as_array().into_iter().flatten() {
            println!("   batch {}: p50 {:.2} ms, p95 {:.2} ms", latency["batch"], latency["p50_ms"], latency["p95_ms"]);
        }
    }
    println!("seed {}, {}", report["config"]["seed"], chrome.version()?);
    Ok(())
}

/// Prints where the time of a step goes, if it was measured.
pub fn budget(times: &Value) {
    let Some(layers) = times["layers"].as_array() else { return };
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    println!(
        "   a step of {} images: {:.2} ms (mean of {} steps; the thread's peak is {:.1} GFLOP/s)",
        times["images"],
        number(&times["ms"]),
        times["steps"],
        number(&times["peak_flops"]) / 1e9
    );
    for layer in layers {
        // Two operations for each multiply-accumulate.
        let rate = 2.0 * number(&layer["macs"]) * number(&times["images"]) / number(&layer["forward_ms"]) / 1e6;
        println!(
            "      {:<28} {:>7.3} forward {:>7.3} backward {rate:>7.1} GFLOP/s forward, counted directly",
            layer["label"].as_str().unwrap_or("?"),
            number(&layer["forward_ms"]),
            number(&layer["backward_ms"]),
        );
    }
    for other in times["others"].as_array().into_iter().flatten() {
        println!("      {:<28} {:>7.3}", other["label"].as_str().unwrap_or("?"), number(&other["ms"]));
    }
}

/// Waits for the result and prints the memory at the end of each epoch and the largest that was seen.
fn watch(page: &Page, chrome: &Chrome) -> Result<Value> {
    let (start, mut peak, mut seen) = (Instant::now(), 0, 0);
    loop {
        let memory = renderer_megabytes(chrome.process());
        peak = peak.max(memory);
        let epochs = page.events("evaluated")?;
        for event in epochs.iter().skip(seen) {
            println!(
                "   {} epoch {}: {memory} MB after {:.1} s",
                event["network"],
                event["epoch"],
                start.elapsed().as_secs_f64()
            );
        }
        seen = epochs.len();
        if page.eval("window.__events.some(e => e.type === 'result' || e.type === 'error')")? == true {
            println!(
                "   largest seen: {peak} MB (the page and all its workers: anonymous memory of Chromium's renderers)"
            );
            return Ok(page.event("result", Duration::from_secs(1))?["report"].take());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Anonymous resident memory of all renderer processes under `root`, in MB; 0 where the system has no /proc.
fn renderer_megabytes(root: Option<u32>) -> u64 {
    let Some(root) = root else { return 0 };
    let (mut family, mut total) = (vec![root], 0);
    let mut at = 0;
    let processes: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, field(id, "PPid:")? as u32)))
        .collect();
    while let Some(&parent) = family.get(at) {
        family.extend(processes.iter().filter(|(_, of)| *of == parent).map(|(id, _)| id));
        at += 1;
    }
    for id in family {
        let renderer = std::fs::read(format!("/proc/{id}/cmdline"))
            .is_ok_and(|c| String::from_utf8_lossy(&c).contains("--type=renderer"));
        if renderer {
            total += field(id, "RssAnon:").unwrap_or(0);
        }
    }
    total / 1024
}

/// A number of /proc/ID/status.
fn field(id: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

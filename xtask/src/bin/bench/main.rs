//! Training speed, in the browser and natively, each backend: a table and target/bench.json. `cargo xtask bench` sets up, builds the
//! page and `lab`, and starts this program.

mod standard;

use anyhow::{Context, Result};
use browser::{Chrome, Gpu, Server, Site};
use clap::Parser;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use xtask::BenchOptions;

#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    #[command(flatten)]
    options: BenchOptions,
}

fn main() -> ExitCode {
    let options = Arguments::parse().options;
    let measured = if options.standard { standard::standard() } else { bench(&options) };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Says what is measured, measures, and says how long it took.
fn timed<T>(what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {what}");
    let start = Instant::now();
    let done = act().with_context(|| what.to_owned())?;
    println!("== {what}: done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(done)
}

/// One thing to measure.
#[derive(Clone)]
struct Case {
    network: &'static str,
    backend: &'static str,
    batch: usize,
    workers: usize,
    images: usize,
    /// The browser compiles hot code in the first second or two: enough epochs that this is a small part.
    epochs: usize,
}

fn bench(options: &BenchOptions) -> Result<()> {
    let wanted = |case: &Case| case.backend == "webgpu" || options.backends.iter().any(|b| b == case.backend);
    let mut rows = Vec::new();
    if options.browser() {
        let cases = browser_cases(&options.workers, options.gpu).into_iter().filter(wanted);
        in_browser(options.repetitions, cases, &mut rows)?;
    }
    if options.native() {
        natively(options.repetitions, native_cases().into_iter().filter(wanted), &mut rows)?;
    }
    println!(
        "\n{:<8} {:<4} {:<10} {:>7} {:>6} {:>10} {:>22}",
        "where", "net", "backend", "workers", "batch", "images/s", "min to max"
    );
    for row in &rows {
        let number = |key: &str| row[key].as_f64().unwrap_or(f64::NAN);
        println!(
            "{:<8} {:<4} {:<10} {:>7} {:>6} {:>10.0} {:>10.0} to {:>8.0}",
            row["where"].as_str().unwrap_or("?"),
            row["network"].as_str().unwrap_or("?"),
            row["backend"].as_str().unwrap_or("?"),
            row["workers"],
            row["batch"],
            number("images_per_s"),
            number("min"),
            number("max"),
        );
    }
    println!("\nwritten to target/bench.json");
    Ok(())
}

/// Adds a row and writes all of them, so that a failure later on loses nothing.
fn keep(rows: &mut Vec<Value>, row: Value) -> Result<()> {
    rows.push(row);
    std::fs::create_dir_all("target")?;
    Ok(std::fs::write("target/bench.json", serde_json::to_string_pretty(rows)?)?)
}

fn browser_cases(workers: &[usize], gpu: bool) -> Vec<Case> {
    let mut cases = Vec::new();
    for &workers in workers {
        let cpu = |network, batch| Case {
            network,
            backend: "flex",
            batch,
            workers,
            images: 30_000,
            epochs: if network == "ann" { 8 } else { 1 },
        };
        cases.extend([cpu("ann", 128), cpu("cnn", 64), cpu("cnn", 128)]);
    }
    for (backend, ann_images, cnn_images) in [("flex-plain", 60_000, 3_200), ("ndarray", 12_800, 640)] {
        let one = |network, batch, images| Case { network, backend, batch, workers: 1, images, epochs: 1 };
        cases.extend([one("ann", 128, ann_images), one("cnn", 64, cnn_images)]);
    }
    if gpu {
        cases.push(Case { network: "ann", backend: "webgpu", batch: 128, workers: 1, images: 3_840, epochs: 1 });
        cases.push(Case { network: "cnn", backend: "webgpu", batch: 64, workers: 1, images: 640, epochs: 1 });
    }
    cases
}

fn in_browser(repetitions: u32, cases: impl Iterator<Item = Case>, rows: &mut Vec<Value>) -> Result<()> {
    let server = Server::start(Site::of(PathBuf::from("dist")))?;
    for case in cases {
        let chrome = Chrome::start(if case.backend == "webgpu" { Gpu::Software } else { Gpu::None })?;
        let mut found = Vec::new();
        let mut report = Value::Null;
        timed(
            &format!("browser, {} on {}, batch {}, workers {}", case.network, case.backend, case.batch, case.workers),
            || {
                // A CNN on NdArray takes minutes to score the test set.
                let slow = case.backend == "ndarray" && case.network == "cnn";
                for _ in 0..if slow { 1 } else { repetitions } {
                    let address = format!(
                        "{}#autostart&backend={}&networks={}&epochs={}&train={}&batch={}&validation=0&workers={}",
                        server.address(),
                        case.backend,
                        case.network,
                        case.epochs,
                        case.images,
                        case.batch,
                        case.workers
                    );
                    let page = chrome.open(&address)?;
                    let result = page.event("result", Duration::from_secs(1200))?;
                    report = result["report"]["networks"][case.network].clone();
                    found.push(report["images_per_s"].as_f64().context("no images_per_s")?);
                    println!("   {:.0} images/s", found.last().copied().unwrap_or(f64::NAN));
                    page.eval("location.href = 'about:blank'").ok();
                }
                Ok(())
            },
        )?;
        standard::budget(&report["step_times"]);
        let backend = report["device"]["backend"].as_str().unwrap_or(case.backend);
        keep(rows, row("browser", &case, backend, &report, found, &chrome.version()?))?;
    }
    Ok(())
}

fn native_cases() -> Vec<Case> {
    vec![
        Case { network: "ann", backend: "flex", batch: 128, workers: 1, images: 60_000, epochs: 1 },
        Case { network: "ann", backend: "flex", batch: 128, workers: 0, images: 60_000, epochs: 1 },
        Case { network: "cnn", backend: "flex", batch: 64, workers: 1, images: 12_800, epochs: 1 },
        Case { network: "cnn", backend: "flex", batch: 64, workers: 0, images: 12_800, epochs: 1 },
        Case { network: "ann", backend: "flex-plain", batch: 128, workers: 1, images: 60_000, epochs: 1 },
        Case { network: "cnn", backend: "flex-plain", batch: 64, workers: 1, images: 6_400, epochs: 1 },
        Case { network: "ann", backend: "ndarray", batch: 128, workers: 1, images: 12_800, epochs: 1 },
        Case { network: "cnn", backend: "ndarray", batch: 64, workers: 1, images: 1_280, epochs: 1 },
    ]
}

fn natively(repetitions: u32, cases: impl Iterator<Item = Case>, rows: &mut Vec<Value>) -> Result<()> {
    // As `cargo xtask bench` built it.
    const LAB: [&str; 9] = [
        "--release",
        "--quiet",
        "--offline",
        "--locked",
        "--bin",
        "lab",
        "--no-default-features",
        "--features",
        "lab,svg",
    ];
    std::fs::create_dir_all("target")?;
    let config = PathBuf::from("target/bench-config.json");
    for case in cases {
        let text = json!({
            "networks": case.network, "backend": case.backend, "batch": case.batch, "train": case.images,
            "workers": case.workers, "validation": 0.0, "epochs": 1,
        });
        std::fs::write(&config, text.to_string())?;
        let mut found = Vec::new();
        let mut report = Value::Null;
        for _ in 0..repetitions {
            let mut lab = Command::new("cargo");
            lab.arg("run").args(LAB).args(["--", "bench", "--config"]).arg(&config);
            let output = lab.output().context("lab could not be started")?;
            report = serde_json::from_slice(&output.stdout)
                .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
            found.push(report["images_per_s"].as_f64().context("no images_per_s")?);
        }
        keep(rows, row("native", &case, case.backend, &report, found, "native"))?;
    }
    Ok(())
}

fn row(place: &str, case: &Case, backend: &str, report: &Value, mut found: Vec<f64>, host: &str) -> Value {
    found.sort_by(f64::total_cmp);
    json!({
        "where": place, "network": case.network, "backend": backend, "workers": report["workers"], "asked_workers": case.workers,
        "batch": case.batch, "images": case.images * case.epochs, "images_per_s": found.get(found.len() / 2), "min": found.first(), "max": found.last(),
        "repetitions": found.len(), "seed": 42, "host": host, "latency": report["latency"], "warmup_seconds": report["warmup_seconds"], "step_times": report["step_times"],
    })
}

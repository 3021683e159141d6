//! The page in Firefox: it opens, trains with one and with several workers, and has a result. What it decides is tested in Chromium;
//! here is only what another browser could do otherwise.

use crate::help::{dist, list, minutes, number, screenshots, word};
use crate::try_it::{SHIRT, stroke};
use anyhow::{Context, Result, ensure};
use browser::{Firefox, Look, Server, Site};
use serde_json::Value;

/// The engine that Firefox takes where it has relaxed SIMD, and the one where it has not.
const ADAPTERS: [&str; 2] = ["WebAssembly, relaxed SIMD", "WebAssembly, SIMD128"];

/// Trains at once in a Firefox of its own and gives it with the report.
fn train(fragment: &str) -> Result<(Firefox, Value)> {
    let (server, firefox) = (Server::start(Site::of(dist()))?, Firefox::start()?);
    firefox.go(&format!("{}#autostart&{fragment}", server.address()))?;
    // Where there is no result, what the page shows says more than the time that passed.
    let shown =
        || firefox.eval("[document.querySelector('main')?.dataset.phase, document.body.innerText.slice(0, 1000)]");
    let report =
        firefox.event("result", minutes(10)).with_context(|| format!("the page shows {:?}", shown()))?["report"].take();
    let errors = firefox.errors();
    ensure!(errors.is_empty(), "{} says {errors:#?}", firefox.agent()?);
    Ok((firefox, report))
}

/// A network's result is what its steps promise.
fn learned(report: &Value, kind: &str, floor: f64) -> Result<()> {
    let network = &report["networks"][kind];
    ensure!(word(network, "/ended")? == "completed", "the {kind} ended as {}", network["ended"]);
    let accuracy = number(network, "/test/accuracy")?;
    println!("{kind}: accuracy {accuracy:.4}, {} workers, {} images/s", network["workers"], network["images_per_s"]);
    ensure!(accuracy > floor, "the {kind} has {accuracy} on the test set, the floor is {floor}");
    ensure!(list(network, "/test/predictions")?.len() == 10_000, "not every test image was scored");
    Ok(())
}

#[test]
fn firefox_trains_the_quick_preset() -> Result<()> {
    let (firefox, report) = train("preset=quick")?;
    // Guessing gives 0.10. Native runs of this preset end well above these floors, which leave room for other seeds.
    learned(&report, "ann", 0.75)?;
    learned(&report, "cnn", 0.70)?;
    let adapter = word(&report, "/device/adapter")?;
    println!("{}: {adapter}", firefox.agent()?);
    ensure!(ADAPTERS.contains(&adapter), "the adapter is {adapter}");
    firefox.wait("document.querySelector('main')?.dataset.phase === 'done'", minutes(1))?;
    let look = Look { width: 1366, scale: 1.0, dark: false };
    firefox.picture(look, 768, &screenshots().join("firefox-after-1366-light.png"))?;
    let asked = firefox.asked_outside();
    let mirrors = ["githubusercontent.com", "storage.googleapis.com"];
    ensure!(!asked.iter().any(|address| mirrors.iter().any(|m| address.contains(m))), "it asked for {asked:?}");
    Ok(())
}

#[test]
fn in_firefox_two_workers_train_as_one_does() -> Result<()> {
    const SMALL: &str = "backend=flex&networks=ann&train=2000&epochs=1&batch=64&seed=7";
    let losses = |workers: usize| -> Result<Vec<f64>> {
        let (_firefox, report) = train(&format!("{SMALL}&workers={workers}"))?;
        let ann = &report["networks"]["ann"];
        ensure!(ann["workers"] == workers, "{} workers trained instead of {workers}", ann["workers"]);
        Ok(serde_json::from_value(ann["step_losses"].clone())?)
    };
    let (one, two) = (losses(1)?, losses(2)?);
    ensure!(one.len() == two.len() && one.len() == 28, "{} and {} steps", one.len(), two.len());
    let apart = one.iter().zip(&two).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    ensure!(apart < 1e-3, "the losses are up to {apart} apart");
    Ok(())
}

#[test]
fn in_firefox_a_drawing_is_classified() -> Result<()> {
    let (server, firefox) = (Server::start(Site::of(dist()))?, Firefox::start()?);
    firefox.go(&format!("{}#view=try", server.address()))?;
    firefox.wait("document.querySelector('[data-view=try] [data-source=shipped]')", minutes(2))?;
    firefox.eval(&stroke(SHIRT))?;
    let said = "document.querySelector('[data-view=try] [data-network=cnn]')?.dataset.says";
    firefox.wait(&format!("{said} !== undefined"), minutes(1))?;
    // T-shirt/top or Shirt.
    let says = firefox.eval(said)?;
    ensure!(["0", "6"].contains(&says.as_str().unwrap_or_default()), "the CNN takes a T-shirt for class {says}");
    firefox.wait("document.querySelector('main')?.dataset.phase === 'ready'", minutes(5))?;
    firefox.picture(
        Look { width: 1366, scale: 1.0, dark: false },
        768,
        &screenshots().join("firefox-try-1366-light.png"),
    )?;
    let errors = firefox.errors();
    ensure!(errors.is_empty(), "{} says {errors:#?}", firefox.agent()?);
    Ok(())
}

//! Both networks on the CPU from the first byte to the report. Most tests share one run. It is small (3000 images, two epochs), so the
//! lowest accuracy that is allowed only shows that the networks learn. More than 300 lines, because all tests look at that run.

use crate::blocked;
use crate::help::{Lab, list, minutes, number, phase, press, quiet, screenshots, word};
use anyhow::{Context, Result, anyhow, ensure};
use browser::{Look, Page};
use serde_json::Value;
use std::sync::OnceLock;

const EPOCHS: usize = 2;
/// Whole batches of 64 in the nine tenths of 3000 images that are trained on.
const STEPS: usize = 2700 / 64;
const FRAGMENT: &str = "backend=flex&train=3000&epochs=2&batch=64&workers=1";
const KINDS: [&str; 2] = ["ann", "cnn"];
const LOOKS: [(&str, Look); 4] = [
    ("desktop-light", Look { width: 1280, scale: 1.0, dark: false }),
    ("desktop-dark", Look { width: 1280, scale: 1.0, dark: true }),
    ("phone-light", Look { width: 390, scale: 2.0, dark: false }),
    ("phone-dark", Look { width: 390, scale: 2.0, dark: true }),
];

/// What the one run left.
struct Outcome {
    /// All messages, each with `at`, in order.
    events: Vec<Value>,
    /// Long tasks of the page's main thread: start and milliseconds.
    long: Vec<(f64, f64)>,
    /// From when to when the run was held for its pictures.
    held: (f64, f64),
    /// Milliseconds of each piece of work of always the same size, sorted.
    pieces: Vec<f64>,
    errors: Vec<String>,
    /// Widths of the document, by picture.
    widths: Vec<(String, u32, f64)>,
    /// Classes of the test images.
    labels: Vec<usize>,
    report: Value,
}

/// Takes the four pictures of this moment.
fn pictures(page: &Page, moment: &str, widths: &mut Vec<(String, u32, f64)>) -> Result<()> {
    for (name, look) in LOOKS {
        let theme = if look.dark { "dark" } else { "light" };
        if page.eval("document.documentElement.dataset.theme")? != theme {
            page.click("[data-action=theme]")?;
        }
        page.picture(look, &screenshots().join(format!("{moment}-{name}.png")))?;
        let width = page.eval("document.documentElement.scrollWidth")?.as_f64().context("the document has no width")?;
        widths.push((format!("{moment}, {name}"), look.width, width));
    }
    page.show(LOOKS[0].1, 900)
}

fn train_both() -> Result<Outcome> {
    let lab = Lab::new()?;
    let page = lab.open(FRAGMENT)?;
    phase(&page, "ready", minutes(5))?;
    page.event("ready", minutes(2))?;
    let mut widths = Vec::new();
    pictures(&page, "before", &mut widths)?;

    // An epoch at a time until the CNN has one behind it: the page holds it there for the pictures, however fast it trains.
    for (kind, epoch) in [("ann", 1), ("cnn", 1)] {
        press(&page, "step")?;
        let ended = format!("e.type === 'evaluated' && e.network === '{kind}' && e.epoch === {epoch}");
        page.wait(&format!("window.__events.some(e => {ended})"), minutes(5))?;
        phase(&page, "paused", minutes(1))?;
    }
    let now = || page.eval("performance.now()")?.as_f64().context("the page has no clock");
    let from = now()?;
    pictures(&page, "during", &mut widths)?;
    // Long tasks that the pictures cause do not count.
    page.eval("new Promise(done => setTimeout(done, 1000))")?;
    let pieces = blocked::pieces(&page)?;
    let held = (from, now()?);
    press(&page, "resume")?;

    let report = page.event("result", minutes(10))?["report"].take();
    phase(&page, "done", minutes(1))?;
    page.eval("new Promise(done => setTimeout(done, 1000))")?;
    let long = page.eval("window.__long.map(t => [t.start, t.ms])")?;
    pictures(&page, "after", &mut widths)?;
    let labels = page.eval(
        "fetch('data/t10k-labels-idx1-ubyte.gz').then(r => new Response(r.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer())
            .then(b => Array.from(new Uint8Array(b, 8)))",
    )?;
    Ok(Outcome {
        events: page.eval("window.__events")?.as_array().cloned().context("no messages")?,
        long: serde_json::from_value(long)?,
        held,
        pieces,
        errors: page.errors(),
        widths,
        labels: serde_json::from_value(labels)?,
        report,
    })
}

/// The one run.
fn outcome() -> Result<&'static Outcome> {
    static ONCE: OnceLock<Result<Outcome, String>> = OnceLock::new();
    ONCE.get_or_init(|| train_both().map_err(|e| format!("{e:#}"))).as_ref().map_err(|e| anyhow!("the whole run: {e}"))
}

fn network(kind: &str) -> Result<&'static Value> {
    outcome()?.report.pointer(&format!("/networks/{kind}")).with_context(|| format!("no {kind} in the report"))
}

#[test]
fn the_messages_of_a_run_come_in_order_and_hold_what_they_promise() -> Result<()> {
    let events = &outcome()?.events;
    let kinds: Vec<&str> = events.iter().filter_map(|e| e["type"].as_str()).collect();
    let first = |kind: &str| kinds.iter().position(|k| *k == kind).with_context(|| format!("no {kind} message"));
    let order = [first("ready")?, first("progress")?, first("evaluated")?, first("result")?];
    ensure!(order.is_sorted(), "ready, progress, evaluated and result come at {order:?}");
    ensure!(first("result")? == kinds.len() - 1, "there are messages after the result: {kinds:?}");
    ensure!(events.iter().all(|e| e["version"] == 1), "a message is not of version 1");
    for kind in KINDS {
        let of = |what: &str| events.iter().filter(|e| e["type"] == what && e["network"] == kind).collect::<Vec<_>>();
        let evaluated = of("evaluated");
        ensure!(evaluated.len() == EPOCHS, "{} epochs of the {kind} were told", evaluated.len());
        for (i, event) in evaluated.iter().enumerate() {
            ensure!(event["epoch"] == i + 1, "{event}");
            ensure!((0.0..=1.0).contains(&number(event, "/validation/accuracy")?), "{event}");
        }
        for event in of("progress") {
            ensure!(number(event, "/images_per_s")? > 0.0 && number(event, "/loss")? > 0.0, "{event}");
            ensure!((0.0..=1.0).contains(&number(event, "/accuracy")?), "{event}");
            ensure!((1.0..=EPOCHS as f64).contains(&number(event, "/epoch")?), "{event}");
        }
        let last = of("progress").last().and_then(|e| e["step"].as_u64());
        ensure!(last == Some((EPOCHS * STEPS) as u64), "the {kind}'s last step is {last:?}");
    }
    let ready = &events[first("ready")?];
    ensure!(ready["backend"] == "flex" && ready["adapter"].is_string() && ready["why"].is_string(), "{ready}");
    Ok(())
}

#[test]
fn the_report_holds_what_the_contract_names() -> Result<()> {
    let report = &outcome()?.report;
    ensure!(report["version"] == 1, "the report is of version {}", report["version"]);
    let config = &report["config"];
    ensure!(config["train"] == 3000 && config["epochs"] == 2 && config["batch"] == 64, "the config is {config}");
    ensure!(word(report, "/device/backend")? == "flex", "the device is {}", report["device"]);
    word(report, "/device/adapter")?;
    word(report, "/device/why")?;
    for kind in KINDS {
        let network = network(kind)?;
        ensure!(word(network, "/ended")? == "completed", "the {kind} ended as {}", network["ended"]);
        for what in ["/parameters", "/macs", "/training_seconds", "/images_per_s"] {
            ensure!(number(network, what)? > 0.0, "{kind}{what} is not above 0");
        }
        let history = list(network, "/history")?;
        ensure!(history.len() == EPOCHS, "the {kind} has {} epochs", history.len());
        for (i, epoch) in history.iter().enumerate() {
            ensure!(epoch["epoch"] == i + 1, "{epoch}");
            for part in ["/train", "/validation"] {
                ensure!(number(epoch, &format!("{part}/loss"))? > 0.0, "{epoch}");
                ensure!((0.0..=1.0).contains(&number(epoch, &format!("{part}/accuracy"))?), "{epoch}");
            }
            ensure!(number(epoch, "/seconds")? > 0.0, "{epoch}");
        }
        let steps = list(network, "/step_losses")?.len();
        ensure!(steps == EPOCHS * STEPS, "the {kind} has {steps} steps");
        ensure!(number(network, "/test/loss")? > 0.0, "the {kind} has no test loss");
        // Every layer that has weights was timed, and the parts of a step make up the whole.
        let layers = list(network, "/step_times/layers")?;
        let expected = if kind == "ann" { 3 } else { 4 };
        ensure!(layers.len() == expected, "the {kind} has times of {} layers", layers.len());
        let mut sum = 0.0;
        for (layer, parts) in
            [(layers, &["/forward_ms", "/backward_ms"][..]), (list(network, "/step_times/others")?, &["/ms"])]
        {
            for (line, part) in layer.iter().flat_map(|line| parts.iter().map(move |part| (line, part))) {
                sum += number(line, part)?;
            }
        }
        let whole = number(network, "/step_times/ms")?;
        ensure!((sum - whole).abs() < 0.01 * whole, "the parts of the {kind}'s step make {sum} ms of {whole}");
    }
    // The default networks, counted by hand.
    let ann = 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10;
    let cnn = 9 * 32 + 32 + 9 * 32 * 64 + 64 + 5 * 5 * 64 * 128 + 128 + 128 * 10 + 10;
    ensure!(network("ann")?["parameters"] == ann, "the ANN has {} parameters", network("ann")?["parameters"]);
    ensure!(network("cnn")?["parameters"] == cnn, "the CNN has {} parameters", network("cnn")?["parameters"]);
    Ok(())
}

#[test]
fn predictions_confusion_accuracy_and_interval_agree() -> Result<()> {
    let labels = &outcome()?.labels;
    ensure!(labels.len() == 10_000, "there are {} labels", labels.len());
    for kind in KINDS {
        let test = &network(kind)?["test"];
        let predictions: Vec<usize> = serde_json::from_value(test["predictions"].clone())?;
        let confusion: [[u32; 10]; 10] = serde_json::from_value(test["confusion"].clone())?;
        ensure!(predictions.len() == 10_000, "the {kind} has {} predictions", predictions.len());
        ensure!(confusion.iter().all(|row| row.iter().sum::<u32>() == 1000), "each class has 1000 test images");
        let mut counted = [[0; 10]; 10];
        for (&label, &prediction) in labels.iter().zip(&predictions) {
            *counted.get_mut(label).and_then(|row| row.get_mut(prediction)).context("there are ten classes")? += 1;
        }
        ensure!(counted == confusion, "the {kind}'s predictions make {counted:?}, not {confusion:?}");
        let right: u32 = (0..10).map(|i| confusion[i][i]).sum();
        let accuracy = number(test, "/accuracy")?;
        ensure!((accuracy - f64::from(right) / 1e4).abs() < 1e-9, "{right} right answers are not {accuracy}");

        // Wilson's interval, written out.
        let (n, z) = (1e4, 1.959_964_f64);
        let middle = (accuracy + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (accuracy * (1.0 - accuracy) / n + z * z / (4.0 * n * n)).sqrt();
        let (low, high) = (number(test, "/interval/0")?, number(test, "/interval/1")?);
        ensure!(low < accuracy && accuracy < high, "{accuracy} is not inside {low} to {high}");
        ensure!((low - middle + half).abs() < 1e-4 && (high - middle - half).abs() < 1e-4, "{low} to {high}");
    }
    Ok(())
}

#[test]
fn both_networks_learn() -> Result<()> {
    // Guessing gives 0.10. After 84 steps both are on their way, the CNN behind because it begins more slowly; native runs end
    // well above these floors, which leave room for other seeds.
    for (kind, floor) in KINDS.into_iter().zip([0.70, 0.60]) {
        let network = network(kind)?;
        let accuracy = number(network, "/test/accuracy")?;
        println!("{kind}: test accuracy {accuracy:.4}, {:.0} images/s", number(network, "/images_per_s")?);
        ensure!(accuracy > floor, "the {kind} has {accuracy} on the test set, the floor is {floor}");
        let losses: Vec<f64> = serde_json::from_value(network["step_losses"].clone())?;
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let (first, last) = (mean(&losses[..10]), mean(&losses[losses.len() - 10..]));
        ensure!(last < 0.7 * first, "the {kind}'s loss went from {first} to {last}");
    }
    Ok(())
}

#[test]
fn the_page_is_never_blocked_while_it_trains() -> Result<()> {
    let outcome = outcome()?;
    println!("long tasks of the whole visit (start, ms): {:.0?}", outcome.long);
    println!("held for pictures from {:.0} to {:.0} ms", outcome.held.0, outcome.held.1);
    let limit = blocked::limit(&outcome.pieces)?;
    let blocked = blocked::over(&outcome.events, &outcome.long, Some(outcome.held), limit)?;
    ensure!(blocked.is_empty(), "tasks over {limit:.0} ms while training (start, ms): {blocked:?}");
    Ok(())
}

#[test]
fn nothing_is_said_on_the_console() -> Result<()> {
    let errors = &outcome()?.errors;
    ensure!(errors.is_empty(), "the console says {errors:#?}");
    Ok(())
}

#[test]
fn the_page_is_never_wider_than_its_window() -> Result<()> {
    let wide: Vec<_> = outcome()?.widths.iter().filter(|(_, window, page)| *page > f64::from(*window)).collect();
    ensure!(wide.is_empty(), "wider than the window (moment, window, document): {wide:?}");
    Ok(())
}

/// A small run of the ANN with this seed on so many workers.
fn ann(lab: &Lab, workers: usize, seed: u64) -> Result<Value> {
    let fragment = format!("backend=flex&networks=ann&train=2000&epochs=1&batch=64&seed={seed}&workers={workers}");
    let (page, report) = lab.train(&fragment, minutes(5))?;
    quiet(&page)?;
    page.close()?;
    let ann = report["networks"]["ann"].clone();
    ensure!(ann["workers"] == workers, "{} workers trained instead of {workers}", ann["workers"]);
    Ok(ann)
}

#[test]
fn the_same_seed_gives_the_same_run() -> Result<()> {
    let lab = Lab::new()?;
    let (first, second, other) = (ann(&lab, 1, 7)?, ann(&lab, 1, 7)?, ann(&lab, 1, 8)?);
    ensure!(first["step_losses"] == second["step_losses"], "the same seed gave other losses");
    ensure!(first["test"] == second["test"], "the same seed gave another result");
    ensure!(first["step_losses"] != other["step_losses"], "another seed gave the same run");
    Ok(())
}

#[test]
fn two_workers_train_as_one_does() -> Result<()> {
    let lab = Lab::new()?;
    let (one, two) = (ann(&lab, 1, 7)?, ann(&lab, 2, 7)?);
    let losses = |of: &Value| serde_json::from_value::<Vec<f64>>(of["step_losses"].clone());
    let (one_losses, two_losses) = (losses(&one)?, losses(&two)?);
    ensure!(one_losses.len() == two_losses.len(), "{} and {} steps", one_losses.len(), two_losses.len());
    let apart = one_losses.iter().zip(&two_losses).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    ensure!(apart < 1e-3, "the losses are up to {apart} apart");
    let (a, b) = (list(&one, "/test/predictions")?, list(&two, "/test/predictions")?);
    let differ = a.iter().zip(b).filter(|(a, b)| a != b).count();
    println!("losses up to {apart:.1e} apart, {differ} of 10,000 predictions differ");
    ensure!(differ <= 100, "{differ} of 10,000 predictions differ");
    Ok(())
}

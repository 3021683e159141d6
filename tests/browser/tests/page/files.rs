//! Files out and in: a run is saved in every form and read back here, comes back in a browser that has never seen it, and a file that is
//! damaged or meant badly changes nothing. Leaves out: what the forms hold to the byte, which native tests check.

use crate::help::{Lab, minutes, number, phase, press, quiet, result, show_view, text_of};
use anyhow::{Context, Result, ensure};
use base64::Engine;
use browser::Page;
use serde_json::Value;
use std::path::PathBuf;

/// A small ANN, trained in a second.
const ANN: &str = "backend=flex&networks=ann&ann_hidden=16&train=1000&epochs=1&batch=64&workers=1&seed=7";

/// From here on each file that the page saves is kept by its name and does not reach the disk.
const CATCH: &str = r"(() => {
    const [make, blobs, click] = [URL.createObjectURL, {}, HTMLElement.prototype.click];
    window.__files = {};
    URL.createObjectURL = blob => { const at = make.call(URL, blob); blobs[at] = blob; return at; };
    HTMLAnchorElement.prototype.click = function () {
        if (this.download && blobs[this.href]) window.__files[this.download] = blobs[this.href];
        else click.call(this);
    };
    return true;
})()";

/// Opens the page, trains a run, and gives its report.
fn trained(lab: &Lab) -> Result<(Page, Value)> {
    let page = lab.open(ANN)?;
    page.eval(CATCH)?;
    phase(&page, "ready", minutes(5))?;
    press(&page, "start")?;
    let report = result(&page, minutes(10))?;
    phase(&page, "done", minutes(1))?;
    show_view(&page, "runs")?;
    Ok((page, report))
}

/// Saves the only run in a form, and gives the content of the file of this name.
fn saved(page: &Page, form: &str, name: &str) -> Result<Vec<u8>> {
    page.click(&format!("[data-view=runs] [data-action=export-{form}]"))?;
    let (list, name) = ("window.__files", Value::from(name));
    page.wait(&format!("{list}[{name}] !== undefined"), minutes(2))?;
    let text = page.eval(&format!(
        "new Promise(done => {{ const reader = new FileReader(); reader.onload = () => done(reader.result.split(',')[1]); reader.readAsDataURL({list}[{name}]); }})"
    ))?;
    let text = text.as_str().context("the file has no content")?;
    Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
}

/// Writes files and opens them by the field of the view Runs.
fn open(page: &Page, folder: &tempfile::TempDir, files: &[(&str, &[u8])]) -> Result<()> {
    show_view(page, "runs")?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, content)?;
        paths.push(path);
    }
    page.give_files("[data-action=import]", &paths)
}

/// Waits until a notice holds this text, and gives all notices.
fn noticed(page: &Page, text: &str) -> Result<String> {
    let text = Value::from(text);
    page.wait(&format!("document.querySelector('#notices')?.innerText.includes({text})"), minutes(2))?;
    text_of(page, "#notices")
}

fn rows(page: &Page) -> Result<Value> {
    page.eval("[...document.querySelectorAll('[data-view=runs] tr[data-run]')].map(row => row.dataset.run)")
}

/// The header of a safetensors file.
fn header(file: &[u8]) -> Result<Value> {
    let (length, rest) = file.split_first_chunk().context("the file is too short")?;
    Ok(serde_json::from_slice(rest.get(..u64::from_le_bytes(*length) as usize).context("it is cut off")?)?)
}

#[test]
fn a_run_is_saved_in_every_form() -> Result<()> {
    let lab = Lab::new()?;
    let (page, report) = trained(&lab)?;
    let name = |end: &str| format!("fashion-lab-run-1{end}");
    let weights = saved(&page, "weights", &name("-ann.safetensors"))?;
    let test: Value = serde_json::from_str(
        header(&weights)?["__metadata__"]["test"].as_str().context("the weights have no test figures")?,
    )?;
    let accuracy = number(&report, "/networks/ann/test/accuracy")?;
    ensure!(test["accuracy"] == accuracy, "{test} stands in the file, the accuracy is {accuracy}");
    for (form, end) in [("npz", "-ann.npz"), ("whole-run", ".zip")] {
        ensure!(saved(&page, form, &name(end))?.starts_with(b"PK\x03\x04"), "{form} is no archive");
    }
    let config: Value = serde_json::from_slice(&saved(&page, "config", &name("-config.json"))?)?;
    ensure!(config["train"] == 1000 && config["seed"] == 7, "the settings are {config}");
    let metrics = String::from_utf8(saved(&page, "metrics", &name("-metrics.csv"))?)?;
    ensure!(metrics.lines().count() == 3, "the head, one epoch and the test set, but: {metrics}");
    for plot in ["accuracy", "loss", "ann-confusion"] {
        let svg = String::from_utf8(saved(&page, "plots-svg", &name(&format!("-{plot}.svg")))?)?;
        ensure!(svg.starts_with("<svg"), "{plot}: {svg:.100}");
        let png = saved(&page, "plots-png", &name(&format!("-{plot}.png")))?;
        ensure!(png.starts_with(b"\x89PNG"), "{plot} is no PNG");
        let size = |at: usize| png.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
        let wide = format!("width=\"{}\"", size(16).context("it is cut off")? / 2);
        ensure!(svg.contains(&wide), "the PNG of {plot} is not twice as wide as the SVG: {wide}");
    }
    for (form, end) in [("keras", "-ann-keras.py"), ("pytorch", "-ann-pytorch.py"), ("numpy", "-numpy.py")] {
        let script = String::from_utf8(saved(&page, form, &name(end))?)?;
        ensure!(script.contains("def read_weights"), "{form}: {script:.200}");
    }
    ensure!(text_of(&page, "#notices")?.is_empty(), "the page says: {}", text_of(&page, "#notices")?);
    quiet(&page)
}

#[test]
fn a_run_comes_back_in_another_browser() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (run, weights, accuracy) = {
        let lab = Lab::new()?;
        let (page, report) = trained(&lab)?;
        let run = saved(&page, "whole-run", "fashion-lab-run-1.zip")?;
        let weights = saved(&page, "weights", "fashion-lab-run-1-ann.safetensors")?;
        (run, weights, number(&report, "/networks/ann/test/accuracy")?)
    };
    let lab = Lab::new()?;
    let page = lab.open("view=runs")?;
    phase(&page, "ready", minutes(5))?;
    ensure!(rows(&page)? == serde_json::json!([]), "the profile is not fresh");
    open(&page, &folder, &[("my run.zip", &run)])?;
    noticed(&page, "my run.zip")?;
    let shown = |page: &Page| -> Result<()> {
        page.wait("document.querySelectorAll('[data-view=runs] tr[data-run]').length === 1", minutes(1))?;
        let percent = format!("{:.1}", accuracy * 100.0);
        let text = text_of(page, "[data-view=runs] tr[data-run]")?;
        ensure!(text.contains(&percent), "{percent} is not in: {text}");
        let note = page.eval("document.querySelector('[data-view=runs] [data-action=note]').value")?;
        ensure!(note.as_str().is_some_and(|note| note.contains("my run.zip")), "the note is {note}");
        Ok(())
    };
    shown(&page)?;
    // Opened once more, it is another run.
    open(&page, &folder, &[("my run.zip", &run)])?;
    page.wait("document.querySelectorAll('[data-view=runs] tr[data-run]').length === 2", minutes(1))?;
    page.click("[data-view=runs] tr[data-run] [data-action=delete]")?;
    // It is kept, with its bytes.
    page.eval("new Promise(done => setTimeout(done, 500))")?;
    page.reload()?;
    phase(&page, "ready", minutes(5))?;
    shown(&page)?;
    page.eval(CATCH)?;
    ensure!(saved(&page, "weights", "fashion-lab-run-1-ann.safetensors")? == weights, "the weights changed");
    show_view(&page, "mistakes")?;
    page.wait("document.querySelectorAll('[data-view=mistakes] .matrices figure').length === 1", minutes(1))?;
    show_view(&page, "inside")?;
    page.wait("document.querySelectorAll('[data-view=inside] .network').length === 1", minutes(2))?;
    quiet(&page)
}

#[test]
fn settings_and_weights_go_where_they_belong() -> Result<()> {
    let lab = Lab::new()?;
    let folder = tempfile::tempdir()?;
    let page = lab.open("view=runs")?;
    phase(&page, "ready", minutes(5))?;
    open(&page, &folder, &[("settings.json", br#"{"epochs": 7, "batch": 96}"#)])?;
    noticed(&page, "settings.json")?;
    page.wait("document.querySelector('[data-view=train]')", minutes(1))?;
    page.wait("document.querySelector('input[name=epochs]')?.value === '7'", minutes(1))?;
    let weights = std::fs::read(crate::help::dist().join("models/cnn.safetensors"))?;
    open(&page, &folder, &[("my network.bin", &weights)])?;
    page.wait("document.querySelectorAll('[data-view=inside] .network').length === 1", minutes(2))?;
    noticed(&page, "my network.bin")?;
    quiet(&page)
}

#[test]
fn damaged_and_hostile_files_change_nothing() -> Result<()> {
    let lab = Lab::new()?;
    let folder = tempfile::tempdir()?;
    let page = lab.open("epochs=3&view=runs")?;
    phase(&page, "ready", minutes(5))?;
    let weights = std::fs::read(crate::help::dist().join("models/ann.safetensors"))?;
    // A header that announces a terabyte, brackets without end, an archive that is none, a name that is markup.
    let huge = [&(1_u64 << 40).to_le_bytes()[..], b"{\"a\":1}"].concat();
    let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let files: [(&str, &[u8]); 7] = [
        ("empty.json", b""),
        ("cut.safetensors", &weights[..weights.len() / 2]),
        ("huge.safetensors", &huge),
        ("deep.json", deep.as_bytes()),
        ("archive.zip", b"PK\x03\x04 and nothing else"),
        ("wrong.json", b"{\"epochs\": 0}"),
        ("<img src=x onerror=window.__hit=1>.json", b"words"),
    ];
    for (name, content) in files {
        open(&page, &folder, &[(name, content)])?;
        let said = noticed(&page, &name[..name.len().min(20)])?;
        ensure!(said.contains("Nothing was changed"), "{name}: {said}");
        ensure!(rows(&page)? == serde_json::json!([]), "{name} became a run");
    }
    ensure!(page.eval("window.__hit === undefined && document.querySelector('#notices img') === null")? == true);
    show_view(&page, "train")?;
    ensure!(page.eval("document.querySelector('input[name=epochs]').value")? == "3", "the settings changed");
    quiet(&page)
}

#[test]
fn a_file_can_be_dropped_onto_the_view() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open("view=runs")?;
    phase(&page, "ready", minutes(5))?;
    let taken = page.eval(
        r#"(() => {
            const data = new DataTransfer();
            data.items.add(new File(['{"epochs": 4}'], 'dropped.json'));
            const drop = new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true});
            document.querySelector('[data-view=runs] h2').dispatchEvent(drop);
            return drop.defaultPrevented;
        })()"#,
    )?;
    ensure!(taken == true, "the browser would open the file");
    page.wait("document.querySelector('input[name=epochs]')?.value === '4'", minutes(2))?;
    noticed(&page, "dropped.json")?;
    quiet(&page)
}

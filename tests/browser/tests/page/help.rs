//! What all tests share: where the page is, opening it, and the questions that many ask.

use anyhow::{Context, Result, ensure};
use browser::{Chrome, Gpu, Page, Server, Site};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The four files of the dataset.
pub const DATA: [&str; 4] = [
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
];

/// A limit. Limits are long, because they are only reached if something hangs.
pub const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

/// The built page.
pub fn dist() -> PathBuf {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|a| a.join("dist"))
        .find(|d| d.join("index.html").is_file());
    found.expect("there is no built page: run `cargo xtask dist`")
}

/// The server of a test with its browser, which has no GPU unless asked for.
pub struct Lab {
    pub site: Site,
    pub server: Server,
    pub chrome: Chrome,
}

impl Lab {
    pub fn new() -> Result<Self> {
        Self::with(Site::of(dist()), Gpu::None)
    }

    pub fn with(site: Site, gpu: Gpu) -> Result<Self> {
        Ok(Self { server: Server::start(site.clone())?, chrome: Chrome::start(gpu)?, site })
    }

    /// Opens the page with a fragment.
    pub fn open(&self, fragment: &str) -> Result<Page> {
        self.chrome.open(&format!("{}#{fragment}", self.server.address()))
    }

    /// Trains at once and gives the report.
    pub fn train(&self, fragment: &str, limit: Duration) -> Result<(Page, Value)> {
        let page = self.open(&format!("autostart&{fragment}"))?;
        let report = page.event("result", limit)?["report"].take();
        Ok((page, report))
    }
}

/// Waits until the page as a whole is in this phase.
pub fn phase(page: &Page, word: &str, limit: Duration) -> Result<()> {
    page.wait(&format!("document.querySelector('main')?.dataset.phase === '{word}'"), limit).map(drop)
}

/// Presses a button as soon as it can be pressed: the page draws its buttons a moment after it has told what happened.
pub fn press(page: &Page, action: &str) -> Result<()> {
    let button = format!("[data-action={action}]");
    page.wait(&format!("document.querySelector('{button}')?.disabled === false"), minutes(1))?;
    page.click(&button)
}

/// Waits for the result of a run, whatever else was told before it, and gives its report.
pub fn result(page: &Page, limit: Duration) -> Result<Value> {
    Ok(page.wait("window.__events.find(e => e.type === 'result')", limit)?["report"].take())
}

/// Whether there is a start button that can be pressed.
pub fn can_start(page: &Page) -> Result<bool> {
    let enabled = page.eval("document.querySelector('[data-action=start]')?.disabled === false")?;
    enabled.as_bool().context("the start button is neither enabled nor disabled")
}

/// The text of the first element that a selector finds, "" where there is none.
pub fn text_of(page: &Page, selector: &str) -> Result<String> {
    let quoted = Value::from(selector);
    let text = page.eval(&format!("document.querySelector({quoted})?.innerText ?? ''"))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Steps that the page has told of so far, in this run's only network.
pub fn steps(page: &Page) -> Result<u64> {
    Ok(page.events("progress")?.last().and_then(|e| e["step"].as_u64()).unwrap_or(0))
}

/// Nothing was said on the console, nothing thrown.
pub fn quiet(page: &Page) -> Result<()> {
    let errors = page.errors();
    ensure!(errors.is_empty(), "the console says {errors:#?}");
    Ok(())
}

/// Checks that the page asked no other host. The browser lists what the page fetched. A worker could only ask the mirrors, and the
/// proxy would have seen that. It also sees Chromium's own requests, which do not count.
pub fn keeps_to_itself(page: &Page, chrome: &Chrome) -> Result<()> {
    let strange = page.eval(
        "performance.getEntriesByType('resource').map(e => e.name).filter(n => !/^(blob|data):/.test(n) && new URL(n).origin !== location.origin)",
    )?;
    ensure!(strange == Value::Array(Vec::new()), "the page asked for {strange}");
    let asked = chrome.asked_outside();
    let mirrors = ["githubusercontent.com", "storage.googleapis.com"];
    let found: Vec<_> = asked.iter().filter(|a| mirrors.iter().any(|m| a.contains(m))).collect();
    ensure!(found.is_empty(), "the engine asked for {found:?}");
    Ok(())
}

/// A number in a JSON value.
pub fn number(value: &Value, what: &str) -> Result<f64> {
    value.pointer(what).and_then(Value::as_f64).with_context(|| format!("no number at {what}"))
}

/// A list in a JSON value.
pub fn list<'a>(value: &'a Value, what: &str) -> Result<&'a [Value]> {
    Ok(value.pointer(what).and_then(Value::as_array).with_context(|| format!("no list at {what}"))?)
}

/// A text in a JSON value.
pub fn word<'a>(value: &'a Value, what: &str) -> Result<&'a str> {
    value.pointer(what).and_then(Value::as_str).with_context(|| format!("no text at {what}"))
}

/// The views, as the address and `data-view` name them.
pub const VIEWS: [&str; 6] = ["train", "mistakes", "inside", "try", "compare", "runs"];
/// Light and dark, as `Look::dark` names them.
pub const THEMES: [bool; 2] = [false, true];

/// Shows a view by its address, as a link does, and waits until it is there.
pub fn show_view(page: &Page, view: &str) -> Result<()> {
    page.eval(&format!(
        "(hash => {{ if (new URLSearchParams(hash).get('view') !== '{view}') location.hash = [...hash.split('&').filter(part => part && !part.startsWith('view=')), 'view={view}'].join('&'); }})(location.hash.slice(1))"
    ))?;
    page.wait(&format!("document.querySelector('[data-view={view}]')"), minutes(1)).map(drop)
}

/// Chooses the theme by its button, which only the page's own choice counts for.
pub fn theme(page: &Page, dark: bool) -> Result<()> {
    let wanted = if dark { "dark" } else { "light" };
    let shown = "document.documentElement.dataset.theme";
    if page.eval(shown)? != wanted {
        page.click("[data-action=theme]")?;
        page.wait(&format!("{shown} === '{wanted}'"), minutes(1))?;
    }
    Ok(())
}

/// The folder into which pictures go.
pub fn screenshots() -> PathBuf {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tmp.parent().unwrap_or(tmp).join("screenshots")
}

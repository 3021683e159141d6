//! If a browser lacks or refuses a feature, the page says so with the next step and goes on.

use crate::help::{Lab, dist, minutes, phase, press, quiet, text_of};
use anyhow::{Result, ensure};
use browser::{Chrome, Gpu, Page, Server, Site};

const RUN: &str = "backend=flex&networks=ann&train=1000&epochs=2&batch=64&workers=1";
/// What the page says where the clipboard is refused.
const REFUSED: &str = "does not let this page use the clipboard";
const SAID: &str = "document.querySelector('#notices')?.innerText ?? ''";

/// A script of the page, or of a document in it, says this soon.
fn says(page: &Page, document: &str, text: &str) -> Result<()> {
    page.wait(
        &format!("({document}.querySelector('#notices')?.innerText ?? '').includes({})", serde_json::json!(text)),
        minutes(1),
    )
    .map(drop)
}

#[test]
fn copying_over_plain_http_from_another_machine_selects_the_link_instead() -> Result<()> {
    // No proxy for this name, and no trust, which Chromium gives to localhost alone.
    let switches = ["--host-resolver-rules=MAP lab.test 127.0.0.1", "--proxy-bypass-list=lab.test"];
    let (server, chrome) = (Server::start(Site::of(dist()))?, Chrome::start_with(Gpu::None, &switches)?);
    let page = chrome.open(&format!("{}#batch=32", server.address_at("lab.test")))?;
    page.wait("document.querySelector('[data-action=copy-link]')", minutes(1))?;
    ensure!(
        page.eval("isSecureContext")? == false && page.eval("navigator.clipboard")?.is_null(),
        "there is a clipboard"
    );
    page.click("[data-action=share]")?;
    for (button, field) in [("copy-link", "share-link"), ("copy-embed", "share-frame")] {
        page.click(&format!("[data-action={button}]"))?;
        says(&page, "document", REFUSED)?;
        page.wait(&format!("document.activeElement.id === '{field}'"), minutes(1))?;
        let selected = page.eval("(e => e.value.slice(e.selectionStart, e.selectionEnd))(document.activeElement)")?;
        let link = format!("{}#batch=32", server.address_at("lab.test"));
        ensure!(selected.as_str().is_some_and(|s| s.contains(&link)), "{selected} is selected");
    }
    ensure!(!text_of(&page, "#notices")?.contains("is on the clipboard"), "it says that it copied");
    let link = page.eval("(a => [a.target, a.rel, a.hash])(document.querySelector('[data-action=open-tab]'))")?;
    ensure!(link == serde_json::json!(["_blank", "noopener", "#batch=32"]), "the link to a new tab is {link}");
    // It still answers.
    let theme = "document.documentElement.dataset.theme";
    let before = page.eval(theme)?;
    page.click("[data-action=theme]")?;
    page.wait(&format!("{theme} !== {before}"), minutes(1))?;
    phase(&page, "ready", minutes(5))?;
    quiet(&page)
}

#[test]
fn a_copy_is_told_when_it_is_done_and_not_before() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.chrome.open("about:blank")?;
    page.before_all(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: text => new Promise((resolve, reject) => Object.assign(window, {written: text, resolve, reject}))}})",
    )?;
    page.go(&format!("{}#batch=32", lab.server.address()))?;
    page.wait("document.querySelector('[data-action=copy-link]')", minutes(1))?;
    page.click("[data-action=copy-link]")?;
    page.wait("window.written?.endsWith('#batch=32')", minutes(1))?;
    // The page has answered other things since.
    page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")?;
    ensure!(page.eval(SAID)? == "", "it speaks before the browser has answered: {}", page.eval(SAID)?);
    page.eval("window.resolve()")?;
    says(&page, "document", "The link is on the clipboard.")?;
    page.click("[data-action=copy-embed]")?;
    page.wait("window.written?.includes('<iframe')", minutes(1))?;
    page.eval("window.reject(new Error('not today'))")?;
    says(&page, "document", &format!("{REFUSED} (not today)"))?;
    quiet(&page)
}

#[test]
fn a_frame_that_may_not_copy_says_so() -> Result<()> {
    let lab = Lab::new()?;
    let frame = format!(
        "<!doctype html><iframe src=\"{}\" allow=\"clipboard-write 'none'\" width=900 height=600></iframe>",
        lab.server.address()
    );
    lab.server.add("/course.html", frame);
    let page = lab.chrome.open(&format!("{}course.html", lab.server.address()))?;
    let inside = "document.querySelector('iframe').contentDocument";
    page.wait(&format!("{inside}.querySelector('[data-action=copy-link]')"), minutes(1))?;
    for button in ["share", "copy-link"] {
        page.eval(&format!("{inside}.querySelector('[data-action={button}]').click()"))?;
    }
    says(&page, inside, REFUSED)?;
    ensure!(page.eval(&format!("{inside}.activeElement.id"))? == "share-link", "the link is not selected");
    quiet(&page)
}

/// Drops a file on the element that a selector finds, as a person does; gives whether the browser would still open it itself.
fn drop_on(page: &Page, selector: &str) -> Result<bool> {
    let script = format!(
        "(target => {{ const files = new DataTransfer(); files.items.add(new File(['x'], 'x.txt'));
            return ['dragover', 'drop'].map(kind => target.dispatchEvent(new DragEvent(kind, {{bubbles: true, cancelable: true, dataTransfer: files}}))).some(open => open);
        }})(document.querySelector('{selector}'))"
    );
    Ok(page.eval(&script)? == true)
}

#[test]
fn a_file_that_is_dropped_beside_the_box_does_not_replace_the_page() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.fail("t10k-labels-idx1-ubyte.gz", browser::Fault::Missing);
    let page = lab.open("")?;
    phase(&page, "data-failed", minutes(5))?;
    ensure!(!drop_on(&page, "h1")?, "the browser opens the file in place of the page");
    says(&page, "document", "drop them on “Use my own files”")?;
    page.click("#notices button")?;
    page.wait(&format!("{SAID} === ''"), minutes(1))?;
    ensure!(!drop_on(&page, ".drop")?, "the box does not take the file");
    page.wait("document.querySelector('.failure')?.innerText.includes('x.txt')", minutes(1))?;
    ensure!(!text_of(&page, "#notices")?.contains("beside the box"), "a drop on the box counts as one beside it");

    let lab = Lab::new()?;
    let page = lab.open("")?;
    phase(&page, "ready", minutes(5))?;
    ensure!(!drop_on(&page, "h1")?, "the browser opens the file in place of the page");
    says(&page, "document", "The dataset is here already")?;
    quiet(&page)
}

#[test]
fn leaving_asks_first_while_a_run_is_under_way_and_only_then() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open(RUN)?;
    phase(&page, "ready", minutes(5))?;
    page.reload()?;
    ensure!(page.dialogs().is_empty(), "it asks without a run: {:?}", page.dialogs());
    phase(&page, "ready", minutes(5))?;
    // A run that is held is under way too, and it waits for the test.
    press(&page, "step")?;
    phase(&page, "paused", minutes(5))?;
    page.reload()?;
    ensure!(page.dialogs() == ["Beforeunload"], "the dialogs were {:?}", page.dialogs());
    phase(&page, "ready", minutes(5))?;
    press(&page, "step")?;
    phase(&page, "paused", minutes(5))?;
    press(&page, "stop")?;
    phase(&page, "done", minutes(5))?;
    page.reload()?;
    ensure!(page.dialogs().len() == 1, "it asks after a run: {:?}", page.dialogs());
    Ok(())
}

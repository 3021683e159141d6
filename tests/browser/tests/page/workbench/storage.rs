//! Where the browser has no room left or refuses its storage, the page says so once, trains as always, and keeps what it can.

use super::{ANN, is_kept, kept, of_run, ready, to_the_end, wait_for_runs};
use crate::frames::{with_cors, without_origin};
use crate::help::{Lab, list, minutes, phase, press, quiet, text_of, word};
use anyhow::{Context, Result, ensure};

/// A checkpoint of this network has 2.8 MB: 235,146 parameters with two moments each.
const LARGE: &str = "backend=flex&networks=ann&train=1000&epochs=3&batch=64&workers=1";

#[test]
fn where_there_is_no_room_the_page_says_so_and_trains() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, LARGE)?;
    page.limit_storage(Some(1 << 20))?;
    let report = to_the_end(&page, "start", 0)?;
    ensure!(word(&report, "/networks/ann/ended")? == "completed", "it ended as {}", report["networks"]["ann"]["ended"]);
    ensure!(list(&report, "/networks/ann/history")?.len() == 3, "epochs are missing");
    let notices = text_of(&page, "#notices")?.to_lowercase();
    ensure!(notices.contains("room") || notices.contains("space"), "the page does not say it: {notices}");
    let said = page.eval("document.querySelectorAll('#notices .notice').length")?;
    ensure!(said == 1, "it says it {said} times");
    wait_for_runs(&page, 1)?;
    quiet(&page)
}

/// Tries to keep a megabyte under another name, and takes it away again: true once the browser refuses.
const IS_FULL: &str = r"(async () => {
    const asked = request => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
    const opening = indexedDB.open('probe');
    opening.onupgradeneeded = () => opening.result.createObjectStore('probe');
    const base = await asked(opening), probe = new Uint8Array(1 << 20);
    for (let i = 0; i < probe.length; i += 65536) crypto.getRandomValues(probe.subarray(i, i + 65536));
    const refused = await new Promise(done => {
        const transaction = base.transaction('probe', 'readwrite');
        transaction.objectStore('probe').put(probe, 0);
        transaction.oncomplete = () => done(false);
        transaction.onabort = () => done(transaction.error?.name === 'QuotaExceededError');
    });
    base.close();
    await asked(indexedDB.deleteDatabase('probe'));
    return refused;
})()";

#[test]
fn the_oldest_checkpoints_without_a_star_make_room() -> Result<()> {
    let lab = Lab::new()?;
    let page = ready(&lab, LARGE)?;
    let mut ids = Vec::new();
    for run in 0..2 {
        to_the_end(&page, "start", run)?;
        let all = wait_for_runs(&page, run + 1)?;
        ids.extend(all.into_iter().find(|id| !ids.contains(id)));
        page.wait(&is_kept(&format!("{}/ann/epoch-3", ids[run])), minutes(1))?;
    }
    page.click(&of_run(&ids[0], "star"))?;
    // Less room than is used. Chromium remembers for a while how much room there was, so it takes some time to hold.
    let usage = page.eval("navigator.storage.estimate().then(e => e.usage)")?.as_u64().context("no usage")?;
    page.limit_storage(Some(usage * 2 / 3))?;
    page.wait(IS_FULL, minutes(5))?;
    to_the_end(&page, "start", 2)?;
    page.wait("document.querySelector('#notices')?.innerText.length > 0", minutes(1))?;
    let keys = kept(&page)?;
    let checkpoints = |id: &str| keys.iter().filter(|key| key.starts_with(id) && key.contains("/epoch-")).count();
    ensure!(checkpoints(&ids[0]) == 3, "the starred run has {} checkpoints: {keys:?}", checkpoints(&ids[0]));
    ensure!(checkpoints(&ids[1]) < 3, "the run without a star has all its checkpoints: {keys:?}");
    // What makes room are checkpoints, not runs.
    wait_for_runs(&page, 3)?;
    quiet(&page)
}

#[test]
fn where_storage_is_refused_runs_are_kept_until_the_page_is_closed() -> Result<()> {
    // A page without an origin has no storage.
    let lab = Lab::new()?;
    with_cors(&lab);
    let page = without_origin(&lab, &format!("{ANN}&epochs=1"))?;
    phase(&page, "ready", minutes(5))?;
    page.wait("document.querySelectorAll('#notices .notice').length === 1", minutes(1))?;
    let notices = text_of(&page, "#notices")?;
    ensure!(
        notices.contains("closed") || notices.contains("reload"),
        "it does not say what becomes of runs: {notices}"
    );
    to_the_end(&page, "start", 0)?;
    to_the_end(&page, "start", 1)?;
    wait_for_runs(&page, 2)?;
    let said = page.eval("document.querySelectorAll('#notices .notice').length")?;
    ensure!(said == 1, "it says it {said} times");
    quiet(&page)
}

#[test]
fn a_store_that_cannot_be_opened_is_said_once() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.chrome.open("about:blank")?;
    page.before_all("IDBFactory.prototype.open = () => { throw new DOMException('not today', 'InvalidStateError'); }")?;
    page.go(&format!("{}#{ANN}&epochs=1", lab.server.address()))?;
    phase(&page, "ready", minutes(5))?;
    page.wait("document.querySelectorAll('#notices .notice').length === 1", minutes(1))?;
    ensure!(text_of(&page, "#notices")?.contains("not today"), "the browser's own words are not there");
    press(&page, "start")?;
    phase(&page, "done", minutes(5))?;
    wait_for_runs(&page, 1)?;
    quiet(&page)
}

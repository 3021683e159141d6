//! The dataset is kept for the next visit, is never used if it is wrong or incomplete, and can come from a person's own files.

use crate::help::{DATA, Lab, can_start, dist, keeps_to_itself, minutes, phase, quiet, text_of, word};
use anyhow::{Result, ensure};
use browser::{Chrome, Fault, Gpu, Server, Site};

const FILE: &str = DATA[0];
const SMALL: &str = "backend=flex&networks=ann&train=1000&epochs=1&batch=64&workers=1";

#[test]
fn a_second_visit_trains_from_the_cache_without_asking_for_the_dataset() -> Result<()> {
    let profile = tempfile::tempdir()?;
    let server = Server::start(Site::of(dist()))?;
    let chrome = Chrome::start_in(profile.path(), Gpu::None)?;
    let page = chrome.open(&server.address())?;
    phase(&page, "ready", minutes(5))?;
    let setup = text_of(&page, ".setup")?;
    ensure!(setup.contains("from this site"), "the first visit says: {setup}");
    chrome.close()?;

    DATA.iter().for_each(|file| server.fail(file, Fault::Missing));
    server.asked();
    let chrome = Chrome::start_in(profile.path(), Gpu::None)?;
    let page = chrome.open(&format!("{}#autostart&{SMALL}", server.address()))?;
    let result = page.event("result", minutes(5))?;
    ensure!(result["report"]["networks"]["ann"]["ended"] == "completed", "the run from the cache did not end");
    let setup = text_of(&page, ".setup")?;
    ensure!(setup.contains("from cache"), "the second visit says: {setup}");
    let asked = server.asked();
    ensure!(!asked.iter().any(|path| path.contains("/data/")), "the second visit asked for {asked:?}");
    keeps_to_itself(&page, &chrome)?;
    quiet(&page)
}

/// With this fault in one file, the page names the file and one of these reasons, and does not train. Without the fault it trains.
fn is_named_and_retried(fault: Fault, reasons: &[&str]) -> Result<()> {
    let lab = Lab::new()?;
    lab.server.fail(FILE, fault);
    let page = lab.open(&format!("autostart&{SMALL}"))?;
    phase(&page, "data-failed", minutes(5))?;
    let said = text_of(&page, ".failure")?;
    let address = format!("{}data/{FILE}", lab.server.address());
    ensure!(said.contains(&address), "{address} is not named in: {said}");
    ensure!(said.contains(&format!("{FILE} ")), "the file is not named apart from its address in: {said}");
    ensure!(reasons.iter().any(|r| said.contains(r)), "none of {reasons:?} is in: {said}");
    ensure!(DATA[1..].iter().all(|file| !said.contains(file)), "a good file is named in: {said}");
    ensure!(!can_start(&page)?, "a run can start without the dataset");
    let told = page.events("error")?;
    ensure!(told.iter().any(|e| e["message"].as_str().is_some_and(|m| m.contains(FILE))), "embedders hear {told:?}");
    ensure!(page.events("progress")?.is_empty(), "it trained on something");

    lab.server.heal();
    page.click("[data-action=retry-data]")?;
    // The first failure is among the messages, so `event` would find it.
    let result = page.wait("window.__events.find(e => e.type === 'result')", minutes(5))?;
    ensure!(word(&result, "/report/networks/ann/ended")? == "completed", "no run after the retry");
    quiet(&page)
}

#[test]
fn a_corrupt_file_is_named_and_can_be_had_again() -> Result<()> {
    is_named_and_retried(Fault::Corrupt, &["SHA-256", "damaged", "bytes uncompressed"])
}

#[test]
fn a_truncated_file_is_named_and_can_be_had_again() -> Result<()> {
    is_named_and_retried(Fault::Truncated, &["truncated"])
}

#[test]
fn a_missing_file_is_named_and_can_be_had_again() -> Result<()> {
    is_named_and_retried(Fault::Missing, &["404"])
}

#[test]
fn somebodys_own_files_take_the_place_of_missing_ones() -> Result<()> {
    let lab = Lab::new()?;
    DATA.iter().for_each(|file| lab.server.fail(file, Fault::Missing));
    let page = lab.open(SMALL)?;
    phase(&page, "data-failed", minutes(5))?;
    let files = DATA.map(|file| dist().join("data").join(file));

    // Not all of them, and one that is none of them.
    let page_file = dist().join("index.html");
    page.give_files("#own-files", &[files[1].clone(), page_file])?;
    page.wait("document.querySelector('.failure')?.innerText.includes('index.html')", minutes(2))?;
    let said = text_of(&page, ".failure")?;
    ensure!(said.contains("it is a web page"), "a strange file is not called what it is in: {said}");
    ensure!(said.contains(DATA[0]) && !said.contains(DATA[1]), "what is still missing is not told in: {said}");
    ensure!(!can_start(&page)?, "a run can start without the dataset");

    page.give_files("#own-files", &files)?;
    phase(&page, "ready", minutes(2))?;
    let setup = text_of(&page, ".setup")?;
    ensure!(setup.contains("from your files"), "the page says: {setup}");
    page.wait("document.querySelector('[data-action=start]')?.disabled === false", minutes(1))?;
    page.click("[data-action=start]")?;
    page.wait("window.__events.find(e => e.type === 'result')", minutes(5))?;
    quiet(&page)
}

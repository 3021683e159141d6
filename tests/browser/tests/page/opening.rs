//! A page that cannot start says within seconds what is wrong and what to do. It starts under every policy and type of file that allow it.

use crate::help::{Lab, dist, minutes, phase, quiet, text_of};
use anyhow::{Result, ensure};
use browser::{Chrome, Fault, Gpu, Page};
use std::time::Duration;

const APP: &str = "app_bg.wasm";
/// Four times as long as the page waits before it speaks, so that a slow machine sees what it says too.
const HANGS: Duration = Duration::from_secs(20);
const SMALL: &str = "backend=flex&networks=ann&train=1000&epochs=1&batch=64&workers=1";

/// Waits until the page has said that it cannot start, and gives what a person reads.
fn refusal(page: &Page) -> Result<String> {
    phase(page, "cannot-open", minutes(1))?;
    ensure!(page.eval("document.getElementById('opening').getAttribute('role')")? == "alert", "it is not read aloud");
    let said = text_of(page, "main")?;
    ensure!(!said.contains("The page opens."), "it still says that it opens: {said}");
    let told = page.events("error")?;
    let heard = told.iter().any(|e| e["message"].as_str().is_some_and(|m| !m.is_empty() && said.contains(m)));
    ensure!(heard, "a page around this one hears {told:?}, a person reads: {said}");
    Ok(said)
}

fn names(said: &str, parts: &[&str]) -> Result<()> {
    for part in parts {
        ensure!(said.contains(part), "`{part}` is not in: {said}");
    }
    Ok(())
}

/// Waits until the page is there, whether or not its engine is.
fn opens(page: &Page) -> Result<()> {
    page.wait("document.querySelector('[data-action=start]')", minutes(1)).map(drop)
}

#[test]
fn a_missing_program_is_named_with_address_and_status() -> Result<()> {
    for file in [APP, "app.js"] {
        let lab = Lab::new()?;
        lab.server.fail(file, Fault::Missing);
        let said = refusal(&lab.open("")?)?;
        names(&said, &[&lab.server.file(file)?, "404", "Reload", "all files of the built page"])?;
    }
    Ok(())
}

#[test]
fn a_damaged_program_and_a_web_page_in_its_place_are_told_apart() -> Result<()> {
    for (fault, word) in [(Fault::Truncated, "damaged"), (Fault::WebPage, "a web page in place of")] {
        let lab = Lab::new()?;
        lab.server.fail(APP, fault);
        let said = refusal(&lab.open("")?)?;
        names(&said, &[&lab.server.file(APP)?, word, "Reload"])?;
    }
    Ok(())
}

#[test]
fn a_script_of_a_wrong_type_is_named_with_the_type_to_send() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.header("", "X-Content-Type-Options", "nosniff");
    lab.server.fail("app.js", Fault::Type("text/plain"));
    let said = refusal(&lab.open("")?)?;
    names(&said, &[&lab.server.file("app.js")?, "text/plain", "Content-Type: text/javascript"])
}

#[test]
fn a_wrong_type_of_webassembly_keeps_nobody_out() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.header("", "X-Content-Type-Options", "nosniff");
    lab.server.fail(".wasm", Fault::Type("text/plain"));
    let (page, _) = lab.train(SMALL, minutes(5))?;
    quiet(&page)
}

#[test]
fn where_no_script_runs_at_all_the_page_itself_explains() -> Result<()> {
    const SEEN: &str = "getComputedStyle(document.getElementById('opening-help')).visibility === 'visible'";
    let lab = Lab::new()?;
    lab.server.header("", "X-Content-Type-Options", "nosniff");
    lab.server.fail(".js", Fault::Type("text/plain"));
    let page = lab.open("")?;
    page.wait("document.readyState === 'complete'", minutes(1))?;
    // A script has this long to remove it before anybody sees it.
    let delay = page.eval("parseFloat(getComputedStyle(document.getElementById('opening-help')).animationDelay)")?;
    ensure!(delay.as_f64().is_some_and(|s| (2.0..=10.0).contains(&s)), "it is uncovered after {delay} s");
    page.wait(SEEN, minutes(1))?;
    names(
        &page.text()?,
        &["first script does not run", "Content-Type: text/javascript", "script-src 'self' 'wasm-unsafe-eval'"],
    )?;

    // Without the style sheet too, which would otherwise uncover it.
    lab.server.fail(".css", Fault::Type("text/plain"));
    let page = lab.open("")?;
    page.wait("document.readyState === 'complete'", minutes(1))?;
    ensure!(page.eval(SEEN)? == true, "without a style sheet the help is hidden");
    Ok(())
}

#[test]
fn the_help_for_a_page_without_scripts_is_gone_where_they_run() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.fail(APP, Fault::Late(HANGS));
    let page = lab.open("")?;
    page.wait("document.getElementById('opening') && !document.getElementById('opening-help')", minutes(1))?;
    phase(&page, "waits-to-open", minutes(1))?;
    let said = text_of(&page, "main")?;
    ensure!(!said.contains("does not run"), "the help is shown: {said}");
    opens(&page)
}

#[test]
fn a_policy_without_webassembly_is_named_and_one_with_it_trains() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.header("", "Content-Security-Policy", "script-src 'self'");
    let said = refusal(&lab.open("")?)?;
    names(&said, &["Content-Security-Policy", "script-src 'self' 'wasm-unsafe-eval'"])?;

    let lab = Lab::new()?;
    lab.server.header("", "Content-Security-Policy", "script-src 'self' 'wasm-unsafe-eval'");
    let (page, report) = lab.train(&SMALL.replace("workers=1", "workers=2"), minutes(5))?;
    ensure!(
        report["networks"]["ann"]["workers"] == 2,
        "the helper did not work: {}",
        report["networks"]["ann"]["workers"]
    );
    quiet(&page)
}

#[test]
fn a_policy_that_forbids_requests_is_named() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.header("", "Content-Security-Policy", "connect-src 'none'");
    let said = refusal(&lab.open("")?)?;
    names(&said, &[&lab.server.file(APP)?, "Content-Security-Policy (connect-src)", "connect-src 'self'"])
}

#[test]
fn an_engine_whose_scripts_do_not_come_is_named() -> Result<()> {
    for file in ["engine-loader.js", "engine-relaxed.js"] {
        let lab = Lab::new()?;
        lab.server.fail(file, Fault::Missing);
        let page = lab.open("")?;
        phase(&page, "engine-failed", minutes(1))?;
        names(&text_of(&page, ".failure")?, &[&lab.server.file(file)?, "reload"])?;
    }
    Ok(())
}

#[test]
fn a_browser_without_webassembly_is_told_so() -> Result<()> {
    let lab = Lab { chrome: Chrome::start_with(Gpu::None, &["--js-flags=--jitless"])?, ..Lab::new()? };
    let said = refusal(&lab.open("")?)?;
    names(&said, &["does not run WebAssembly", "Lockdown Mode", "another browser"])
}

#[test]
fn a_page_from_the_disk_is_told_how_to_serve_it() -> Result<()> {
    let chrome = Chrome::start(Gpu::None)?;
    let page = chrome.open(&format!("file://{}", dist().join("index.html").display()))?;
    let said = refusal(&page)?;
    names(&said, &["cannot run from a file", "python3 -m http.server", "http://localhost:8000/"])
}

#[test]
fn a_download_that_hangs_is_named_and_still_taken_when_it_comes() -> Result<()> {
    for file in [APP, "app.js"] {
        let lab = Lab::new()?;
        lab.server.fail(file, Fault::Late(HANGS));
        let page = lab.open("")?;
        phase(&page, "waits-to-open", minutes(1))?;
        names(&text_of(&page, "main")?, &[&lab.server.file(file)?, "goes on waiting", "connection"])?;
        opens(&page)?;
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn a_style_sheet_that_hangs_does_not_hold_up_the_page() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.fail("style.css", Fault::Late(Duration::from_secs(60)));
    let page = lab.open("")?;
    opens(&page)?;
    // Chromium draws nothing, and calls no animation frame, while a style sheet of the head is on its way.
    page.wait("new Promise(drawn => requestAnimationFrame(() => drawn(true)))", Duration::from_secs(45))?;
    ensure!(page.eval("[...document.styleSheets].some(s => s.href.includes('/style'))")? == false, "it came already");
    Ok(())
}

#[test]
fn there_is_no_inline_script_and_no_check_that_a_frame_cannot_pass() -> Result<()> {
    let html = std::fs::read_to_string(dist().join("index.html"))?;
    for tag in html.split("<script").skip(1) {
        ensure!(tag.trim_start().starts_with("id=\"boot\""), "another script: {tag:.80}");
        ensure!(tag.contains("async data-files=") && tag.contains("></script>"), "a script with content: {tag:.80}");
    }
    for word in ["integrity=", "type=\"module\"", "modulepreload", "data-trunk"] {
        ensure!(!html.contains(word), "{word} is in index.html");
    }
    Ok(())
}

/// Whether a name holds the hash of a build: 16 hexadecimal digits behind a hyphen, before the ending.
fn has_hash(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

#[test]
fn every_program_that_the_page_asks_for_is_named_after_its_content() -> Result<()> {
    let lab = Lab::new()?;
    let (page, _) = lab.train(SMALL, minutes(5))?;
    let asked = lab.server.asked();
    let programs: Vec<_> =
        asked.iter().filter(|p| [".js", ".wasm", ".css"].iter().any(|end| p.ends_with(end))).collect();
    // boot.js, both of the app, all three of the engine, two style sheets.
    ensure!(programs.len() >= 8, "only {programs:?} were asked for");
    for path in programs {
        ensure!(has_hash(path), "{path} has no hash of its content");
    }
    quiet(&page)
}

#[test]
fn index_html_names_every_program_by_its_hash_and_all_of_them_are_there() -> Result<()> {
    let html = std::fs::read_to_string(dist().join("index.html"))?;
    let names = html.split(['"', '\'']).map(|part| part.trim_start_matches("./"));
    let is_program = |name: &str| [".js", ".wasm", ".css"].iter().any(|end| name.ends_with(end));
    let mut named: Vec<&str> = names.filter(|name| is_program(name)).collect();
    named.sort_unstable();
    named.dedup();
    // boot.js, both of the app, all five of the engine, two style sheets.
    ensure!(named.len() >= 10, "index.html names only {named:?}");
    for name in &named {
        ensure!(has_hash(name), "{name} has no hash of its content");
        ensure!(dist().join(name).is_file(), "{name} is not there");
    }
    for entry in std::fs::read_dir(dist())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // Course pages load this one by its name, which therefore stays.
        let stays = name == "embed.js";
        ensure!(stays || !is_program(&name) || named.contains(&name.as_str()), "{name} is not named in index.html");
    }
    Ok(())
}

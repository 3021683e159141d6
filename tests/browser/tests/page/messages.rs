//! What a course page can ask of the page in its frame, by `embed.js`: from another origin, in a sandbox without an origin, and the course
//! page of the docs itself.

use crate::frames::with_cors;
use crate::help::{Lab, list, minutes, number, phase, quiet, result, text_of, word};
use anyhow::{Context, Result, ensure};
use browser::Page;
use serde_json::{Value, json};
use std::time::Duration;

/// A run that goes on until it is stopped: one step takes a few milliseconds.
const LONG: &str = "{backend: 'flex', networks: 'ann', workers: 1, train: 20000, epochs: 200}";

/// The sandboxes in which all of this works: none, and one that takes the frame's origin away.
const SANDBOXES: [Option<&str>; 2] = [None, Some("allow-scripts")];

/// The course page of the docs, and the address in it that a teacher replaces.
const COURSE: &str = include_str!("../../../../docs/course/index.html");
const PLACEHOLDER: &str = "https://example.org/fashion-lab/";

/// Opens a course page on another origin that puts the lab into a frame. `then` is run right after, before the page inside has loaded.
fn course(lab: &Lab, config: &str, sandbox: Option<&str>, then: &str) -> Result<Page> {
    let inside = lab.server.address();
    let sandbox = sandbox.map_or("undefined".to_owned(), |value| Value::from(value).to_string());
    let html = format!(
        "<!doctype html><meta charset=utf-8><title>Course</title><div id=lab style=\"width: 900px\"></div><script src=\"{inside}embed.js\"></script><script>
        window.__got = {{}}; window.__heights = [];
        addEventListener('message', e => {{
            if (e.data.subject === 'lti.frameResize') window.__heights.push(['canvas', e.data.height]);
            if (e.data.context === 'h5p' && e.data.action === 'resize') window.__heights.push(['h5p', e.data.scrollHeight]);
        }});
        window.lab = FashionLab.embed('#lab', {{config: {config}, sandbox: {sandbox}, timeout: 240000}});
        window.ask = (name, call) => {{ call().then(m => {{ window.__got[name] = m; }}, e => {{ window.__got[name] = {{refused: e.message}}; }}); }};
        {then}
        </script>"
    );
    lab.server.add("/course.html", html);
    // Under its number the host is another origin.
    let page = lab.chrome.open(&format!("{}course.html", lab.server.address_at("127.0.0.1")))?;
    page.wait("window.lab", minutes(1))?;
    Ok(page)
}

/// Makes a call of `window.lab` and gives its answer.
fn ask(page: &Page, call: &str) -> Result<Value> {
    page.eval(&format!("(window.__got.now = null, window.ask('now', () => lab.{call}), true)"))?;
    page.wait("window.__got.now", minutes(5)).with_context(|| call.to_owned())
}

/// Makes a call that has to be refused, and gives the sentence.
fn refused(page: &Page, call: &str) -> Result<String> {
    let answer = ask(page, call)?;
    Ok(word(&answer, "/refused").with_context(|| format!("{call} was answered by {answer}"))?.to_owned())
}

/// Asks for the state until it is in this phase.
fn until_phase(page: &Page, word: &str) -> Result<()> {
    let limit = minutes(2);
    let begin = std::time::Instant::now();
    loop {
        let state = ask(page, "hello()")?;
        if state["phase"] == word {
            return Ok(());
        }
        ensure!(begin.elapsed() < limit, "it is {} and not {word}", state["phase"]);
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Ten probabilities of each network that add up to 1, and the class with the highest one.
fn is_an_answer(answer: &Value) -> Result<()> {
    ensure!(answer["type"] == "classified", "the answer is {answer}");
    for network in ["ann", "cnn"] {
        let said = &answer[network];
        let probabilities: Vec<f64> = list(said, "/probabilities")?.iter().filter_map(Value::as_f64).collect();
        let sum: f64 = probabilities.iter().sum();
        // Ten 32-bit floats are off by at most some millionths together.
        ensure!(probabilities.len() == 10 && (sum - 1.0).abs() < 1e-4, "{network} says {said}");
        let class = said["class"].as_u64().context("there is no class")? as usize;
        ensure!(probabilities.iter().all(|p| *p <= probabilities[class]), "{network} says {said}");
        ensure!(!word(said, "/name")?.is_empty(), "{network} says {said}");
    }
    Ok(())
}

#[test]
fn a_course_page_steers_a_run() -> Result<()> {
    for sandbox in SANDBOXES {
        let lab = Lab::new()?;
        with_cors(&lab);
        let page = course(&lab, LONG, sandbox, "")?;
        let state = ask(&page, "hello()")?;
        ensure!(state["type"] == "state" && state["config"]["epochs"] == 200, "hello is answered by {state}");
        for call in ["pause()", "resume()", "stop()"] {
            ensure!(refused(&page, call)?.contains("no run"), "{call} without a run");
        }

        let said = refused(&page, "configure({epochs: 0, batch: 32})")?;
        ensure!(said.contains("`epochs`"), "it says {said}");
        let state = ask(&page, "configure({batch: 32, ann_hidden: [32, 16], flip: true})")?;
        let next = &state["next"];
        ensure!(next["batch"] == 32 && next["ann_hidden"] == json!([32, 16]) && next["flip"] == true, "it has {next}");
        ensure!(next["epochs"] == 200, "a refused setting changed {next}");

        // Before the engine has come, or after it: both are right.
        ensure!(ask(&page, "start()")?["type"] == "state", "the start was not answered");
        page.wait("window.__events.find(e => e.type === 'progress')", minutes(5))?;
        ensure!(refused(&page, "start()")?.contains("under way"), "a second run starts");
        ensure!(ask(&page, "pause()")?["type"] == "state", "the pause was not answered");
        until_phase(&page, "paused")?;
        ask(&page, "resume()")?;
        until_phase(&page, "training")?;
        ask(&page, "stop()")?;
        let report = result(&page, minutes(5))?;
        ensure!(report["config"]["batch"] == 32, "it trained with {}", report["config"]);
        ensure!(report["networks"]["ann"]["ended"] == "stopped", "it ended as {}", report["networks"]["ann"]["ended"]);
        until_phase(&page, "done")?;
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn a_start_before_the_engine_is_there_is_remembered() -> Result<()> {
    let lab = Lab::new()?;
    let config = "{backend: 'flex', networks: 'ann', workers: 1, train: 1000, epochs: 1}";
    let page = course(&lab, config, None, "window.ask('first', () => lab.start());")?;
    let answer = page.wait("window.__got.first", minutes(5))?;
    ensure!(answer["type"] == "state", "the start was answered by {answer}");
    let report = result(&page, minutes(5))?;
    ensure!(report["networks"]["ann"]["ended"] == "completed", "it ended as {}", report["networks"]["ann"]["ended"]);
    quiet(&page)
}

#[test]
fn a_course_page_has_pictures_classified() -> Result<()> {
    for sandbox in SANDBOXES {
        let lab = Lab::new()?;
        with_cors(&lab);
        let page = course(&lab, "{}", sandbox, "")?;
        page.eval(
            "(() => {
                const canvas = document.createElement('canvas');
                canvas.width = canvas.height = 28;
                const image = new ImageData(28, 28);
                window.__pixels = Array.from({length: 784}, (_, at) => (at * 37) % 256);
                window.__pixels.forEach((grey, at) => image.data.set([grey, grey, grey, 255], 4 * at));
                canvas.getContext('2d').putImageData(image, 0, 0);
                window.__canvas = canvas;
            })()",
        )?;
        let pixels = ask(&page, "classify(window.__pixels)")?;
        is_an_answer(&pixels)?;
        let same = ask(&page, "classify(new Uint8ClampedArray(window.__pixels))")?;
        ensure!(same["ann"] == pixels["ann"] && same["cnn"] == pixels["cnn"], "a typed array gives {same}");
        // A picture of any size is prepared first, so that its answer may be another one.
        is_an_answer(&ask(&page, "classify(window.__canvas)")?)?;
        // A file of the host.
        let answer = ask(&page, &format!("classify('{}favicon.svg')", lab.server.address()))?;
        is_an_answer(&answer)?;

        for (call, expected) in [
            ("classify([1, 2, 3])", "784"),
            ("classify(Array(784).fill(256))", "0 to 255"),
            ("classify(Array(784).fill(NaN))", "0 to 255"),
            ("classify('javascript:alert(1)')", "data:image/"),
            ("classify('data:image/png;base64,AAAA')", "cannot be read"),
            ("classify(7)", "784 numbers"),
        ] {
            let said = refused(&page, call)?;
            ensure!(said.contains(expected), "{call}: it says {said}");
        }
        quiet(&page)?;
    }
    Ok(())
}

#[test]
fn a_frame_becomes_as_high_as_its_page() -> Result<()> {
    for sandbox in SANDBOXES {
        let lab = Lab::new()?;
        with_cors(&lab);
        let page = course(&lab, "{}", sandbox, "")?;
        let told = page.event("height", minutes(1))?;
        ensure!(number(&told, "/height")? > 100.0, "it tells {told}");
        // All three kinds of messages tell the same heights, and the frame has the last one.
        let agree = "(() => {
            const own = window.__events.filter(e => e.type === 'height').map(e => e.height);
            const of = kind => window.__heights.filter(([of]) => of === kind).map(([, height]) => height);
            const same = list => JSON.stringify(list) === JSON.stringify(own);
            return same(of('canvas')) && same(of('h5p')) && lab.frame.style.height === `${own.at(-1)}px`;
        })()";
        page.wait(agree, minutes(1))?;
        // It comes to rest: nothing in the page is higher because its frame is.
        phase_inside(&page, "ready")?;
        let heights = page.events("height")?.len();
        ensure!(heights < 30, "it told {heights} heights");
        quiet(&page)?;
    }
    // Where it is no frame nobody is told.
    let lab = Lab::new()?;
    let page = lab.open("")?;
    phase(&page, "ready", minutes(5))?;
    ensure!(page.events("height")?.is_empty(), "a page in a tab tells its height");
    quiet(&page)
}

/// Waits until the page in the frame is in this phase.
fn phase_inside(page: &Page, word: &str) -> Result<()> {
    page.event("ready", minutes(5))?;
    until_phase(page, word)
}

#[test]
fn a_page_that_cannot_open_answers_with_the_reason() -> Result<()> {
    let lab = Lab::new()?;
    // The host sends no CORS header.
    let page = course(&lab, "{}", Some("allow-scripts"), "")?;
    for call in ["start()", "classify(Array(784).fill(0))"] {
        let said = refused(&page, call)?;
        ensure!(said.contains("frame without an origin"), "{call}: it says {said}");
    }
    ensure!(ask(&page, "hello()")?["phase"] == "cannot-open", "hello is answered by something else");
    page.eval("lab.remove()")?;
    ensure!(refused(&page, "start()")?.contains("removed"), "a frame that was removed answers");
    ensure!(page.eval("!document.querySelector('iframe')")? == true, "the frame is still there");
    quiet(&page)
}

/// Opens the course page of the docs on another origin.
fn course_of_the_docs(lab: &Lab) -> Result<Page> {
    ensure!(COURSE.matches(PLACEHOLDER).count() == 2, "the address is named in a comment and in one place");
    lab.server.add("/course/index.html", COURSE.replace(PLACEHOLDER, &lab.server.address()));
    lab.chrome.open(&format!("{}course/index.html", lab.server.address_at("127.0.0.1")))
}

/// Presses the button that classifies, and checks the table.
fn classifies(page: &Page) -> Result<()> {
    page.wait("document.getElementById('ask') && window.FashionLab", minutes(1))?;
    page.click("#ask")?;
    page.wait("document.getElementById('cnn-class').textContent.length > 1", minutes(2))?;
    for network in ["ann", "cnn"] {
        let said = text_of(page, &format!("#{network}-class"))?;
        ensure!(said == "Trouser", "the {network} takes the trousers for {said}");
        ensure!(text_of(page, &format!("#{network}-probability"))?.ends_with(" %"), "there is no probability");
    }
    Ok(())
}

#[test]
fn the_course_page_of_the_docs_works_from_another_origin() -> Result<()> {
    let lab = Lab::new()?;
    let page = course_of_the_docs(&lab)?;
    classifies(&page)?;
    page.click("#start")?;
    page.wait("document.getElementById('ann-loss').textContent.length > 1", minutes(5))?;
    page.click("#stop")?;
    page.wait("document.getElementById('ann-test').textContent.endsWith(' %')", minutes(5))?;
    ensure!(text_of(&page, "#readout")?.contains("test set"), "it says {}", text_of(&page, "#readout")?);
    quiet(&page)
}

#[test]
fn the_course_page_of_the_docs_works_in_a_sandbox_without_an_origin() -> Result<()> {
    let lab = Lab::new()?;
    with_cors(&lab);
    // As in a frame with `sandbox="allow-scripts"`, but in a tab that can be looked into. The frames in it have no origin either.
    lab.server.header("/course/index.html", "Content-Security-Policy", "sandbox allow-scripts");
    let page = course_of_the_docs(&lab)?;
    ensure!(page.eval("self.origin")? == "null", "the page has an origin");
    classifies(&page)?;
    quiet(&page)
}

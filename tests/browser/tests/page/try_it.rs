//! The view Try it as a person uses it: with a pointer, with files, with a camera, with the keyboard alone.

use crate::help::{Lab, minutes, press, quiet, text_of};
use anyhow::{Context, Result, ensure};
use browser::{Chrome, Gpu, Page};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The outline of a T-shirt, as shares of the square.
pub const SHIRT: &str = "[[.35,.12],[.1,.3],[.2,.45],[.3,.38],[.3,.9],[.7,.9],[.7,.38],[.8,.45],[.9,.3],[.65,.12],[.5,.18],[.36,.12],[.35,.12]]";
/// The outline of trousers.
const TROUSERS: &str = "[[.32,.06],[.3,.95],[.45,.95],[.5,.35],[.55,.95],[.7,.95],[.68,.06],[.32,.06]]";

const VIEW: &str = "[data-view=try]";

/// Opens the view, and waits until the networks that ship are there.
fn open(lab: &Lab) -> Result<Page> {
    let page = lab.open("view=try")?;
    page.wait(&format!("document.querySelector('{VIEW} [data-action=source][data-source=shipped]')"), minutes(2))?;
    Ok(page)
}

/// Waits until the view has a picture and both networks say something to it, and gives the classes: of the ANN and of the CNN.
fn says(page: &Page) -> Result<[u64; 2]> {
    page.wait(
        &format!("document.querySelector('{VIEW}').dataset.ready === 'true' && document.querySelectorAll('{VIEW} [data-says]').length === 2"),
        minutes(1),
    )?;
    let class = |kind: &str| -> Result<u64> {
        let says =
            page.eval(&format!("Number(document.querySelector('{VIEW} [data-network={kind}]').dataset.says)"))?;
        says.as_u64().with_context(|| format!("the {kind} says {says}"))
    };
    Ok([class("ann")?, class("cnn")?])
}

/// The 784 bytes that the networks see, as text.
fn pixels(page: &Page) -> Result<String> {
    let pixels = page.eval(&format!("document.querySelector('{VIEW} [data-pixels]')?.dataset.pixels ?? ''"))?;
    Ok(pixels.as_str().unwrap_or_default().to_owned())
}

/// A script that draws a stroke with the pointer.
pub fn stroke(points: &str) -> String {
    format!(
        "(async () => {{
            const pad = document.querySelector('[data-action=pad]'), frame = pad.getBoundingClientRect();
            const send = (kind, [x, y]) => pad.dispatchEvent(new PointerEvent(kind, {{pointerId: 1, isPrimary: true, button: kind === 'pointermove' ? -1 : 0, buttons: kind === 'pointerup' ? 0 : 1, bubbles: true, cancelable: true, clientX: frame.left + x * frame.width, clientY: frame.top + y * frame.height}}));
            const points = {points};
            send('pointerdown', points[0]);
            for (const point of points) {{ send('pointermove', point); await new Promise(requestAnimationFrame); }}
            send('pointerup', points.at(-1));
        }})()"
    )
}

/// Draws a stroke with the pointer.
fn draw(page: &Page, points: &str) -> Result<()> {
    page.eval(&stroke(points)).map(drop)
}

/// A picture of tests/pictures. Browsers read no path that goes up.
fn picture(name: &str) -> PathBuf {
    let browser = Path::new(env!("CARGO_MANIFEST_DIR"));
    browser.parent().unwrap_or(browser).join("pictures").join(name)
}

/// Gives a file as a paste or a drop does.
fn hand_over(page: &Page, name: &str, media: &str, content: &[u8], event: &str) -> Result<()> {
    let bytes = Value::from(content.to_vec());
    page.eval(&format!(
        "(() => {{
            const given = new DataTransfer();
            given.items.add(new File([new Uint8Array({bytes})], '{name}', {{type: '{media}'}}));
            {event}
        }})()"
    ))
    .map(drop)
}

const PASTE: &str = "document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: given, bubbles: true, cancelable: true}));";
const DROP: &str = "document.querySelector('[data-view=try] .try-seen').dispatchEvent(new DragEvent('drop', {dataTransfer: given, bubbles: true, cancelable: true}));";

/// Waits until a file's picture stands there.
fn stands(page: &Page, name: &str) -> Result<()> {
    page.wait(&format!("document.querySelector('.try-name')?.innerText === '{name}'"), minutes(1)).map(drop)
}

#[test]
fn a_drawing_is_answered_undone_and_cleared() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab)?;
    draw(&page, SHIRT)?;
    let shirt = says(&page)?;
    ensure!(shirt == [0, 0], "the networks say {shirt:?} to a T-shirt");
    let drawn = pixels(&page)?;
    ensure!(drawn.len() == 2 * 784, "the pixels are {drawn}");
    draw(&page, "[[.5, .6]]")?;
    page.wait(&format!("document.querySelector('[data-pixels]').dataset.pixels !== '{drawn}'"), minutes(1))?;
    press(&page, "undo")?;
    page.wait(&format!("document.querySelector('[data-pixels]').dataset.pixels === '{drawn}'"), minutes(1))?;
    press(&page, "clear")?;
    page.wait("!document.querySelector('[data-view=try] [data-says]')", minutes(1))?;
    draw(&page, TROUSERS)?;
    let trousers = says(&page)?;
    // The ANN takes an outline with such thick lines for something else.
    ensure!(trousers[1] == 1, "the CNN says {trousers:?} to trousers");
    press(&page, "see-inside")?;
    page.wait("location.hash.includes('view=inside')", minutes(1))?;
    quiet(&page)
}

#[test]
fn a_picture_is_given_pasted_and_dropped_and_its_preparation_changed() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab)?;
    press(&page, "from-file")?;
    page.give_files("[data-action=give-file-field]", &[picture("noto/t-shirt.png")])?;
    stands(&page, "t-shirt.png")?;
    let shirt = says(&page)?;
    ensure!(shirt == [0, 0], "the networks say {shirt:?} to a T-shirt");
    let steps = page.eval("[...document.querySelectorAll('[data-step][data-done=true]')].map(e => e.dataset.step)")?;
    for step in ["grey", "invert", "crop", "resize", "centre"] {
        ensure!(steps.as_array().is_some_and(|done| done.iter().any(|one| one == step)), "{step} is not in {steps}");
    }
    let automatic = pixels(&page)?;
    press(&page, "preset-none")?;
    page.wait(&format!("document.querySelector('[data-pixels]').dataset.pixels !== '{automatic}'"), minutes(1))?;
    press(&page, "preset-automatic")?;
    page.wait(&format!("document.querySelector('[data-pixels]').dataset.pixels === '{automatic}'"), minutes(1))?;

    press(&page, "from-draw")?;
    hand_over(&page, "pasted.png", "image/png", &std::fs::read(picture("noto/dress.png"))?, PASTE)?;
    stands(&page, "pasted.png")?;
    let dress = says(&page)?;
    ensure!(dress == [3, 3], "the networks say {dress:?} to a dress");
    hand_over(&page, "dropped.png", "image/png", &std::fs::read(picture("noto/jeans.png"))?, DROP)?;
    stands(&page, "dropped.png")?;
    says(&page)?;
    quiet(&page)
}

#[test]
fn what_is_no_picture_is_refused_in_words_and_the_one_before_stays() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab)?;
    press(&page, "from-file")?;
    page.give_files("[data-action=give-file-field]", &[picture("noto/dress.png")])?;
    stands(&page, "dress.png")?;
    for (name, media, content, reason) in [
        ("notes.txt", "text/plain", &b"two weeks"[..], "no picture"),
        ("broken.png", "image/png", b"\x89PNG\r\n\x1a\nnothing", "cannot be read"),
        ("empty.png", "image/png", b"", "is empty"),
    ] {
        hand_over(&page, name, media, content, PASTE)?;
        page.wait(&format!("document.querySelector('.try-refused')?.innerText.includes('{name}')"), minutes(1))?;
        let said = text_of(&page, ".try-refused")?;
        ensure!(said.contains(reason), "{name}: the page says: {said}");
        stands(&page, "dress.png")?;
    }
    quiet(&page)
}

/// Presses a key some times.
fn keys(page: &Page, key: &str, times: usize) -> Result<()> {
    (0..times).try_for_each(|_| page.press_key(key))
}

/// Presses Tab until this has the focus.
fn reach(page: &Page, action: &str) -> Result<()> {
    for _ in 0..100 {
        page.press_key("Tab")?;
        if page.eval("document.activeElement?.dataset.action ?? ''")? == action {
            return Ok(());
        }
    }
    anyhow::bail!("Tab does not reach {action}")
}

#[test]
fn a_test_image_is_chosen_and_nudged_by_the_keyboard_alone() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab)?;
    reach(&page, "from-test")?;
    page.press_key("Enter")?;
    let before = says(&page)?;
    reach(&page, "next")?;
    let first = pixels(&page)?;
    page.press_key("Enter")?;
    page.wait(&format!("document.querySelector('[data-pixels]').dataset.pixels !== '{first}'"), minutes(1))?;
    reach(&page, "nudge-turn")?;
    keys(&page, "ArrowRight", 18)?;
    page.wait("document.querySelector('[data-action=nudge-turn]').value === '90'", minutes(1))?;
    let turned = says(&page)?;
    let minds = text_of(&page, ".try-minds")?;
    let changed = page.eval("document.querySelectorAll('[data-mind][data-changed=true]').length")?;
    // A garment that lies on its side is none that the networks know.
    ensure!(changed != 0, "they said {before:?} to the first garment and {turned:?} to this one: {minds}");
    ensure!(minds.contains("Turn"), "the page says: {minds}");
    press(&page, "reset")?;
    page.wait("!document.querySelector('[data-mind][data-changed=true]')", minutes(1))?;
    quiet(&page)
}

#[test]
fn a_test_image_comes_by_its_number() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab)?;
    press(&page, "from-test")?;
    let garment = {
        says(&page)?;
        pixels(&page)?
    };
    page.eval(
        "(field => { field.value = '7'; field.dispatchEvent(new Event('change', {bubbles: true})); })(document.querySelector('[data-view=try] [data-action=test-image]'))",
    )?;
    page.wait(
        &format!("(p => p && p !== '{garment}')(document.querySelector('[data-pixels]')?.dataset.pixels)"),
        minutes(5),
    )?;
    ensure!(text_of(&page, VIEW)?.contains("test image 7"), "the image has no name");
    says(&page)?;
    quiet(&page)
}

#[test]
fn a_camera_that_cannot_be_had_says_why() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab)?;
    press(&page, "from-camera")?;
    for (error, reason) in [
        ("NotAllowedError", "The camera was refused"),
        ("NotFoundError", "There is no camera"),
        ("NotReadableError", "another program"),
    ] {
        page.eval(&format!(
            "(navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{error}'); }}, null)"
        ))?;
        press(&page, "camera-start")?;
        page.wait(&format!("document.querySelector('.try-refused')?.innerText.includes('{reason}')"), minutes(1))?;
    }
    press(&page, "from-draw")?;
    page.wait("!document.querySelector('.try-refused')", minutes(1))?;
    quiet(&page)
}

#[test]
fn a_camera_takes_a_picture_and_is_off_afterwards_and_in_another_view() -> Result<()> {
    let switches = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
    let mut lab = Lab::new()?;
    lab.chrome = Chrome::start_with(Gpu::None, &switches)?;
    let page = open(&lab)?;
    press(&page, "from-camera")?;
    let ended = "window.__stream.getTracks().every(track => track.readyState === 'ended')";
    for leave in ["camera-take", "from-draw"] {
        press(&page, "camera-start")?;
        page.wait("document.querySelector('[data-view=try] video')?.videoWidth > 0", minutes(1))?;
        page.eval("(window.__stream = document.querySelector('[data-view=try] video').srcObject, null)")?;
        press(&page, leave)?;
        page.wait(ended, minutes(1))?;
        if leave == "camera-take" {
            says(&page)?;
        }
    }
    press(&page, "from-camera")?;
    press(&page, "camera-start")?;
    page.wait("document.querySelector('[data-view=try] video')?.videoWidth > 0", minutes(1))?;
    page.eval("(window.__stream = document.querySelector('[data-view=try] video').srcObject, null)")?;
    crate::help::show_view(&page, "train")?;
    page.wait(ended, minutes(1))?;
    quiet(&page)
}

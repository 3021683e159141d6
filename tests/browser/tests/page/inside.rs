//! The view Inside: one image's way through both networks, with the arithmetic of a value checked against the weights in the file; and
//! the classifier alone (`view=classify`).

use crate::help::{Lab, minutes, number, phase, press, quiet, show_view, text_of};
use anyhow::{Context, Result, ensure};
use browser::{Fault, Look, Page};
use serde_json::Value;

/// Pixels in a row of an image.
const SIDE: usize = 28;
/// The dataset's mean and standard deviation, with which the networks normalise (docs/networks.md).
const NORMAL: [f64; 2] = [0.2860, 0.3530];
/// A value is shown with three digits behind the point, and in an attribute with all of them, computed in 64 bits. The file's weights have
/// 32 bits; nine products of numbers of about 1 keep six digits.
const CLOSE: f64 = 1e-5;

/// Opens the view with the networks that ship, and waits until all of it is computed but the plane.
fn inside(lab: &Lab) -> Result<Page> {
    let page = lab.open("view=inside")?;
    page.wait("document.querySelector('[data-view=inside]')?.dataset.ready === 'true'", minutes(2))?;
    Ok(page)
}

/// Chooses a value by the fields, as one does without a pointer.
fn choose(page: &Page, kind: &str, stage: usize, fields: &[(&str, usize)]) -> Result<()> {
    fill(page, &format!(".network.{kind} [data-action=cell-stage]"), stage)?;
    for (field, value) in fields {
        let selector = format!(".network.{kind} [data-action=cell-{field}]");
        page.wait(&format!("document.querySelector('{selector}')"), minutes(1))?;
        fill(page, &selector, *value)?;
        page.wait(&format!("document.querySelector('{selector}')?.value === '{value}'"), minutes(1))?;
    }
    Ok(())
}

fn fill(page: &Page, selector: &str, value: usize) -> Result<()> {
    let filled = page.eval(&format!(
        "(field => field ? (field.value = '{value}', field.dispatchEvent(new Event('change', {{bubbles: true}})), true) : false)(document.querySelector('{selector}'))"
    ))?;
    ensure!(filled == true, "there is no field {selector}");
    Ok(())
}

/// The value of the arithmetic that is shown for a network.
fn total(page: &Page, kind: &str) -> Result<f64> {
    let total =
        page.wait(&format!("document.querySelector('.network.{kind} .arithmetic').dataset.total"), minutes(1))?;
    total.as_str().and_then(|total| total.parse().ok()).context("the total is no number")
}

/// A tensor of a safetensors file: its shape and its values.
fn tensor(file: &[u8], name: &str) -> Result<(Vec<usize>, Vec<f64>)> {
    let (length, rest) = file.split_first_chunk().context("the file is too short")?;
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let header: Value = serde_json::from_slice(header)?;
    let numbers = |key: &str| serde_json::from_value::<Vec<usize>>(header[name][key].clone());
    let (shape, place) = (numbers("shape")?, numbers("data_offsets")?);
    let values = data[place[0]..place[1]].chunks_exact(4);
    Ok((shape, values.map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]).into()).collect()))
}

/// A file that ships, as the server sends it.
fn shipped(name: &str) -> Result<Vec<u8>> {
    Ok(std::fs::read(crate::help::dist().join("models").join(name))?)
}

/// The pixels of the first garment, normalised.
fn first_garment() -> Result<Vec<f64>> {
    // Four bytes of magic, four of the number, one of the label.
    let garments = shipped("garments.bin")?;
    let pixels = garments.get(9..9 + SIDE * SIDE).context("there is no garment")?;
    Ok(pixels.iter().map(|&pixel| (f64::from(pixel) / 255.0 - NORMAL[0]) / NORMAL[1]).collect())
}

#[test]
fn the_arithmetic_of_a_feature_map_is_that_of_the_weights() -> Result<()> {
    let lab = Lab::new()?;
    let page = inside(&lab)?;
    let file = shipped("cnn.safetensors")?;
    let ((shape, weights), (_, biases)) = (tensor(&file, "conv1.weight")?, tensor(&file, "conv1.bias")?);
    let (kernel, pixels) = (shape[3], first_garment()?);
    // In the middle of the image, so that padding does not matter.
    for [map, row, column] in [[0, 12, 14], [1, 20, 6], [7, 5, 9]] {
        choose(&page, "cnn", 1, &[("map", map), ("row", row), ("column", column)])?;
        let padding =
            if page.eval("document.querySelector('.network.cnn .maps small').textContent.startsWith('28')")? == true {
                kernel / 2
            } else {
                0
            };
        let mut expected = biases[map];
        for tap in 0..kernel * kernel {
            let (y, x) = (row + tap / kernel - padding, column + tap % kernel - padding);
            expected += weights[map * kernel * kernel + tap] * pixels[y * SIDE + x];
        }
        let shown = total(&page, "cnn")?;
        ensure!(
            (shown - expected).abs() < CLOSE,
            "map {map}, row {row}, column {column}: {shown} instead of {expected}"
        );
        // Stage 2 is the activation, ReLU.
        choose(&page, "cnn", 2, &[("map", map), ("row", row), ("column", column)])?;
        let shown = total(&page, "cnn")?;
        ensure!((shown - expected.max(0.0)).abs() < CLOSE, "after ReLU {shown} instead of {}", expected.max(0.0));
    }
    quiet(&page)
}

#[test]
fn the_arithmetic_of_a_dense_unit_is_that_of_the_weights() -> Result<()> {
    let lab = Lab::new()?;
    let page = inside(&lab)?;
    let file = shipped("ann.safetensors")?;
    let ((shape, weights), (_, biases)) = (tensor(&file, "dense1.weight")?, tensor(&file, "dense1.bias")?);
    let pixels = first_garment()?;
    // Stage 1 makes one list of the pixels where the trace has such a stage; the first dense layer is found by its name.
    let stage = page.eval("[...document.querySelector('.network.ann [data-action=cell-stage]').options].find(o => o.text.startsWith('Dense'))?.value")?;
    let stage: usize = stage.as_str().and_then(|stage| stage.parse().ok()).context("there is no dense stage")?;
    for unit in [0, 17, shape[1] - 1] {
        choose(&page, "ann", stage, &[("unit", unit)])?;
        let products = pixels.iter().enumerate().map(|(input, pixel)| pixel * weights[input * shape[1] + unit]);
        let expected = biases[unit] + products.sum::<f64>();
        let shown = total(&page, "ann")?;
        // 784 products instead of nine.
        ensure!((shown - expected).abs() < 10.0 * CLOSE, "unit {unit}: {shown} instead of {expected}");
    }
    quiet(&page)
}

#[test]
fn a_pixel_under_the_pointer_shows_how_it_came_about_and_a_click_keeps_it() -> Result<()> {
    let lab = Lab::new()?;
    let page = inside(&lab)?;
    let point = |kind: &str, x: f64, y: f64| {
        page.eval(&format!(
            "(map => {{ const box = map.getBoundingClientRect(); map.dispatchEvent(new MouseEvent('{kind}', {{bubbles: true, clientX: box.x + {x} * box.width, clientY: box.y + {y} * box.height}})); }})(document.querySelector('.network.cnn .maps canvas'))"
        ))
    };
    point("mousemove", 0.1, 0.1)?;
    let first = total(&page, "cnn")?;
    ensure!(text_of(&page, ".network.cnn .arithmetic")?.contains("ReLU of"), "the steps are not shown");
    point("click", 0.3, 0.3)?;
    page.wait("document.querySelector('.network.cnn [data-action=release]')", minutes(1))?;
    let kept = total(&page, "cnn")?;
    point("mousemove", 0.1, 0.1)?;
    ensure!(total(&page, "cnn")? == kept, "the value that was kept went away");
    page.click(".network.cnn [data-action=release]")?;
    page.wait("!document.querySelector('.network.cnn .arithmetic').dataset.total", minutes(1))?;
    point("mousemove", 0.1, 0.1)?;
    ensure!(total(&page, "cnn")? == first, "the pointer is not followed again");
    quiet(&page)
}

#[test]
fn from_a_confusion_to_its_image_and_inside_are_three_clicks() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open("backend=flex&train=2000&epochs=3&batch=64&workers=1")?;
    phase(&page, "ready", minutes(5))?;
    press(&page, "start")?;
    phase(&page, "done", minutes(10))?;
    show_view(&page, "mistakes")?;
    page.wait("document.querySelector('[data-view=mistakes] [data-action=confusion]')", minutes(1))?;
    page.click("[data-view=mistakes] [data-action=confusion]")?;
    page.wait("document.querySelector('.cell-images [data-action=inspect] canvas')", minutes(1))?;
    let image = text_of(&page, ".cell-images .sample .truth small")?;
    page.click(".cell-images [data-action=inspect]")?;
    page.wait("document.querySelector('[data-view=inside]')?.dataset.ready === 'true'", minutes(2))?;
    let subject = text_of(&page, "[data-view=inside] .subject")?;
    let image = image.trim().trim_start_matches('#');
    ensure!(subject.contains(&format!("test image {image}")), "image {image} is not the one in: {subject}");
    ensure!(page.eval("location.hash.includes('view=inside')")? == true, "the address does not name the view");
    // The run's own networks answer; an earlier epoch has other weights.
    let filters = "document.querySelector('.network.cnn .kernels canvas').toDataURL()";
    let (now, answer) = (page.eval(filters)?, text_of(&page, ".network.cnn .answer")?);
    fill(&page, "[data-view=inside] [data-action=epoch]", 1)?;
    page.wait(&format!("{filters} !== {now}"), minutes(1))?;
    page.wait("document.querySelector('[data-view=inside]')?.dataset.ready === 'true'", minutes(2))?;
    ensure!(
        text_of(&page, ".network.cnn .answer")? != answer,
        "the answer of epoch 1 is that of epoch 3 to all digits"
    );
    // Back to the end of the run: the same weights as before.
    page.click("[data-view=inside] [data-action=epoch-end]")?;
    page.wait(&format!("{filters} === {now}"), minutes(1))?;
    quiet(&page)
}

#[test]
fn a_thousand_test_images_lie_on_a_plane() -> Result<()> {
    let lab = Lab::new()?;
    let page = inside(&lab)?;
    for kind in ["ann", "cnn"] {
        page.wait(&format!("document.querySelector('[data-plane={kind}]')?.dataset.done === 'true'"), minutes(5))?;
    }
    page.eval(
        "(plane => { const box = plane.getBoundingClientRect(); for (const kind of ['mousemove', 'click']) plane.dispatchEvent(new MouseEvent(kind, {bubbles: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2})); })(document.querySelector('[data-plane=cnn] canvas'))",
    )?;
    page.wait("document.querySelector('[data-plane=cnn] .under')?.innerText.includes('Test image')", minutes(1))?;
    quiet(&page)
}

#[test]
fn the_classifier_alone_answers_and_goes_on_to_the_next_garment() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open("view=classify")?;
    page.wait("document.querySelector('[data-view=classify]')?.dataset.ready === 'true'", minutes(1))?;
    ensure!(page.eval("document.querySelectorAll('.alone .bars li').length")? == 20, "ten bars of each network");
    let first = text_of(&page, ".alone")?;
    page.click(".alone [data-action=next]")?;
    page.wait(&format!("document.querySelector('.alone').innerText !== {}", Value::from(first)), minutes(1))?;
    let asked = lab.server.asked();
    ensure!(!asked.iter().any(|file| file.contains("engine") || file.contains("app")), "it fetched more: {asked:?}");
    // A phone's screen holds all of it without scrolling sideways.
    page.show(Look { width: 320, scale: 2.0, dark: true }, 568)?;
    let wide = page.eval("document.documentElement.scrollWidth")?;
    ensure!(wide.as_u64() == Some(320), "the page is {wide} pixels wide");
    quiet(&page)
}

#[test]
fn the_classifier_alone_says_which_network_is_missing() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.fail("cnn.safetensors", Fault::Missing);
    let page = lab.open("view=classify")?;
    page.wait("document.querySelector('[data-view=classify]')?.dataset.ready === 'true'", minutes(1))?;
    let said = page.text()?;
    ensure!(said.contains("models/cnn.safetensors") && said.contains("404"), "the file is not named in: {said}");
    ensure!(page.eval("document.querySelectorAll('.alone .bars').length")? == 1, "the other network answers");
    Ok(())
}

#[test]
fn before_any_training_the_networks_that_ship_answer() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open("")?;
    page.wait("document.querySelectorAll('[data-view=train] .garment .verdict.cnn').length === 20", minutes(2))?;
    let right = "[...document.querySelectorAll('[data-view=train] .garment .verdict.cnn')].filter(v => !v.classList.contains('no')).length";
    let right = page.eval(right)?;
    // 91 % of the test images; of twenty, 15 are far below that (a chance of about 1 in 500).
    ensure!(number(&right, "")? >= 15.0, "the CNN that ships is right for {right} of 20 garments");
    quiet(&page)
}

#[test]
fn a_network_that_does_not_ship_is_named_and_training_works_without_it() -> Result<()> {
    let lab = Lab::new()?;
    lab.server.fail("ann.safetensors", Fault::Missing);
    let page = lab.open("backend=flex&networks=ann&train=1000&epochs=1&workers=1")?;
    page.wait("document.querySelector('.watch .note')?.innerText.includes('ann.safetensors')", minutes(2))?;
    phase(&page, "ready", minutes(5))?;
    press(&page, "start")?;
    phase(&page, "done", minutes(5))
}

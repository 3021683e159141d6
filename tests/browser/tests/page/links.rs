//! Links that a mail program, a chat or a web page changed on their way mean what they meant; what cannot be read is named in short.

use crate::help::{Lab, minutes, phase, quiet, text_of};
use anyhow::{Result, ensure};
use browser::Page;

/// Opens a link and waits until its settings are shown.
fn open(lab: &Lab, fragment: &str) -> Result<Page> {
    let page = lab.open(fragment)?;
    page.wait("document.querySelector('[name=epochs]')", minutes(1))?;
    Ok(page)
}

/// The fields show these values.
fn shows(page: &Page, fragment: &str, fields: &[(&str, &str)]) -> Result<()> {
    for (field, value) in fields {
        let shown = page.eval(&format!("document.querySelector('[name={field}]').value"))?;
        ensure!(shown == *value, "after `{fragment}` {field} is {shown}, not {value}");
    }
    Ok(())
}

#[test]
fn a_link_that_was_changed_on_its_way_keeps_its_settings() -> Result<()> {
    let lab = Lab::new()?;
    let links: [(&str, &[(&str, &str)]); 7] = [
        ("networks=ann&amp;epochs=2", &[("networks", "ann"), ("epochs", "2")]),
        ("ann_hidden=64%2C32&epochs=3", &[("ann_hidden", "64,32"), ("epochs", "3")]),
        ("ann_hidden=64%252C32", &[("ann_hidden", "64,32")]),
        ("networks%3Dann%26epochs%3D2", &[("networks", "ann"), ("epochs", "2")]),
        ("networks=cnn&epochs=2.", &[("networks", "cnn"), ("epochs", "2")]),
        ("networks=cnn&preset=quick", &[("networks", "cnn"), ("train", "6000"), ("epochs", "3")]),
        ("preset=quick&networks=cnn", &[("networks", "cnn"), ("train", "6000"), ("epochs", "3")]),
    ];
    for (link, fields) in links {
        let page = open(&lab, link)?;
        shows(&page, link, fields)?;
        let notices = text_of(&page, "#notices")?;
        ensure!(notices.is_empty(), "after `{link}` the page says: {notices}");
        quiet(&page)?;
        page.close()?;
    }
    Ok(())
}

#[test]
fn a_link_that_is_followed_in_an_open_page_is_read_in_the_same_way() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab, "epochs=2")?;
    phase(&page, "ready", minutes(5))?;
    page.eval("(location.hash = '#networks=cnn&amp;epochs=4.')")?;
    page.wait("document.querySelector('[name=epochs]').value === '4'", minutes(1))?;
    shows(&page, "networks=cnn&amp;epochs=4.", &[("networks", "cnn")])?;
    ensure!(text_of(&page, "#notices")?.is_empty(), "the page says: {}", text_of(&page, "#notices")?);
    quiet(&page)
}

#[test]
fn an_unknown_preset_is_called_one_and_the_known_ones_are_named() -> Result<()> {
    let lab = Lab::new()?;
    let page = open(&lab, "preset=quik&epochs=4")?;
    let notices = text_of(&page, "#notices")?;
    for part in ["no preset called `quik`", "standard", "quick", "classic"] {
        ensure!(notices.contains(part), "`{part}` is not in: {notices}");
    }
    shows(&page, "preset=quik&epochs=4", &[("epochs", "4")])?;
    quiet(&page)
}

#[test]
fn a_notice_of_a_long_value_is_short() -> Result<()> {
    let lab = Lab::new()?;
    for fragment in [format!("epochs={}", "9".repeat(10_000)), format!("{}=1", "x".repeat(10_000))] {
        let page = open(&lab, &fragment)?;
        let notices = text_of(&page, "#notices")?;
        ensure!(!notices.is_empty(), "nothing is said of a wrong value");
        ensure!(notices.contains('…'), "the value is not cut: {notices:.200}");
        // A sentence of the page with 60 characters of the value.
        ensure!(notices.chars().count() < 400, "the notice has {} characters", notices.chars().count());
        quiet(&page)?;
        page.close()?;
    }
    Ok(())
}

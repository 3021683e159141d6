//! Nothing in any view keeps somebody out: axe-core finds nothing serious, before and after a run, in light and in dark, on a desktop
//! and on a phone.

use crate::help::{Lab, THEMES, VIEWS, minutes, phase, press, quiet, show_view, theme};
use anyhow::{Result, ensure};
use browser::{Look, Page};

/// A run that ends soon.
const RUN: &str = "backend=flex&train=1000&epochs=2&batch=64&workers=1";
/// Widths of a desktop and of a phone, with their heights.
const WINDOWS: [(u32, u32); 2] = [(1366, 768), (390, 844)];

/// Adds what is wrong in every view at this moment.
fn look(page: &Page, moment: &str, wrong: &mut Vec<String>) -> Result<()> {
    for (width, height) in WINDOWS {
        for dark in THEMES {
            page.show(Look { width, scale: 1.0, dark }, height)?;
            for view in VIEWS {
                show_view(page, view)?;
                theme(page, dark)?;
                let found = page.axe()?;
                let (serious, other): (Vec<_>, Vec<_>) = found.iter().partition(|finding| finding.is_serious());
                let name = if dark { "dark" } else { "light" };
                let place = format!("{view} {moment}, {width} pixels, {name}");
                println!("{place}: {} serious and {} other findings", serious.len(), other.len());
                other.iter().for_each(|finding| println!("    {finding}"));
                wrong.extend(serious.iter().map(|finding| format!("{place}: {finding}")));
            }
        }
    }
    Ok(())
}

#[test]
fn no_view_keeps_anybody_out() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open(RUN)?;
    phase(&page, "ready", minutes(5))?;
    let mut wrong = Vec::new();
    look(&page, "before", &mut wrong)?;
    // Held after an epoch: everything that is shown during a run is there.
    show_view(&page, "train")?;
    press(&page, "step")?;
    phase(&page, "paused", minutes(5))?;
    look(&page, "during", &mut wrong)?;
    show_view(&page, "train")?;
    press(&page, "resume")?;
    phase(&page, "done", minutes(5))?;
    look(&page, "after", &mut wrong)?;
    quiet(&page)?;
    ensure!(wrong.is_empty(), "axe-core finds {} things:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

#[test]
fn nothing_that_opens_over_a_view_keeps_anybody_out() -> Result<()> {
    let lab = Lab::new()?;
    let page = lab.open(RUN)?;
    phase(&page, "ready", minutes(5))?;
    let mut wrong = Vec::new();
    // The settings are a sheet on the phone only.
    for ((width, height), opens) in WINDOWS.into_iter().zip([&["share", "device"][..], &["share", "settings"]]) {
        for dark in THEMES {
            page.show(Look { width, scale: 1.0, dark }, height)?;
            theme(&page, dark)?;
            for action in opens {
                page.click(&format!("[data-action={action}]"))?;
                page.wait("document.querySelector(':popover-open')", minutes(1))?;
                let serious = page.axe()?.into_iter().filter(browser::Finding::is_serious);
                wrong.extend(serious.map(|finding| format!("{action}, {width} pixels, dark {dark}: {finding}")));
                page.eval("document.querySelectorAll(':popover-open').forEach(open => open.hidePopover())")?;
            }
        }
    }
    quiet(&page)?;
    ensure!(wrong.is_empty(), "axe-core finds {} things:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

//! Pictures of each view before, during and after a run, in the windows of a small laptop, a large screen and two phones, light and dark;
//! and that the view Train fits the small laptop's window.

use crate::gate::Gate;
use crate::help::{Lab, THEMES, VIEWS, minutes, phase, press, quiet, screenshots, show_view, theme};
use anyhow::{Result, ensure};
use browser::{Look, Page};

/// A run of both networks, long enough for curves.
const RUN: &str = "backend=flex&train=6000&epochs=3&batch=64&workers=1";
/// Width, height, and device pixels in a CSS pixel.
const WINDOWS: [(u32, u32, f64); 4] = [(1366, 768, 1.0), (1920, 1080, 1.0), (390, 844, 2.0), (320, 568, 2.0)];

/// Runs the same things before, during and after a run. During: both networks have an epoch behind them, and the engine computes the
/// next one, but is held between two steps.
fn at_each_moment(mut act: impl FnMut(&Page, &str) -> Result<()>) -> Result<()> {
    let lab = Lab::new()?;
    Gate::build(&lab)?;
    let page = lab.open(RUN)?;
    phase(&page, "ready", minutes(5))?;
    let gate = Gate::of(&page)?;
    act(&page, "before")?;
    show_view(&page, "train")?;
    for (kind, epoch) in [("ann", 1), ("ann", 2), ("cnn", 1)] {
        // The step after the ANN's last but one epoch trains its last one and then the CNN's first.
        press(&page, "step")?;
        let ended = format!("e.type === 'evaluated' && e.network === '{kind}' && e.epoch === {epoch}");
        page.wait(&format!("window.__events.some(e => {ended})"), minutes(5))?;
        phase(&page, "paused", minutes(1))?;
    }
    gate.close()?;
    press(&page, "resume")?;
    // The page shows that it trains as soon as it hears of a step.
    gate.until("document.querySelector('main')?.dataset.phase === 'training'")?;
    act(&page, "during")?;
    show_view(&page, "train")?;
    gate.open()?;
    phase(&page, "done", minutes(10))?;
    act(&page, "after")?;
    quiet(&page)
}

/// Names: `train-before-1366-light.png`; `-whole` for the whole page, as one sees it on a phone who scrolls to its end.
#[test]
#[ignore = "takes pictures for people; docs/setup.md says how"]
fn of_every_view() -> Result<()> {
    at_each_moment(|page, moment| {
        for (width, height, scale) in WINDOWS {
            for dark in THEMES {
                let look = Look { width, scale, dark };
                page.show(look, height)?;
                for view in VIEWS {
                    show_view(page, view)?;
                    theme(page, dark)?;
                    let name = if dark { "dark" } else { "light" };
                    let file = |end: &str| screenshots().join(format!("{view}-{moment}-{width}-{name}{end}.png"));
                    page.eval("scrollTo(0, 0)")?;
                    page.window_picture(look, height, &file(""))?;
                    if width < 600 {
                        page.picture(look, &file("-whole"))?;
                    }
                }
            }
        }
        Ok(())
    })
}

#[test]
fn the_view_train_needs_no_scrolling_on_a_small_laptop() -> Result<()> {
    let mut wrong = Vec::new();
    at_each_moment(|page, moment| {
        page.show(Look { width: 1366, scale: 1.0, dark: false }, 768)?;
        show_view(page, "train")?;
        page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")?;
        let heights = page.eval("[document.documentElement.scrollHeight, innerHeight]")?;
        let heights: (f64, f64) = serde_json::from_value(heights)?;
        if heights.0 > heights.1 {
            wrong.push(format!("{moment}: {} of {} pixels", heights.0, heights.1));
        }
        Ok(())
    })?;
    ensure!(wrong.is_empty(), "the view Train is higher than its window: {wrong:?}");
    Ok(())
}

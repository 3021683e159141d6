//! The workbench as a person uses it: runs that are watched, kept, compared, resumed, branched and changed on their way. Leaves out: the
//! buttons of one run (`controls`), and what the storage holds to the byte, which native tests check.

mod epochs;
mod rate;
mod resume;
mod runs;
mod storage;
mod tabs;
mod train;

use crate::help::{Lab, list, minutes, phase, press, show_view};
use anyhow::{Context, Result, ensure};
use browser::Page;
use serde_json::Value;

/// A small ANN, which gives the same numbers to the bit each time. [`STEPS`] steps an epoch.
const ANN: &str = "backend=flex&networks=ann&ann_hidden=32&train=2000&batch=64&workers=1&seed=7";
/// Whole batches of 64 in the nine tenths of 2000 images that are trained on.
const STEPS: usize = 1800 / 64;

/// Opens the page, ready to start.
fn ready(lab: &Lab, fragment: &str) -> Result<Page> {
    let page = lab.open(fragment)?;
    phase(&page, "ready", minutes(5))?;
    Ok(page)
}

/// Trains one more epoch of a run with one network and waits until it is held at its end.
fn step(page: &Page, epoch: usize) -> Result<()> {
    press(page, "step")?;
    page.wait(&format!("window.__events.some(e => e.type === 'evaluated' && e.epoch === {epoch})"), minutes(5))?;
    phase(page, "paused", minutes(1))
}

/// Trains a run to its end and gives its report. `before`: results that were told before.
fn to_the_end(page: &Page, action: &str, before: usize) -> Result<Value> {
    press(page, action)?;
    nth_result(page, before)
}

/// The report of the result after so many results.
fn nth_result(page: &Page, before: usize) -> Result<Value> {
    let told = format!("window.__events.filter(e => e.type === 'result')[{before}]");
    let report = page.wait(&told, minutes(10))?["report"].take();
    phase(page, "done", minutes(1))?;
    Ok(report)
}

/// The ids of the runs in the view Runs, in its order.
fn runs(page: &Page) -> Result<Vec<String>> {
    show_view(page, "runs")?;
    let ids = page.eval("[...document.querySelectorAll('[data-view=runs] [data-run]')].map(row => row.dataset.run)")?;
    let mut ids: Vec<String> = serde_json::from_value(ids)?;
    ids.dedup();
    Ok(ids)
}

/// Waits until the view Runs has so many of them, and gives their ids.
fn wait_for_runs(page: &Page, count: usize) -> Result<Vec<String>> {
    show_view(page, "runs")?;
    let all = "new Set([...document.querySelectorAll('[data-view=runs] [data-run]')].map(row => row.dataset.run))";
    page.wait(&format!("({all}).size === {count}"), minutes(1))?;
    runs(page)
}

/// The selector of a button in the row of a run.
fn of_run(run: &str, action: &str) -> String {
    format!("[data-view=runs] [data-run='{run}'] [data-action={action}]")
}

/// Types a value into a field, as a person does who then leaves it.
fn fill(page: &Page, selector: &str, value: &str) -> Result<()> {
    let (selector, value) = (Value::from(selector), Value::from(value));
    let filled = page.eval(&format!(
        "(field => field ? (field.value = {value}, ['input', 'change'].forEach(kind => field.dispatchEvent(new Event(kind, {{bubbles: true}}))), true) : false)(document.querySelector({selector}))"
    ))?;
    ensure!(filled == true, "there is no field {selector}");
    Ok(())
}

/// An expression that holds as soon as something is kept in the browser under a key with this end.
fn is_kept(end: &str) -> String {
    format!("({KEYS}).then(keys => keys.some(key => key.endsWith('{end}')))")
}

/// The keys of everything that the page keeps in the browser.
fn kept(page: &Page) -> Result<Vec<String>> {
    Ok(serde_json::from_value(page.eval(KEYS)?)?)
}

const KEYS: &str = r"(async () => {
    const asked = request => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
    const keys = [];
    for (const {name} of await indexedDB.databases()) {
        const base = await asked(indexedDB.open(name));
        for (const store of base.objectStoreNames) {
            keys.push(...await asked(base.transaction(store).objectStore(store).getAllKeys()));
        }
        base.close();
    }
    return keys.map(String);
})()";

/// A network's curves without what a clock measured: the losses of its steps, and each epoch without its seconds.
fn curves(report: &Value, kind: &str) -> Result<(Value, Vec<Value>)> {
    let network = &report["networks"][kind];
    let mut history = list(network, "/history")?.to_vec();
    for epoch in &mut history {
        epoch.as_object_mut().context("an epoch is no object")?.remove("seconds");
    }
    Ok((network["step_losses"].clone(), history))
}

/// Two reports are of the same run, to the bit.
fn same(one: &Value, other: &Value, kind: &str) -> Result<()> {
    let (a, b) = (curves(one, kind)?, curves(other, kind)?);
    let (a_steps, b_steps) = (list(&a.0, "")?, list(&b.0, "")?);
    ensure!(a_steps.len() == b_steps.len(), "{} and {} steps", a_steps.len(), b_steps.len());
    let apart = a_steps.iter().zip(b_steps).position(|(a, b)| a != b);
    ensure!(apart.is_none(), "the losses differ from step {apart:?} on");
    ensure!(a.1 == b.1, "the epochs differ: {:?} and {:?}", a.1, b.1);
    let test = |report: &Value| report["networks"][kind]["test"].clone();
    ensure!(test(one) == test(other), "the results on the test set differ");
    Ok(())
}

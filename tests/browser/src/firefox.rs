//! Headless Firefox with a profile of its own, one tab and no way to other hosts, driven by WebDriver BiDi. It has only what the tests
//! need, because Chromium is what most of them drive.

use crate::bidi::Bidi;
use crate::page::LISTEN;
use crate::until::until;
use crate::{Look, Outside};
use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::fmt::Write;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long it may take to start on a busy machine.
const START: Duration = Duration::from_secs(120);
const MISSING: &str = "there is no Firefox: install it, or name its program in the variable FIREFOX";

/// What a profile turns off, so that a run neither asks other hosts nor writes to the disk in its middle. The proxy answers nothing anyway.
const OFF: [&str; 9] = [
    "app.normandy.enabled",
    "app.shield.optoutstudies.enabled",
    "browser.newtabpage.enabled",
    "browser.shell.checkDefaultBrowser",
    "datareporting.policy.dataSubmissionEnabled",
    "extensions.systemAddon.update.enabled",
    "network.captive-portal-service.enabled",
    "network.connectivity-service.enabled",
    "network.http.http3.enable",
];

/// A running Firefox with one tab. It ends when it is dropped.
pub struct Firefox {
    bidi: RefCell<Bidi>,
    /// The tab.
    context: String,
    process: Child,
    outside: Outside,
    _profile: tempfile::TempDir,
}

impl Firefox {
    /// Starts it with a fresh profile.
    ///
    /// # Errors
    /// Where there is no Firefox, or it does not start.
    pub fn start() -> Result<Self> {
        let outside = Outside::start()?;
        let profile = tempfile::tempdir()?;
        std::fs::write(profile.path().join("user.js"), preferences(&outside)?)?;
        let mut process = Command::new(crate::firefox().context(MISSING)?)
            .args(["--headless", "--no-remote", "--remote-debugging-port=0", "--profile"])
            .arg(profile.path())
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("Firefox could not be started")?;
        let started = process.stderr.take().context("Firefox has no error output").and_then(connect);
        let (bidi, context) = match started {
            Ok(started) => started,
            Err(error) => {
                let _ = process.kill(); // It may have ended by itself.
                let _ = process.wait();
                return Err(error);
            }
        };
        Ok(Self { bidi: RefCell::new(bidi), context, process, outside, _profile: profile })
    }

    /// What was asked of other hosts so far; none answered.
    pub fn asked_outside(&self) -> Vec<String> {
        self.outside.asked()
    }

    fn call(&self, method: &str, params: Value) -> Result<Value> {
        self.bidi.borrow_mut().call(method, params)
    }

    /// The browser's name and version.
    ///
    /// # Errors
    /// Where it does not answer.
    pub fn agent(&self) -> Result<String> {
        Ok(self.eval("navigator.userAgent")?.as_str().unwrap_or_default().to_owned())
    }

    /// Goes to an address and waits until its document is loaded.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn go(&self, address: &str) -> Result<()> {
        let params = json!({"context": self.context, "url": address, "wait": "complete"});
        self.call("browsingContext.navigate", params).with_context(|| address.to_owned()).map(drop)
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn reload(&self) -> Result<()> {
        self.call("browsingContext.reload", json!({"context": self.context, "wait": "complete"})).map(drop)
    }

    /// Evaluates an expression, awaiting promises, and gives its JSON value; `undefined` is null.
    ///
    /// # Errors
    /// Where it throws.
    pub fn eval(&self, expression: &str) -> Result<Value> {
        // Through text: the protocol's own form of values is more than JSON.
        let answer = self.call(
            "script.evaluate",
            json!({
                "expression": format!("(async () => JSON.stringify((await ({expression})) ?? null))()"),
                "target": {"context": self.context},
                "awaitPromise": true,
                "userActivation": true,
            }),
        )?;
        if let Some(text) = answer.pointer("/exceptionDetails/text") {
            bail!("`{expression}` threw {text}");
        }
        let text = answer.pointer("/result/value").and_then(Value::as_str);
        Ok(serde_json::from_str(text.with_context(|| format!("`{expression}` gave no value"))?)?)
    }

    /// Waits until an expression is neither null nor false, and gives its value.
    ///
    /// # Errors
    /// Where it is not within `limit`; the error shows what the page says.
    pub fn wait(&self, expression: &str, limit: Duration) -> Result<Value> {
        until(
            expression,
            limit,
            |expression| self.eval(expression),
            || {
                (
                    self.errors(),
                    self.eval("document.body?.innerText ?? ''")
                        .map(|said| said.as_str().unwrap_or_default().to_owned())
                        .unwrap_or_default(),
                )
            },
        )
    }

    /// Waits for a message of the page of this type, and gives the first one. An `error` message fails.
    ///
    /// # Errors
    /// Where none comes within `limit`, or the page posts an error first.
    pub fn event(&self, kind: &str, limit: Duration) -> Result<Value> {
        let event =
            self.wait(&format!("window.__events.find(e => e.type === '{kind}' || e.type === 'error')"), limit)?;
        if event["type"] == kind { Ok(event) } else { Err(anyhow!("the page says: {}", event["message"])) }
    }

    /// Clicks the first element that a selector finds, as soon as it can be clicked.
    ///
    /// # Errors
    /// Where there is none within a minute.
    pub fn click(&self, selector: &str) -> Result<()> {
        let quoted = Value::from(selector);
        let click = format!("(e => e && !e.disabled ? (e.click(), true) : false)(document.querySelector({quoted}))");
        self.wait(&click, Duration::from_secs(60)).map(drop)
    }

    /// Errors of the console and exceptions so far.
    pub fn errors(&self) -> Vec<String> {
        let bidi = self.bidi.borrow();
        let errors = bidi.events("log.entryAdded").filter(|entry| entry["level"] == "error");
        errors.map(|entry| format!("{} {}", entry["text"], entry["stackTrace"])).collect()
    }

    /// Takes a picture of the window's part of the page into `path`.
    ///
    /// # Errors
    /// Where the browser or the disk does not.
    pub fn picture(&self, look: Look, height: u32, path: &Path) -> Result<()> {
        let viewport = json!({"width": look.width, "height": height});
        let params = json!({"context": self.context, "viewport": viewport, "devicePixelRatio": look.scale});
        self.call("browsingContext.setViewport", params)?;
        self.eval("new Promise(done => requestAnimationFrame(() => setTimeout(done, 400)))")?;
        let mut answer = self.call("browsingContext.captureScreenshot", json!({"context": self.context}))?;
        let text = answer["data"].take();
        let text = text.as_str().context("the picture has no data")?;
        let png = base64::engine::general_purpose::STANDARD.decode(text)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, png).with_context(|| path.display().to_string())
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        // So it ends its other processes too. Where it does not answer, it is killed.
        let closing = self.call("browser.close", json!({}));
        for _ in 0..50 {
            if closing.is_err() || !matches!(self.process.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.process.kill(); // It may have ended.
        let _ = self.process.wait();
    }
}

/// The profile's file of preferences.
fn preferences(outside: &Outside) -> Result<String> {
    let proxy = outside.proxy();
    let port = proxy.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).context("the proxy has no port")?;
    let mut all: Vec<(String, Value)> = OFF.iter().map(|name| ((*name).to_owned(), false.into())).collect();
    all.push(("network.proxy.type".to_owned(), 1.into()));
    for protocol in ["http", "ssl"] {
        all.push((format!("network.proxy.{protocol}"), "127.0.0.1".into()));
        all.push((format!("network.proxy.{protocol}_port"), Value::from(port)));
    }
    all.push(("network.trr.mode".to_owned(), 5.into())); // Names of hosts are asked of nobody.
    all.push(("app.update.disabledForTesting".to_owned(), true.into()));
    let mut text = String::new();
    for (name, value) in all {
        writeln!(text, "user_pref(\"{name}\", {value});")?;
    }
    Ok(text)
}

/// Waits until the browser says where it listens, and begins a session. Gives the connection and the tab.
fn connect(said: impl Read + Send + 'static) -> Result<(Bidi, String)> {
    let (sender, address) = mpsc::channel();
    // The thread reads to the end: a browser whose output nobody takes stops.
    std::thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if let Some((_, address)) = line.split_once("WebDriver BiDi listening on ") {
                let _ = sender.send(address.trim().to_owned()); // Nobody listens after the first one.
            }
        }
    });
    let address = address.recv_timeout(START).context("Firefox did not say where it listens")?;
    let mut bidi = Bidi::connect(&address)?;
    // A question before leaving is answered with yes.
    let always = json!({"unhandledPromptBehavior": {"default": "accept"}});
    bidi.call("session.new", json!({"capabilities": {"alwaysMatch": always}}))?;
    bidi.call("session.subscribe", json!({"events": ["log.entryAdded"]}))?;
    bidi.call("script.addPreloadScript", json!({"functionDeclaration": format!("() => {{ {LISTEN} }}")}))?;
    let tree = bidi.call("browsingContext.getTree", json!({"maxDepth": 0}))?;
    let tab = tree.pointer("/contexts/0/context").and_then(Value::as_str).context("Firefox has no tab")?;
    Ok((bidi, tab.to_owned()))
}

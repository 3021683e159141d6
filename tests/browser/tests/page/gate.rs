//! Holds an engine between two steps for as long as a test wants, so that no test has to be faster than a run.
//!
//! Between two steps the engine sends itself a message, so that the page's messages are heard meanwhile (`engine::host`). The engine's
//! loader is served with a few lines in front that keep this one message back while the gate is closed. Everything else in the engine
//! is as it always is. For one engine with one worker.

use crate::help::{Lab, minutes};
use anyhow::{Context, Result};
use browser::Page;

/// In the engine worker, before its own script. `held` sends the message that waits.
const ENGINE: &str = r"
{
  const channel = new BroadcastChannel('gate'), send = MessagePort.prototype.postMessage;
  let open = true, held = null;
  MessagePort.prototype.postMessage = function (...message) {
    if (open) return send.apply(this, message);
    held = () => send.apply(this, message);
    channel.postMessage('waits');
  };
  channel.onmessage = (event) => {
    open = event.data === 'open';
    if (event.data === 'close') return channel.postMessage('closed');
    const next = held;
    held = null;
    if (next) next();
  };
}
";

/// In the page.
const PAGE: &str = r"
(() => {
  const channel = new BroadcastChannel('gate');
  window.__gate = {waits: false, closed: false, say: (word) => { window.__gate.waits = false; channel.postMessage(word); }};
  channel.onmessage = (event) => { window.__gate[event.data] = true; };
})()
";

/// The gate of one page.
pub struct Gate<'a> {
    page: &'a Page,
}

impl<'a> Gate<'a> {
    /// Serves the engine's loader with a gate. Before the page is opened.
    pub fn build(lab: &Lab) -> Result<()> {
        let address = lab.server.file("engine-loader.js")?;
        let name = address.rsplit('/').next().context("the loader has no name")?;
        let loader = std::fs::read_to_string(lab.site.folder.join(name))?;
        lab.server.add(&format!("{}{name}", lab.site.base), format!("{ENGINE}{loader}"));
        Ok(())
    }

    /// The gate of a page whose engine is there. It is open.
    pub fn of(page: &'a Page) -> Result<Self> {
        page.eval(PAGE)?;
        Ok(Self { page })
    }

    /// Lets no step begin any more, except the first one of a run.
    pub fn close(&self) -> Result<()> {
        self.page.eval("(window.__gate.closed = false, window.__gate.say('close'))")?;
        self.page.wait("window.__gate.closed", minutes(1)).map(drop)
    }

    /// Lets everything pass from now on.
    pub fn open(&self) -> Result<()> {
        self.page.eval("window.__gate.say('open')").map(drop)
    }

    /// Waits until the engine stands at the closed gate.
    pub fn reached(&self) -> Result<()> {
        self.page.wait("window.__gate.waits", minutes(5)).map(drop)
    }

    /// Lets the engine through the closed gate step by step until an expression holds. The engine then stands at the gate.
    pub fn until(&self, expression: &str) -> Result<()> {
        loop {
            self.reached()?;
            // What the engine said before it came to the gate has arrived: messages between two threads keep their order only in each
            // channel, so the page gets one more turn.
            self.page.eval("new Promise(done => setTimeout(done, 0))")?;
            if self.page.eval(expression)? == true {
                return Ok(());
            }
            self.page.eval("window.__gate.say('one')")?;
        }
    }
}

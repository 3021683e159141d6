//! One tab: its messages, errors and long tasks, clicks, files and pictures. More than 300 lines, because all of it is one object of the
//! driver. Leaves out: starting the browser (`chrome`).

use crate::until::until;
use anyhow::{Context, Result, anyhow, bail};
use headless_chrome::Tab;
use headless_chrome::protocol::cdp::{DOM, Emulation, Network, Page as CdpPage, Runtime, Storage, types::Event};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One tab of a browser.
pub struct Page {
    tab: Arc<Tab>,
    errors: Arc<Mutex<Vec<String>>>,
    dialogs: Arc<Mutex<Vec<String>>>,
}

/// How a picture is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// CSS pixels.
    pub width: u32,
    /// Device pixels in a CSS pixel.
    pub scale: f64,
    /// The dark theme.
    pub dark: bool,
}

/// Runs in each page before its own scripts: keeps the page's messages (with the time at which they came) and its long tasks, and
/// notes when there is first something to press.
pub(crate) const LISTEN: &str = r"
window.__events = []; window.__long = []; window.__shell = null;
addEventListener('message', e => {
    if (e.data && e.data.source === 'fashion-lab') window.__events.push({...e.data, at: performance.now()});
});
try {
    // Firefox has no long tasks, and says so on its console where it is asked.
    if (PerformanceObserver.supportedEntryTypes.includes('longtask')) new PerformanceObserver(list => list.getEntries().forEach(e => window.__long.push({start: e.startTime, ms: e.duration})))
        .observe({type: 'longtask', buffered: true});
} catch {}
new MutationObserver((_, observer) => {
    if (document.querySelector('[data-action=start]')) { window.__shell = performance.now(); observer.disconnect(); }
}).observe(document, {childList: true, subtree: true});
";

/// Time for the page to draw what has changed.
const SETTLED: &str = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 400)))";

impl Page {
    pub(crate) fn prepared(tab: Arc<Tab>) -> Result<Self> {
        let errors = Arc::new(Mutex::new(Vec::new()));
        let seen = errors.clone();
        tab.call_method(Runtime::Enable(None))?;
        tab.add_event_listener(Arc::new(move |event: &Event| {
            let said = match event {
                Event::RuntimeExceptionThrown(e) => Some(thrown(&e.params.exception_details)),
                Event::RuntimeConsoleAPICalled(e)
                    if e.params.Type == Runtime::ConsoleAPICalledEventTypeOption::Error =>
                {
                    let word =
                        |a: &Runtime::RemoteObject| a.value.as_ref().map(Value::to_string).or(a.description.clone());
                    Some(e.params.args.iter().filter_map(word).collect::<Vec<_>>().join(" "))
                }
                _ => None,
            };
            seen.lock().unwrap_or_else(PoisonError::into_inner).extend(said);
        }))?;
        let dialogs = Arc::new(Mutex::new(Vec::new()));
        let (opened, asked) = (Arc::downgrade(&tab), dialogs.clone());
        tab.add_event_listener(Arc::new(move |event: &Event| {
            let (Event::PageJavascriptDialogOpening(event), Some(tab)) = (event, opened.upgrade()) else { return };
            asked.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{:?}", event.params.Type));
            // On a thread of its own: this one has to carry the answer.
            std::thread::spawn(move || tab.get_dialog().accept(None));
        }))?;
        let page = Self { tab, errors, dialogs };
        page.before_all(LISTEN)?;
        Ok(page)
    }

    /// Runs a script before all others in every document from now on.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub fn before_all(&self, script: &str) -> Result<()> {
        self.tab.call_method(CdpPage::AddScriptToEvaluateOnNewDocument {
            source: script.to_owned(),
            world_name: None,
            include_command_line_api: None,
            run_immediately: None,
        })?;
        Ok(())
    }

    /// Goes to another address.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn go(&self, address: &str) -> Result<()> {
        self.tab.navigate_to(address).with_context(|| address.to_owned())?;
        Ok(())
    }

    /// Loads the page again, from the network.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn reload(&self) -> Result<()> {
        // The mark goes with the old document.
        self.eval("window.__old = true")?;
        self.tab.reload(true, None)?;
        self.wait("!window.__old", Duration::from_secs(60)).map(drop)
    }

    /// Closes the tab.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn close(self) -> Result<()> {
        self.tab.close_target()?;
        Ok(())
    }

    /// Lets no request leave the browser any more, as without a network.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn go_offline(&self) -> Result<()> {
        self.tab.call_method(Network::EmulateNetworkConditions {
            offline: true,
            latency: 0.0,
            download_throughput: -1.0,
            upload_throughput: -1.0,
            connection_Type: None,
            packet_loss: None,
            packet_queue_length: None,
            packet_reordering: None,
        })?;
        Ok(())
    }

    /// Slows the page's own thread down that many times. Its workers keep their speed: Chromium throttles no thread but this one.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn slow_down(&self, times: f64) -> Result<()> {
        self.tab.call_method(Emulation::SetCPUThrottlingRate { rate: times })?;
        Ok(())
    }

    /// Evaluates an expression, awaiting promises, and gives its JSON value; `undefined` is null.
    ///
    /// # Errors
    /// Where it throws.
    pub fn eval(&self, expression: &str) -> Result<Value> {
        // Through text: the protocol's own by-value form loses what is not plain.
        let wrapped = format!("(async () => JSON.stringify((await ({expression})) ?? null))()");
        let answer = self.tab.call_method(Runtime::Evaluate {
            expression: wrapped,
            await_promise: Some(true),
            return_by_value: Some(true),
            // As if somebody had pressed a key: the clipboard and downloads want it.
            user_gesture: Some(true),
            object_group: None,
            include_command_line_api: None,
            silent: None,
            context_id: None,
            generate_preview: None,
            throw_on_side_effect: None,
            timeout: None,
            disable_breaks: None,
            repl_mode: None,
            allow_unsafe_eval_blocked_by_csp: None,
            unique_context_id: None,
            serialization_options: None,
        })?;
        if let Some(details) = answer.exception_details {
            bail!("`{expression}` threw {}", thrown(&details));
        }
        let text = answer.result.value.and_then(|v| v.as_str().map(str::to_owned));
        Ok(serde_json::from_str(&text.with_context(|| format!("`{expression}` gave no value"))?)?)
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
            || (self.errors(), self.text().unwrap_or_default()),
        )
    }

    /// The text that a person sees.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub fn text(&self) -> Result<String> {
        Ok(self.eval("document.body ? document.body.innerText : ''")?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for a message of the page of this type, and gives the first one. An `error` message fails.
    ///
    /// # Errors
    /// Where none comes within `limit`, or the page posts an error first.
    pub fn event(&self, kind: &str, limit: Duration) -> Result<Value> {
        let both = format!("window.__events.find(e => e.type === '{kind}' || e.type === 'error')");
        let event = self.wait(&both, limit)?;
        if event["type"] == kind { Ok(event) } else { Err(anyhow!("the page says: {}", event["message"])) }
    }

    /// All messages of this type so far.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub fn events(&self, kind: &str) -> Result<Vec<Value>> {
        let all = self.eval(&format!("window.__events.filter(e => e.type === '{kind}')"))?;
        Ok(all.as_array().cloned().unwrap_or_default())
    }

    /// Clicks the first element that a selector finds, where it can be clicked.
    ///
    /// # Errors
    /// Where there is none, or it is disabled.
    pub fn click(&self, selector: &str) -> Result<()> {
        let quoted = Value::from(selector);
        let found = self
            .eval(&format!("(e => e && !e.disabled ? (e.click(), true) : false)(document.querySelector({quoted}))"));
        if found? == true { Ok(()) } else { Err(anyhow!("nothing to click at {selector}")) }
    }

    /// Presses a key on what has the focus, as the keyboard does: `Tab`, `Enter`, `ArrowRight`, `a`.
    ///
    /// # Errors
    /// Where there is no such key, or the browser does not answer.
    pub fn press_key(&self, key: &str) -> Result<()> {
        self.tab.press_key(key)?;
        Ok(())
    }

    /// Gives files to a file input.
    ///
    /// # Errors
    /// Where there is no such input.
    pub fn give_files(&self, selector: &str, files: &[PathBuf]) -> Result<()> {
        let element = self.tab.find_element(selector)?;
        self.tab.call_method(DOM::SetFileInputFiles {
            files: files.iter().map(|f| f.to_string_lossy().into_owned()).collect(),
            node_id: None,
            backend_node_id: Some(element.backend_node_id),
            object_id: None,
        })?;
        Ok(())
    }

    /// Console errors and exceptions so far.
    pub fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The kinds of the dialogs that were opened so far; each is accepted at once. Leaving during a run opens a `Beforeunload`.
    pub fn dialogs(&self) -> Vec<String> {
        self.dialogs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets width, height, device pixel ratio and theme.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn show(&self, look: Look, height: u32) -> Result<()> {
        self.tab.call_method(Emulation::SetDeviceMetricsOverride {
            width: look.width,
            height,
            device_scale_factor: look.scale,
            mobile: look.width < 600,
            scale: None,
            screen_width: None,
            screen_height: None,
            position_x: None,
            position_y: None,
            dont_set_visible_size: None,
            screen_orientation: None,
            viewport: None,
            display_feature: None,
            device_posture: None,
        })?;
        let scheme = if look.dark { "dark" } else { "light" };
        self.tab.call_method(Emulation::SetEmulatedMedia {
            media: None,
            features: Some(vec![Emulation::MediaFeature {
                name: "prefers-color-scheme".to_owned(),
                value: scheme.to_owned(),
            }]),
        })?;
        Ok(())
    }

    /// Gives the page's origin no more than this many bytes of the browser's storage, or all again (`None`).
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn limit_storage(&self, bytes: Option<u64>) -> Result<()> {
        let origin = self.eval("location.origin")?.as_str().unwrap_or_default().to_owned();
        self.tab
            .call_method(Storage::OverrideQuotaForOrigin { origin, quota_size: bytes.map(|bytes| bytes as f64) })?;
        Ok(())
    }

    /// Takes a picture of the part of the page that a window of this height shows, into `path`.
    ///
    /// # Errors
    /// Where the browser or the disk does not.
    pub fn window_picture(&self, look: Look, height: u32, path: &Path) -> Result<()> {
        self.show(look, height)?;
        self.eval(SETTLED)?;
        self.capture(path)
    }

    /// Takes a picture of the whole page into `path`.
    ///
    /// # Errors
    /// Where the browser or the disk does not.
    pub fn picture(&self, look: Look, path: &Path) -> Result<()> {
        self.show(look, 900)?;
        self.eval(SETTLED)?;
        // Chromium draws nothing taller than 16,384 device pixels.
        let most = (16_000.0 / look.scale) as u64;
        let height = self.eval("document.documentElement.scrollHeight")?.as_u64().unwrap_or(900).clamp(600, most);
        self.show(look, height as u32)?;
        self.eval(SETTLED)?;
        self.capture(path)
    }

    fn capture(&self, path: &Path) -> Result<()> {
        let png = self.tab.capture_screenshot(CdpPage::CaptureScreenshotFormatOption::Png, None, None, true)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, png).with_context(|| path.display().to_string())
    }
}

/// What an exception says, and where.
fn thrown(details: &Runtime::ExceptionDetails) -> String {
    let description =
        details.exception.as_ref().and_then(|e| e.description.clone().or(e.value.as_ref().map(Value::to_string)));
    let place = details.url.as_deref().unwrap_or_default();
    format!("{} ({place}:{})", description.unwrap_or_else(|| details.text.clone()), details.line_number)
}

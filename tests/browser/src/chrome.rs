//! Headless Chromium with a profile of its own and no way to other hosts.

use crate::{Outside, Page};
use anyhow::{Context, Result};
use headless_chrome::protocol::cdp;
use headless_chrome::{Browser, LaunchOptions};
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

/// How long a browser may report nothing of itself (answers do not count): a slow backend scores in silence for minutes.
const SILENCE: Duration = Duration::from_secs(1800);

/// Whether the browser has WebGPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gpu {
    /// None, as on many machines.
    None,
    /// The software adapter, which is slow but real.
    Software,
}

const MISSING: &str = "there is no Chromium: install it, or name its program in the variable CHROME";

/// A running browser. It ends when it is dropped.
pub struct Chrome {
    browser: Browser,
    outside: Outside,
    _profile: Option<tempfile::TempDir>,
}

/// How many times slower the page's thread is to be, from the variable `FASHION_LAB_CPU_SLOWDOWN`; `cargo xtask test browser --slow`
/// sets it.
fn slowdown() -> Result<Option<f64>> {
    const NAME: &str = "FASHION_LAB_CPU_SLOWDOWN";
    let Some(text) = std::env::var_os(NAME) else { return Ok(None) };
    let times = text.to_str().and_then(|t| t.parse().ok()).filter(|t| (1.0..=100.0).contains(t));
    times.map(Some).with_context(|| format!("{NAME} is not a number from 1 to 100: {text:?}"))
}

impl Chrome {
    /// Starts it with a fresh profile.
    ///
    /// # Errors
    /// Where there is no Chromium, or it does not start.
    pub fn start(gpu: Gpu) -> Result<Self> {
        Self::start_with(gpu, &[])
    }

    /// Starts it with a fresh profile and further switches: `--js-flags=--jitless`.
    ///
    /// # Errors
    /// Where there is no Chromium, or it does not start.
    pub fn start_with(gpu: Gpu, switches: &[&str]) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut chrome = Self::launch(profile.path(), gpu, switches)?;
        chrome._profile = Some(profile);
        Ok(chrome)
    }

    /// Starts it with a profile that outlives it.
    ///
    /// # Errors
    /// Where there is no Chromium, or it does not start.
    pub fn start_in(profile: &Path, gpu: Gpu) -> Result<Self> {
        Self::launch(profile, gpu, &[])
    }

    fn launch(profile: &Path, gpu: Gpu, switches: &[&str]) -> Result<Self> {
        let outside = Outside::start()?;
        let proxy = format!("--proxy-server={}", outside.proxy());
        let mut arguments = vec![
            proxy.as_str(),
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        arguments.extend(switches);
        match gpu {
            Gpu::None => arguments.push("--disable-gpu"),
            Gpu::Software => arguments.extend([
                "--enable-unsafe-webgpu",
                "--use-webgpu-adapter=swiftshader",
                "--enable-features=Vulkan",
            ]),
        }
        let options = LaunchOptions::default_builder()
            .path(Some(crate::chromium().context(MISSING)?))
            .headless(true)
            .sandbox(false)
            .enable_gpu(gpu == Gpu::Software)
            .window_size(Some((1280, 900)))
            .user_data_dir(Some(profile.to_owned()))
            .idle_browser_timeout(SILENCE)
            .args(arguments.into_iter().map(OsStr::new).collect())
            .build()?;
        let browser = Browser::new(options).context("Chromium did not start")?;
        Ok(Self { browser, outside, _profile: None })
    }

    /// The browser's name and version.
    ///
    /// # Errors
    /// Where it does not answer.
    pub fn version(&self) -> Result<String> {
        Ok(self.browser.get_version()?.product)
    }

    /// Its process, where it was started here.
    pub fn process(&self) -> Option<u32> {
        self.browser.get_process_id()
    }

    /// What was asked of other hosts so far; none answered.
    pub fn asked_outside(&self) -> Vec<String> {
        self.outside.asked()
    }

    /// Opens an address in a new tab.
    ///
    /// # Errors
    /// Where the browser does not.
    pub fn open(&self, address: &str) -> Result<Page> {
        let tab = self.browser.new_tab()?;
        tab.set_default_timeout(Duration::from_secs(60));
        let page = Page::prepared(tab)?;
        if let Some(times) = slowdown()? {
            page.slow_down(times)?;
        }
        page.go(address)?;
        Ok(page)
    }

    /// Kills the process that draws and computes for WebGPU, as a driver that crashes does.
    ///
    /// # Errors
    /// Where there is no tab to say it through.
    pub fn crash_gpu(&self) -> Result<()> {
        let tab = self.browser.new_tab()?;
        // The answer may be lost with the process.
        let _ = tab.call_method(cdp::Browser::CrashGpuProcess(None));
        Ok(())
    }

    /// Ends it as a person would, so that everything it stored is on the disk.
    ///
    /// # Errors
    /// Where it does not answer.
    pub fn close(self) -> Result<()> {
        let tab = self.browser.new_tab()?;
        // The answer may be lost with the connection.
        let _ = tab.call_method(cdp::Browser::Close(None));
        std::thread::sleep(Duration::from_secs(2));
        Ok(())
    }
}

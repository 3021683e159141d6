//! Finds the browser's program. Needs no driver, so that the set-up can ask whether there is a browser.

use std::path::PathBuf;

/// Where Chromium is: what the variable `CHROME` names, else the first of its usual names on the PATH.
pub fn chromium() -> Option<PathBuf> {
    const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    if let Some(named) = std::env::var_os("CHROME") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))));
    places.chain([PathBuf::from(MAC)]).find(|p| p.is_file())
}

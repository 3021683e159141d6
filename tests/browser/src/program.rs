//! Finds the programs that the tests drive, and axe-core. Needs no driver, so that the set-up can ask whether they are there.

use std::path::PathBuf;

/// The version of axe-core, the script that looks for what keeps people out of a page.
pub const AXE_VERSION: &str = "4.14.1";

/// The variable that names the file of axe-core, where it is not in this project's folder of the user's cache.
pub const AXE_VARIABLE: &str = "FASHION_LAB_AXE";

/// Where Chromium is: what the variable `CHROME` names, else the first of its usual names on the PATH.
pub fn chromium() -> Option<PathBuf> {
    const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    find("CHROME", &NAMES, MAC)
}

/// Where Firefox is: what the variable `FIREFOX` names, else the first of its usual names on the PATH.
pub fn firefox() -> Option<PathBuf> {
    find("FIREFOX", &["firefox-esr", "firefox"], "/Applications/Firefox.app/Contents/MacOS/firefox")
}

fn find(variable: &str, names: &[&str], mac: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable) {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = |name: &&str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let places = std::env::split_paths(&path).flat_map(|folder| names.iter().map(move |name| folder.join(file(name))));
    places.chain([PathBuf::from(mac)]).find(|p| p.is_file())
}

/// The project's folder in the user's cache. Tools and logs lie there, and all clones share it.
pub fn cache() -> PathBuf {
    let given = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || given("HOME").or_else(|| given("USERPROFILE")).map(|home| home.join(".cache"));
    given("XDG_CACHE_HOME").or_else(home).unwrap_or_else(|| PathBuf::from("target")).join("fashion-lab")
}

/// The folder in [`cache`] into which the set-up installs axe-core.
pub fn axe_folder() -> PathBuf {
    cache().join("tools").join(format!("axe-core-{AXE_VERSION}"))
}

/// The file of axe-core below [`axe_folder`].
pub const AXE_FILE: &str = "node_modules/axe-core/axe.min.js";

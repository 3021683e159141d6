//! Installs axe-core for the browser tests: by npm, into the project's folder in the user's cache, checked by its SHA-256. It is no part
//! of the page. Leaves out: running it (`tests/browser`).

use crate::log::Log;
use crate::place::Place;
use crate::step::Done;
use crate::tools;
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// SHA-256 of `axe.min.js` in the version [`browser::AXE_VERSION`].
const SHA256: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";
/// On Windows npm is a script.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Where the script lies.
pub fn file(place: &Place) -> PathBuf {
    folder(place).join(browser::AXE_FILE)
}

/// The same folder as [`browser::axe_folder`], in the cache of this place.
fn folder(place: &Place) -> PathBuf {
    place.tools().join(format!("axe-core-{}", browser::AXE_VERSION))
}

/// Sees to it that the script is there and is the right one.
pub fn provide(place: &Place, log: &Log) -> Result<Done> {
    let file = file(place);
    if check(&file).is_ok() {
        return Ok(Done::Before);
    }
    if tools::output(NPM, &["--version"]).is_none() {
        tools::debian(log, &["npm"], "axe-core comes by npm, which is not installed")?;
    }
    let folder = folder(place);
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut npm = Command::new(NPM);
    // Without the scripts that packages may bring.
    npm.args(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    npm.arg(&folder).arg(format!("axe-core@{}", browser::AXE_VERSION));
    log.run(&mut npm)?;
    check(&file)?;
    Ok(Done::Now)
}

fn check(file: &Path) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    ensure!(found == SHA256, "the SHA-256 of {} is {found} instead of {SHA256}", file.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_script_is_refused_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("axe.min.js");
        assert!(format!("{:#}", check(&file).unwrap_err()).contains("cannot be read"));
        std::fs::write(&file, "/* another script */").unwrap();
        assert!(format!("{:#}", check(&file).unwrap_err()).contains("instead of 29348999"));
    }

    #[test]
    fn the_tests_look_where_it_is_installed() {
        let place = Place { root: ".".into(), target: ".".into(), cache: browser::cache() };
        assert_eq!(folder(&place), browser::axe_folder());
    }
}

//! Installs what the exported scripts need: NumPy, Keras with JAX and, where it is asked for, PyTorch, by pip, into a virtual environment
//! in the project's folder in the user's cache. They are no part of the page. Where the package index does not have them, the scripts'
//! tests are left out and the screen says so. Leaves out: running the scripts (`tests/scripts`).

use crate::log::Log;
use crate::place::Place;
use crate::step::Done;
use crate::tools;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable that names the Python of the tests, as `tests/scripts` reads it. Where it is set, nothing is installed.
pub const VARIABLE: &str = "FASHION_LAB_PYTHON";
/// The packages with the versions that the scripts were tested with. Keras computes with JAX, which is a third of TensorFlow's size.
const PACKAGES: [&str; 3] = ["numpy==2.4.6", "keras==3.15.1", "jax==0.10.2"];
/// Its build for Linux has CUDA inside: 3 GB to fetch. So only those get it who ask for it.
const PYTORCH: &str = "torch==2.15.0";
/// The oldest Python that all of them run on.
const OLDEST: [u32; 2] = [3, 11];
/// On Windows the program has another name.
const SYSTEM: &str = if cfg!(windows) { "python" } else { "python3" };
/// What a Python must be able to do to make a virtual environment; it prints its version.
const CAN: &str = "import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1])";

/// The Python that has the packages, once they are installed.
pub fn program(place: &Place, pytorch: bool) -> PathBuf {
    std::env::var_os(VARIABLE).map_or_else(|| of_folder(&folder(place, pytorch)), PathBuf::from)
}

fn of_folder(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// One folder for each set of versions, so that another clone with other versions does no harm.
fn folder(place: &Place, pytorch: bool) -> PathBuf {
    place.tools().join(format!("python-{}", packages(pytorch).join("-").replace("==", "-")))
}

fn packages(pytorch: bool) -> Vec<&'static str> {
    PACKAGES.into_iter().chain(pytorch.then_some(PYTORCH)).collect()
}

/// Written last: without it the folder is not complete.
fn mark(folder: &Path) -> PathBuf {
    folder.join("complete")
}

/// Whether the packages are there.
pub fn is_there(place: &Place, pytorch: bool) -> bool {
    std::env::var_os(VARIABLE).is_some() || mark(&folder(place, pytorch)).is_file()
}

/// Sees to it that the packages are there, or says on the screen that they cannot be had.
pub fn provide(place: &Place, pytorch: bool, log: &Log) -> Result<Done> {
    install(place, pytorch, log).or_else(|error| {
        log.say(&format!("{error:#}"))?;
        println!("   NOT TESTED: the exported Python scripts, because their packages cannot be had here ({error:#})");
        Ok(Done::LeftOut)
    })
}

fn install(place: &Place, pytorch: bool, log: &Log) -> Result<Done> {
    if is_there(place, pytorch) {
        return Ok(Done::Before);
    }
    let tools = place.tools();
    std::fs::create_dir_all(&tools).with_context(|| format!("{} cannot be made", tools.display()))?;
    // Another clone may be installing them; then this one waits and finds them there.
    let lock = std::fs::File::create(tools.join("python-lock")).and_then(|file| file.lock().map(|()| file));
    let _lock = lock.with_context(|| format!("{} cannot be locked", tools.display()))?;
    if is_there(place, pytorch) {
        return Ok(Done::Before);
    }
    if tools::output(SYSTEM, &["-c", CAN]).is_none() {
        tools::debian(log, &["python3", "python3-venv"], "the exported scripts need Python, which is not installed")?;
    }
    let version = tools::output(SYSTEM, &["-c", CAN]).unwrap_or_default();
    check(&version)?;
    let folder = folder(place, pytorch);
    // What an earlier try left.
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    log.run(Command::new(SYSTEM).args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(of_folder(&folder));
    // Only ready packages, whose installation runs no code of theirs; and no second copy in pip's own cache.
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-cache-dir", "--only-binary", ":all:"]);
    let wanted = packages(pytorch);
    log.run(pip.args(&wanted)).with_context(|| format!("pip cannot install {}", wanted.join(", ")))?;
    let mark = mark(&folder);
    std::fs::write(&mark, "").with_context(|| format!("{} cannot be written", mark.display()))?;
    Ok(Done::Now)
}

/// Whether this answer of [`CAN`] is that of a Python that is new enough.
fn check(version: &str) -> Result<()> {
    let numbers: Vec<u32> = version.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [major, minor] = OLDEST;
    ensure!(
        numbers.as_slice() >= OLDEST.as_slice(),
        "`{SYSTEM}` is {}, but the scripts' packages need Python {major}.{minor} or newer with venv; install it, or name a Python that \
         has numpy, keras and jax in {VARIABLE}",
        if numbers.is_empty() { "missing or has no venv".to_owned() } else { version.replace(' ', ".") }
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_is_too_old_or_missing_is_named() {
        assert!(check("3 11").is_ok() && check("3 14").is_ok() && check("4 0").is_ok());
        assert!(check("3 9").unwrap_err().to_string().contains("is 3.9, but"));
        assert!(check("").unwrap_err().to_string().contains("missing or has no venv"));
    }

    #[test]
    fn a_folder_that_is_not_complete_does_not_count() {
        let cache = tempfile::tempdir().unwrap();
        let place = Place { root: ".".into(), target: ".".into(), cache: cache.path().into() };
        let folder = folder(&place, true);
        std::fs::create_dir_all(&folder).unwrap();
        assert!(!mark(&folder).is_file());
        assert!(!is_there(&place, true) || std::env::var_os(VARIABLE).is_some());
        assert!(folder.ends_with("python-numpy-2.4.6-keras-3.15.1-jax-0.10.2-torch-2.15.0"));
    }
}

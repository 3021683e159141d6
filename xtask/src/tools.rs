//! Installs what is no crate of this project: the WebAssembly target, trunk, and Debian's packages.
//!
//! trunk goes into the user's cache, so that a second clone finds it. One that is on the PATH in the right version is used.
//! Leaves out the program `wasm-bindgen`, which is a crate of this workspace (`xtask/bindgen`).

use crate::cargo::WASM;
use crate::log::Log;
use crate::place::Place;
use crate::step::Done;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The newest trunk that builds with this project's Rust (0.22 wants 1.96).
pub const TRUNK: &str = "0.21.14";

/// What a program prints, trimmed; `None` where it is missing or fails.
pub fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Installs the WebAssembly target of the compiler.
pub fn wasm_target(log: &Log) -> Result<Done> {
    let library = output("rustc", &["--print", "target-libdir", "--target", WASM]);
    if library.is_some_and(|folder| PathBuf::from(folder).is_dir()) {
        return Ok(Done::Before);
    }
    log.run(Command::new("rustup").args(["target", "add", WASM]))
        .context("the WebAssembly target is missing and rustup cannot add it; install Rust from https://rustup.rs")?;
    Ok(Done::Now)
}

/// Whether trunk is there, in the right version.
pub fn has_trunk(place: &Place) -> bool {
    let own = place.tools().join("bin").join(format!("trunk{}", std::env::consts::EXE_SUFFIX));
    let right = |program: &str| {
        output(program, &["--version"]).is_some_and(|said| said.split_whitespace().any(|word| word == TRUNK))
    };
    right(&own.to_string_lossy()) || right("trunk")
}

/// Installs trunk.
pub fn trunk(place: &Place, log: &Log) -> Result<Done> {
    if has_trunk(place) {
        return Ok(Done::Before);
    }
    // Another clone may be installing it; then this one waits and finds it there.
    let folder = place.tools();
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let lock = std::fs::File::create(folder.join("lock")).and_then(|file| file.lock().map(|()| file));
    let _lock = lock.with_context(|| format!("{} cannot be locked", folder.display()))?;
    if has_trunk(place) {
        return Ok(Done::Before);
    }
    let package = format!("trunk@{TRUNK}");
    if output("cargo-binstall", &["-V"]).is_some() {
        let mut binstall = Command::new("cargo");
        binstall.args(["binstall", "--no-confirm", "--disable-telemetry", "--root"]).arg(place.tools()).arg(&package);
        // It may find no program for this machine; then trunk is compiled.
        match log.run(&mut binstall) {
            Ok(()) if has_trunk(place) => return Ok(Done::Now),
            Ok(()) => log.say("cargo binstall installed another version")?,
            Err(error) => log.say(&format!("{error:#}"))?,
        }
    }
    let mut install = Command::new("cargo");
    // A debug build without debug information: trunk's own speed does not matter. Its downloads and TLS are left out.
    install
        .args(["install", "--locked", "--debug", "--no-default-features", "--root"])
        .arg(place.tools())
        .arg(&package);
    install.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_DEV_STRIP", "true");
    // A target directory of its own, below the usual one so that it lies where there is room: the usual one's flags are not trunk's.
    let folder = place.target.join("trunk-target");
    install.env("CARGO_TARGET_DIR", &folder).env_remove("RUSTFLAGS").env_remove("CARGO_NET_OFFLINE");
    log.run(&mut install)?;
    match std::fs::remove_dir_all(&folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            log.say(&format!("{} is no longer needed but could not be removed: {e}", folder.display()))?;
        }
        _ => {}
    }
    Ok(Done::Now)
}

/// Puts the program `wasm-bindgen` where trunk finds it. Cargo has built it as `page-bindgen`.
pub fn place_bindgen(place: &Place) -> Result<Done> {
    let (from, to) =
        (place.target.join("debug").join(format!("page-bindgen{}", std::env::consts::EXE_SUFFIX)), place.bindgen());
    let what = || format!("{} cannot be copied to {}", from.display(), to.display());
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).with_context(what)?;
    }
    // Through a second name, because the first one may be running for another clone.
    let beside = to.with_extension(format!("{}", std::process::id()));
    std::fs::copy(&from, &beside).and_then(|_| std::fs::rename(&beside, &to)).with_context(what)?;
    Ok(Done::Now)
}

/// Installs Chromium where there is none.
pub fn chromium(log: &Log) -> Result<Done> {
    if browser::chromium().is_some() {
        return Ok(Done::Before);
    }
    debian(log, &["chromium"], "the browser tests drive Chromium, which is not installed")?;
    Ok(Done::Now)
}

/// Installs Firefox where there is none.
pub fn firefox(log: &Log) -> Result<Done> {
    if browser::firefox().is_some() {
        return Ok(Done::Before);
    }
    debian(log, &["firefox-esr"], "the browser tests drive Firefox too, which is not installed")?;
    Ok(Done::Now)
}

/// Installs Debian packages where apt-get is there; elsewhere says what is missing.
pub fn debian(log: &Log, packages: &[&str], why: &str) -> Result<()> {
    let names = packages.join(" and ");
    if output("apt-get", &["--version"]).is_none() {
        bail!("{why}, and there is no apt-get to install it: install {names} with your system's package manager");
    }
    let root = output("id", &["-u"]).as_deref() == Some("0");
    let apt = |arguments: &[&str]| {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        if !root {
            // Never asks for a password, which nobody would see.
            command.args(["-n", "apt-get"]);
        }
        log.run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let install: Vec<&str> =
        ["install", "-y", "-qq", "--no-install-recommends"].iter().chain(packages).copied().collect();
    // An old list of packages is often good enough, and the update may fail for a reason that has nothing to do with it.
    let updated = apt(&["update", "-qq"]);
    apt(&install)
        .or_else(|error| updated.and(Err(error)))
        .with_context(|| format!("{why}, and apt-get could not install it; install {names} yourself"))
}

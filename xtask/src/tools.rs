//! Installs what building needs, in the right versions: the wasm target, trunk, and the wasm-bindgen-cli of Cargo.lock.
//!
//! Tools go into the user's cache, so that a second clone finds them. What is on the PATH already in the right version is used.

use crate::{output, run, timed};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The newest trunk that builds with this project's Rust (0.22 wants 1.96).
const TRUNK: &str = "0.21.14";

/// The folder in the user's cache that holds tools and the shared target directory.
pub fn cache() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let base = base.or_else(|| {
        std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(|h| PathBuf::from(h).join(".cache"))
    });
    base.unwrap_or_else(|| PathBuf::from("target")).join("fashion-lab")
}

fn bin() -> PathBuf {
    cache().join("tools").join("bin")
}

/// The PATH with this project's tools in front.
pub fn path() -> Result<std::ffi::OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(bin()).chain(std::env::split_paths(&old));
    Ok(std::env::join_paths(all)?)
}

/// Installs what is missing.
pub fn install() -> Result<()> {
    let target = output("rustc", &["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]);
    if !target.is_some_and(|dir| PathBuf::from(dir).is_dir()) {
        timed("installing the WebAssembly target", || {
            run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
                .context("the WebAssembly target is missing; install Rust by rustup (https://rustup.rs)")
        })?;
    }
    // Debug builds: they compile in half the time, and neither tool's own speed matters. trunk's own downloads and TLS are left out.
    tool("trunk", "trunk", TRUNK, &["--locked", "--debug", "--no-default-features"])?;
    // Not --locked: its lock names crates that newer compilers refuse.
    tool("wasm-bindgen", "wasm-bindgen-cli", &wasm_bindgen_version()?, &["--debug"])
}

fn tool(program: &str, package: &str, version: &str, flags: &[&str]) -> Result<()> {
    let here = bin().join(program);
    let has =
        |program: &str| output(program, &["--version"]).is_some_and(|v| v.split_whitespace().any(|w| w == version));
    if has(&here.to_string_lossy()) || has(program) {
        return Ok(());
    }
    let root = cache().join("tools");
    timed(&format!("installing {package} {version} into {}", root.display()), || {
        let package_version = format!("{package}@{version}");
        if output("cargo-binstall", &["-V"]).is_some() {
            let mut binstall = Command::new("cargo");
            binstall
                .args(["binstall", "--no-confirm", "--disable-telemetry", "--root"])
                .arg(&root)
                .arg(&package_version);
            if run(&mut binstall).is_ok() && has(&here.to_string_lossy()) {
                return Ok(());
            }
        }
        let mut install = Command::new("cargo");
        install.args(["install", "--root"]).arg(&root).args(flags).arg(&package_version);
        // Its own target directory: a shared one would compile for the project's flags.
        install.env("CARGO_TARGET_DIR", cache().join("tools-target")).env_remove("RUSTFLAGS");
        run(&mut install)?;
        std::fs::remove_dir_all(cache().join("tools-target")).or_else(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(e.into()),
        })
    })
}

/// The version of wasm-bindgen in Cargo.lock: the tool's must be the same.
fn wasm_bindgen_version() -> Result<String> {
    let lock = std::fs::read_to_string("Cargo.lock").context("Cargo.lock cannot be read")?;
    let mut lines = lock.lines().skip_while(|l| *l != "name = \"wasm-bindgen\"");
    let version = lines.nth(1).and_then(|l| l.strip_prefix("version = \"")).and_then(|l| l.strip_suffix('"'));
    match version {
        Some(version) => Ok(version.to_owned()),
        None => bail!("Cargo.lock names no wasm-bindgen"),
    }
}

/// Installs Debian packages where apt-get is there; elsewhere says what is missing.
pub fn debian(packages: &[&str], why: &str) -> Result<()> {
    if output("apt-get", &["--version"]).is_none() {
        bail!("{why}: please install {} by your system's package manager", packages.join(" and "));
    }
    timed(&format!("installing {} by apt-get", packages.join(" ")), || {
        let root = output("id", &["-u"]).as_deref() == Some("0");
        let apt = |arguments: &[&str]| {
            let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
            if !root {
                command.args(["-n", "apt-get"]);
            }
            run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
        };
        apt(&["update", "-qq"])?;
        let install: Vec<&str> =
            ["install", "-y", "-qq", "--no-install-recommends"].iter().chain(packages).copied().collect();
        apt(&install)
    })
}

//! Where things lie: the repository, cargo's target directory, and the project's folder in the user's cache.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders that the commands work in.
#[derive(Debug, Clone)]
pub struct Place {
    /// The repository. It is also the working directory.
    pub root: PathBuf,
    /// Cargo's target directory, whatever variable or configuration names it.
    pub target: PathBuf,
    /// The project's folder in the user's cache: tools and logs, shared by all clones.
    pub cache: PathBuf,
}

impl Place {
    /// Goes to the repository's root and finds the folders.
    pub fn find() -> Result<Self> {
        let root = root();
        std::env::set_current_dir(&root).with_context(|| format!("{} cannot be entered", root.display()))?;
        let mut metadata = Command::new("cargo");
        metadata.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
        let output = metadata.output().context("cargo could not be started; install Rust from https://rustup.rs")?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "cargo cannot read the project: {}", complaint.trim());
        let answer: Value = serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
        let target = answer["target_directory"].as_str().context("cargo metadata names no target directory")?;
        Ok(Self { target: target.into(), cache: browser::cache(), root })
    }

    /// Where `cargo install` puts trunk.
    pub fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// Where this clone's program `wasm-bindgen` lies. In the target directory, because its version belongs to Cargo.lock.
    pub fn bindgen(&self) -> PathBuf {
        self.target.join("tools").join(format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX))
    }

    /// The PATH with this project's tools in front.
    pub fn path(&self) -> Result<std::ffi::OsString> {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let own = [self.target.join("tools"), self.tools().join("bin")];
        Ok(std::env::join_paths(own.into_iter().chain(std::env::split_paths(&old)))?)
    }
}

/// The repository's root, as cargo says when it runs this: two clones that share a target directory also share this program, so the
/// path that it was compiled under may be the other clone's.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().unwrap_or(Path::new(".")).to_owned()
}

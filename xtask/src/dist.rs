//! Builds the page into dist/ with trunk, with relative addresses only.

use crate::{names, relaxed, run, setup, timed, tools};
use anyhow::{Context, Result};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Sets up, builds, and prints the sizes.
pub fn dist() -> Result<()> {
    setup()?;
    build()?;
    relaxed::build()?;
    names::hash(Path::new("dist"))?;
    for (name, raw, brotli) in sizes()? {
        println!("   {name}: {:.2} MB, {:.2} MB in brotli", raw as f64 / 1e6, brotli as f64 / 1e6);
    }
    Ok(())
}

fn build() -> Result<()> {
    timed("building the page and the engine (the first time takes about ten minutes)", || {
        let mut trunk = Command::new("trunk");
        trunk.args(["build", "--release", "--offline=true"]).env("PATH", tools::path()?);
        // trunk reads NO_COLOR as its own flag and wants true or false.
        trunk.env_remove("NO_COLOR");
        run(&mut trunk)
    })
}

/// Name, bytes and bytes in brotli (quality 9) of each wasm file in dist/.
pub fn sizes() -> Result<Vec<(String, usize, usize)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("dist").context("dist/ is missing")? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "wasm") {
            let bytes = std::fs::read(&path)?;
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            found.push((name, bytes.len(), brotli_size(&bytes)?));
        }
    }
    found.sort();
    Ok(found)
}

fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 9, 24);
    writer.write_all(bytes)?;
    Ok(writer.into_inner().len())
}

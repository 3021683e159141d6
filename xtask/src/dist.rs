//! What trunk leaves in dist/: its relaxed engine is added, its names are completed, and its sizes are looked at.

use crate::log::Log;
use crate::place::Place;
use crate::step::Done;
use crate::{names, relaxed};
use anyhow::{Context, Result, ensure};
use std::io::Write;
use std::path::Path;

/// Largest sizes in brotli, in bytes. Whoever opens the page waits for the first one.
const LIMITS: [(&str, usize); 3] = [("app", 350_000), ("classifier", 350_000), ("engine", 3_000_000)];
/// A program of fewer bytes is compressed as well as brotli can (quality 11); a larger one, which would take a minute, with quality 9.
const SMALL: usize = 4_000_000;

/// Completes dist/, once trunk has written it and the relaxed engine is compiled.
pub fn complete(place: &Place, log: &Log) -> Result<Done> {
    relaxed::bind(place, log)?;
    // Last, because a name is made of the file's final content.
    names::hash(&place.root.join("dist"))?;
    Ok(Done::Now)
}

/// Prints the sizes.
pub fn print_sizes(root: &Path) -> Result<()> {
    for (name, raw, brotli) in sizes(root)? {
        println!("   dist/{name}: {:.2} MB, {:.2} MB in brotli", raw as f64 / 1e6, brotli as f64 / 1e6);
    }
    Ok(())
}

/// Fails where a program has become too large.
pub fn check_sizes(root: &Path, log: &Log) -> Result<Done> {
    for (name, _, size) in sizes(root)? {
        log.say(&format!("{name}: {size} bytes in brotli"))?;
        if let Some((part, limit)) = LIMITS.iter().find(|(part, _)| name.starts_with(part)) {
            ensure!(size <= *limit, "the {part} ({name}) has {size} bytes in brotli; the limit is {limit}");
        }
    }
    Ok(Done::Now)
}

/// Name, bytes and bytes in brotli of each wasm file in dist/.
fn sizes(root: &Path) -> Result<Vec<(String, usize, usize)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join("dist")).context("dist/ is missing; `cargo xtask dist` makes it")? {
        let path = entry.context("dist/ cannot be read")?.path();
        if path.extension().is_some_and(|e| e == "wasm") {
            let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            found.push((name, bytes.len(), brotli_size(&bytes)?));
        }
    }
    found.sort();
    Ok(found)
}

fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let quality = if bytes.len() < SMALL { 11 } else { 9 };
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, 24);
    writer.write_all(bytes)?;
    Ok(writer.into_inner().len())
}

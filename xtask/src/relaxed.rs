//! The engine once more, with relaxed SIMD: fused multiply-adds, for browsers that have them. A module with an unknown instruction
//! is refused as a whole, so it takes two programs; the page asks the browser which one it may have.
//!
//! Only this project's own crates are compiled with the other flag: cargo has a wrapper for the compiler of a workspace's members,
//! and that wrapper is this program. All dependencies are shared with the plain engine.

use crate::cargo::{CargoCall, WASM};
use crate::log::Log;
use crate::place::Place;
use anyhow::{Context, Result};
use std::process::{Command, ExitCode};

/// The variable under which cargo runs this program as its compiler.
const WRAPPING: &str = "FASHION_LAB_RELAXED_SIMD";

/// Where cargo runs this program as a compiler, compiles and gives the compiler's exit code.
pub fn compile() -> Option<ExitCode> {
    std::env::var_os(WRAPPING)?;
    let mut arguments = std::env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    rustc.args(arguments);
    if rustc.get_args().any(|a| a == WASM) {
        rustc.arg("-Ctarget-feature=+relaxed-simd");
    }
    let code = rustc.status().ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(ExitCode::from(code.unwrap_or(1)))
}

/// Compiles it. The flags are trunk's for the plain engine.
pub fn build() -> Result<CargoCall> {
    let this = std::env::current_exe().context("the path of this program cannot be found")?;
    let call = CargoCall::new("build").wasm().only("webgpu").flags(&["--release", "--bin", "engine"]);
    Ok(call.env(WRAPPING, "1").env("RUSTC_WORKSPACE_WRAPPER", this))
}

/// Adds `engine-relaxed.js` and `engine-relaxed_bg.wasm` to dist/.
pub fn bind(place: &Place, log: &Log) -> Result<()> {
    let mut bindgen = Command::new(place.bindgen());
    bindgen.args(["--target=no-modules", "--no-typescript", "--out-dir=dist", "--out-name=engine-relaxed"]);
    log.run(bindgen.arg(place.target.join(WASM).join("release/engine.wasm")))
}

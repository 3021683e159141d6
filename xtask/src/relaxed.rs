//! The engine once more, with relaxed SIMD: fused multiply-adds, for browsers that have them. A module with an unknown instruction
//! is refused as a whole, so it takes two programs; the page asks the browser which one it may have.
//!
//! Only this project's own crates are compiled with the other flag: cargo has a wrapper for the compiler of a workspace's members,
//! and that wrapper is this program. All dependencies are shared with the plain engine.

use crate::{run, timed, tools};
use anyhow::Result;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// The variable under which cargo runs this program as its compiler.
const WRAPPING: &str = "FASHION_LAB_RELAXED_SIMD";

/// Where cargo runs this program as a compiler, compiles and gives the compiler's exit code.
pub fn compile() -> Option<ExitCode> {
    std::env::var_os(WRAPPING)?;
    let mut arguments = std::env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    rustc.args(arguments);
    if rustc.get_args().any(|a| a == "wasm32-unknown-unknown") {
        rustc.arg("-Ctarget-feature=+relaxed-simd");
    }
    let code = rustc.status().ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(ExitCode::from(code.unwrap_or(1)))
}

/// Adds `engine-relaxed.js` and `engine-relaxed_bg.wasm` to dist/. The flags are trunk's for the plain engine.
pub fn build() -> Result<()> {
    timed("building the engine with relaxed SIMD", || {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--release", "--quiet", "--target", "wasm32-unknown-unknown", "--bin", "engine"]);
        cargo.args(["--no-default-features", "--features", "webgpu"]);
        cargo.env(WRAPPING, "1").env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?);
        run(&mut cargo)?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        let mut bindgen = Command::new("wasm-bindgen");
        bindgen.env("PATH", tools::path()?);
        bindgen.args([
            "--target",
            "no-modules",
            "--no-typescript",
            "--out-dir",
            "dist",
            "--out-name",
            "engine-relaxed",
        ]);
        run(bindgen.arg(target.join("wasm32-unknown-unknown/release/engine.wasm")))
    })
}

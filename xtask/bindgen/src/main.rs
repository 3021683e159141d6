//! Makes the JavaScript for a wasm program: the part of the program `wasm-bindgen` that trunk and xtask need, with its options.
//!
//! It takes the place of `wasm-bindgen-cli`, which is twice as much to compile (it also runs tests), and it is always the version
//! of Cargo.lock. Leaves out: all options that this project does not use; they are refused with a message.

use anyhow::Result;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

/// How the JavaScript is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// An ES module.
    Web,
    /// A classic script, which also a classic worker can load.
    NoModules,
}

/// Makes the JavaScript for a wasm program.
#[derive(Debug, Parser)]
#[command(name = "wasm-bindgen")]
struct Options {
    /// The wasm file that the compiler wrote
    input: PathBuf,
    /// How the JavaScript is loaded
    #[arg(long, value_enum)]
    target: Target,
    /// Folder for the result
    #[arg(long)]
    out_dir: PathBuf,
    /// Name of the result, without extension
    #[arg(long)]
    out_name: String,
    /// Writes no TypeScript declarations
    #[arg(long)]
    no_typescript: bool,
    /// Keeps debug sections
    #[arg(long)]
    keep_debug: bool,
    /// Leaves the names of symbols as they are
    #[arg(long)]
    no_demangle: bool,
}

fn main() -> ExitCode {
    // trunk reads the second word. The library's own version, so that the two cannot differ.
    if std::env::args().nth(1).as_deref() == Some("--version") {
        println!("wasm-bindgen {}", wasm_bindgen_shared::version());
        return ExitCode::SUCCESS;
    }
    match generate(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn generate(options: &Options) -> Result<()> {
    let mut bindgen = Bindgen::new();
    match options.target {
        Target::Web => bindgen.web(true)?,
        Target::NoModules => bindgen.no_modules(true)?,
    };
    // Page and classifier run in one window, so the second one may not take the first one's name.
    if options.out_name == "classifier" {
        bindgen.no_modules_global("wasm_bindgen_classifier")?;
    }
    bindgen
        .input_path(&options.input)
        .out_name(&options.out_name)
        .typescript(!options.no_typescript)
        .keep_debug(options.keep_debug)
        .demangle(!options.no_demangle)
        // The compiler strips the names of functions already; what is left names imports alone, and costs 3 KB in brotli.
        .remove_name_section(true)
        .remove_producers_section(true)
        // As the program `wasm-bindgen` sets it, not as the library does.
        .omit_default_module_path(false);
    bindgen.generate(&options.out_dir)
}

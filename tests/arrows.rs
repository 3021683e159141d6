//! Checks which module may name which other module, as `src/lib.rs` says. It reads the source text.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module and the modules that it may name: only ones that stand above it.
const MODULES: &[(&str, &[&str])] = &[
    ("fashion_mnist", &[]),
    ("order", &[]),
    ("web", &[]),
    ("config", &["fashion_mnist"]),
    ("architecture", &["fashion_mnist", "config"]),
    ("data", &["fashion_mnist", "config"]),
    ("run", &["fashion_mnist", "config"]),
    ("evaluate", &["fashion_mnist", "order", "config", "architecture", "run"]),
    ("weights", &["fashion_mnist", "order", "config", "data"]),
    ("forward", &["fashion_mnist", "config", "data", "evaluate", "weights"]),
    ("inspect", &["fashion_mnist", "order", "config", "architecture", "data", "weights", "forward"]),
    ("export", &["fashion_mnist", "config", "run", "evaluate", "weights"]),
    ("shipped", &["fashion_mnist", "config", "data", "evaluate", "forward", "weights"]),
    ("prepare", &["fashion_mnist"]),
    ("protocol", &["fashion_mnist", "config", "architecture", "run"]),
    ("plot", &["fashion_mnist", "order", "config", "run", "evaluate"]),
    (
        "classify",
        &[
            "fashion_mnist",
            "order",
            "config",
            "evaluate",
            "weights",
            "forward",
            "inspect",
            "prepare",
            "run",
            "export",
            "shipped",
            "protocol",
            "plot",
        ],
    ),
    ("page", &["fashion_mnist", "config", "run", "protocol"]),
    ("kernels", &["config"]),
    ("model", &["fashion_mnist", "config", "architecture", "data", "kernels", "weights", "forward"]),
    ("train", &["fashion_mnist", "config", "architecture", "data", "run", "evaluate", "kernels", "model", "weights"]),
    ("inference", &["config", "run", "train"]),
    (
        "engine",
        &[
            "fashion_mnist",
            "config",
            "architecture",
            "data",
            "run",
            "protocol",
            "kernels",
            "model",
            "train",
            "inference",
            "web",
        ],
    ),
    (
        "app",
        &["fashion_mnist", "config", "architecture", "run", "evaluate", "protocol", "page", "plot", "shipped", "web"],
    ),
    (
        "classifier",
        &[
            "fashion_mnist",
            "order",
            "config",
            "evaluate",
            "weights",
            "inspect",
            "prepare",
            "shipped",
            "protocol",
            "classify",
            "web",
        ],
    ),
];

/// Crates that only some modules may name: burn would make the page's own wasm large, the browser's would tie the core to it.
const CRATES: &[(&str, &[&str])] = &[
    ("burn", &["kernels", "model", "train", "inference", "engine"]),
    ("yew", &["app", "classifier"]),
    ("plotters", &["plot", "app"]),
    ("plotters_canvas", &["app"]),
    ("gloo", &["app", "classifier", "engine", "protocol"]),
    ("idb", &["app"]),
    ("web_sys", &["app", "classifier", "engine", "protocol", "web"]),
    ("js_sys", &["app", "classifier", "engine", "protocol", "web"]),
    ("wasm_bindgen", &["app", "classifier", "engine", "protocol", "web"]),
    ("wasm_bindgen_futures", &["app", "classifier", "engine", "web"]),
];

/// What each program of `src/bin` may name of the library.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("app", &["app"]),
    ("classifier", &["classifier"]),
    ("engine", &["engine"]),
    (
        "lab",
        &[
            "fashion_mnist",
            "config",
            "data",
            "run",
            "evaluate",
            "weights",
            "forward",
            "export",
            "shipped",
            "kernels",
            "train",
        ],
    ),
];

/// The text without its line comments, in which a link to another module is no arrow.
fn code(text: &str) -> String {
    let bare = |line: &str| {
        let comment = line.match_indices("//").map(|(at, _)| at).find(|&at| !line[..at].ends_with([':', '"']));
        line[..comment.unwrap_or(line.len())].to_owned()
    };
    text.lines().map(bare).collect::<Vec<_>>().join("\n")
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first part of every path that goes on after `prefix`: of `crate::a::B` and of `crate::{a::B, c}`.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c| is_name(c) || c == ':') {
            continue;
        }
        let rest = code[at + prefix.len()..].trim_start();
        let Some(group) = rest.strip_prefix('{') else {
            names.push(rest.chars().take_while(|&c| is_name(c)).collect());
            continue;
        };
        // The names at the group's own depth.
        let (mut depth, mut start) = (0, true);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                _ if start && depth == 0 && is_name(c) => {
                    names.push(group[at..].chars().take_while(|&c| is_name(c)).collect());
                    start = false;
                }
                _ => {}
            }
        }
    }
    names
}

/// Whether the code names a crate: `name::` or `use name`, as a whole word.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        !before.ends_with(|c| is_name(c) || c == ':')
            && (after.starts_with("::") || before.ends_with("use ") && !after.starts_with(is_name))
    })
}

/// What is wrong in a file of a module. `depth` is how many modules lie between the file and the crate's root: 1 in `src/architecture.rs`
/// and `src/data/mod.rs`, 2 in `src/data/idx.rs`.
fn violations(module: &str, depth: usize, text: &str) -> Vec<String> {
    let Some((_, allowed)) = MODULES.iter().find(|(name, _)| *name == module) else {
        return vec![format!("`{module}` is not in the table of this test")];
    };
    let code = code(text);
    let mut named = named_after(&code, "crate::");
    named.extend(named_after(&code, &"super::".repeat(depth)).into_iter().filter(|name| is_module(name)));
    let mut wrong: Vec<String> = named
        .into_iter()
        .filter(|name| name != module && is_module(name) && !allowed.contains(&name.as_str()))
        .map(|name| format!("`{module}` names `crate::{name}`"))
        .collect();
    for (name, users) in CRATES {
        if names_crate(&code, name) && !users.contains(&module) {
            wrong.push(format!("`{module}` names the crate `{name}`"));
        }
    }
    wrong
}

fn is_module(name: &str) -> bool {
    MODULES.iter().any(|(module, _)| *module == name)
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the source is beside the test") {
        let path = entry.expect("the source can be listed").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// The path's parts below `src`, without `mod` and `.rs`: `data`, `idx`.
fn parts(path: &Path) -> Vec<String> {
    let below = path.strip_prefix(source()).expect("the file was found there").with_extension("");
    let mut parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

#[test]
fn every_module_names_only_what_it_may() {
    let mut wrong = Vec::new();
    for path in files(&source()) {
        let parts = parts(&path);
        let text = fs::read_to_string(&path).expect("the source is UTF-8");
        match parts[0].as_str() {
            "lib" => {}
            "bin" => {
                let program = PROGRAMS.iter().find(|(name, _)| *name == parts[1]);
                let (_, allowed) = program.unwrap_or_else(|| panic!("{} is not in PROGRAMS", path.display()));
                let named = named_after(&code(&text), "fashion_lab::");
                let mut beyond: Vec<_> = named.iter().filter(|name| !allowed.contains(&name.as_str())).collect();
                beyond.dedup();
                wrong.extend(beyond.into_iter().map(|name| format!("{}: names `{name}`", path.display())));
            }
            module => wrong.extend(
                violations(module, parts.len(), &text).into_iter().map(|what| format!("{}: {what}", path.display())),
            ),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_of_the_map_is_in_the_table() {
    let map = fs::read_to_string(source().join("lib.rs")).expect("the source is beside the test");
    let declared: Vec<_> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(declared.len() > 9, "only {declared:?} were found");
    for module in declared {
        assert!(is_module(module), "{module} is not in the table");
        assert!(map.contains(&format!("`{module}`")), "{module} is not in the map");
    }
}

#[test]
fn the_table_has_no_circle() {
    for (at, (module, allowed)) in MODULES.iter().enumerate() {
        for name in *allowed {
            let above = MODULES[..at].iter().any(|(other, _)| other == name);
            assert!(above, "{module} names {name}, which is not above it");
        }
    }
}

#[test]
fn the_check_sees_what_it_must() {
    let one = |module, text| violations(module, 1, text).len();
    assert_eq!(one("app", "use crate::engine::start;"), 1);
    assert_eq!(one("app", "use crate::{config::RunConfig, train::{self, Loop}, protocol};"), 1);
    assert_eq!(one("app", "use crate::{\n    config::RunConfig,\n    model,\n    kernels,\n};"), 2);
    assert_eq!(one("app", "let t = burn::tensor::zeros();"), 1);
    assert_eq!(one("plot", "use yew::prelude::*; fn f(x: crate::app::State) {}"), 2);
    assert_eq!(one("train", "use web_sys::{self}; use js_sys as js;"), 2);
    assert_eq!(one("data", "pub use crate::model::Network;"), 1);
    assert_eq!(one("evaluate", "use super::train;"), 1);
    assert_eq!(violations("plot", 2, "use super::super::app::State;").len(), 1);
    assert_eq!(one("colours", ""), 1);
    assert_eq!(named_after("use fashion_lab::{app, engine::run};", "fashion_lab::"), ["app", "engine"]);
}

#[test]
fn the_check_lets_pass_what_is_allowed() {
    let text = "//! As [`crate::train`] says, burn::Tensor is not here.\n\
                use crate::config::{self, RunConfig};\n\
                use crate::{fashion_mnist::CLASS_NAMES, run};\n\
                let address = \"https://crate.example\"; // crate::engine\n\
                mod tests { use super::*; }\n\
                let sunburn = afterburn::new(); let auburn = 1;";
    assert_eq!(violations("evaluate", 1, text), Vec::<String>::new());
    assert_eq!(violations("plot", 2, "use super::axes; use super::evaluate_axis;"), Vec::<String>::new());
    assert_eq!(violations("engine", 1, "use crate::train::Training; use burn::tensor::Tensor;"), Vec::<String>::new());
}

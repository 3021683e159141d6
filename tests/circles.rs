//! Checks that no two files of the library name each other, directly or over other files. It reads the source text.
//!
//! A folder's `mod.rs` is the folder's face: the files beside it may name what it holds, and it may name them. So an arrow from a file
//! to the `mod.rs` of a folder that it stands in does not count. A name that a `mod.rs` only hands on counts as an arrow to the file that
//! has it. Tests may name everything.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

/// The files of the library: the module's path (`train/optim`) and the code without comments and tests.
fn modules() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the source is beside the test") {
            let path = entry.expect("the source can be listed").path();
            let name = path.strip_prefix(&root).expect("it is below").with_extension("").to_string_lossy().into_owned();
            let name = name.strip_suffix("/mod").unwrap_or(&name).to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("bin") && !name.split('/').any(|part| part == "tests" || part == "lib") {
                let text = fs::read_to_string(path).expect("the source is UTF-8");
                found.insert(name, code(&text));
            }
        }
    }
    found
}

/// The text without line comments and without its tests.
fn code(text: &str) -> String {
    let text = text.split("\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The whole paths of a use tree: `a::{b, c::{d, self}}` names `a::b`, `a::c::d` and `a::c`.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.split("::").map(|part| part.trim().to_owned()).filter(|p| !p.is_empty()).collect()];
    };
    let prefix: Vec<String> = head.split("::").map(|part| part.trim().to_owned()).filter(|p| !p.is_empty()).collect();
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    let paths = parts.into_iter().filter(|part| !part.trim().is_empty()).flat_map(expand);
    paths.map(|path| prefix.iter().cloned().chain(path.into_iter().filter(|part| part != "self")).collect()).collect()
}

/// The paths of all `use` statements; `public`: only those that hand names on, else only the others.
fn used(code: &str, public: bool) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap_or_default().trim();
        let is_use = line.is_empty() || line == "pub" || (line.starts_with("pub(") && line.ends_with(')'));
        if is_use && (line.is_empty() != public) {
            let tree = code[at + 4..].split(';').next().unwrap_or_default();
            paths.extend(expand(&tree.replace('\n', " ")));
        }
    }
    paths
}

/// A path from the crate's root, where it is one of the library's.
fn absolute(module: &str, is_folder: bool, path: &[String], modules: &BTreeMap<String, String>) -> Option<Vec<String>> {
    let mut here: Vec<String> = module.split('/').map(str::to_owned).collect();
    let supers = path.iter().take_while(|part| *part == "super").count();
    match path.first().map(String::as_str)? {
        "crate" => Some(path[1..].to_vec()),
        "super" => {
            here.truncate(here.len().checked_sub(supers)?);
            here.extend_from_slice(&path[supers..]);
            Some(here)
        }
        "self" => {
            here.extend_from_slice(&path[1..]);
            Some(here)
        }
        // A file of the folder itself.
        first if is_folder && modules.contains_key(&format!("{module}/{first}")) => {
            here.extend_from_slice(path);
            Some(here)
        }
        _ => None,
    }
}

/// The file that has what a path names.
fn home(
    path: &[String],
    modules: &BTreeMap<String, String>,
    handed_on: &BTreeMap<(String, String), Vec<String>>,
) -> Option<String> {
    let depth = (1..=path.len()).rev().find(|&depth| modules.contains_key(&path[..depth].join("/")))?;
    let module = path[..depth].join("/");
    match path.get(depth).and_then(|name| handed_on.get(&(module.clone(), name.clone()))) {
        Some(further) => home(further, modules, handed_on).or(Some(module)),
        None => Some(module),
    }
}

fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let modules = modules();
    let is_folder = |module: &str| modules.keys().any(|other| other.starts_with(&format!("{module}/")));
    let mut handed_on = BTreeMap::new();
    for (module, code) in &modules {
        for path in used(code, true) {
            if let (Some(name), Some(path)) = (path.last(), absolute(module, is_folder(module), &path, &modules)) {
                handed_on.insert((module.clone(), name.clone()), path);
            }
        }
    }
    let mut arrows = BTreeMap::new();
    for (module, code) in &modules {
        let named =
            used(code, false).into_iter().filter_map(|path| absolute(module, is_folder(module), &path, &modules));
        let homes = named.filter_map(|path| home(&path, &modules, &handed_on));
        let counted = homes.filter(|to| to != module && !module.starts_with(&format!("{to}/")));
        arrows.insert(module.clone(), counted.collect::<BTreeSet<_>>());
    }
    arrows
}

/// The shortest way from each file back to itself, each circle once.
fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for start in arrows.keys() {
        let (mut seen, mut ways) = (BTreeSet::new(), VecDeque::from([vec![start.clone()]]));
        'search: while let Some(way) = ways.pop_front() {
            for next in way.last().and_then(|last| arrows.get(last)).into_iter().flatten() {
                if next == start {
                    if !found.iter().any(|circle| circle.contains(start)) {
                        found.push(way);
                    }
                    break 'search;
                }
                if seen.insert(next.clone()) {
                    ways.push_back(way.iter().chain([next]).cloned().collect());
                }
            }
        }
    }
    found
}

#[test]
fn no_file_names_itself_over_others() {
    let arrows = arrows();
    assert!(arrows.values().map(BTreeSet::len).sum::<usize>() > 200, "the check sees hardly any arrow");
    let circles = circles(&arrows);
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn the_check_sees_what_it_must() {
    let paths = |tree| expand(tree).iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(paths("a::{b, c::{d, self}, e as f}"), ["a::b", "a::c::d", "a::c", "a::e"]);
    let code =
        code("use super::b::B; // use super::d::D;\npub use e::E;\n#[cfg(test)]\nmod tests { use super::c::C; }");
    assert_eq!(used(&code, false), [["super", "b", "B"]]);
    assert_eq!(used(&code, true), [["e", "E"]]);
    let of = |list: &[(&str, &[&str])]| {
        list.iter().map(|(from, to)| ((*from).to_owned(), to.iter().map(|t| (*t).to_owned()).collect())).collect()
    };
    assert!(circles(&of(&[("a", &["b"]), ("b", &["c"]), ("c", &[])])).is_empty());
    assert_eq!(circles(&of(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])])), [["b", "c"]]);
    // What a folder's face hands on stands for the file that has it.
    let arrows = arrows();
    assert!(arrows["engine/host"].contains("run/event"), "{:?}", arrows["engine/host"]);
    assert!(arrows["train/run"].contains("train/epoch"), "{:?}", arrows["train/run"]);
}

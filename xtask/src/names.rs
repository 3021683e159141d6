//! Names of the files in dist/ that change with their content: `engine.js` becomes `engine-0123456789abcdef.js`.
//!
//! Hosts and browsers keep files for a day or longer. With the content's hash in its name a kept engine of one build can never meet
//! the page of another. `index.html` alone keeps its name; it names all others, and the page reads them there (`src/app/engine_client.rs`,
//! `public/boot.js`). Leaves out: the dataset, which the page checks by digest, the icon and manifest, which no program reads, and
//! `embed.js`, which course pages of other sites name.

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The programs. The style sheets are found by their ending.
const PROGRAMS: [&str; 10] = [
    "app.js",
    "app_bg.wasm",
    "boot.js",
    "classifier.js",
    "classifier_bg.wasm",
    "engine.js",
    "engine_bg.wasm",
    "engine-relaxed.js",
    "engine-relaxed_bg.wasm",
    "engine-loader.js",
];

/// Hexadecimal digits of SHA-256 in a name.
const DIGITS: usize = 16;

/// Gives every program and style sheet in `dist` the name that its content asks for, writes these names into `index.html`, and removes
/// what earlier builds left. A second call changes nothing.
pub fn hash(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let mut html = std::fs::read_to_string(&page).with_context(|| format!("{} cannot be read", page.display()))?;
    let present = list(dist)?;
    let mut names: Vec<String> = PROGRAMS.iter().map(|name| (*name).to_owned()).collect();
    names.extend(present.iter().filter(|name| name.ends_with(".css")).map(|name| plain(name)));
    names.sort();
    names.dedup();
    for name in names {
        let hashed = rename(dist, &present, &name, &html)?;
        let found = replace(&mut html, &name, &hashed);
        ensure!(found, "index.html does not name {name}, so the page would not find {hashed}");
    }
    std::fs::write(&page, html).with_context(|| format!("{} cannot be written", page.display()))
}

/// The names of the files of a folder.
fn list(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// A name without its hash, if it has one.
fn plain(name: &str) -> String {
    let Some((stem, end)) = name.rsplit_once('.') else { return name.to_owned() };
    match stem.rsplit_once('-') {
        Some((stem, hash)) if is_hash(hash) => format!("{stem}.{end}"),
        _ => name.to_owned(),
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Renames the file that is now `name` (fresh from a build) or has a hash already, removes its predecessors, and gives its new name.
fn rename(dist: &Path, present: &[String], name: &str, html: &str) -> Result<String> {
    let hashed: Vec<&String> = present.iter().filter(|other| *other != name && plain(other) == name).collect();
    // A fresh file goes before one that was renamed earlier. Of several renamed ones the page names the right one.
    let source = if present.iter().any(|other| other == name) {
        name
    } else {
        match hashed.iter().find(|other| html.contains(other.as_str())) {
            Some(other) => other.as_str(),
            None => bail!("{} is missing: build the page again", dist.join(name).display()),
        }
    };
    let path = dist.join(source);
    let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let new = with_hash(name, &bytes);
    for old in hashed.into_iter().filter(|other| **other != new && *other != source) {
        let old = dist.join(old);
        std::fs::remove_file(&old).with_context(|| format!("{} cannot be removed", old.display()))?;
    }
    if source != new {
        std::fs::rename(&path, dist.join(&new)).with_context(|| format!("{} cannot be renamed", path.display()))?;
    }
    Ok(new)
}

fn with_hash(name: &str, bytes: &[u8]) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{stem}-{}.{end}", &digest[..DIGITS])
}

/// Puts `new` in the place of `name`, with or without a hash, wherever it stands as a whole name between quotes (the last part of a
/// path). Gives whether it was found.
fn replace(html: &mut String, name: &str, new: &str) -> bool {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let end = format!(".{end}");
    let (mut out, mut rest, mut found) = (String::with_capacity(html.len()), html.as_str(), false);
    while let Some(at) = rest.find(stem) {
        let (before, after) = (&rest[..at], &rest[at + stem.len()..]);
        let hash = after.strip_prefix('-').and_then(|a| a.get(..DIGITS)).filter(|hash| is_hash(hash));
        let after_hash = &after[hash.map_or(0, |hash| hash.len() + 1)..];
        let whole = match after_hash.strip_prefix(end.as_str()) {
            Some(behind) if before.ends_with(['"', '\'', '/']) && behind.starts_with(['"', '\'']) => Some(behind),
            _ => None,
        };
        out.push_str(before);
        match whole {
            Some(behind) => {
                out.push_str(new);
                rest = behind;
                found = true;
            }
            None => {
                out.push_str(stem);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    *html = out;
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    const HTML: &str = r#"<link rel="stylesheet" href="./style.css"/><script id="boot" src="boot.js" async data-files='{"app": "app.js",
        "app_wasm": "app_bg.wasm", "classifier": "classifier.js", "classifier_wasm": "classifier_bg.wasm", "engine": "engine.js", "engine_wasm": "engine_bg.wasm", "engine_relaxed": "engine-relaxed.js",
        "engine_relaxed_wasm": "engine-relaxed_bg.wasm", "engine_loader": "engine-loader.js"}'></script> Is <code>boot.js</code> there?"#;

    /// A folder like the one that trunk makes, empty before each test.
    fn built(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("fashion-lab-names-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder); // It is usually not there.
        std::fs::create_dir_all(&folder).unwrap();
        fill(&folder, "first");
        folder
    }

    /// Fresh files under their plain names, as a build leaves them.
    fn fill(folder: &Path, build: &str) {
        for name in PROGRAMS.iter().chain(&["style.css"]) {
            std::fs::write(folder.join(name), format!("{name} of the {build} build")).unwrap();
        }
        std::fs::write(folder.join("index.html"), HTML).unwrap();
    }

    fn sorted(folder: &Path) -> Vec<String> {
        let mut names = list(folder).unwrap();
        names.sort();
        names
    }

    fn html(folder: &Path) -> String {
        std::fs::read_to_string(folder.join("index.html")).unwrap()
    }

    #[test]
    fn every_program_gets_the_hash_of_its_content_and_the_page_names_it() {
        let folder = built("all");
        hash(&folder).unwrap();
        let names = sorted(&folder);
        assert_eq!(names.len(), PROGRAMS.len() + 2, "{names:?}");
        // The first 16 digits that `sha256sum` prints for this text.
        assert_eq!(with_hash("a.js", b"abc"), "a-ba7816bf8f01cfea.js");
        let html = html(&folder);
        for name in names.iter().filter(|name| *name != "index.html") {
            let bytes = std::fs::read(folder.join(name)).unwrap();
            assert_eq!(*name, with_hash(&plain(name), &bytes));
            assert_eq!(html.matches(name.as_str()).count(), 1, "{name} in {html}");
        }
        assert!(html.contains("<code>boot.js</code>"), "plain text was changed: {html}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_second_call_changes_nothing() {
        let folder = built("twice");
        hash(&folder).unwrap();
        let (names, before) = (sorted(&folder), html(&folder));
        hash(&folder).unwrap();
        assert_eq!((sorted(&folder), html(&folder)), (names, before));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn files_of_an_earlier_build_go_and_new_content_has_new_names() {
        let folder = built("again");
        hash(&folder).unwrap();
        let first = sorted(&folder);
        fill(&folder, "second");
        hash(&folder).unwrap();
        let second = sorted(&folder);
        assert_eq!(second.len(), first.len(), "{second:?}");
        let same: Vec<_> = second.iter().filter(|name| first.contains(name)).collect();
        assert_eq!(same, ["index.html"]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn one_program_alone_can_be_built_again() {
        let folder = built("one");
        hash(&folder).unwrap();
        let first = sorted(&folder);
        std::fs::write(folder.join("engine-relaxed_bg.wasm"), "another").unwrap();
        hash(&folder).unwrap();
        let second = sorted(&folder);
        let new: Vec<_> = second.iter().filter(|name| !first.contains(name)).collect();
        assert_eq!(new, [&with_hash("engine-relaxed_bg.wasm", b"another")]);
        assert_eq!(second.len(), first.len());
        assert!(html(&folder).contains(new[0].as_str()));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_missing_is_named() {
        let folder = built("missing");
        std::fs::remove_file(folder.join("engine-relaxed.js")).unwrap();
        assert!(hash(&folder).unwrap_err().to_string().contains("engine-relaxed.js"));
        fill(&folder, "second");
        std::fs::write(folder.join("index.html"), HTML.replace("engine-loader.js", "")).unwrap();
        assert!(hash(&folder).unwrap_err().to_string().contains("engine-loader.js"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}

//! A static server on loopback. It does what any plain host does (no isolation headers), and on request what a bad host does.
//! [`Outside`] stands for all other hosts: a proxy that notes the requests and answers none. Leaves out: the HTTP protocol (`http`).

use crate::http::{Answer, Listener, Request};
use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What goes wrong with one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 404.
    Missing,
    /// One byte in the middle is another.
    Corrupt,
    /// The second half is left out, and the announced length with it.
    Truncated,
    /// The answer begins late.
    Late(Duration),
    /// The body comes at this many bytes a second.
    Slow(usize),
    /// It comes as this `Content-Type`.
    Type(&'static str),
    /// A web page comes in its place, as a filter or a host for apps of one page answers.
    WebPage,
}

/// What is served, and where.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder.
    pub folder: PathBuf,
    /// The path below which it stands: "/" or "/some/course/".
    pub base: String,
}

impl Site {
    /// A folder at the root.
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), base: "/".to_owned() }
    }

    /// The same folder below another path, which begins and ends with a slash.
    pub fn below(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }
}

#[derive(Default)]
struct State {
    /// By the end of the path; the longest end that fits counts.
    faults: HashMap<String, Fault>,
    /// Further headers: the end of the path, the name, the value.
    headers: Vec<(String, String, String)>,
    /// Files beside the site's, by their whole path.
    added: HashMap<String, Vec<u8>>,
    asked: Vec<String>,
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running server. It ends when it is dropped.
pub struct Server {
    http: Listener,
    site: Site,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Serves on any free port.
    ///
    /// # Errors
    /// Where no port can be had.
    pub fn start(site: Site) -> Result<Self> {
        Self::on_port(0, site)
    }

    /// Serves on this port of the loopback address.
    ///
    /// # Errors
    /// Where the port is taken.
    pub fn on_port(port: u16, site: Site) -> Result<Self> {
        let state = Arc::new(Mutex::new(State::default()));
        let (of_answer, site_of_answer) = (state.clone(), site.clone());
        let http = Listener::start(port, move |request| answer(request, &site_of_answer, &of_answer))?;
        Ok(Self { http, site, state })
    }

    /// The page's address.
    pub fn address(&self) -> String {
        self.address_at("localhost")
    }

    /// The page's address under another name of this machine.
    pub fn address_at(&self, host: &str) -> String {
        format!("http://{host}:{}{}", self.http.port(), self.site.base)
    }

    /// The address of one of the site's files. `engine.js` also finds `engine-0123456789abcdef.js`, with the hash of a build.
    ///
    /// # Errors
    /// Where there is no such file.
    pub fn file(&self, name: &str) -> Result<String> {
        for entry in std::fs::read_dir(&self.site.folder)? {
            let found = entry?.file_name().to_string_lossy().into_owned();
            if without_hash(&found) == name {
                return Ok(self.address() + &found);
            }
        }
        Err(anyhow!("there is no {name} in {}", self.site.folder.display()))
    }

    /// From now on paths with this end fail in this way; the hash of a build in a name does not count.
    pub fn fail(&self, end: &str, fault: Fault) {
        locked(&self.state).faults.insert(end.to_owned(), fault);
    }

    /// From now on nothing fails any more.
    pub fn heal(&self) {
        locked(&self.state).faults.clear();
    }

    /// From now on answers to paths with this end carry one more header. Every path ends in "".
    pub fn header(&self, end: &str, name: &str, value: &str) {
        locked(&self.state).headers.push((end.to_owned(), name.to_owned(), value.to_owned()));
    }

    /// Serves one more file, at a path from the server's root.
    pub fn add(&self, path: &str, content: impl Into<Vec<u8>>) {
        locked(&self.state).added.insert(path.to_owned(), content.into());
    }

    /// The paths that were asked for since the last call.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut locked(&self.state).asked)
    }
}

/// Everything outside this machine, as a browser sees it through a proxy.
pub struct Outside {
    http: Listener,
    state: Arc<Mutex<State>>,
}

impl Outside {
    /// Listens on any free port.
    ///
    /// # Errors
    /// Where no port can be had.
    pub fn start() -> Result<Self> {
        let state = Arc::new(Mutex::new(State::default()));
        let of_answer = state.clone();
        let http = Listener::start(0, move |request| {
            locked(&of_answer).asked.push(request.target.clone());
            Answer::empty(502)
        })?;
        Ok(Self { http, state })
    }

    /// The proxy's address.
    pub fn proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.http.port())
    }

    /// The hosts (for https) and addresses (for http) that were asked for so far.
    pub fn asked(&self) -> Vec<String> {
        locked(&self.state).asked.clone()
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("html", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The file of a path, which never leaves the folder.
fn find(site: &Site, path: &str) -> Option<(PathBuf, &'static str)> {
    let inside = path.strip_prefix(&site.base)?;
    let inside = if inside.is_empty() { "index.html" } else { inside };
    let plain = Path::new(inside).components().all(|c| matches!(c, Component::Normal(_)));
    (plain && !inside.contains('\\')).then(|| (site.folder.join(inside), kind(inside)))
}

/// A path without the hash that a build puts into a file's name: 16 hexadecimal digits behind a hyphen, before the ending.
fn without_hash(path: &str) -> String {
    const DIGITS: usize = 16;
    let plain = path.rsplit_once('.').and_then(|(stem, end)| {
        let (stem, hash) = stem.rsplit_once('-')?;
        let is_hash = hash.len() == DIGITS && hash.bytes().all(|b| b.is_ascii_hexdigit());
        is_hash.then(|| format!("{stem}.{end}"))
    });
    plain.unwrap_or_else(|| path.to_owned())
}

fn answer(request: &Request, site: &Site, state: &Mutex<State>) -> Answer {
    let path = request.target.split(['?', '#']).next().unwrap_or_default().to_owned();
    let (fault, added, more) = {
        let mut state = locked(state);
        state.asked.push(path.clone());
        let plain = without_hash(&path);
        let fits = |end: &str| path.ends_with(end) || plain.ends_with(end);
        let faults = state.faults.iter().filter(|(end, _)| fits(end));
        let fault = faults.max_by_key(|(end, _)| end.len()).map(|(_, fault)| *fault);
        let more = state.headers.iter().filter(|(end, ..)| fits(end));
        let more: Vec<_> = more.map(|(_, name, value)| header(name, value)).collect();
        (fault, state.added.get(&path).cloned(), more)
    };
    let found = match added {
        Some(bytes) => Some((bytes, kind(&path))),
        None => find(site, &path).and_then(|(file, kind)| Some((std::fs::read(file).ok()?, kind))),
    };
    let Some((mut bytes, mut kind)) = found.filter(|_| fault != Some(Fault::Missing)) else {
        let headers = vec![header("Content-Type", "text/plain; charset=utf-8")];
        return Answer { status: 404, headers, body: b"not found".to_vec(), bytes_per_s: None };
    };
    let mut speed = None;
    match fault {
        Some(Fault::Corrupt) => {
            let middle = bytes.len() / 2;
            if let Some(byte) = bytes.get_mut(middle) {
                *byte ^= 0x55;
            }
        }
        Some(Fault::Truncated) => bytes.truncate(bytes.len() / 2),
        Some(Fault::Late(wait)) => std::thread::sleep(wait),
        Some(Fault::Slow(bytes_per_s)) => speed = Some(bytes_per_s),
        Some(Fault::Type(other)) => kind = other,
        Some(Fault::WebPage) => (bytes, kind) = (b"<!doctype html><title>Blocked</title>".to_vec(), "text/html"),
        Some(Fault::Missing) | None => {}
    }
    let mut headers = vec![header("Cache-Control", "no-cache")];
    // A further header may give another type, but there is only one.
    if !more.iter().any(|(name, _)| name.eq_ignore_ascii_case("Content-Type")) {
        headers.push(header("Content-Type", kind));
    }
    headers.extend(more);
    Answer { status: 200, headers, body: bytes, bytes_per_s: speed }
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

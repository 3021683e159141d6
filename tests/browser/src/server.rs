//! A static server on loopback: what any plain host does (no isolation headers), and on purpose also what a bad one does.
//! [`Outside`] stands for all other hosts: a proxy that notes what was asked for and gives nothing.

use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tiny_http::{Header, Request, Response, StatusCode};

/// Requests that are answered at the same time; a browser opens six connections to a host.
const THREADS: usize = 12;

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
    http: Arc<tiny_http::Server>,
    port: u16,
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
        let (http, port) = listen(port, move |request| answer(request, &site_of_answer, &of_answer))?;
        Ok(Self { http, port, site, state })
    }

    /// The page's address.
    pub fn address(&self) -> String {
        self.address_at("localhost")
    }

    /// The page's address under another name of this machine.
    pub fn address_at(&self, host: &str) -> String {
        format!("http://{host}:{}{}", self.port, self.site.base)
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

impl Drop for Server {
    fn drop(&mut self) {
        release(&self.http);
    }
}

/// Everything outside this machine, as a browser sees it through a proxy.
pub struct Outside {
    http: Arc<tiny_http::Server>,
    port: u16,
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
        let (http, port) = listen(0, move |request| {
            locked(&of_answer).asked.push(request.url().to_owned());
            request.respond(Response::empty(502))
        })?;
        Ok(Self { http, port, state })
    }

    /// The proxy's address.
    pub fn proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The hosts (for https) and addresses (for http) that were asked for so far.
    pub fn asked(&self) -> Vec<String> {
        locked(&self.state).asked.clone()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        release(&self.http);
    }
}

/// Answers requests on some threads.
fn listen(
    port: u16,
    answer: impl Fn(Request) -> std::io::Result<()> + Send + Sync + 'static,
) -> Result<(Arc<tiny_http::Server>, u16)> {
    let http = tiny_http::Server::http(("127.0.0.1", port)).map_err(|e| anyhow!("port {port}: {e}"))?;
    let port = http.server_addr().to_ip().map_or(port, |a| a.port());
    let (http, answer) = (Arc::new(http), Arc::new(answer));
    for _ in 0..THREADS {
        let (http, answer) = (http.clone(), answer.clone());
        std::thread::spawn(move || {
            while let Ok(request) = http.recv() {
                // A browser that went away is no error of the server's.
                let _ = answer(request);
            }
        });
    }
    Ok((http, port))
}

fn release(http: &tiny_http::Server) {
    (0..THREADS).for_each(|_| http.unblock());
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

fn answer(request: Request, site: &Site, state: &Mutex<State>) -> std::io::Result<()> {
    let path = request.url().split(['?', '#']).next().unwrap_or_default().to_owned();
    let (fault, added, more) = {
        let mut state = locked(state);
        state.asked.push(path.clone());
        let plain = without_hash(&path);
        let fits = |end: &str| path.ends_with(end) || plain.ends_with(end);
        let faults = state.faults.iter().filter(|(end, _)| fits(end));
        let fault = faults.max_by_key(|(end, _)| end.len()).map(|(_, fault)| *fault);
        let more: Vec<_> = state.headers.iter().filter(|(end, ..)| fits(end)).cloned().collect();
        (fault, state.added.get(&path).cloned(), more)
    };
    let found = match added {
        Some(bytes) => Some((bytes, kind(&path))),
        None => find(site, &path).and_then(|(file, kind)| Some((std::fs::read(file).ok()?, kind))),
    };
    let Some((mut bytes, mut kind)) = found.filter(|_| fault != Some(Fault::Missing)) else {
        return request.respond(Response::from_string("not found").with_status_code(404));
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
    let header = |name: &str, value: &str| Header::from_bytes(name.as_bytes(), value.as_bytes()).ok();
    let headers = [header("Content-Type", kind), header("Cache-Control", "no-cache")].into_iter();
    let headers = headers.chain(more.iter().map(|(_, name, value)| header(name, value)));
    let length = bytes.len();
    let body: Box<dyn Read + Send> = match speed {
        Some(bytes_per_s) => Box::new(Slow { bytes: Cursor::new(bytes), bytes_per_s }),
        None => Box::new(Cursor::new(bytes)),
    };
    // No chunks for large bodies: the page shows progress by the announced length.
    let response = Response::new(StatusCode(200), headers.flatten().collect(), body, Some(length), None)
        .with_chunked_threshold(usize::MAX);
    request.respond(response)
}

/// A body that takes its time.
struct Slow {
    bytes: Cursor<Vec<u8>>,
    bytes_per_s: usize,
}

impl Read for Slow {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        const PIECES_PER_S: usize = 20;
        std::thread::sleep(Duration::from_millis(1000 / PIECES_PER_S as u64));
        let most = (self.bytes_per_s / PIECES_PER_S).clamp(1, out.len().max(1)).min(out.len());
        self.bytes.read(&mut out[..most])
    }
}

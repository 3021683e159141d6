//! The dataset in the worker: from Cache Storage, this site, a mirror or somebody's own files, each file checked by its digest.
//! Incomplete or wrong files never become a dataset.

use super::{fetch, post};
use crate::data::Dataset;
use crate::data::files::{Files, Outcome};
use crate::fashion_mnist::DatasetFile;
use crate::protocol::{FileFailure, FromEngine};
use crate::run::report::DatasetInfo;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{File, Response};

/// The dataset of a worker, and its files on their way.
#[derive(Default)]
pub(super) struct DatasetStore {
    /// The files so far.
    files: RefCell<Files>,
    /// The dataset, once it is whole.
    pub(super) data: RefCell<Option<Rc<Dataset>>>,
    /// Which dataset that is.
    info: RefCell<DatasetInfo>,
}

/// Other places that have the files and let any page read them.
const MIRRORS: [(&str, &str); 2] = [
    ("github.com", "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
    ("googleapis.com", "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
];
/// What the page calls files that a person gave.
const OWN_FILES: &str = "your files";

/// Counts bytes and tells the page, a few times a second at the most.
struct Progress {
    source: String,
    received: u64,
    total: u64,
    told: f64,
}

impl Progress {
    fn came(&mut self, file: DatasetFile, bytes: usize) {
        self.received += bytes as u64;
        let now = js_sys::Date::now();
        if now - self.told >= 100.0 || self.received == self.total {
            self.told = now;
            let (file, source) = (file.name().to_owned(), self.source.clone());
            post(&FromEngine::DataProgress { file, received: self.received, total: self.total, source }, None);
        }
    }
}

/// Loads what is missing: Cache Storage, then this site, then the mirrors.
pub(super) async fn load(store: &DatasetStore, base: &str) {
    let start = js_sys::Date::now();
    if store.data.borrow().is_some() {
        return conclude(store, "cache".to_owned(), 0.0, Vec::new());
    }
    let missing = store.files.borrow().missing();
    let cache = fetch::cache().await;
    let mut source = "cache".to_owned();
    let mut wanted = Vec::new();
    for file in missing {
        let address = format!("{base}{}", file.name());
        if let Some(cache) = &cache {
            let kept = fetch::kept(cache, &address, most_bytes(file)).await;
            if kept.is_some_and(|bytes| take(store, file, &bytes).is_ok()) {
                continue;
            }
            fetch::forget(cache, &address).await;
        }
        wanted.push(file);
    }

    // All are asked for at once, so that the total is known before the first body is read.
    let mut answers = Vec::new();
    let mut progress = Progress { source: "this site".to_owned(), received: 0, total: 0, told: 0.0 };
    for file in wanted {
        let address = format!("{base}{}", file.name());
        let answer = fetch::ask(&address).await;
        progress.total += answer.as_ref().map_or(0, fetch::announced);
        answers.push((file, address, answer));
    }
    let mut failures = Vec::new();
    for (file, address, answer) in answers {
        let got = match receive(store, file, answer, &mut progress).await {
            Ok(travelled) => {
                source = "this site".to_owned();
                Ok(travelled)
            }
            Err(reason) => match from_mirrors(store, file, &mut progress).await {
                Some((host, travelled)) => {
                    source = host;
                    Ok(travelled)
                }
                None => Err(FileFailure {
                    file: file.name().to_owned(),
                    address: address.clone(),
                    reason: format!("{reason}; the mirrors did not have it either"),
                }),
            },
        };
        match (got, &cache) {
            (Ok(travelled), Some(cache)) => fetch::keep(cache, &address, &travelled).await,
            (Ok(_), None) => {}
            (Err(failure), _) => failures.push(failure),
        }
    }
    conclude(store, source, (js_sys::Date::now() - start) / 1e3, failures);
}

/// The largest possible answer, compressed or not: the content, and what gzip adds to bytes that it cannot shrink. Longer answers are
/// given up.
fn most_bytes(file: DatasetFile) -> usize {
    file.bytes() + file.bytes() / 100 + 4096
}

/// Reads one answer to its end and takes the file that it holds. Gives the bytes as they travelled.
async fn receive(
    store: &DatasetStore,
    file: DatasetFile,
    answer: Result<Response, String>,
    progress: &mut Progress,
) -> Result<Vec<u8>, String> {
    let travelled = fetch::read(&answer?, most_bytes(file), |bytes| progress.came(file, bytes)).await?;
    take(store, file, &travelled)?;
    Ok(travelled)
}

async fn from_mirrors(store: &DatasetStore, file: DatasetFile, progress: &mut Progress) -> Option<(String, Vec<u8>)> {
    for (host, base) in MIRRORS {
        let answer = fetch::ask(&format!("{base}{}", file.name())).await;
        progress.total += answer.as_ref().map_or(0, fetch::announced);
        progress.source = host.to_owned();
        if let Ok(travelled) = receive(store, file, answer, progress).await {
            return Some((host.to_owned(), travelled));
        }
    }
    None
}

/// Takes bytes that should be that file.
#[expect(clippy::ptr_arg)] // A `Source` behind a reference has to be sized.
fn take(store: &DatasetStore, file: DatasetFile, bytes: &Vec<u8>) -> Result<(), String> {
    let mut files = store.files.borrow_mut();
    let outcomes = files.take(file.name(), bytes);
    if files.has(file) {
        return Ok(());
    }
    let fault = outcomes.into_iter().find_map(|outcome| outcome.taken.err());
    Err(fault.map_or_else(|| "it is another file of the dataset".to_owned(), |fault| fault.to_string()))
}

/// Takes somebody's own files, told apart by their content.
pub(super) async fn take_files(store: &DatasetStore, files: JsValue) {
    let start = js_sys::Date::now();
    let mut ignored = Vec::new();
    for file in Array::from(&files).iter().filter_map(|f| f.dyn_into::<File>().ok()) {
        let name = file.name();
        if store.data.borrow().is_some() {
            ignored.push(own_failure(name, "the dataset is already there".to_owned()));
            continue;
        }
        match fetch::OwnFile::new(file) {
            Ok(source) => {
                let outcomes = store.files.borrow_mut().take(&name, &source);
                ignored.extend(outcomes.into_iter().filter_map(|Outcome { name, taken }| {
                    taken.err().map(|fault| own_failure(name, fault.sentence()))
                }));
            }
            Err(reason) => ignored.push(own_failure(name, reason)),
        }
    }
    let seconds = (js_sys::Date::now() - start) / 1e3;
    conclude(store, OWN_FILES.to_owned(), seconds, ignored);
}

fn own_failure(file: String, reason: String) -> FileFailure {
    FileFailure { file, address: OWN_FILES.to_owned(), reason }
}

/// Makes the dataset if all four files are there, else says what is missing. `failures` are the files that were not used.
fn conclude(store: &DatasetStore, source: String, seconds: f64, mut failures: Vec<FileFailure>) {
    if store.data.borrow().is_none() {
        let finished = store.files.borrow_mut().finish();
        match finished {
            Ok(Some(collected)) => {
                let name = collected.known.unwrap_or("Fashion-MNIST").to_owned();
                *store.info.borrow_mut() = DatasetInfo { name, sha256: collected.sha256 };
                *store.data.borrow_mut() = Some(Rc::new(collected.dataset));
            }
            Ok(None) => {}
            Err(e) => {
                failures.push(FileFailure { file: String::new(), address: source.clone(), reason: e.to_string() })
            }
        }
    }
    if let Some(data) = store.data.borrow().as_ref() {
        let labels = [data.train_labels.as_slice(), data.test_labels.as_slice()].concat();
        let dataset = store.info.borrow().clone();
        let ready = FromEngine::DataReady { source, seconds, dataset, ignored: failures };
        post(&ready, Some(&Uint8Array::from(labels.as_slice())));
        return;
    }
    for file in store.files.borrow().missing() {
        if !failures.iter().any(|f| f.file == file.name()) {
            let reason = "it is still missing".to_owned();
            failures.push(FileFailure { file: file.name().to_owned(), address: source.clone(), reason });
        }
    }
    post(&FromEngine::DataFailed { failures }, None);
}

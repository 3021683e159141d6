//! The dataset in the worker: from Cache Storage, this site, a mirror or somebody's own files, each file checked by its digest
//! before it counts. What is incomplete or wrong is never made a [`Dataset`].

use super::session::Session;
use super::{fetch, post};
use crate::data::Dataset;
use crate::fashion_mnist::DatasetFile;
use crate::protocol::{FileFailure, FromEngine};
use js_sys::{Array, Uint8Array};
use sha2::{Digest, Sha256};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Response};

/// Other places that have the files and let any page read them.
const MIRRORS: [(&str, &str); 2] = [
    ("github.com", "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
    ("googleapis.com", "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
];

/// The files that are there so far, uncompressed and checked, in the order of [`DatasetFile::ALL`].
#[derive(Default)]
pub(super) struct Files([Option<Vec<u8>>; 4]);

impl Files {
    fn missing(&self) -> Vec<DatasetFile> {
        DatasetFile::ALL.into_iter().filter(|&f| self.0[f as usize].is_none()).collect()
    }
}

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
pub(super) async fn load(session: &Rc<Session>, base: &str) {
    let start = js_sys::Date::now();
    let missing = session.files.borrow().missing();
    let cache = fetch::cache().await;
    let mut source = "cache".to_owned();
    let mut wanted = Vec::new();
    for file in missing {
        let address = format!("{base}{}", file.name());
        let kept = match &cache {
            Some(cache) => fetch::kept(cache, &address).await,
            None => None,
        };
        let checked = match kept {
            Some(bytes) => check(file, bytes).await,
            None => Err(String::new()),
        };
        match (checked, &cache) {
            (Ok(bytes), _) => session.files.borrow_mut().0[file as usize] = Some(bytes),
            (Err(_), Some(cache)) => {
                fetch::forget(cache, &address).await;
                wanted.push(file);
            }
            (Err(_), None) => wanted.push(file),
        }
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
        let got = match receive(file, answer, &mut progress).await {
            Ok(got) => {
                source = "this site".to_owned();
                Ok(got)
            }
            Err(reason) => match from_mirrors(file, &mut progress).await {
                Some((host, got)) => {
                    source = host;
                    Ok(got)
                }
                None => Err(FileFailure {
                    file: file.name().to_owned(),
                    address: address.clone(),
                    reason: format!("{reason}; the mirrors did not have it either"),
                }),
            },
        };
        match got {
            Ok((travelled, bytes)) => {
                if let Some(cache) = &cache {
                    fetch::keep(cache, &address, &travelled).await;
                }
                session.files.borrow_mut().0[file as usize] = Some(bytes);
            }
            Err(failure) => failures.push(failure),
        }
    }
    conclude(session, source, (js_sys::Date::now() - start) / 1e3, failures);
}

/// Reads one answer to its end and checks it: as it travelled, and uncompressed.
async fn receive(
    file: DatasetFile,
    answer: Result<Response, String>,
    progress: &mut Progress,
) -> Result<(Vec<u8>, Vec<u8>), String> {
    let travelled = fetch::read(&answer?, |bytes| progress.came(file, bytes)).await?;
    let bytes = check(file, travelled.clone()).await?;
    Ok((travelled, bytes))
}

async fn from_mirrors(file: DatasetFile, progress: &mut Progress) -> Option<(String, (Vec<u8>, Vec<u8>))> {
    for (host, base) in MIRRORS {
        let answer = fetch::ask(&format!("{base}{}", file.name())).await;
        progress.total += answer.as_ref().map_or(0, fetch::announced);
        progress.source = host.to_owned();
        if let Ok(got) = receive(file, answer, progress).await {
            return Some((host.to_owned(), got));
        }
    }
    None
}

/// Uncompressed bytes whose SHA-256 is the file's.
async fn check(file: DatasetFile, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let bytes = fetch::unpack(bytes).await?;
    if bytes.len() != file.bytes() {
        return Err(format!("it has {} bytes uncompressed instead of {}", bytes.len(), file.bytes()));
    }
    let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    if digest != file.sha256() {
        return Err(format!("its SHA-256 is {}… instead of {}…", &digest[..12], &file.sha256()[..12]));
    }
    Ok(bytes)
}

/// Takes somebody's own files, told apart by their content.
pub(super) async fn take_files(session: &Rc<Session>, files: JsValue) {
    let start = js_sys::Date::now();
    let mut failures = Vec::new();
    for file in Array::from(&files).iter().filter_map(|f| f.dyn_into::<File>().ok()) {
        if let Err(reason) = take_file(session, &file).await {
            failures.push(FileFailure { file: file.name(), address: "your files".to_owned(), reason });
        }
    }
    let seconds = (js_sys::Date::now() - start) / 1e3;
    conclude(session, "your files".to_owned(), seconds, failures);
}

async fn take_file(session: &Rc<Session>, file: &File) -> Result<(), String> {
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|e| format!("it cannot be read ({})", fetch::says(&e)))?;
    let bytes = fetch::unpack(Uint8Array::new(&buffer).to_vec()).await?;
    let which = crate::data::identify(&bytes).or_else(|| DatasetFile::from_name(&file.name()));
    let which = which.ok_or("it is none of the four files of Fashion-MNIST, neither by its content nor by its name")?;
    let bytes = check(which, bytes).await?;
    session.files.borrow_mut().0[which as usize] = Some(bytes);
    Ok(())
}

/// Makes the dataset where all four files are there, else says what is missing.
fn conclude(session: &Rc<Session>, source: String, seconds: f64, mut failures: Vec<FileFailure>) {
    if session.data.borrow().is_none() && session.files.borrow().missing().is_empty() {
        let [train_images, train_labels, test_images, test_labels] =
            std::mem::take(&mut session.files.borrow_mut().0).map(Option::unwrap_or_default);
        match Dataset::from_idx(train_images, train_labels, test_images, test_labels) {
            Ok(data) => *session.data.borrow_mut() = Some(Rc::new(data)),
            Err(e) => {
                failures.push(FileFailure { file: String::new(), address: source.clone(), reason: e.to_string() })
            }
        }
    }
    if let Some(data) = session.data.borrow().as_ref() {
        let labels = [data.train_labels.as_slice(), data.test_labels.as_slice()].concat();
        post(&FromEngine::DataReady { source, seconds }, Some(&Uint8Array::from(labels.as_slice())));
        return;
    }
    for file in session.files.borrow().missing() {
        if !failures.iter().any(|f| f.file == file.name()) {
            let reason = "it is still missing".to_owned();
            failures.push(FileFailure { file: file.name().to_owned(), address: source.clone(), reason });
        }
    }
    post(&FromEngine::DataFailed { failures }, None);
}

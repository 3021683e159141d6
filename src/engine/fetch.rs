//! Reads bytes from the network (with progress), from Cache Storage, and from a person's own files. Errors are sentences, because they
//! are only shown.

use crate::data::files::Source;
use crate::web::says;
use js_sys::{Reflect, Uint8Array};
use std::io;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, File, FileReaderSync, ReadableStreamDefaultReader, Response};

const CACHE_NAME: &str = "fashion-lab-data-1";

/// Asks for an address. The answer's body has not been read yet.
pub(super) async fn ask(address: &str) -> Result<Response, String> {
    let answer = JsFuture::from(super::scope().fetch_with_str(address)).await;
    let answer = answer.map_err(|e| format!("no answer ({})", says(&e)))?;
    let response: Response = answer.unchecked_into();
    match response.ok() {
        true => Ok(response),
        false => {
            Err(format!("the server answered {} {}", response.status(), response.status_text()).trim_end().to_owned())
        }
    }
}

/// The `content-length` of an answer, 0 where it has none.
pub(super) fn announced(response: &Response) -> u64 {
    let length = response.headers().get("content-length").ok().flatten();
    length.and_then(|l| l.parse().ok()).unwrap_or(0)
}

/// Reads a body to its end, telling how many bytes each piece has. A body of more than `most` bytes is given up.
pub(super) async fn read(response: &Response, most: usize, mut came: impl FnMut(usize)) -> Result<Vec<u8>, String> {
    let broke = |e: JsValue| format!("the transfer broke off ({})", says(&e));
    let Some(body) = response.body() else { return Err("the answer is empty".to_owned()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity((announced(response) as usize).min(most));
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(broke)?;
        if Reflect::get(&piece, &"done".into()).map_err(broke)?.is_truthy() {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&piece, &"value".into()).map_err(broke)?.unchecked_into();
        let start = bytes.len();
        if start + value.length() as usize > most {
            // The rest is not wanted; whether the browser stops the transfer at once changes nothing here.
            let _ = JsFuture::from(reader.cancel()).await;
            return Err(format!("it is larger than {most} bytes, so it is not this file"));
        }
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        came(value.length() as usize);
    }
}

/// A file that a person gave to the page. It is read piece by piece, so it may be large.
pub(super) struct OwnFile {
    file: File,
    reader: FileReaderSync,
}

impl OwnFile {
    pub(super) fn new(file: File) -> Result<Self, String> {
        let reader =
            FileReaderSync::new().map_err(|e| format!("this browser cannot read files here ({})", says(&e)))?;
        Ok(Self { file, reader })
    }
}

impl Source for OwnFile {
    fn size(&self) -> u64 {
        self.file.size() as u64
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let failed = |e: JsValue| io::Error::other(says(&e));
        let end = at + buffer.len() as u64;
        let piece = self.file.slice_with_f64_and_f64(at as f64, end as f64).map_err(failed)?;
        let piece = self.reader.read_as_array_buffer(&piece).map_err(failed)?;
        let bytes = Uint8Array::new(&piece);
        let count = bytes.length() as usize;
        let room = buffer.get_mut(..count).ok_or_else(|| io::Error::other("the browser gave too many bytes"))?;
        bytes.copy_to(room);
        Ok(count)
    }
}

/// Cache Storage, if the browser has it and allows it. It is missing on plain http, in frames without an origin and in some private
/// windows.
pub(super) async fn cache() -> Option<Cache> {
    let caches = Reflect::get(&super::scope(), &"caches".into()).ok().filter(JsValue::is_truthy)?;
    let open = caches.unchecked_into::<web_sys::CacheStorage>().open(CACHE_NAME);
    JsFuture::from(open).await.ok().map(JsCast::unchecked_into)
}

/// The bytes kept under an address.
pub(super) async fn kept(cache: &Cache, address: &str, most: usize) -> Option<Vec<u8>> {
    let found = JsFuture::from(cache.match_with_str(address)).await.ok().filter(JsValue::is_truthy)?;
    read(&found.unchecked_into(), most, |_| ()).await.ok()
}

/// Keeps bytes under an address. If the storage is full or refuses, the next visit only downloads them again.
pub(super) async fn keep(cache: &Cache, address: &str, bytes: &[u8]) {
    let stored = match Response::new_with_opt_buffer_source(Some(&Uint8Array::from(bytes))) {
        Ok(response) => JsFuture::from(cache.put_with_str(address, &response)).await,
        Err(e) => Err(e),
    };
    if let Err(e) = stored {
        web_sys::console::warn_1(&format!("the dataset is not kept for the next visit: {}", says(&e)).into());
    }
}

/// Forgets what is kept under an address.
pub(super) async fn forget(cache: &Cache, address: &str) {
    // Where it cannot be deleted it is checked and refused again at the next visit.
    let _ = JsFuture::from(cache.delete_with_str(address)).await;
}

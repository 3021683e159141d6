//! Bytes from somewhere: the network with progress, Cache Storage, gzip. Errors are sentences for a person, because all that can be
//! done about them is to show them.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, ReadableStreamDefaultReader, ReadableWritablePair, Response};

const CACHE_NAME: &str = "fashion-lab-data-1";

/// What a JavaScript error says.
pub(super) fn says(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|m| m.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}

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

/// Reads a body to its end, telling how many bytes each piece has.
pub(super) async fn read(response: &Response, mut came: impl FnMut(usize)) -> Result<Vec<u8>, String> {
    let broke = |e: JsValue| format!("the transfer broke off ({})", says(&e));
    let Some(body) = response.body() else { return Err("the answer is empty".to_owned()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(announced(response) as usize);
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(broke)?;
        if Reflect::get(&piece, &"done".into()).map_err(broke)?.is_truthy() {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&piece, &"value".into()).map_err(broke)?.unchecked_into();
        let start = bytes.len();
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        came(value.length() as usize);
    }
}

/// Decompresses gzip by the browser; other bytes stay as they are, since some servers decompress on the way.
pub(super) async fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let bad = |e: JsValue| format!("it cannot be decompressed, so it is truncated or damaged ({})", says(&e));
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes.as_slice()));
    drop(bytes);
    let blob = Blob::new_with_u8_array_sequence(&parts).map_err(bad)?;
    let maker: Function = Reflect::get(&super::scope(), &"DecompressionStream".into())
        .and_then(JsCast::dyn_into)
        .map_err(|_| "this browser cannot decompress gzip; give the uncompressed files as your own".to_owned())?;
    let gzip: ReadableWritablePair =
        Reflect::construct(&maker, &js_sys::Array::of1(&"gzip".into())).map_err(bad)?.unchecked_into();
    let response = Response::new_with_opt_readable_stream(Some(&blob.stream().pipe_through(&gzip))).map_err(bad)?;
    let buffer = JsFuture::from(response.array_buffer().map_err(bad)?).await.map_err(bad)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Cache Storage, where the browser has it and lets this page use it: it is missing on plain http and in some private windows.
pub(super) async fn cache() -> Option<Cache> {
    let caches = Reflect::get(&super::scope(), &"caches".into()).ok().filter(JsValue::is_truthy)?;
    let open = caches.unchecked_into::<web_sys::CacheStorage>().open(CACHE_NAME);
    JsFuture::from(open).await.ok().map(JsCast::unchecked_into)
}

/// The bytes kept under an address.
pub(super) async fn kept(cache: &Cache, address: &str) -> Option<Vec<u8>> {
    let found = JsFuture::from(cache.match_with_str(address)).await.ok().filter(JsValue::is_truthy)?;
    read(&found.unchecked_into(), |_| ()).await.ok()
}

/// Keeps bytes under an address. A full or refused storage costs only the next visit a download.
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

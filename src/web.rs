//! What all programs in the browser ask of JavaScript alike: the message of a thrown value, the address of a file of this site, the content
//! of an answer.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Url};

/// The message of a thrown value.
pub fn says(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|m| m.as_string()).or(error.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}

/// The absolute address of one of this site's files. In a worker, which has no document, it stays as it is.
pub fn absolute(file: &str) -> String {
    let base = web_sys::window().and_then(|w| w.document()).and_then(|d| d.base_uri().ok().flatten());
    Url::new_with_base(file, &base.unwrap_or_default()).map_or_else(|_| file.to_owned(), |url| url.href())
}

/// The content of an answer that is on its way.
///
/// # Errors
/// What happened, in words.
pub async fn bytes(answer: JsFuture) -> Result<Vec<u8>, String> {
    let read = async {
        let response: Response = answer.await?.unchecked_into();
        if !response.ok() {
            return Ok(Err(format!("the server answered {}", response.status())));
        }
        let buffer = JsFuture::from(response.array_buffer()?).await?;
        Ok(Ok(Uint8Array::new(&buffer).to_vec()))
    };
    let read: Result<_, JsValue> = read.await;
    read.unwrap_or_else(|error| Err(says(&error)))
}

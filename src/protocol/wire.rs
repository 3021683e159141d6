//! How messages are posted, in one place: a JavaScript array of the JSON text and the buffers beside it. Buffers are handed over, not
//! copied.

use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// A message ready for `postMessage`: its parts, and the buffers to hand over. `beside` are typed arrays that own their buffer.
pub fn pack(message: &impl Serialize, beside: &[&JsValue]) -> (Array, Array) {
    let text = serde_json::to_string(message).unwrap_or_default(); // Plain values are always written.
    let (parts, transfer) = (Array::of1(&text.into()), Array::new());
    for buffer in beside {
        parts.push(buffer);
        if let Some(owned) = Reflect::get(buffer, &"buffer".into()).ok().filter(JsValue::is_object) {
            transfer.push(&owned);
        }
    }
    (parts, transfer)
}

/// Reads the data of a `MessageEvent`: the message, and all data as an array. The elements from 1 on are the buffers beside the message.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn unpack<T: DeserializeOwned>(data: &JsValue) -> Result<(T, Array), String> {
    let parts = Array::from(data);
    let text = parts.get(0).as_string().ok_or("a message without text")?;
    // By way of a value, so that the page's program has only one reader of text.
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let message = serde_json::from_value(value).map_err(|e| e.to_string())?;
    Ok((message, parts))
}

/// All byte arrays beside a message.
pub fn bytes_beside(parts: &Array) -> Vec<Vec<u8>> {
    parts.iter().skip(1).filter_map(|part| part.dyn_into::<Uint8Array>().ok()).map(|bytes| bytes.to_vec()).collect()
}

//! Kept bytes where the browser refuses its database: in the page's memory, until the page is closed. Records are not kept here, because
//! the page's state has them.

use super::Change;
use crate::page::storage::BlobKey;
use js_sys::Uint8Array;
use std::collections::HashMap;

/// The bytes by their keys.
#[derive(Default)]
pub struct Memory(HashMap<BlobKey, Uint8Array>);

impl Memory {
    /// Makes a change.
    pub fn change(&mut self, change: Change) {
        match change {
            Change::KeepRecord(..) => {}
            Change::KeepBlob(key, bytes) => {
                self.0.insert(key, bytes);
            }
            Change::DeleteRun(run) => self.0.retain(|key, _| key.run != run),
            Change::DeleteBlobs(keys) => self.0.retain(|key, _| !keys.contains(key)),
        }
    }

    /// A copy of bytes, because a message to a worker takes them along.
    pub fn read(&self, key: BlobKey) -> Option<Uint8Array> {
        self.0.get(&key).map(|bytes| bytes.slice(0, bytes.length()))
    }
}

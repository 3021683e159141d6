//! The browser's database (IndexedDB): opened, changed and read. Leaves out: what is done where it is refused (`memory`), and who asks.
//!
//! Every change is one transaction, so it is done whole or not at all. The browser carries out transactions in the order in which they
//! are begun, and [`Database::change`] and [`Database::read`] begin them at once. So a deletion never overtakes what was kept before it,
//! and what is read is what was kept last.

use super::Change;
use crate::page::storage::{BlobKey, StoreError};
use crate::web::says;
use idb::{DatabaseEvent, Error, Factory, KeyRange, ObjectStoreParams, Request, Transaction, TransactionMode};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The database's name.
const NAME: &str = "fashion-lab";
/// Changed with every change of the object stores.
const VERSION: u32 = 1;
/// Records: the run's id as text, and JSON text.
const RECORDS: &str = "records";
/// Bytes: [`BlobKey::text`], and an `Uint8Array`.
const BLOBS: &str = "blobs";

/// The open database.
#[derive(Clone)]
pub struct Database(Rc<idb::Database>);

impl Database {
    /// Opens the database, and makes it at the first visit.
    pub async fn open() -> Result<Self, StoreError> {
        let mut request = Factory::new().and_then(|factory| factory.open(NAME, Some(VERSION))).map_err(failed)?;
        request.on_upgrade_needed(|event| {
            for name in [RECORDS, BLOBS] {
                // If this fails, so does every transaction, which is told there.
                let _ = event.database().map(|made| made.create_object_store(name, ObjectStoreParams::new()));
            }
        });
        called(|done| {
            let refused = done.clone();
            request.on_success(move |_| call(&done));
            request.on_error(move |_| call(&refused));
        })
        .await;
        if let Some(error) = request.error().map_err(failed)? {
            return Err(store_error(&error));
        }
        let mut database = request.database().map_err(failed)?;
        // A page of a later release wants to change the object stores, and has to wait until all other pages have closed the database.
        // From then on it refuses what this page wants to keep, and the page says so.
        database.on_version_change(|event| {
            let _ =
                event.target().ok_or(Error::EventTargetNotFound).and_then(idb::Database::try_from).map(|d| d.close());
        });
        Ok(Self(Rc::new(database)))
    }

    /// The records of all runs.
    pub async fn records(&self) -> Result<Vec<String>, StoreError> {
        let begun = self.begin(&[RECORDS], TransactionMode::ReadOnly).and_then(|transaction| {
            let request = transaction.object_store(RECORDS)?.get_all(None, None)?;
            Ok((transaction, request))
        });
        let (transaction, request) = begun.map_err(failed)?;
        committed(transaction).await?;
        let records = Array::from(&request.result().map_err(failed)?);
        Ok(records.iter().filter_map(|record| record.as_string()).collect())
    }

    /// Reads bytes; `None` where there are none under this key.
    pub fn read(&self, key: BlobKey) -> impl Future<Output = Result<Option<Uint8Array>, StoreError>> + use<> {
        let begun = self.begin(&[BLOBS], TransactionMode::ReadOnly).and_then(|transaction| {
            let request = transaction.object_store(BLOBS)?.get(JsValue::from(key.text()))?;
            Ok((transaction, request))
        });
        async move {
            let (transaction, request) = begun.map_err(failed)?;
            committed(transaction).await?;
            Ok(request.result().map_err(failed)?.dyn_into().ok())
        }
    }

    /// Begins a change. The future ends when it is done, or cannot be.
    pub fn change(&self, change: &Change) -> impl Future<Output = Result<(), StoreError>> + use<> {
        let begun = self.begin_change(change);
        async move { committed(begun.map_err(failed)?).await }
    }

    fn begin_change(&self, change: &Change) -> Result<Transaction, Error> {
        let stores: &[&str] = match change {
            Change::KeepRecord(..) => &[RECORDS],
            Change::KeepBlob(..) | Change::DeleteBlobs(_) => &[BLOBS],
            Change::DeleteRun(_) => &[RECORDS, BLOBS],
        };
        let transaction = self.begin(stores, TransactionMode::ReadWrite)?;
        match change {
            Change::KeepRecord(run, text) => {
                transaction.object_store(RECORDS)?.put(&text.into(), Some(&run.to_string().into()))?;
            }
            Change::KeepBlob(key, bytes) => {
                transaction.object_store(BLOBS)?.put(bytes, Some(&key.text().into()))?;
            }
            Change::DeleteRun(run) => {
                transaction.object_store(RECORDS)?.delete(JsValue::from(run.to_string()))?;
                // All keys that begin with the id and a slash: the character after the slash is the digit 0.
                let (first, after) = (format!("{run}/").into(), format!("{run}0").into());
                transaction.object_store(BLOBS)?.delete(KeyRange::bound(&first, &after, None, Some(true))?)?;
            }
            Change::DeleteBlobs(keys) => {
                let blobs = transaction.object_store(BLOBS)?;
                for key in keys {
                    blobs.delete(JsValue::from(key.text()))?;
                }
            }
        }
        // Said at once: a page that is left does not come to it any more, and what is not committed is then lost.
        transaction.commit()
    }

    fn begin(&self, stores: &[&str], mode: TransactionMode) -> Result<Transaction, Error> {
        self.0.transaction(stores, mode)
    }
}

/// Waits for the end of a transaction. Without room it is aborted at its end, although each of its requests was answered well.
async fn committed(mut transaction: Transaction) -> Result<(), StoreError> {
    called(|done| {
        let aborted = done.clone();
        transaction.on_complete(move |_| call(&done));
        transaction.on_abort(move |_| call(&aborted));
    })
    .await;
    // Nothing here aborts a transaction by itself, so an aborted one has an error.
    transaction.error().map_or(Ok(()), |error| Err(store_error(&error)))
}

/// Waits until the function that `arm` gets is called.
async fn called(arm: impl FnOnce(Function)) {
    let mut arm = Some(arm);
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(arm) = arm.take() {
            arm(resolve);
        }
    });
    let _ = JsFuture::from(promise).await; // It is never rejected.
}

fn call(function: &Function) {
    let _ = function.call0(&JsValue::UNDEFINED); // A promise's own function does not throw.
}

/// What a thrown error of the database means.
fn failed(error: Error) -> StoreError {
    match error {
        Error::IndexedDbNotFound(thrown)
        | Error::IndexedDbOpenFailed(thrown)
        | Error::TransactionOpenFailed(thrown)
        | Error::ObjectStoreNotFound(thrown)
        | Error::GetFailed(thrown)
        | Error::GetAllKeysFailed(thrown)
        | Error::UpdateFailed(thrown)
        | Error::DeleteFailed(thrown) => store_error(&thrown),
        _ => StoreError::Refused("the database gave an unknown answer".to_owned()),
    }
}

fn store_error(thrown: &JsValue) -> StoreError {
    if thrown.is_undefined() {
        return StoreError::Refused("there is no database".to_owned());
    }
    let name = Reflect::get(thrown, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
    match name.as_str() {
        "QuotaExceededError" => StoreError::Full,
        _ => StoreError::Refused(says(thrown)),
    }
}

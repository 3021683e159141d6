//! Keeps runs in the browser: their records and their bytes. Checkpoints stay JavaScript arrays, so they never fill the page's own memory.
//!
//! What is asked for before the store is open waits until it is, in its order. Leaves out: what is kept and when, and what is deleted
//! where there is no room (`page`).
//!
//! The page does not ask for persistent storage (`navigator.storage.persist`): Firefox would ask the person, and without it a browser
//! deletes what is kept only where its own room runs out. What is lost then can be trained again.

mod database;
mod memory;

use super::presence;
use crate::page::storage::{BlobKey, StoreError};
use database::Database;
use js_sys::Uint8Array;
use memory::Memory;
use std::cell::RefCell;
use std::rc::Rc;
use yew::Callback;

/// A change of what is kept.
pub enum Change {
    /// Keep the record of a run, as JSON.
    KeepRecord(u64, String),
    /// Keep bytes.
    KeepBlob(BlobKey, Uint8Array),
    /// Delete the record and all bytes of a run.
    DeleteRun(u64),
    /// Delete these bytes, all of one run.
    DeleteBlobs(Vec<BlobKey>),
}

impl Change {
    /// The run.
    fn run(&self) -> Option<u64> {
        match self {
            Change::KeepRecord(run, _) | Change::DeleteRun(run) => Some(*run),
            Change::KeepBlob(key, _) => Some(key.run),
            Change::DeleteBlobs(keys) => keys.first().map(|key| key.run),
        }
    }
}

/// What the store answers.
pub enum Answer {
    /// It is open: the records as JSON, and the runs that other tabs train now.
    Opened(Result<Vec<String>, StoreError>, Vec<u64>),
    /// A change of a run could not be made: the bytes with their key where they were to be kept, and the reason. Unless the reason is
    /// [`StoreError::Full`], all is in memory from here on, this change too.
    NotKept(u64, Option<(BlobKey, Uint8Array)>, StoreError),
    /// Bytes that were asked for, for the worker of this id or for the page. `None`: they are not there, or cannot be read.
    Read(BlobKey, Option<u64>, Option<Uint8Array>),
}

/// What waits until the store is open.
enum Job {
    Change(Change),
    Read(BlobKey, Option<u64>),
}

enum Shelf {
    Opening(Vec<Job>),
    Browser(Database),
    Memory(Memory),
}

/// The store.
#[derive(Clone)]
pub struct Store {
    shelf: Rc<RefCell<Shelf>>,
    answer: Callback<Answer>,
}

impl Store {
    /// Opens the store, in the browser's database or in memory where that is refused. Answers there.
    pub fn open(answer: Callback<Answer>) -> Self {
        let opening = Self { shelf: Rc::new(RefCell::new(Shelf::Opening(Vec::new()))), answer };
        let store = opening.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let (shelf, records) = match open_database().await {
                Ok((database, records)) => (Shelf::Browser(database), Ok(records)),
                Err(error) => (Shelf::Memory(Memory::default()), Err(error)),
            };
            let live = presence::live_runs().await;
            if let Shelf::Opening(jobs) = store.shelf.replace(shelf) {
                jobs.into_iter().for_each(|job| store.carry_out(job));
            }
            store.answer.emit(Answer::Opened(records, live));
        });
        opening
    }

    /// Makes a change. Answers only if it cannot be made.
    pub fn change(&self, change: Change) {
        self.carry_out(Job::Change(change));
    }

    /// Reads bytes for the worker of this id, or for the page. Answers [`Answer::Read`].
    pub fn read(&self, key: BlobKey, worker: Option<u64>) {
        self.carry_out(Job::Read(key, worker));
    }

    fn carry_out(&self, job: Job) {
        let mut shelf = self.shelf.borrow_mut();
        match (&mut *shelf, job) {
            (Shelf::Opening(jobs), job) => jobs.push(job),
            (Shelf::Memory(memory), Job::Change(change)) => memory.change(change),
            (Shelf::Memory(memory), Job::Read(key, worker)) => {
                let found = memory.read(key);
                drop(shelf); // Who is answered may ask for more.
                self.answer.emit(Answer::Read(key, worker, found));
            }
            (Shelf::Browser(database), Job::Change(change)) => {
                let (done, store) = (database.change(&change), self.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    if let Err(error) = done.await {
                        store.refused(change, error);
                    }
                });
            }
            (Shelf::Browser(database), Job::Read(key, worker)) => {
                let (found, answer) = (database.read(key), self.answer.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    answer.emit(Answer::Read(key, worker, found.await.ok().flatten()));
                });
            }
        }
    }

    /// A change could not be made. Where the database is not only full, all goes on in memory.
    fn refused(&self, change: Change, error: StoreError) {
        let Some(run) = change.run() else { return };
        let bytes = match &change {
            Change::KeepBlob(key, bytes) => Some((*key, bytes.clone())),
            _ => None,
        };
        if error != StoreError::Full {
            let mut shelf = self.shelf.borrow_mut();
            if !matches!(*shelf, Shelf::Memory(_)) {
                *shelf = Shelf::Memory(Memory::default());
            }
            if let Shelf::Memory(memory) = &mut *shelf {
                memory.change(change);
            }
        }
        self.answer.emit(Answer::NotKept(run, bytes, error));
    }
}

async fn open_database() -> Result<(Database, Vec<String>), StoreError> {
    let database = Database::open().await?;
    let records = database.records().await?;
    Ok((database, records))
}

//! Fashion Lab: trains an ANN and a CNN on Fashion-MNIST in the browser and shows how they differ and why.
//!
//! # The map
//!
//! | module | holds | knows nothing of |
//! |---|---|---|
//! | [`fashion_mnist`] | facts: sizes, class names, the four files with their digests | everything else |
//! | [`config`] | [`config::RunConfig`], the one value that names a whole run, the table of its fields, the shapes that decide whether it is valid | training |
//! | [`data`] | files (IDX, gzip, zip, CSV) to a [`data::Dataset`], the seeded split and permutation, augmentation | tensors |
//! | [`architecture`] | layers of both networks: shapes, parameters and multiply-accumulates | tensors |
//! | `model` | the two networks behind one small enum | training |
//! | `kernels` | what burn does too slowly for this job, its burn operations, and a profiler of the parts of a step | networks |
//! | `train` | the loop, schedules, early stopping; reports events | workers, clocks, the DOM |
//! | [`evaluate`] | confusion matrix, per-class report, intervals, paired comparison: plain numbers | tensors |
//! | [`run`] | runs as plain data: events, progress, record, history, queue, report | who trains, who shows |
//! | [`protocol`] | messages between page and engine, one enum a direction | both ends |
//! | [`plot`] | curves, confusion, samples, layers: functions of data onto any plotters backend | yew, canvases |
//! | [`page`] | everything the page shows, and the pure reducer | the DOM, yew |
//! | `engine` (wasm) | the worker: device choice, parity check, the dataset, protocol <-> train | the page |
//! | `app` (wasm) | the yew page: state, panels, canvas component, URL and embed API | burn |
//!
//! # Invariants
//!
//! - Arrows go one way: fashion_mnist <- config <- architecture, data, report; architecture, report <- evaluate; data <- model <- train; protocol names config and report;
//!   plot uses plain results only;
//!   engine uses train and protocol; app uses protocol and plot. `tests/arrows.rs` holds this.
//! - The page never names burn, so its own wasm stays small and opens at once while the engine streams in.
//! - A [`config::RunConfig`] that passed [`config::RunConfig::validate`] is the only way into a run: past that point nothing is invalid.
//! - The same config, seed, backend and number of workers give the same run.
//! - The test set is scored once, at the end; nothing is chosen on it.
#![deny(missing_docs)]

pub mod architecture;
pub mod config;
pub mod data;
pub mod evaluate;
pub mod fashion_mnist;
pub mod page;
pub mod plot;
pub mod protocol;
pub mod run;

#[cfg(feature = "engine")]
pub mod inference;
#[cfg(feature = "engine")]
pub mod kernels;
#[cfg(feature = "engine")]
pub mod model;
#[cfg(feature = "engine")]
pub mod train;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub mod app;
#[cfg(all(feature = "webgpu", target_arch = "wasm32"))]
pub mod engine;

//! Fashion Lab: trains an ANN and a CNN on Fashion-MNIST in the browser and shows how they differ and why.
//!
//! This is the map. `docs/design.md` gives the reasons, `docs/measurements.md` the figures behind them, `docs/setup.md` says what
//! `cargo xtask` sets up and how long it takes, and `docs/embedding.md` describes the messages to a page around this one.
//!
//! # Modules
//!
//! | module | holds | does not know |
//! |---|---|---|
//! | [`fashion_mnist`] | facts of the dataset: sizes, class names, the four files with their digests | everything else |
//! | [`config`] | [`config::RunConfig`], the value that describes a whole run; the table of its fields; presets; links and config files; the shapes that decide whether it is valid | training |
//! | [`architecture`] | the layers of both networks: shapes, parameters, multiply-accumulates | tensors |
//! | [`order`] | the order of values | everything else |
//! | [`data`] | from files (IDX, gzip, zip, CSV) to a [`data::Dataset`]; the seeded split and order; augmentation | tensors, networks |
//! | [`run`] | runs as plain data: events, progress, record, history, queue, report | who trains, who shows |
//! | [`evaluate`] | what predictions are worth, in plain numbers: confusion matrix, classes, intervals, comparison, calibration, which images are shown | tensors, the page |
//! | [`weights`] | trained networks as safetensors files: names, shapes, checks | computing with them |
//! | [`forward`] | one image through a trained network, in plain Rust | burn, training |
//! | [`inspect`] | one image through a trained network, stage by stage: values, the arithmetic of one output, gradients, occlusion; PCA | burn, drawing, the DOM |
//! | [`prepare`] | from somebody's picture to the 28 x 28 bytes that networks see; changes to an image; how sure an answer is | files, the screen, networks |
//! | [`export`] | files out and in: arrays for NumPy, tables of figures, configs, whole runs, Python scripts; the checks of what is imported | saving, choosing files, the DOM |
//! | [`shipped`] | the networks and garments that ship with the page | where the files come from |
//! | [`protocol`] | messages: page and engine, leader and helper, this page and a page around it | both ends |
//! | `classify` | the whole state of the program `classifier` (the views Try it and Inside, files out and in), and its `update` | the DOM, yew, ports |
//! | [`page`] | the page's whole state, and `update`, which decides everything that the page does | the DOM, yew, workers, clocks |
//! | [`plot`] | plots as functions of plain data, onto any plotters backend | yew, canvases |
//! | `kernels` | computations that burn does too slowly for this project, as burn operations; a profiler of the parts of a step | networks, threads |
//! | `model` | the two networks behind one enum: pixels in, logits out | losses, optimisers |
//! | `train` | the training loop with schedule, early stopping, checkpoints and data-parallel workers; emits events | browser workers, clocks, the page |
//! | `inference` | trained networks by id | training them |
//! | `web` (wasm) | what all programs in the browser ask of JavaScript alike | everything else |
//! | `engine` (wasm) | the worker: dataset, choice of the device, trained networks; from the protocol to `train` and back | the page |
//! | `app` (wasm) | the yew page: carries out the effects that `page` asks for, and draws its state | burn, decisions |
//! | `classifier` (wasm) | a second, smaller yew program, loaded when a view needs it: carries out and draws `classify` | the page |
//!
//! `kernels`, `model`, `train` and `inference` need the feature `engine`, `classify` needs `svg`. Programs: `src/bin/app.rs` (the page),
//! `src/bin/classifier.rs` (the views Try it and Inside, and the classifier alone), `src/bin/engine.rs` (the worker), `src/bin/lab` (the same core natively). `xtask` sets up, builds, tests and measures; `tests/browser` drives the built page.
//!
//! # Invariants
//!
//! - **Arrows go one way.** `tests/arrows.rs` says which module may name which other module and which crates. `fashion_mnist` stands at
//!   the top and names nothing; `engine` and `app` stand at the bottom and never name each other.
//! - **No circle between files.** `tests/circles.rs` says so: no file names itself over other files.
//! - **The page never names burn**, nor does `app`. So its own wasm stays small and opens at once, while the engine loads.
//! - **`page::update` decides everything that the page does.** It is pure, so native tests hold every decision. `app` decides nothing.
//! - **A config is valid or it does not run.** A [`config::RunConfig`] that passed [`config::RunConfig::validate`] is the only way into
//!   a run.
//! - **The same config, seed, backend and number of workers give the same run.**
//! - **A run that goes on from a checkpoint equals the uninterrupted run**, to the bit with one CPU worker.
//! - **Every run is kept by itself**: its record as JSON, its checkpoints as bytes that never enter the page's own memory.
//! - **The test set is scored once, at the end.** Nothing is chosen on it.
//! - **A network that has ended stays ended**, whatever message comes later; and each network of a run ends by its own fate.
//! - **`unsafe` is only in `kernels`**, with its reason; the one exception is a call at the start of `engine`.
#![deny(missing_docs)]

pub mod architecture;
#[cfg(feature = "svg")]
pub mod classify;
pub mod config;
pub mod data;
pub mod evaluate;
pub mod export;
pub mod fashion_mnist;
pub mod forward;
pub mod inspect;
pub mod order;
pub mod page;
pub mod plot;
pub mod prepare;
pub mod protocol;
pub mod run;
pub mod shipped;
pub mod weights;

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
#[cfg(all(feature = "classifier", target_arch = "wasm32"))]
pub mod classifier;
#[cfg(all(feature = "webgpu", target_arch = "wasm32"))]
pub mod engine;
#[cfg(target_arch = "wasm32")]
pub mod web;

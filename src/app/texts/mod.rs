//! The words of the page, apart from its markup: one file for each language. The markup names them `t::...`. Leaves out: the words of
//! `page`, `evaluate`, `config` and `plot`, which are decisions about figures and stand with them, and how numbers are written
//! (`evaluate::format`).

pub mod en;

pub use en as t;

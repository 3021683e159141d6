//! The words of the program, apart from its markup: one file for each language. The markup names them `t::...`.

pub mod en;
pub mod inside;
pub mod try_it;

pub use en as t;

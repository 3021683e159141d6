//! The built page, driven as a person, a teacher's course page and a script drive it.
//!
//! Every test starts a server and a browser with a fresh profile of its own. Leaves out: sizes, which `cargo xtask test` checks
//! before, and speed, which `cargo xtask bench` measures.

mod accessible;
mod blocked;
mod capabilities;
mod controls;
mod data;
mod fallback;
mod fates;
mod figures;
mod files;
mod firefox;
mod frames;
mod gate;
mod help;
mod inside;
mod links;
mod messages;
mod opening;
mod own_files;
mod pictures;
mod shell;
mod try_it;
mod webgpu;
mod whole_run;
mod workbench;

//! The code of the build: reads the API's two sources and writes what is generated from them.
//!
//! `build.rs`, `xtask` and `tests/build_sources.rs` each mount this file as `crate::build`, so that
//! the paths in it are the same in all three. Each of them uses a part of it only.

pub mod codegen;
pub mod docs;
pub mod spec;

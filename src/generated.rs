//! The generated client. Nothing here is written by hand: `build/write/client.rs` makes it.

#![allow(
    missing_docs,
    dead_code,
    unused,
    unreachable_patterns,
    rustdoc::all,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used
)]

include!(concat!(env!("OUT_DIR"), "/client.rs"));

//! Documents for readers and other tools. `cargo xtask` writes them, the build does not.

pub mod handles;
pub mod method_docs;
pub mod openapi;
pub mod page;
pub mod versions;

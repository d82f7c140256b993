//! Documents for people and other tools: `cargo xtask` writes them, the build does not.

pub mod handles;
pub mod openapi;
pub mod page;
pub mod versions;

//! What `cargo xtask` writes for people and other tools. The build has no part in it.

pub mod handles;
pub mod openapi;
pub mod page;

//! How JSON becomes the types of this crate, and how they become JSON.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod sparse;

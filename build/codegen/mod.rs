//! What is generated from the joined sources, one file a product.

pub mod client;
pub mod conformance;
pub mod decode;
pub mod document;
pub mod encode;
pub mod operations;
pub mod sparse;
pub mod types;

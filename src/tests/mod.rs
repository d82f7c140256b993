//! Tests that need the inside of the crate.

pub(crate) mod conformance;
mod fuzz;

//! Writes the generated sources from the joined API, one module for each source.

pub mod client;
pub mod conformance;
mod cut;
mod decode;
pub mod document;
mod encode;
pub mod operations;
mod sparse;
pub mod types;
mod writer;

use super::spec::api::Api;
use super::spec::diagnostic::Diagnostic;

/// Returns the generated sources, each with the name of its file.
pub fn sources(api: &Api) -> Result<[(&'static str, String); 4], Diagnostic> {
    Ok([
        ("client.rs", client::source(api)?),
        ("types.rs", types::source(api)),
        ("operations.rs", operations::source(api)),
        ("conformance.rs", conformance::source(api)),
    ])
}

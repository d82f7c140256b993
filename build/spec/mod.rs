//! The two sources of the API: read, joined and checked against each other.

pub mod api;
mod check;
pub mod diagnostic;
pub mod discovery;
mod join;
pub mod names;
pub mod overlay;
mod reader;
pub mod release;
pub mod schema;
/// Defined with the public API, and compiled into the build as well.
#[path = "../../src/operation/semantics.rs"]
pub mod semantics;
#[cfg(test)]
mod tests;
pub mod type_expr;

use diagnostic::Diagnostics;
use std::path::Path;

pub use join::join;

/// Reads `discovery.json` and `overlay/` below `root`.
pub fn read(root: &Path) -> Result<api::Api, Diagnostics> {
    let discovery = discovery::read(&root.join("discovery.json"))?;
    let overlay = overlay::read(&root.join("overlay"))?;
    join(discovery, overlay)
}

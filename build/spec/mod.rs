//! The two sources, read, joined and checked: all of the build that does not generate Rust. `xtask`
//! uses them, too.

pub mod api;
pub mod diagnostic;
pub mod discovery;
pub mod entries;
pub mod names;
mod node;
pub mod overlay;
pub mod type_expr;

use diagnostic::Diagnostics;
use std::path::Path;

/// Reads `discovery.json` and `overlay/` below `root`.
pub fn read(root: &Path) -> Result<api::Api, Diagnostics> {
    let discovery = discovery::read(&root.join("discovery.json"))?;
    let overlay = overlay::read(&root.join("overlay"))?;
    api::join(discovery, overlay)
}

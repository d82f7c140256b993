//! From `discovery.json` and `overlay/` to Rust.
//!
//! ```text
//! discovery.json ── sources/discovery.rs ┐                    ┌ write/document.rs ── write/client.rs (progenitor) → client.rs
//!                                        ├─ sources/api.rs ───┼ write/types.rs ─────────────────────────────────── → types.rs
//! overlay/*.toml ── sources/overlay.rs ──┘ joined and checked ├ write/operations.rs ────────────────────────────── → operations.rs
//!                                                             └ write/conformance.rs ───────────────────────────── → conformance.rs
//! ```
//!
//! Nothing here panics on a mistake in those files: whatever is wrong is said with file, entry and reason, and stops the build.

#[path = "build/sources/mod.rs"]
mod sources;
#[path = "build/write/mod.rs"]
mod write;

use sources::problem::{Problem, Problems};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    for input in ["build.rs", "build", "discovery.json", "overlay"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    match run(Path::new(&root), Path::new(&out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            for problem in problems.0 {
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Reads the two sources below `root` and writes what is generated to `out`.
fn run(root: &Path, out: &Path) -> Result<(), Problems> {
    let api = sources::read(root)?;
    for (name, text) in [
        ("client.rs", write::client::source(&api)?),
        ("types.rs", write::types::source(&api)),
        ("operations.rs", write::operations::source(&api)),
        ("conformance.rs", write::conformance::source(&api)),
    ] {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(|e| Problem::new(path.display(), "", format!("can't be written: {e}")))?;
    }
    Ok(())
}

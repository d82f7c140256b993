//! From `discovery.json` and `overlay/` to Rust.
//!
//! ```text
//! discovery.json ── spec/discovery.rs ┐                    ┌ codegen/document.rs ── codegen/client.rs (progenitor) → client.rs
//!                                        ├─ spec/api.rs ───┼ codegen/types.rs ─────────────────────────────────── → types.rs
//! overlay/*.toml ── spec/overlay.rs ──┘ joined and checked ├ codegen/operations.rs ────────────────────────────── → operations.rs
//!                                                             └ codegen/conformance.rs ───────────────────────────── → conformance.rs
//! ```
//!
//! Nothing here panics on a mistake in those files: whatever is wrong is said with file, entry and
//! reason, and stops the build.

#[path = "build/codegen/mod.rs"]
mod codegen;
#[path = "build/spec/mod.rs"]
mod spec;

use spec::diagnostic::{Diagnostic, Diagnostics};
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
fn run(root: &Path, out: &Path) -> Result<(), Diagnostics> {
    let api = spec::read(root)?;
    for (name, text) in [
        ("client.rs", codegen::client::source(&api)?),
        ("types.rs", codegen::types::source(&api)),
        ("operations.rs", codegen::operations::source(&api)),
        ("conformance.rs", codegen::conformance::source(&api)),
    ] {
        let path = out.join(name);
        std::fs::write(&path, text)
            .map_err(|e| Diagnostic::new(path.display(), "", format!("can't be written: {e}")))?;
    }
    Ok(())
}

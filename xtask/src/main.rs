//! Maintenance of the crate. `cargo xtask` lists the commands.

#[path = "../../build/mod.rs"]
#[allow(dead_code)]
mod build;
mod ci;
mod command;
mod dependencies;
mod discovery;
mod fuzz;
mod openapi;
mod prose;
mod public_api;
mod python;
mod sandbox;
mod swagger_ui;

use build::{docs, spec};
use ci::Workspace;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "\
cargo xtask ci [STEP ... | --except STEP ... | --list]
    Runs everything that CI runs, the steps that are named, or all others.
cargo xtask discovery URL|FILE [--remove]
    Takes a newer discovery document from a server (https://quay.example.com) or a file: normalises
    it, rewrites discovery.json, and prints the operations that were added, removed and changed,
    with the overlay files of their entries. Operations that the new document lacks are kept, since
    the server may have a feature off, unless --remove is given.
cargo xtask openapi [--check | --python-client]
    Writes docs/openapi.json, the completed OpenAPI 3.0 document; or checks that it is up to date;
    or checks that and more: that it is valid and agrees with recorded exchanges, and that a client
    in Python that is generated from it works with the sandbox.
cargo xtask swagger-ui [URL]
    Serves Swagger UI with docs/openapi.json until Ctrl-C. Its calls go to a server
    (https://quay.example.com) or to a sandbox. Takes Swagger UI from npm.
cargo xtask operations
    Writes docs/operations.md, and the tables of src/guide/versions.md.
cargo xtask dependencies [--check]
    Writes docs/dependencies.md, or checks that it is up to date.
cargo xtask public-api [--check]
    Writes docs/public-api.txt, or shows how the public API differs from it.
cargo xtask method-docs
    Writes into the documentation of the methods in src/api/ their operations, and since which
    release and under which settings the server has them.
cargo xtask prose [--count]
    Checks documentation, comments, messages and Markdown against the rules in xtask/prose.toml, or
    counts violations and first words.
cargo xtask fuzz [--inputs N] [--seed S]
    Runs mutated inputs, a million unless N is given, through all code that reads what a server
    sends. A finding prints the seed that reproduces it.";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["ci", arguments @ ..] => ci::run(&root(), arguments),
        ["discovery", source] => discovery::update(&root(), source, false).await,
        ["discovery", source, "--remove"] | ["discovery", "--remove", source] => {
            discovery::update(&root(), source, true).await
        }
        ["openapi"] => openapi::write(&root()),
        ["openapi", "--check"] => openapi::check(&root()),
        ["openapi", "--python-client"] => check_openapi_with_python(),
        ["swagger-ui"] => swagger_ui::serve(&root(), None).await,
        ["swagger-ui", server] => swagger_ui::serve(&root(), Some(server)).await,
        ["operations"] => write_operations(),
        ["dependencies"] => dependencies::run(&root(), false),
        ["dependencies", "--check"] => dependencies::run(&root(), true),
        ["public-api"] => update_public_api(false),
        ["public-api", "--check"] => update_public_api(true),
        ["method-docs"] => write_method_docs(),
        ["prose", arguments @ ..] => prose::run(&root(), arguments),
        ["fuzz", arguments @ ..] => fuzz::run(&root(), arguments),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn check_openapi_with_python() -> Result<()> {
    openapi::check_with_python(&Workspace::read(&root())?)
}

fn update_public_api(check: bool) -> Result<()> {
    public_api::update(&Workspace::read(&root())?, check)
}

fn write_operations() -> Result<()> {
    let api = spec::read(&root()).map_err(|diagnostics| diagnostics.to_string())?;
    let file = root().join("docs/operations.md");
    std::fs::write(
        &file,
        docs::page::source(&api, &docs::handles::read(&root().join("src/api"))?),
    )?;
    println!("{} operations: {}", api.operations.len(), file.display());
    let file = root().join("src/guide/versions.md");
    std::fs::write(
        &file,
        docs::versions::source(&std::fs::read_to_string(&file)?, &api)?,
    )?;
    println!("{}", file.display());
    Ok(())
}

fn write_method_docs() -> Result<()> {
    let api = spec::read(&root()).map_err(|diagnostics| diagnostics.to_string())?;
    for file in docs::handles::files(&root().join("src/api"))? {
        let text = std::fs::read_to_string(&file)?;
        let written = docs::method_docs::source(&text, &api)
            .map_err(|e| format!("{}: {e}", file.display()))?;
        if written != text {
            std::fs::write(&file, written)?;
            println!("{}", file.display());
        }
    }
    Ok(())
}

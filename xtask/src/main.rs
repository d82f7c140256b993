//! Maintenance of the crate. `cargo xtask` tells what there is.

mod discovery;
#[path = "../../build/docs/mod.rs"]
mod docs;
mod fuzz;
#[path = "../../build/spec/mod.rs"]
#[allow(dead_code)]
mod spec;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask discovery URL|FILE [--remove]
    takes a newer discovery document: from a server (https://quay.example.com), or from a file that holds one.
    Normalises it, rewrites discovery.json, and prints what was added, removed and changed, and which overlay entries that
    touches. Operations that the new document lacks stay (the server may have a feature off), unless --remove is given.
cargo xtask openapi FILE
    writes the completed OpenAPI 3.0 document
cargo xtask operations
    writes docs/operations.md
cargo xtask fuzz [--inputs N] [--seed S]
    runs a million mutated inputs, or N, through everything that reads what a server sends. A finding names the seed that brings it back.";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["discovery", source] => discovery::update(&root(), source, false).await,
        ["discovery", source, "--remove"] | ["discovery", "--remove", source] => {
            discovery::update(&root(), source, true).await
        }
        ["openapi", file] => write_openapi(Path::new(file)),
        ["operations"] => write_operations(),
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

fn write_openapi(file: &Path) -> Result<(), Box<dyn Error>> {
    let api = spec::read(&root()).map_err(|problems| problems.to_string())?;
    std::fs::write(file, format!("{:#}\n", docs::openapi::document(&api)))?;
    println!(
        "{} operations, {} schemas: {}",
        api.operations.len(),
        api.schemas.len(),
        file.display()
    );
    Ok(())
}

fn write_operations() -> Result<(), Box<dyn Error>> {
    let api = spec::read(&root()).map_err(|problems| problems.to_string())?;
    let file = root().join("docs/operations.md");
    std::fs::write(
        &file,
        docs::page::source(&api, &docs::handles::read(&root().join("src/api"))?),
    )?;
    println!("{} operations: {}", api.operations.len(), file.display());
    Ok(())
}

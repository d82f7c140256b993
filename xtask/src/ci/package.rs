//! The checks of what `cargo package` packs, which is all that users and docs.rs have.
//!
//! The package is built in the target directory of the repository, so that dependencies are
//! compiled once for both.

use super::Workspace;
use crate::Result;
use crate::command::{cargo, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Every user downloads it: a larger one is a decision.
const MAX_PACKED_KIB: u64 = 1024;

/// A folder that the manifest excludes. cargo accepts a pattern that excludes nothing.
const NOT_PACKED: &str = "src/tests/conformance/recordings";

/// The features that the crate's own tests have, so that dependencies are not compiled again.
const FEATURES: &str = "chrono,jiff,testing,tracing";

/// Packs the crate, and returns the folder with what was packed.
fn pack(workspace: &Workspace) -> Result<PathBuf> {
    let pack = [
        "package",
        "--package",
        "quay-api",
        "--allow-dirty",
        "--no-verify",
        "--offline",
        "--quiet",
    ];
    run(&mut cargo(&workspace.root, &pack))?;
    let name = format!("quay-api-{}", workspace.version);
    let packages = workspace.target.join("package");
    let packed = packages.join(format!("{name}.crate"));
    let size = fs::metadata(&packed)?.len().div_ceil(1024);
    println!("packed: {size} KiB");
    if size > MAX_PACKED_KIB {
        return Err(format!("the package has {size} KiB, more than {MAX_PACKED_KIB}").into());
    }
    let folder = packages.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    // With the time of now: the packed times are the same each time, and cargo would not see a
    // change.
    run(Command::new("tar")
        .arg("-xzmf")
        .arg(&packed)
        .arg("-C")
        .arg(&packages))?;
    if folder.join(NOT_PACKED).exists() {
        return Err(format!("{NOT_PACKED} is packed: correct `include` in Cargo.toml").into());
    }
    Ok(folder)
}

/// Returns a call of cargo on the package.
fn packed_cargo(workspace: &Workspace, folder: &Path, arguments: &[&str]) -> Command {
    let mut cargo = cargo(folder, arguments);
    cargo.env("CARGO_TARGET_DIR", &workspace.target);
    cargo
}

/// Builds the documentation with the flags of `[package.metadata.docs.rs]`, and without a network.
pub fn docs(workspace: &Workspace) -> Result<()> {
    let folder = pack(workspace)?;
    let doc = [
        "doc",
        "--offline",
        "--locked",
        "--no-deps",
        "--all-features",
    ];
    run(packed_cargo(workspace, &folder, &doc)
        .env("RUSTDOC", workspace.unstable_rustdoc())
        .env("RUSTDOCFLAGS", "-D warnings --cfg docsrs"))
}

/// Runs the tests that are packed, checks the examples, and runs a crate that uses the package.
pub fn test(workspace: &Workspace) -> Result<()> {
    let folder = pack(workspace)?;
    let tests = [
        "test",
        "--quiet",
        "--offline",
        "--locked",
        "--lib",
        "--features",
        FEATURES,
    ];
    run(&mut packed_cargo(workspace, &folder, &tests))?;
    let examples = [
        "check",
        "--offline",
        "--locked",
        "--examples",
        "--all-features",
    ];
    run(&mut packed_cargo(workspace, &folder, &examples))?;

    // A copy, so that no Cargo.lock and no path is written into the repository.
    let consumer = workspace.target.join("consumer");
    fs::create_dir_all(consumer.join("src"))?;
    let source = workspace.root.join("tests/consumer");
    for file in ["Cargo.toml", "src/lib.rs"] {
        fs::copy(source.join(file), consumer.join(file))?;
    }
    // The versions that were compiled already.
    fs::copy(
        workspace.root.join("Cargo.lock"),
        consumer.join("Cargo.lock"),
    )?;
    let patch = format!(
        "patch.crates-io.quay-api.path={:?}",
        folder.display().to_string()
    );
    run(&mut packed_cargo(
        workspace,
        &consumer,
        &["test", "--quiet", "--config", &patch],
    ))
}

/// Checks that the package builds with the oldest versions of its direct dependencies that its
/// manifest allows.
pub fn minimal_versions(workspace: &Workspace) -> Result<()> {
    let folder = pack(workspace)?;
    // The resolver's option is unstable; what it writes is not.
    let update = ["update", "--quiet", "-Z", "direct-minimal-versions"];
    run(packed_cargo(workspace, &folder, &update)
        .env("RUSTC_BOOTSTRAP", "1")
        .stdin(Stdio::null()))?;
    let check = ["check", "--quiet", "--locked", "--all-features"];
    run(&mut packed_cargo(workspace, &folder, &check))
}

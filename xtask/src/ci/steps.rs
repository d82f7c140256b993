//! The checks of what is in the repository.

use super::{Workspace, tools};
use crate::command::{cargo, output, run};
use crate::{Result, dependencies, openapi as document, prose, public_api as api};
use std::process::Command;

pub fn test(workspace: &Workspace) -> Result<()> {
    run(&mut cargo(&workspace.root, &["test"]))
}

pub fn fmt(workspace: &Workspace) -> Result<()> {
    run(&mut cargo(&workspace.root, &["fmt", "--all", "--check"]))?;
    let consumer = [
        "fmt",
        "--manifest-path",
        "tests/consumer/Cargo.toml",
        "--check",
    ];
    run(&mut cargo(&workspace.root, &consumer))
}

pub fn spelling(workspace: &Workspace) -> Result<()> {
    run(tools::TYPOS.command(workspace)?.args(["--format", "brief"]))
}

pub fn prose(workspace: &Workspace) -> Result<()> {
    prose::run(&workspace.root, &[])
}

pub fn markdown(workspace: &Workspace) -> Result<()> {
    run(tools::RUMDL
        .command(workspace)?
        .args(["check", "--no-cache", "."]))
}

pub fn dependencies(workspace: &Workspace) -> Result<()> {
    // Warnings are entries of deny.toml that are not needed any more.
    let checks = ["check", "--deny", "warnings", "bans", "licenses", "sources"];
    run(tools::CARGO_DENY
        .command(workspace)?
        .args(["--locked", "--all-features"])
        .args(checks))?;
    run(tools::CARGO_SHEAR
        .command(workspace)?
        .args(["--locked", "--deny-warnings"]))?;
    dependencies::run(&workspace.root, true)?;
    dependencies::check_versions(workspace)
}

/// clippy's `incompatible_msrv` is among these lints: it reports what the standard library of
/// `rust-version` lacks.
pub fn lint(workspace: &Workspace) -> Result<()> {
    let all = ["clippy", "--workspace", "--all-targets", "--all-features"];
    run(cargo(&workspace.root, &all).args(["--", "-D", "warnings"]))?;
    let least = ["clippy", "--no-default-features", "--", "-D", "warnings"];
    run(&mut cargo(&workspace.root, &least))
}

pub fn xtask(workspace: &Workspace) -> Result<()> {
    run(&mut cargo(&workspace.root, &["test", "--package", "xtask"]))
}

pub fn proxy(workspace: &Workspace) -> Result<()> {
    // All tests build their clients in the same way, so one binary is enough.
    let tests = ["test", "--quiet", "--test", "network"];
    run(cargo(&workspace.root, &tests).env("HTTP_PROXY", "http://127.0.0.1:9"))
}

pub fn features(workspace: &Workspace) -> Result<()> {
    run(tools::CARGO_HACK
        .command(workspace)?
        .args(["hack", "check", "--package", "quay-api", "--lib"])
        .args([
            "--feature-powerset",
            "--depth",
            "2",
            "--exclude-features",
            "default",
        ]))
}

pub fn public_api(workspace: &Workspace) -> Result<()> {
    api::update(workspace, true)
}

pub fn openapi(workspace: &Workspace) -> Result<()> {
    document::check_with_python(workspace)
}

pub fn example(workspace: &Workspace) -> Result<()> {
    run(&mut cargo(
        &workspace.root,
        &["run", "--quiet", "--example", "quickstart"],
    ))
}

pub fn msrv(workspace: &Workspace) -> Result<()> {
    run(Command::new("rustup").current_dir(&workspace.root).args([
        "run",
        &workspace.rust_version,
        "cargo",
        "check",
        "--locked",
        "--all-features",
    ]))
}

pub fn semver(workspace: &Workspace) -> Result<()> {
    let baseline = match std::env::var("BASELINE_REV") {
        Ok(revision) => revision,
        Err(_) => "origin/main".to_owned(),
    };
    // A clear message for an unknown revision.
    output(Command::new("git").current_dir(&workspace.root).args([
        "rev-parse",
        "--verify",
        &format!("{baseline}^{{commit}}"),
    ]))?;
    run(cargo(
        &workspace.root,
        &["semver-checks", "--package", "quay-api", "--all-features"],
    )
    .args(["--baseline-rev", &baseline]))
}

pub fn advisories(workspace: &Workspace) -> Result<()> {
    run(tools::CARGO_DENY.command(workspace)?.args([
        "--locked",
        "--all-features",
        "check",
        "advisories",
    ]))
}
